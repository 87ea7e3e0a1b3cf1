//! The subject of a mail: the group customer, unit or company, by its present name in the master
//! data.

use serde::Serialize;

use super::super::words::names;
use super::super::{clean, pending::ComposeContext};
use crate::domain::event::{Group, Tier};
use crate::domain::ids::{GroupId, ManagerId, UnitId};
use crate::domain::indicator::Scope;
use crate::domain::locale::Locale;
use crate::domain::reference::Reference;
use crate::domain::task::Assignee;

/// Most characters of a name in a subject.
const SUBJECT_NAME_CHARS_MAX: usize = 30;

/// The group customer, unit or company; what is not known is none.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Who {
    /// Name for a subject.
    short: String,
    /// Name, or the id where no name is known.
    name: String,
    /// Id, beside a name.
    id: Option<String>,
    /// A group customer; else a unit or the company.
    is_group: bool,
    tier: Option<&'static str>,
    unit: Option<String>,
    manager: Option<String>,
    industry: Option<String>,
}

impl Who {
    /// The subject that a scope means; `tier` is used where the group's master data is not known.
    #[must_use]
    pub(crate) fn of_scope(
        scope: &Scope,
        tier: Option<Tier>,
        locale: Locale,
        reference: &Reference,
    ) -> Self {
        let who = match scope {
            Scope::Company => Self::named(names::whole_company(locale)),
            Scope::Unit(None) => Self::named(names::unassigned(locale)),
            Scope::Unit(Some(id)) => Self::unit(id, reference),
            Scope::Group(id) => match reference.group(id) {
                Some(group) => Self::group(id, group, locale, reference),
                None => Self {
                    tier: tier.map(|tier| names::tier(locale, tier)),
                    ..Self::named(id.as_str())
                },
            },
        };
        Self {
            short: clean::capped(&who.name, SUBJECT_NAME_CHARS_MAX),
            is_group: scope.group().is_some(),
            ..who
        }
    }

    fn named(name: &str) -> Self {
        Self {
            name: clean::name(name),
            ..Self::default()
        }
    }

    fn unit(id: &UnitId, reference: &Reference) -> Self {
        let Some(unit) = reference.unit(id) else {
            return Self::named(id.as_str());
        };
        let head = unit
            .head_manager_id
            .as_ref()
            .map(|id| manager_name(id, reference));
        Self {
            id: Some(clean::name(id.as_str())),
            manager: head,
            ..Self::named(&unit.name)
        }
    }

    fn group(id: &GroupId, group: &Group, locale: Locale, reference: &Reference) -> Self {
        let unit = reference
            .unit(&group.unit_id)
            .map_or(group.unit_id.as_str(), |unit| &unit.name);
        Self {
            id: Some(clean::name(id.as_str())),
            tier: Some(names::tier(locale, group.tier)),
            unit: Some(clean::name(unit)),
            manager: Some(manager_name(&group.manager_id, reference)),
            industry: group
                .industry
                .as_deref()
                .map(clean::name)
                .filter(|text| !text.is_empty()),
            ..Self::named(&group.name)
        }
    }
}

/// Who has a task, as readers know him.
pub(super) fn assignee_name(assignee: &Assignee, ctx: &ComposeContext<'_>) -> String {
    match assignee {
        Assignee::Manager(id) => manager_name(id, ctx.reference),
        Assignee::Fallback => clean::name(&ctx.fallback.name),
    }
}

/// A manager's name and id.
pub(super) fn manager_name(id: &ManagerId, reference: &Reference) -> String {
    match reference.manager(id) {
        Some(manager) => format!(
            "{} ({})",
            clean::name(&manager.name),
            clean::name(id.as_str())
        ),
        None => clean::name(id.as_str()),
    }
}
