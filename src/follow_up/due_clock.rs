//! The due clock of a task, which is stopped while an answer is awaited, while it is done, and
//! while nothing is left to keep of its subscribers, unless one of them was a locked number.
//!
//! Invariant: whoever answers late takes no time from the assignee, and nothing is due before now.

use super::calendar::WorkingCalendar;
use super::guard::SubscriberStandings;
use super::task_subscribers::TaskSubscribers;
use super::working_hours::Counting;
use crate::domain::alert::Alert;
use crate::domain::local_day::Timestamp;
use crate::domain::task::StepKind;
use crate::domain::task::{Actor, Approval, Step, Task};
use crate::domain::zone::Zone;

#[derive(Debug, Clone, Copy)]
pub(crate) struct DueClock<'a> {
    /// Where days and working hours are.
    pub zone: Zone,
    /// Which days are worked.
    pub calendar: &'a WorkingCalendar,
    pub now: Timestamp,
}

impl DueClock<'_> {
    /// The due time of a task whose clock was stopped at `since` and starts again now: the hours
    /// that were left then, counted from now.
    #[must_use]
    pub(crate) fn goes_on(self, task: &Task, since: Timestamp) -> Timestamp {
        let counting = Counting::of_task(task);
        let left = counting.hours_between(self.zone, self.calendar, since, task.due_at);
        counting.due_after(self.zone, self.calendar, self.now, left)
    }

    /// Notes that a task has nothing left to keep, since its subscribers have gone, which stops its
    /// clock unless it is to run on, and that it has again.
    pub(crate) fn mind_subscribers<'a>(
        self,
        task: &mut Task,
        alerts: impl IntoIterator<Item = &'a Alert, IntoIter: Clone>,
        subscribers: &SubscriberStandings,
    ) {
        match (
            TaskSubscribers::of_task(task, alerts, subscribers).is_only_reason_left(),
            task.gone_at,
        ) {
            (true, None) => {
                self.withdraw_question(task);
                task.gone_at = Some(self.now);
                task.steps.push(self.step(StepKind::SubscribersGone));
            }
            (false, Some(_)) => self.resume(task, StepKind::SubscribersBack),
            _ => {}
        }
    }

    /// Starts the clock of a task whose subscribers had all gone, if it is one and the clock was
    /// stopped, and notes why.
    pub(crate) fn resume(self, task: &mut Task, why: StepKind) {
        let Some(since) = task.gone_at.take() else {
            return;
        };
        if !task.due_while_gone {
            task.due_at = self.goes_on(task, since);
        }
        task.steps.push(self.step(why));
        self.ask_if_needed(task);
    }

    /// Asks for an answer, if what a task proposes needs one and nobody has given it.
    pub(crate) fn ask_if_needed(self, task: &mut Task) {
        if task.approval == Approval::None
            && Approval::needed_for(&task.means, &task.resources) == Approval::Requested
        {
            (task.approval, task.asked_at) = (Approval::Requested, Some(self.now));
        }
    }

    /// Withdraws the request for an answer: there is no use left for what it asks. The clock goes on
    /// with what was left.
    pub(crate) fn withdraw_question(self, task: &mut Task) {
        if let (Approval::Requested, Some(asked_at)) = (task.approval, task.asked_at) {
            task.due_at = self.goes_on(task, asked_at);
            (task.approval, task.asked_at) = (Approval::None, None);
        }
    }

    fn step(self, what: StepKind) -> Step {
        Step::new(self.now, Actor::default(), what)
    }
}
