//! The port-out guard, checked once more when a mail is about to be sent: it may have waited for
//! long.
//!
//! It does not know how mails are claimed. Invariant: what the guard withholds by now is withheld
//! from the task that the mail proposes it for.

use chrono::TimeDelta;

use crate::domain::alert::Alert;
use crate::domain::local_day::Timestamp;
use crate::domain::task::Task;
use crate::domain::zone::Zone;
use crate::follow_up::calendar::WorkingCalendar;
use crate::follow_up::due_clock::DueClock;
use crate::follow_up::guard::{SubscriberStandings, is_guarded};
use crate::follow_up::task_subscribers::named_subscribers;
use crate::follow_up::withholding::withhold;

/// Whether the guard holds for a task, and the task if that changes it.
#[derive(Debug, Default)]
pub(crate) struct Guarded {
    pub(crate) holds: bool,
    pub(crate) changed: Option<Task>,
}

/// How long the guard holds, and by what calendar a task goes on whose question it withdraws.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PortOutGuard<'a> {
    pub(crate) holds_for: TimeDelta,
    pub(crate) zone: Zone,
    pub(crate) calendar: &'a WorkingCalendar,
}

impl<'a> PortOutGuard<'a> {
    const fn due_clock(self, now: Timestamp) -> DueClock<'a> {
        DueClock {
            zone: self.zone,
            calendar: self.calendar,
            now,
        }
    }
}

/// Checks the guard by the current state of the subscribers that the task names.
pub(crate) fn guard_now(
    mut task: Task,
    alerts: &[Alert],
    subscribers: &SubscriberStandings,
    guard: &PortOutGuard<'_>,
    now: Timestamp,
) -> Guarded {
    if !task.proposes() {
        return Guarded {
            holds: task.is_partly_withheld(),
            changed: None,
        };
    }
    let named = named_subscribers(&task, alerts);
    let holds = is_guarded(named, subscribers, guard.holds_for, now);
    let changed = (holds && task.state.is_open()).then(|| {
        withhold(&mut task, guard.due_clock(now));
        task.version += 1;
        task
    });
    Guarded { holds, changed }
}
