//! A sweep over tasks, and over the origins of planned work.
//!
//! ```text
//! Movements::count ─┐
//! SweepPlan::new ┴ untaken, named_subscribers ─ loaded ─→ wanted ─ begun before? ─ name_leavers ─→ finish ─→ FollowedUp
//! ```
//! It does not know where anything is kept. Invariant: sweeping twice at one instant changes
//! nothing the second time.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::domain::alert::{AlertChange, AlertState};
use crate::domain::counters::Figures;
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::task::{Origin, Task};
use crate::evaluate::figures::closing_on;
pub use crate::follow_up::sweep::Occasions;
use crate::follow_up::sweep::{AlertsById, SweepRules, sweep, wanted};
pub(crate) use crate::follow_up::sweep::{is_anybody_left, name_leavers};
use crate::follow_up::task_subscribers::{depends_on_subscribers, named_subscribers};
use crate::follow_up::tasks::FollowUpContext;

use super::follow::{FollowedUp, closed_events};
use super::indicators::FigureInputs;
use super::movements::{grown, left_of_own_will};
use super::open_work::OpenWork;
use super::settings::PlanSettings;

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SweepSummary {
    /// Tasks that it began.
    pub begun: usize,
    /// Tasks that it changed.
    pub changed: usize,
    /// Notices that it made.
    pub notices: usize,
}

/// Group customers that planned work comes from.
pub(crate) struct Movements {
    grown: Vec<(GroupId, Figures)>,
    left: Vec<(GroupId, i64)>,
    /// The first and the last day on which these have left.
    left_span: (LocalDay, LocalDay),
}

impl Movements {
    pub(crate) fn count(inputs: FigureInputs<'_>, settings: &PlanSettings, now: Timestamp) -> Self {
        let (today, rules) = (inputs.rules.zone.day_of(now), settings.sweep);
        let left_span = (
            today.plus(-rules.win_back_days_max()),
            today.plus(-(rules.win_back_days as i32)),
        );
        Self {
            grown: grown(inputs, settings.growth, now),
            left: left_of_own_will(inputs, left_span),
            left_span,
        }
    }

    /// The group customer whose leavers a task is to name, and the days on which these left: of a
    /// win-back.
    pub(crate) fn left_by<'a>(
        &self,
        task: &'a Task,
    ) -> Option<(&'a GroupId, (LocalDay, LocalDay))> {
        match &task.origin {
            Origin::WinBack(group, _) => Some((group, self.left_span)),
            _ => None,
        }
    }
}

/// From when on, and before when, tasks have ended that are followed by a return call.
pub(crate) fn return_calls_span(rules: SweepRules, now: Timestamp) -> (Timestamp, Timestamp) {
    let days_ago = |days: u32| now.plus(-TimeDelta::days(i64::from(days)));
    // A return call is due so many local days after the end: a day more on either side holds them
    // all.
    (
        days_ago(rules.return_call_days + rules.caught_up_days + 1),
        days_ago(rules.return_call_days.saturating_sub(1)),
    )
}

/// How many members a group customer has; none if nothing is known of its members.
pub(crate) fn members_now(
    inputs: FigureInputs<'_>,
    group_id: &GroupId,
    now: Timestamp,
) -> Option<i64> {
    let series = inputs.series.get(group_id)?;
    Some(closing_on(series, inputs.rules.zone.day_of(now)))
}

/// A sweep on its way.
pub(crate) struct SweepPlan<'a> {
    work: &'a OpenWork,
    /// A task still names the subscribers of alerts that hold no more.
    alerts: AlertsById<'a>,
    rules: SweepRules,
}

impl<'a> SweepPlan<'a> {
    pub(crate) fn new(work: &'a OpenWork, rules: SweepRules) -> Self {
        Self {
            work,
            alerts: work.alerts_and_resolved(),
            rules,
        }
    }

    /// Alerts that nobody has taken, and that no open task answers.
    pub(crate) fn untaken(&self) -> Vec<AlertChange> {
        let untaken = self
            .alerts
            .iter()
            .filter(|(id, alert)| !self.work.is_held(id) && alert.state == AlertState::Firing);
        untaken
            .map(|(_, alert)| AlertChange::Opened((*alert).clone()))
            .collect()
    }

    /// The subscribers on whose state open tasks depend: the guard withholds an offer or gives one
    /// back, and subscribers leave or come back. Of other tasks no subscriber is loaded.
    pub(crate) fn named_subscribers(&self) -> BTreeSet<SubscriberId> {
        self.work
            .tasks()
            .filter(|task| depends_on_subscribers(task, self.work.alerts_of(task)))
            .flat_map(|task| named_subscribers(task, self.work.alerts_of(task)))
            .collect()
    }

    /// The planned work that is wanted now and is not open; it may have been begun before, and have
    /// ended.
    pub(crate) fn wanted(
        &self,
        occasions: Occasions<'_>,
        (movements, ended): (&Movements, &[Task]),
        ctx: &FollowUpContext<'_>,
    ) -> Vec<Task> {
        let occasions = Occasions {
            grown: &movements.grown,
            left: &movements.left,
            ended,
            ..occasions
        };
        let mut wanted = wanted(occasions, self.rules, ctx);
        wanted.retain(|task| !self.work.has_task(&task.task_id));
        wanted
    }

    /// The result of the sweep; `begun` is the planned work that nobody has begun before.
    pub(crate) fn finish(
        &self,
        begun: Vec<Task>,
        closed_source: &str,
        ctx: &FollowUpContext<'_>,
    ) -> (FollowedUp, SweepSummary) {
        let done = sweep(self.work.tasks(), &self.alerts, begun, self.rules, ctx);
        let begun = done.begun().count();
        let summary = SweepSummary {
            begun,
            changed: done.tasks.len() - begun,
            notices: done.notices.len(),
        };
        let closed = closed_events(&done.tasks, closed_source, ctx.now);
        let followed = FollowedUp {
            done,
            closed,
            nothing_due: None,
        };
        (followed, summary)
    }
}
