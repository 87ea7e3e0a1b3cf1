//! What a list shows: read by an index and a limit, page by page, and never more than is asked for.
//!
//! Without a limit a list shows all that is kept and wanted. With one it shows the last, whatever
//! its order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertState, TaskId};
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::indicator::Scope;
use crate::domain::local_day::{LocalDay, Month};
use crate::domain::mail::MailState;
use crate::domain::reference::Reference;
use crate::domain::reminder::Reminder;
use crate::domain::silence::Silence;
use crate::domain::task::{Assignee, Task};
use crate::domain::zone::Zone;
use crate::follow_up::verification::must_verify;
use crate::store::{MailEntry, SourceRow, StoreError, StoredReject, Tx};

/// How much of a list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    /// The most rows.
    pub rows: u32,
    /// How many more are read at most, to count what is left out.
    pub beyond: u32,
}

impl Limit {
    /// How many rows are read.
    fn rows_read(self) -> u32 {
        self.rows.saturating_add(self.beyond)
    }

    /// Cuts rows of which the last comes first to the limit.
    fn cut<T>(self, mut last_first: Vec<T>) -> Last<T> {
        let rows = self.rows as usize;
        let left_out = last_first.len().saturating_sub(rows);
        last_first.truncate(rows);
        Last {
            rows: last_first,
            left_out,
        }
    }
}

/// The last rows of a list, and how many more there are.
#[derive(Debug)]
pub(crate) struct Last<T> {
    pub rows: Vec<T>,
    /// As far as they were counted.
    pub left_out: usize,
}

impl<T> Last<T> {
    fn reversed(mut self) -> Self {
        self.rows.reverse();
        self
    }
}

/// Most rows that are read at once.
const PAGE_ROWS_MAX: u32 = 500;

/// The last that are wanted, in the order in which `page` gives them, which reads at most so many
/// behind the last one.
fn last<T>(
    limit: Limit,
    mut page: impl FnMut(Option<&T>, u32) -> Result<Vec<T>, StoreError>,
    mut is_wanted: impl FnMut(&T) -> Result<bool, StoreError>,
) -> Result<Last<T>, StoreError> {
    let wanted = limit.rows_read();
    let (size, mut shown) = (wanted.min(PAGE_ROWS_MAX), Vec::new());
    let mut rows = page(None, size)?;
    loop {
        let is_end = rows.len() < size as usize;
        let mut behind = None;
        let count = rows.len();
        for (at, row) in rows.into_iter().enumerate() {
            let is_last = at + 1 == count;
            if is_wanted(&row)? {
                shown.push(row);
                if shown.len() == wanted as usize {
                    return Ok(limit.cut(shown));
                }
            } else if is_last {
                behind = Some(row);
            }
        }
        if is_end {
            return Ok(limit.cut(shown));
        }
        rows = page(behind.as_ref().or(shown.last()), size)?;
    }
}

/// The units of the group customers of tasks, as now known.
pub(crate) fn units_of(
    tx: &Tx<'_>,
    tasks: &[Task],
) -> Result<BTreeMap<GroupId, UnitId>, StoreError> {
    let groups: BTreeSet<&GroupId> = tasks.iter().filter_map(Task::group_id).collect();
    let mut units = BTreeMap::new();
    for group in groups {
        let mut reference = Reference::default();
        tx.reference_events_of_group(group)?
            .into_iter()
            .for_each(|event| reference.put_event(event));
        units.extend(
            reference
                .group(group)
                .map(|known| (group.clone(), known.unit_id.clone())),
        );
    }
    Ok(units)
}

/// Which alerts are read: of one group customer, those that hold, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AlertsOf<'a> {
    /// Of a group customer.
    Group(&'a GroupId),
    Open,
    All,
}

impl<'a> AlertsOf<'a> {
    /// The fewest that hold all alerts of a group customer and in a state, where these are given.
    pub(crate) const fn fewest(group: Option<&'a GroupId>, state: Option<AlertState>) -> Self {
        match (group, state) {
            (Some(group), _) => Self::Group(group),
            (None, Some(AlertState::Firing | AlertState::Acknowledged)) => Self::Open,
            _ => Self::All,
        }
    }
}

/// The last alerts that are wanted.
pub(crate) fn alerts(
    tx: &Tx<'_>,
    of: AlertsOf<'_>,
    limit: Limit,
    is_wanted: impl Fn(&Alert) -> bool,
) -> Result<Last<Alert>, StoreError> {
    let mut shown = match of {
        AlertsOf::Group(group) => tx.alerts_of_scope(&Scope::Group(group.clone()))?,
        AlertsOf::Open => tx.open_alerts()?.all()?,
        AlertsOf::All => {
            let changed = last(
                Limit {
                    rows: limit.rows_read(),
                    beyond: 0,
                },
                |after, rows| tx.alerts_before(after, rows),
                |(_, alert)| Ok(is_wanted(alert)),
            )?;
            changed.rows.into_iter().map(|(_, alert)| alert).collect()
        }
    };
    shown.retain(is_wanted);
    if of != AlertsOf::All {
        shown.sort_by_cached_key(|alert| Reverse((alert.opened_at, alert.alert_id())));
    }
    let mut shown = limit.cut(shown);
    in_order(&mut shown.rows);
    Ok(shown)
}

/// Puts alerts in the order in which they are shown.
pub(crate) fn in_order(alerts: &mut [Alert]) {
    alerts.sort_by_cached_key(|alert| {
        let key = &alert.key;
        (
            key.scope.name(),
            key.scope.id().to_owned(),
            key.kind.name(),
            key.period.to_string(),
            alert.alert_id(),
        )
    });
}

/// Which tasks are read: of one group customer, of one assignee, those that wait to be done, or
/// all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TasksOf<'a> {
    /// Of a group customer.
    Group(&'a GroupId),
    /// That wait to be done.
    Open,
    Assignee(&'a Assignee),
    All,
}

impl<'a> TasksOf<'a> {
    /// The fewest that hold all tasks of a group customer and of an assignee, where these are
    /// given, or only those that wait to be done.
    pub(crate) const fn fewest(
        group: Option<&'a GroupId>,
        assignee: Option<&'a Assignee>,
        waits: bool,
    ) -> Self {
        match (group, assignee) {
            (Some(group), _) => Self::Group(group),
            (None, _) if waits => Self::Open,
            (None, Some(assignee)) => Self::Assignee(assignee),
            (None, None) => Self::All,
        }
    }
}

/// The last tasks that are wanted, in the order in which they were opened.
pub(crate) fn tasks(
    tx: &Tx<'_>,
    of: TasksOf<'_>,
    limit: Limit,
    mut is_wanted: impl FnMut(&Task) -> Result<bool, StoreError>,
) -> Result<Last<Task>, StoreError> {
    let mut all = match of {
        TasksOf::Group(group) => tx.tasks_of_scope(&Scope::Group(group.clone()))?,
        TasksOf::Open => tx.open_tasks()?.all()?,
        TasksOf::Assignee(assignee) => {
            let page =
                |after: Option<&Task>, rows| tx.tasks_of_assignee_before(assignee, after, rows);
            return last(limit, page, is_wanted).map(Last::reversed);
        }
        TasksOf::All => {
            return last(limit, |after, rows| tx.tasks_before(after, rows), is_wanted)
                .map(Last::reversed);
        }
    };
    all.sort_by_cached_key(|task| Reverse((task.opened_at, task.task_id.clone())));
    let mut shown = Vec::new();
    for task in all {
        if shown.len() < limit.rows_read() as usize && is_wanted(&task)? {
            shown.push(task);
        }
    }
    Ok(limit.cut(shown).reversed())
}

/// Which tasks somebody above must verify: computed from all tasks that the same assignee has ended
/// in the same month, which are read when one of them is asked for.
#[derive(Debug)]
pub(crate) struct ToVerify {
    zone: Zone,
    of: BTreeMap<(Month, Assignee), BTreeSet<TaskId>>,
}

impl ToVerify {
    /// Nothing is known yet.
    #[must_use]
    pub(crate) const fn new(zone: Zone) -> Self {
        Self {
            zone,
            of: BTreeMap::new(),
        }
    }

    /// Whether a task is one of them.
    pub(crate) fn has(&mut self, tx: &Tx<'_>, task: &Task) -> Result<bool, StoreError> {
        let Some(ended_at) = task.ended_at else {
            return Ok(false);
        };
        let (zone, month) = (self.zone, self.zone.day_of(ended_at).month());
        let key = (month, task.assignee.clone());
        if !self.of.contains_key(&key) {
            let (since, until) = zone.span_of(month);
            let ended = tx.tasks_of_assignee_ended_between(&task.assignee, since, until)?;
            self.of.insert(key.clone(), must_verify(&ended));
        }
        Ok(self.of[&key].contains(&task.task_id))
    }

    /// Those of some tasks.
    pub(crate) fn of_tasks(
        mut self,
        tx: &Tx<'_>,
        tasks: &[Task],
    ) -> Result<BTreeSet<TaskId>, StoreError> {
        let mut picked = BTreeSet::new();
        for task in tasks {
            picked.extend(self.has(tx, task)?.then(|| task.task_id.clone()));
        }
        Ok(picked)
    }
}

/// The last reminders that are wanted, in the order in which they go out.
pub(crate) fn reminders(
    tx: &Tx<'_>,
    limit: Limit,
    is_wanted: impl Fn(&Reminder) -> bool,
) -> Result<Last<Reminder>, StoreError> {
    last(
        limit,
        |after, rows| tx.reminders_before(after, rows),
        |reminder| Ok(is_wanted(reminder)),
    )
    .map(Last::reversed)
}

/// The silences that hold on `today` or end later, or all of them; the last, in the order in which
/// they end.
pub(crate) fn silences(
    tx: &Tx<'_>,
    today: Option<LocalDay>,
    limit: Limit,
) -> Result<Last<Silence>, StoreError> {
    let Some(today) = today else {
        return last(
            limit,
            |after, rows| tx.silences_before(after, rows),
            |_| Ok(true),
        )
        .map(Last::reversed);
    };
    let mut holding = tx.silences_since(today)?;
    holding.reverse();
    Ok(limit.cut(holding).reversed())
}

/// The last rejections that are wanted, by source and position, without their bytes.
pub(crate) fn rejects(
    tx: &Tx<'_>,
    limit: Limit,
    is_wanted: impl Fn(&StoredReject) -> bool,
) -> Result<Last<StoredReject>, StoreError> {
    let page = |after: Option<&StoredReject>, rows| {
        tx.rejects_before(after.map(|reject| reject.reject_id), rows)
    };
    let mut shown = last(limit, page, |reject| Ok(is_wanted(reject)))?;
    shown
        .rows
        .sort_by(|a, b| (&a.source, a.position).cmp(&(&b.source, b.position)));
    Ok(shown)
}

/// The last partitions and files that are wanted, by name.
pub(crate) fn sources(
    tx: &Tx<'_>,
    limit: Limit,
    is_wanted: impl Fn(&SourceRow) -> bool,
) -> Result<Last<SourceRow>, StoreError> {
    let page =
        |after: Option<&SourceRow>, rows| tx.sources_before(after.map(|row| &*row.name), rows);
    last(limit, page, |row| Ok(is_wanted(row))).map(Last::reversed)
}

/// The last mails, of a state or all, in the order in which they were queued.
pub(crate) fn mails(
    tx: &Tx<'_>,
    state: Option<MailState>,
    limit: Limit,
) -> Result<Last<MailEntry>, StoreError> {
    let mut entries = tx.mail_entries(state, limit.rows_read())?;
    entries.reverse();
    Ok(limit.cut(entries).reversed())
}

/// The tasks that have ended in a month.
pub(crate) fn tasks_of_month(
    tx: &Tx<'_>,
    month: Month,
    zone: Zone,
) -> Result<Vec<Task>, StoreError> {
    let (since, until) = zone.span_of(month);
    tx.tasks_ended_between(since, until)?.all()
}
