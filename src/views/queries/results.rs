//! What the tasks of a month have come to.

use crate::domain::local_day::{Month, Timestamp};
use crate::domain::reference::Reference;
use crate::domain::task::Task;
use crate::domain::zone::Zone;
use crate::follow_up::named_members::members_kept;
use crate::follow_up::verification::{Results, results};
use crate::pipeline::{ended_named_members, people};
use crate::store::{StoreError, Tx};

/// What the tasks of a month have come to by assignee, and the managers.
pub(crate) fn month_results(
    tx: &Tx<'_>,
    month: Month,
    zone: Zone,
    now: Timestamp,
) -> Result<(Vec<Results>, Reference), StoreError> {
    let named = ended_named_members(tx, month, zone, now)?;
    let tasks = tasks_of_month(tx, month, zone)?;
    let results = results(&tasks, &members_kept(&named), month, zone);
    Ok((results, people(tx)?))
}

/// The tasks that have ended in a month.
fn tasks_of_month(tx: &Tx<'_>, month: Month, zone: Zone) -> Result<Vec<Task>, StoreError> {
    let (since, until) = zone.span_of(month);
    tx.tasks_ended_between(since, until)?.all()
}
