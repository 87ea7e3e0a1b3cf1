//! Playbooks: the task that an alert asks for, by the alert's kind and the customer's tier and
//! industry.
//!
//! It does not know how the file is spelled: `playbook_file` does. Invariant: for every kind of
//! alert at every level at which it is raised there is exactly one most specific playbook.

use std::fmt;

use chrono::TimeDelta;

use super::check_text::CheckText;
use super::playbook_file;
use crate::domain::alert::Alert;
use crate::domain::event::Tier;
use crate::domain::indicator::ScopeKind;
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::reference::Reference;
use crate::domain::task::{EscalationStep, Item, Means, PlanKind, Resource, TaskClass, TaskKind};

/// Where the shipped playbooks come from, as messages name it.
const SHIPPED_NAME: &str = "config/playbooks.toml";

/// What is wrong with a file of playbooks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlaybookProblem {
    /// It is not TOML, or not a list of `[[playbook]]`.
    #[error("{file} cannot be read: {cause}")]
    Unreadable {
        file: String,
        /// The TOML reader's message, with line and column.
        cause: String,
    },
    /// A key is missing, unknown, or holds what it must not.
    #[error("{file}, line {line}, {list}[{index}].{key}: {what}")]
    Key {
        file: String,
        /// Where the playbook or plan begins, from 1.
        line: usize,
        /// `playbook` or `plan`.
        list: &'static str,
        /// Which of them, from 0.
        index: usize,
        key: String,
        /// What is wrong with it, and what is expected.
        what: String,
    },
    /// Two playbooks would have to answer one case.
    #[error(
        "{file}, playbook[{first}] and playbook[{second}] are equally specific for {case}; hint: drop one, or add one for just that case"
    )]
    Ambiguous {
        file: String,
        /// One, from 0.
        first: usize,
        /// The other, from 0.
        second: usize,
        /// The case that both answer.
        case: Selector,
    },
    /// Two plans are for the same work.
    #[error("{file}, plan[{index}]: the second for `{plan}`; hint: keep one")]
    PlanTwice {
        file: String,
        /// Which plan, from 0.
        index: usize,
        plan: &'static str,
    },
    /// No playbook answers a case.
    #[error(
        "{file}: no playbook for {case}; hint: add one without tier and industry, with `observe = true` if it should make no tasks"
    )]
    Missing {
        file: String,
        /// The case that none answers.
        case: Selector,
    },
}

/// Which alerts a playbook answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    pub scope: ScopeKind,
    pub alert_kind: AlertKind,
    /// Of which tier; none is any.
    pub tier: Option<Tier>,
    /// Of which industry, spelled as in `crm.group`; none is any.
    pub industry: Option<String>,
}

impl Selector {
    /// How specific it is: 0 to 2.
    #[must_use]
    pub(crate) fn specificity(&self) -> u8 {
        u8::from(self.tier.is_some()) + u8::from(self.industry.is_some())
    }

    /// Whether it answers the case.
    #[must_use]
    pub(crate) fn answers(
        &self,
        scope: ScopeKind,
        kind: AlertKind,
        tier: Option<Tier>,
        industry: Option<&str>,
    ) -> bool {
        self.scope == scope
            && self.alert_kind == kind
            && (self.tier.is_none() || self.tier == tier)
            && (self.industry.is_none() || self.industry.as_deref() == industry)
    }

    /// The cases that both answer, as a selector.
    pub(super) fn overlap(&self, other: &Self) -> Option<Self> {
        let apart = |a: bool, b: bool, same: bool| a && b && !same;
        if (self.scope, self.alert_kind) != (other.scope, other.alert_kind)
            || apart(
                self.tier.is_some(),
                other.tier.is_some(),
                self.tier == other.tier,
            )
            || apart(
                self.industry.is_some(),
                other.industry.is_some(),
                self.industry == other.industry,
            )
        {
            return None;
        }
        let industry = self.industry.clone().or_else(|| other.industry.clone());
        Some(Self {
            tier: self.tier.or(other.tier),
            industry,
            ..self.clone()
        })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} alerts of kind `{}`",
            self.scope.name(),
            self.alert_kind.name()
        )?;
        match self.tier {
            Some(tier) => write!(f, ", tier {}", tier.name())?,
            None => write!(f, ", any tier")?,
        }
        match &self.industry {
            Some(industry) => write!(f, ", industry `{industry}`"),
            None => write!(f, ", any industry"),
        }
    }
}

/// The task that the alerts of a selector ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playbook {
    /// Which alerts it answers.
    pub selector: Selector,
    /// 三落实
    pub kind: TaskKind,
    /// 定工作事项
    pub item: Item,
    /// 定工作手段; at least one.
    pub means: Vec<Means>,
    /// 定所需资源
    pub resources: Vec<Resource>,
    /// What to check first; at least one.
    pub checks: Vec<CheckText>,
    /// The same in English, as many; none: everybody reads those.
    pub checks_en: Vec<CheckText>,
    /// The item in English.
    pub item_en: Option<Item>,
    /// Place in the work list; none: by the alert's severity.
    pub class: Option<TaskClass>,
    /// Due after so long, 1 to 2,000 hours; none: by the alert's severity.
    pub due: Option<TimeDelta>,
    /// Records alerts and makes no tasks.
    pub observe: bool,
    /// Who is notified of delays, in turn; at least one.
    pub escalation: Vec<EscalationStep>,
}

/// The task of work that comes from no alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub work: PlanKind,
    /// 三落实
    pub kind: TaskKind,
    /// 定工作事项
    pub item: Item,
    /// 定工作手段; at least one.
    pub means: Vec<Means>,
    /// 定所需资源
    pub resources: Vec<Resource>,
    /// What to check first; at least one. `{group}` and `{title}` are replaced by the customer's
    /// name and the title of the work.
    pub checks: Vec<String>,
    /// The same in English, as many; none: everybody reads those.
    pub checks_en: Vec<String>,
    /// The item in English.
    pub item_en: Option<Item>,
    /// Place in the work list.
    pub class: TaskClass,
    /// Working days until it is due, 1 to 200, where the work has no day of its own.
    pub due_days: u32,
    /// Who is notified of delays, in turn; at least one.
    pub escalation: Vec<EscalationStep>,
}

/// All playbooks and plans, checked.
#[derive(Debug, Clone)]
pub struct Playbooks {
    pub(super) playbooks: Vec<Playbook>,
    pub(super) plans: Vec<Plan>,
}

impl Playbooks {
    /// The playbooks that the program carries.
    #[must_use]
    pub fn shipped() -> Self {
        let text = include_str!("../../config/playbooks.toml");
        playbook_file::parse_playbooks(SHIPPED_NAME, text)
            .expect("the shipped playbooks are read by a test")
    }

    /// Reads and checks a file of playbooks; `file` is how messages name it. Work for which it has
    /// no plan uses the plan that the program carries.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, Vec<PlaybookProblem>> {
        let mut read = playbook_file::parse_playbooks(file, text)?;
        if PlanKind::ALL
            .iter()
            .any(|work| !read.plans.iter().any(|plan| plan.work == *work))
        {
            let shipped = Self::shipped().plans.into_iter();
            let missing: Vec<Plan> = shipped
                .filter(|plan| !read.plans.iter().any(|own| own.work == plan.work))
                .collect();
            read.plans.extend(missing);
        }
        Ok(read)
    }

    /// The one that answers an alert of a group customer as that is known now, or of a unit or the
    /// company.
    #[must_use]
    pub(crate) fn answering(&self, alert: &Alert, reference: &Reference) -> Option<&Playbook> {
        let group = alert
            .key
            .scope
            .group()
            .and_then(|group| reference.group(group));
        let industry = group.and_then(|group| group.industry.as_deref());
        self.find(
            &alert.key.scope,
            alert.key.kind,
            group.map(|group| group.tier),
            industry,
        )
    }

    /// The most specific playbook for a case. None only for a kind that is never raised at that
    /// level.
    #[must_use]
    pub fn find(
        &self,
        scope: &Scope,
        kind: AlertKind,
        tier: Option<Tier>,
        industry: Option<&str>,
    ) -> Option<&Playbook> {
        let scope = ScopeKind::of_scope(scope);
        let answers = self
            .playbooks
            .iter()
            .filter(|one| one.selector.answers(scope, kind, tier, industry));
        answers.max_by_key(|one| one.selector.specificity())
    }

    /// All playbooks, in the order of the file.
    #[must_use]
    pub(crate) fn all(&self) -> &[Playbook] {
        &self.playbooks
    }

    /// The plan for a kind of work: there is always one.
    #[must_use]
    pub(crate) fn plan(&self, work: PlanKind) -> &Plan {
        self.plans
            .iter()
            .find(|plan| plan.work == work)
            .expect("the shipped file has them all, which a test checks")
    }
}
