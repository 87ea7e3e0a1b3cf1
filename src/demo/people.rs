//! The actions of the people of the demo's city on their tasks: accept, ask first, answer, work,
//! finish, verify.
//!
//! Each of them does what `sisan tasks …` would do for him, and nothing else. Some forget a task,
//! some let one lie, some answer late. Invariant: what happens to a task follows from the seed, the
//! task and the time, so that the same seed gives the same output.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{TimeDelta, Timelike};
use xxhash_rust::xxh3::xxh3_64;

use super::finishing::{Prospect, closing};
use super::{Intentions, by_hand};
use crate::commands::{CommandError, act_in, add_in};
use crate::domain::ids::{GroupId, ManagerId, SubscriberId};
use crate::domain::local_day::Timestamp;
use crate::domain::reference::Reference;
use crate::domain::task::StepKind;
use crate::domain::task::{
    Actor, Approval, Assignee, Origin, PlanKind, Task, TaskKind, TaskResult, TaskState,
};
use crate::domain::zone::Zone;
use crate::follow_up::act::{Action, ByHand};
use crate::follow_up::assignee::Staff;
use crate::follow_up::task_subscribers::{TaskSubscribers, named_subscribers};
use crate::follow_up::verification::to_verify;
use crate::pipeline::{Pipeline, subscriber_standings};
use crate::runtime::{AppError, Setup};
use crate::simulate::Rng;
use crate::store::{StoreError, Tx};

/// Local hours within which people work.
const HOURS: std::ops::Range<u32> = 9..18;
/// The local hour at which a manager plans work for himself, and the probability on one day.
const PLAN_AT: u32 = 9;
const PLANS: f64 = 0.03;
/// The local hour from which supervisors verify finished tasks.
const VERIFY_FROM: u32 = 16;
/// Share of the tasks that stay untouched until they are escalated.
const FORGOTTEN: f64 = 0.04;
/// Share of the tasks that are begun and then left until they are marked as stalled.
const LEFT_LYING: f64 = 0.05;
/// A task that is due within so long is done before everything else.
const PRESSING: TimeDelta = TimeDelta::hours(8);
/// How long before he leaves a member knows that he will.
const KNOWN_BEFORE: TimeDelta = TimeDelta::days(14);
/// Whoever leaves within so long is not yet given up as lost.
const WAITS_FOR_DEPARTURE: TimeDelta = TimeDelta::days(3);
/// Share of the approval requests that are refused.
const REFUSED: f64 = 0.2;
/// Share of the verified tasks that are reopened once.
const SENT_BACK: f64 = 0.15;

/// The people of a city, who work by a seed.
pub struct People {
    seed: u64,
    setup: Arc<Setup>,
    intentions: Intentions,
}

impl People {
    /// People whose behaviour follows from `seed`, and whose customers have these intentions.
    #[must_use]
    pub const fn new(seed: u64, setup: Arc<Setup>, intentions: Intentions) -> Self {
        Self {
            seed,
            setup,
            intentions,
        }
    }

    /// Lets each of them take the next step of a task of his, if he does so at this time.
    ///
    /// # Errors
    /// When the store fails, or an action is refused.
    pub fn act(&self, pipeline: &Pipeline, now: Timestamp) -> Result<(), AppError> {
        let (zone, calendar) = (self.setup.config.timezone, &self.setup.calendar);
        let local = zone.local(now);
        if !HOURS.contains(&local.hour()) || !calendar.is_working(local.date()) {
            return Ok(());
        }
        let (store, reference) = (pipeline.store(), &pipeline.read_model().reference);
        let verifies = local.hour() >= VERIFY_FROM;
        let tasks = store.read_tx("see what is to be done", |tx| {
            if verifies {
                open_or_of_late(tx, zone, now)
            } else {
                tx.open_tasks()?.all()
            }
        })?;
        let picked = to_verify(&tasks, zone);
        let staff = Staff {
            reference,
            company_head: self.setup.config.company.head_manager_id.as_ref(),
            today: local.date(),
        };
        let steps: Vec<(&Task, Actor, PlannedOperation)> = tasks
            .iter()
            .filter(|task| task.state.is_open() || picked.contains(&task.task_id))
            .filter_map(|task| {
                self.step(task, staff, now)
                    .map(|(actor, operation)| (task, actor, operation))
            })
            .collect();
        let plans = self.plans(reference, now);
        let acted = store.write_tx("let people act", |tx| -> Result<(), CommandError> {
            steps.into_iter().try_for_each(|(task, actor, operation)| {
                let Some(action) = self.action_of(tx, task, operation, now)? else {
                    return Ok(());
                };
                act_in(
                    tx,
                    (&pipeline.settings().plan, reference),
                    &task.task_id,
                    action,
                    &actor,
                    None,
                    now,
                )
                .map(drop)
            })?;
            plans.into_iter().try_for_each(|(manager, plan)| {
                add_in(
                    tx,
                    (&pipeline.settings().plan, reference),
                    plan,
                    &actor(&Assignee::Manager(manager)),
                    now,
                )
                .map(drop)
            })
        });
        Ok(acted?)
    }

    /// The tasks that managers plan for themselves today, each for one of his group customers; none
    /// at another hour.
    fn plans(&self, reference: &Reference, now: Timestamp) -> Vec<(ManagerId, ByHand)> {
        if self.setup.config.timezone.local(now).hour() != PLAN_AT {
            return Vec::new();
        }
        let mut own: BTreeMap<&ManagerId, Vec<&GroupId>> = BTreeMap::new();
        for group in reference
            .groups
            .values()
            .filter_map(|history| history.latest())
            .filter(|group| !group.closed)
        {
            own.entry(&group.manager_id)
                .or_default()
                .push(&group.group_id);
        }
        let mut plans = Vec::new();
        for (manager, groups) in own {
            let mut dice = Rng::new(
                self.seed ^ xxh3_64(manager.as_str().as_bytes()),
                now.micros().unsigned_abs(),
            );
            if dice.chance(PLANS) {
                let group = (*dice.pick(&groups)).clone();
                plans.push((
                    manager.clone(),
                    by_hand::by_hand(group, &mut dice, self.setup.config.timezone, now),
                ));
            }
        }
        plans
    }

    /// The next step of a task, if it is taken now.
    fn step(
        &self,
        task: &Task,
        staff: Staff<'_>,
        now: Timestamp,
    ) -> Option<(Actor, PlannedOperation)> {
        let mut dice = self.dice(task, now.micros().unsigned_abs());
        let (own, above) = (
            actor(&task.assignee),
            actor(&staff.manager_of(&task.assignee, &task.scope)),
        );
        if task.approval == Approval::Requested && dice.chance(0.5) {
            return Some((above, PlannedOperation::Act(self.answer(task))));
        }
        let is_forgotten = self.is_drawn(task, "forgotten", FORGOTTEN) && task.escalated.is_empty();
        // Only a task that has been begun can stall.
        let is_lying = self.is_drawn(task, "lying", LEFT_LYING) && !task.stalled;
        let at_once = if is_pressing(task, now) { 0.95 } else { 0.7 };
        match task.state {
            TaskState::Open if !is_forgotten && dice.chance(at_once) => {
                Some((own, PlannedOperation::Act(Action::Accept)))
            }
            TaskState::Accepted | TaskState::InProgress if task.approval == Approval::Requested => {
                None
            }
            TaskState::Accepted if is_lying || !is_pressing(task, now) => dice
                .chance(at_once)
                .then_some((own, PlannedOperation::Act(Action::Start))),
            TaskState::Accepted | TaskState::InProgress
                if !is_lying && dice.chance(finished_at_a_time(task, now)) =>
            {
                Some((own, PlannedOperation::Finish(dice)))
            }
            TaskState::Done if !task.verified && dice.chance(0.4) => {
                Some((above, PlannedOperation::Act(self.verdict(task))))
            }
            _ => None,
        }
    }

    /// What he does; nothing yet where he would close a task as lost whose subscribers are about to
    /// go: he waits until they have.
    fn action_of(
        &self,
        tx: &Tx<'_>,
        task: &Task,
        operation: PlannedOperation,
        now: Timestamp,
    ) -> Result<Option<Action>, StoreError> {
        let mut dice = match operation {
            PlannedOperation::Act(action) => return Ok(Some(action)),
            PlannedOperation::Finish(dice) => dice,
        };
        let alerts = tx.alerts_of(task)?;
        let named = named_subscribers(task, &alerts);
        let leaving_within = |within| {
            let leaves = |one: &&SubscriberId| self.intentions.leaves_within(one, now, within);
            named.iter().filter(leaves).count()
        };
        let (leaving, leaving_at_once) = (
            leaving_within(KNOWN_BEFORE),
            leaving_within(WAITS_FOR_DEPARTURE),
        );
        let standings = subscriber_standings(tx, named)?;
        let prospect = Prospect {
            subscribers: TaskSubscribers::of_task(task, &alerts, &standings),
            leaving,
        };
        let closing = closing(task, &alerts, prospect, &mut dice);
        let waits = closing.result == TaskResult::Lost && leaving_at_once > 0;
        Ok((!waits).then_some(Action::Close(closing)))
    }

    fn answer(&self, task: &Task) -> Action {
        if self.is_drawn(task, "refused", REFUSED) {
            Action::Refuse {
                note: "先按现行资费沟通，不承诺优惠，有结果再议".to_owned(),
            }
        } else {
            Action::Approve { note: None }
        }
    }

    fn verdict(&self, task: &Task) -> Action {
        let was_back = task.steps.iter().any(|step| step.what == StepKind::Reopen);
        if !was_back && self.is_drawn(task, "sent back", SENT_BACK) {
            Action::Reopen {
                note: "档案里没有客户的答复，请补访一次再关单".to_owned(),
            }
        } else {
            Action::Verify
        }
    }

    /// Whether a property applies to a task: drawn once from the seed.
    fn is_drawn(&self, task: &Task, what: &str, share: f64) -> bool {
        self.dice(task, xxh3_64(what.as_bytes())).chance(share)
    }

    fn dice(&self, task: &Task, label: u64) -> Rng {
        Rng::new(self.seed ^ xxh3_64(task.task_id.as_str().as_bytes()), label)
    }
}

/// An operation on a task.
enum PlannedOperation {
    Act(Action),
    /// He finishes it, depending on what has happened.
    Finish(Rng),
}

/// Open tasks, and those that ended this month or in the one before: an older one has been
/// verified, or never will be.
fn open_or_of_late(tx: &Tx<'_>, zone: Zone, now: Timestamp) -> Result<Vec<Task>, StoreError> {
    let since = zone.start_of(zone.day_of(now).month().plus(-1).first_day());
    let mut tasks = tx.open_tasks()?.all()?;
    tasks.extend(
        tx.tasks_ended_between(since, now.plus(TimeDelta::microseconds(1)))?
            .all()?,
    );
    tasks.sort_by(|a, b| (a.opened_at, &a.task_id).cmp(&(b.opened_at, &b.task_id)));
    Ok(tasks)
}

/// The actor for an assignee: a manager, or the operators for the fallback.
fn actor(assignee: &Assignee) -> Actor {
    Actor {
        manager_id: assignee.manager().cloned(),
        user: Some("demo".to_owned()),
    }
}

/// Whether it is due so soon that it is done first.
fn is_pressing(task: &Task, now: Timestamp) -> bool {
    task.due_at < now.plus(PRESSING)
}

/// The probability that a task in progress is finished at one of the day's times.
fn finished_at_a_time(task: &Task, now: Timestamp) -> f64 {
    match (&task.origin, task.origin.plan()) {
        // It lasts until the project is closed.
        (Origin::Project(_), _) => 0.0,
        // A contact fulfils it; a manager who has made none in time makes one when he is asked.
        (Origin::Promise(_), _) => {
            if task.due_at < now {
                0.3
            } else {
                0.0
            }
        }
        (
            _,
            Some(PlanKind::ContractEnd | PlanKind::Growth | PlanKind::Holiday | PlanKind::Ceremony),
        ) => 0.03,
        // He asks again before he gives up.
        (_, Some(PlanKind::WinBack)) if !is_pressing(task, now) => 0.05,
        _ if is_pressing(task, now) => 0.95,
        _ if task.kind == TaskKind::Retention => 0.4,
        _ => 0.25,
    }
}
