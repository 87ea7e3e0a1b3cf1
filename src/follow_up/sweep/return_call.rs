//! Whether anybody is left to call of a customer that was kept.

use crate::domain::alert::Alert;
use crate::domain::task::{Origin, Task};
use crate::follow_up::guard::SubscriberStandings;
use crate::follow_up::task_subscribers::TaskSubscribers;

/// Whether a task that ended with something kept still has somebody to keep: of one about
/// subscribers, or about those who were to be won back, one of them; of any other the customer has
/// members, of which it may be known that there are none.
#[must_use]
pub(crate) fn is_anybody_left(
    kept: &Task,
    alerts: &[Alert],
    subscribers: &SubscriberStandings,
    members: Option<i64>,
) -> bool {
    let subscribers_of_task = TaskSubscribers::of_task(kept, alerts, subscribers);
    let are_leavers = matches!(kept.origin, Origin::WinBack(..));
    let have_gone =
        subscribers_of_task.have_all_gone() || (are_leavers && subscribers_of_task.gone.are_all());
    !have_gone && members != Some(0)
}
