//! The due clock of a task, which stands still while an answer is awaited, while it is done, and
//! while all its subscribers have gone.
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
pub struct DueClock<'a> {
    /// Where days and working hours are.
    pub zone: Zone,
    /// Which days are worked.
    pub calendar: &'a WorkingCalendar,
    pub now: Timestamp,
}

impl DueClock<'_> {
    /// When a task is due whose clock has stood still since `since`: what was left then, from now
    /// on.
    #[must_use]
    pub fn goes_on(self, task: &Task, since: Timestamp) -> Timestamp {
        let counting = Counting::of(task.severity, task.tier);
        let left = counting.hours_between(self.zone, self.calendar, since, task.due_at);
        counting.due_after(self.zone, self.calendar, self.now, left)
    }

    /// Stops the clock of a task whose subscribers have all gone, and lets it go on when one is
    /// back.
    pub fn mind_subscribers<'a>(
        self,
        task: &mut Task,
        alerts: impl IntoIterator<Item = &'a Alert, IntoIter: Clone>,
        subscribers: &SubscriberStandings,
    ) {
        match (
            TaskSubscribers::of(task, alerts, subscribers).are_lost(),
            task.gone_at,
        ) {
            (true, None) => {
                self.withdraw_question(task);
                task.gone_at = Some(self.now);
                task.steps.push(self.step(StepKind::SubscribersGone));
            }
            (false, Some(since)) => {
                task.due_at = self.goes_on(task, since);
                task.gone_at = None;
                task.steps.push(self.step(StepKind::SubscribersBack));
                if task.approval == Approval::None
                    && Approval::needed_for(&task.means, &task.resources) == Approval::Requested
                {
                    (task.approval, task.asked_at) = (Approval::Requested, Some(self.now));
                }
            }
            _ => {}
        }
    }

    /// Nobody is asked about what there is no use for.
    fn withdraw_question(self, task: &mut Task) {
        if let (Approval::Requested, Some(asked_at)) = (task.approval, task.asked_at) {
            task.due_at = self.goes_on(task, asked_at);
            (task.approval, task.asked_at) = (Approval::None, None);
        }
    }

    fn step(self, what: StepKind) -> Step {
        Step::new(self.now, Actor::default(), what)
    }
}
