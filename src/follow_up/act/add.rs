//! Unplanned work by hand.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::action::Acted;
use super::context::ActContext;
use super::refusal::Refusal;
use super::subscribers_in::{names_masked, subscribers_in};
use crate::domain::alert::TaskId;
use crate::domain::event::Tier;
use crate::domain::ids::{GroupId, ManagerId, SubscriberId, mask_phone};
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::Timestamp;
use crate::domain::mail::NoticeTopic;
use crate::domain::offering::proposing_word;
use crate::domain::task::StepKind;
use crate::domain::task::{
    Approval, Assignee, EscalationStep, InEnglish, Item, Means, NewTask, Origin, Resource, Task,
    TaskClass, TaskKind, TaskTitle,
};
use crate::follow_up::guard::is_guarded;
use crate::follow_up::withholding::withhold;
use crate::follow_up::working_hours::Counting;

/// What is to be done, by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// For which group customer.
    pub group_id: GroupId,
    pub title: String,
    /// 三落实
    pub kind: TaskKind,
    /// 定工作事项
    pub item: Item,
    /// 定工作手段; at least one.
    pub means: Vec<Means>,
    /// 定所需资源
    pub resources: Vec<Resource>,
    /// Place in the work list.
    pub class: TaskClass,
    pub due_at: Timestamp,
    /// The assignee; whoever adds the task if none is given.
    pub assignee: Option<ManagerId>,
}

impl ByHand {
    /// Whatever in its words may be a subscriber; whether one is, the store knows.
    #[must_use]
    pub(crate) fn may_name(&self) -> BTreeSet<SubscriberId> {
        self.texts().flat_map(subscribers_in).collect()
    }

    /// Whether its words name a subscriber masked, as mails and lists show it.
    #[must_use]
    pub(crate) fn names_masked(&self, subscriber: &SubscriberId) -> bool {
        let mut texts = self.texts();
        texts.any(|text| names_masked(text, subscriber))
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        [&*self.title].into_iter().chain(self.item.texts())
    }
}

/// Makes a task by hand; `is_taken` knows the ids of tasks that are there.
///
/// # Errors
/// The first part that is missing or not allowed, or why the actor may not add it.
pub(crate) fn add(
    by_hand: ByHand,
    is_taken: &dyn Fn(&TaskId) -> bool,
    ctx: &ActContext<'_>,
) -> Result<Acted, Refusal> {
    let author = ctx.actor.manager_id.as_ref().ok_or(Refusal::Nameless)?;
    let assignee = by_hand.assignee.as_ref().unwrap_or(author);
    check(&by_hand, author, assignee, ctx)?;
    let group = ctx
        .reference
        .group(&by_hand.group_id)
        .filter(|group| !group.closed);
    let group = group.ok_or_else(|| Refusal::NoGroup {
        group_id: by_hand.group_id.clone(),
    })?;
    let subscribers = subscribers_of(&by_hand, ctx);
    refuse_offers(&by_hand, &subscribers, ctx)?;
    let (mut at, origin) = (ctx.now, |at| Origin::ByHand(author.clone(), at));
    // While the clock is stopped, one manager makes several tasks at one instant.
    while is_taken(&Task::id_from(&origin(at))) {
        at = at.plus(TimeDelta::microseconds(1));
    }
    let assignee = assignee.clone();
    let begun = (by_hand, subscribers);
    let task = begin(begun, origin(at), (assignee, group.tier), ctx);
    let mut notices: Vec<_> = ctx.tell_assignee(&task).into_iter().collect();
    if task.approval == Approval::Requested {
        let superior = ctx.staff().manager_of(&task.assignee, &task.scope);
        notices.push(ctx.notice(
            NoticeTopic::Approval(task.task_id.clone()),
            superior,
            &task,
            task.severity,
        ));
    }
    Ok(Acted {
        task,
        notices,
        alerts: Vec::new(),
        is_closed: false,
    })
}

/// The subscribers that its words name.
fn subscribers_of(by_hand: &ByHand, ctx: &ActContext<'_>) -> Vec<SubscriberId> {
    let may_name = by_hand.may_name();
    let known = ctx.subscribers.keys();
    known
        .filter(|subscriber| may_name.contains(*subscriber) || by_hand.names_masked(subscriber))
        .cloned()
        .collect()
}

/// Refuses words that propose an offer to a subscriber that may be ported out.
fn refuse_offers(
    by_hand: &ByHand,
    subscribers: &[SubscriberId],
    ctx: &ActContext<'_>,
) -> Result<(), Refusal> {
    let is_held = |one: &&SubscriberId| {
        let one = std::iter::once((*one).clone());
        is_guarded(one, ctx.subscribers, ctx.rules.guard, ctx.now)
    };
    let Some(guarded) = subscribers.iter().find(is_held) else {
        return Ok(());
    };
    by_hand
        .texts()
        .find_map(proposing_word)
        .map_or(Ok(()), |word| {
            Err(Refusal::Offers {
                word,
                phone: mask_phone(guarded.as_str()),
            })
        })
}

/// The task as it begins: without what may not be proposed to a subscriber that it names.
fn begin(
    (by_hand, subscribers): (ByHand, Vec<SubscriberId>),
    origin: Origin,
    (assignee, tier): (ManagerId, Tier),
    ctx: &ActContext<'_>,
) -> Task {
    let mut begun = Task::from(NewTask {
        origin,
        title: TaskTitle::Written(by_hand.title.trim().to_owned()),
        alert_ids: Vec::new(),
        subscribers,
        lead: None,
        scope: Scope::Group(by_hand.group_id),
        tier: Some(tier),
        assignee: Assignee::Manager(assignee),
        kind: by_hand.kind,
        item: by_hand.item,
        means: by_hand.means,
        resources: by_hand.resources,
        checks: Vec::new(),
        english: InEnglish::default(),
        class: by_hand.class,
        severity: Severity::Warning,
        opened_at: ctx.now,
        accept_by: accept_by(by_hand.due_at, ctx),
        due_at: by_hand.due_at,
        escalation: vec![EscalationStep::Supervisor],
    });
    if is_guarded(
        begun.subscribers.iter().cloned(),
        ctx.subscribers,
        ctx.rules.guard,
        ctx.now,
    ) {
        withhold(&mut begun, ctx.due_clock());
    }
    ctx.due_clock()
        .mind_subscribers(&mut begun, &[], ctx.subscribers);
    begun.steps.insert(0, ctx.step(StepKind::Add, None));
    Task {
        version: 1,
        ..begun
    }
}

fn check(
    by_hand: &ByHand,
    author: &ManagerId,
    assignee: &ManagerId,
    ctx: &ActContext<'_>,
) -> Result<(), Refusal> {
    for manager in [author, assignee] {
        if ctx.staff().is_inactive(manager) {
            return Err(Refusal::NoManager {
                manager_id: manager.clone(),
            });
        }
    }
    let scope = Scope::Group(by_hand.group_id.clone());
    let (own, other) = (author == assignee, Assignee::Manager(assignee.clone()));
    if !own && !ctx.authority().is_above(author, &other, &scope) {
        return Err(Refusal::NotBelow {
            who: ctx.name(author),
            assignee: ctx.name(assignee),
        });
    }
    if by_hand.title.trim().is_empty() {
        return Err(Refusal::Incomplete {
            what: "a title",
            hint: "say in a line what it is about",
        });
    }
    if by_hand.means.is_empty() {
        return Err(Refusal::Incomplete {
            what: "means",
            hint: "a call or a visit are such",
        });
    }
    let is_blank = |text: &String| text.trim().is_empty();
    let blank = match &by_hand.item {
        Item::Information { way, what } => is_blank(way) || is_blank(what),
        Item::Service { what } => is_blank(what),
        Item::Visit {
            whom,
            purpose,
            prepare,
            steps,
        } => {
            [whom, purpose, prepare].into_iter().any(is_blank)
                || steps.is_empty()
                || steps.iter().any(is_blank)
        }
        Item::Retention { plan } => is_blank(plan),
    };
    if blank {
        return Err(Refusal::Incomplete {
            what: "every part of its item",
            hint: "leave none empty",
        });
    }
    if by_hand.due_at <= ctx.now {
        let local = |t| ctx.zone.display(t);
        return Err(Refusal::DueInThePast {
            due_at: local(by_hand.due_at),
            now: local(ctx.now),
        });
    }
    Ok(())
}

/// Within half of the working hours that there are; by the due time itself where there are none.
fn accept_by(due_at: Timestamp, ctx: &ActContext<'_>) -> Timestamp {
    let hours = Counting::WorkingHours.hours_between(ctx.zone, ctx.calendar, ctx.now, due_at);
    Counting::WorkingHours
        .due_after(ctx.zone, ctx.calendar, ctx.now, hours / 2)
        .min(due_at)
}
