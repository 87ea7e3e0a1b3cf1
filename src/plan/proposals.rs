//! The port-out guard, checked once more when a mail is about to be sent: it may have waited for
//! long.
//!
//! It does not know how mails are claimed. Invariant: what the guard withholds by now is withheld
//! from the task that the mail proposes it for.

use chrono::TimeDelta;

use crate::domain::alert::Alert;
use crate::domain::local_day::Timestamp;
use crate::domain::task::Task;
use crate::follow_up::guard::{SubscriberStandings, is_guarded, withhold};
use crate::follow_up::task_subscribers::named_subscribers;

/// Whether the guard holds for a task, and the task if that changes it.
#[derive(Debug, Default)]
pub(crate) struct Guarded {
    pub(crate) holds: bool,
    pub(crate) changed: Option<Task>,
}

/// Checks the guard by the current state of the subscribers that the task names.
pub(crate) fn guard_now(
    mut task: Task,
    alerts: &[Alert],
    subscribers: &SubscriberStandings,
    guard: TimeDelta,
    now: Timestamp,
) -> Guarded {
    if !task.proposes() {
        return Guarded {
            holds: task.is_partly_withheld(),
            changed: None,
        };
    }
    let named = named_subscribers(&task, alerts);
    let holds = is_guarded(named, subscribers, guard, now);
    let changed = (holds && task.state.is_open()).then(|| {
        withhold(&mut task);
        task.version += 1;
        task
    });
    Guarded { holds, changed }
}
