//! A task that comes from no alert, by its plan.
//!
//! It does not know when such work comes about. Invariant: its id follows from its origin, so
//! nothing begins it twice.

use chrono::{NaiveDate, NaiveTime};

use super::tasks::FollowUpContext;
use super::working_hours::{due_after, hours_between, working_days_after};
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::Timestamp;
use crate::domain::task::{
    Assignee, Check, CheckPart, InEnglish, NewTask, Origin, Task, TaskTitle,
};

/// When what is due on a day is due.
const DUE_AT: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).expect("18:00 is a time");

/// The end of work on a day.
#[must_use]
pub(crate) fn end_of_work(ctx: &FollowUpContext<'_>, day: NaiveDate) -> Timestamp {
    ctx.zone.at(day.and_time(DUE_AT))
}

/// The task that some work begins. Without `due_at` it is due by its plan.
///
/// # Panics
/// For an origin without a plan: alerts, and what is made by hand.
#[must_use]
pub(crate) fn begin(
    ctx: &FollowUpContext<'_>,
    origin: Origin,
    scope: &Scope,
    assignee: Assignee,
    title: TaskTitle,
    due_at: Option<Timestamp>,
    severity: Severity,
) -> Task {
    let plan = ctx
        .playbooks
        .plan(origin.plan().expect("only planned work comes here"));
    let group = scope.group().and_then(|group| ctx.reference.group(group));
    let name = group.map_or(scope.id(), |group| &group.name);
    let due_at = due_at
        .unwrap_or_else(|| working_days_after(ctx.zone, ctx.calendar, ctx.now, plan.due_days))
        .max(ctx.now);
    Task::from(NewTask {
        origin,
        title,
        alert_ids: Vec::new(),
        subscribers: Vec::new(),
        lead: None,
        scope: scope.clone(),
        tier: group.map(|group| group.tier),
        assignee,
        kind: plan.kind,
        item: plan.item.clone(),
        means: plan.means.clone(),
        resources: plan.resources.clone(),
        checks: checks(&plan.checks, name),
        english: InEnglish {
            checks: checks(&plan.checks_en, name),
            item: plan.item_en.clone(),
        },
        class: plan.class,
        severity,
        opened_at: ctx.now,
        accept_by: half_way(ctx, due_at),
        due_at,
        escalation: plan.escalation.clone(),
    })
}

/// When half of the working hours until then have passed: nobody accepts planned work at night or on
/// a day off.
fn half_way(ctx: &FollowUpContext<'_>, due_at: Timestamp) -> Timestamp {
    let hours = hours_between(ctx.zone, ctx.calendar, ctx.now, due_at);
    due_after(ctx.zone, ctx.calendar, ctx.now, hours / 2).min(due_at)
}

fn checks(texts: &[String], group: &str) -> Vec<Check> {
    // The places of the title come first: none is found in the name that is filled in.
    let fill = |check: &String| {
        let texts = check.split("{title}").enumerate();
        let parts = texts.flat_map(|(at, text)| {
            let title = (at > 0).then_some(CheckPart::Title);
            let text = CheckPart::Text(text.replace("{group}", group));
            title.into_iter().chain([text])
        });
        parts.collect()
    };
    texts.iter().map(fill).collect()
}
