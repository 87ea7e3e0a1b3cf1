//! The tasks of a list, and all that is shown of one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::last::{Last, Limit, last};
use super::to_verify::ToVerify;
use crate::domain::alert::{Alert, TaskId};
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;
use crate::domain::reference::Reference;
use crate::domain::task::{Assignee, Task, TaskKind, TaskState};
use crate::domain::zone::Zone;
use crate::follow_up::alert_response::refresh_checks;
use crate::follow_up::playbook::Playbooks;
use crate::pipeline::reference_of;
use crate::store::{StoreError, Tx};

/// Which tasks are wanted: those that meet all that is given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TaskFilter {
    pub state: Option<TaskState>,
    pub group: Option<GroupId>,
    pub assignee: Option<Assignee>,
    pub kind: Option<TaskKind>,
    /// Only those that are not done in time.
    pub overdue: bool,
    /// Only those that somebody above must verify and has not.
    pub to_verify: bool,
}

impl TaskFilter {
    /// Whether a task is wanted by what it says itself: whether it must be verified, other tasks
    /// tell.
    fn matches(&self, task: &Task, now: Timestamp) -> bool {
        self.state.is_none_or(|state| task.state == state)
            && self
                .group
                .as_ref()
                .is_none_or(|group| task.group_id() == Some(group))
            && self
                .assignee
                .as_ref()
                .is_none_or(|wanted| *wanted == task.assignee)
            && self.kind.is_none_or(|kind| task.kind == kind)
            && (!self.overdue || task.is_overdue(now))
            && (!self.to_verify || !task.verified)
    }

    fn read_from(&self) -> TasksOf<'_> {
        let waits = self.overdue || self.state.is_some_and(TaskState::is_open);
        TasksOf::fewest(self.group.as_ref(), self.assignee.as_ref(), waits)
    }
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

/// Tasks, with what is shown of them that is not theirs.
#[derive(Debug)]
pub(crate) struct ListedTasks {
    pub tasks: Last<Task>,
    /// Which of them somebody above must verify.
    pub to_verify: BTreeSet<TaskId>,
    /// The units of their group customers, as now known.
    pub units: BTreeMap<GroupId, UnitId>,
}

/// The last tasks that are wanted, in the order in which they were opened.
pub(crate) fn tasks(
    tx: &Tx<'_>,
    filter: &TaskFilter,
    limit: Limit,
    now: Timestamp,
    zone: Zone,
) -> Result<ListedTasks, StoreError> {
    let mut verifying = ToVerify::new(zone);
    let tasks = last_tasks(tx, filter.read_from(), limit, |task| {
        Ok(filter.matches(task, now) && (!filter.to_verify || verifying.has(tx, task)?))
    })?;
    Ok(ListedTasks {
        to_verify: verifying.of_tasks(tx, &tasks.rows)?,
        units: units_of(tx, &tasks.rows)?,
        tasks,
    })
}

/// The last tasks that are wanted, in the order in which they were opened.
fn last_tasks(
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

/// A task with its alerts.
#[derive(Debug)]
pub(crate) struct TaskWithAlerts {
    pub task: Task,
    pub alerts: Vec<Alert>,
    /// The task, if somebody above must verify it.
    pub to_verify: BTreeSet<TaskId>,
    pub units: BTreeMap<GroupId, UnitId>,
}

/// A task with its alerts, if there is such a task; of one that is open the checks follow from the
/// alerts' figures of now.
pub(crate) fn task_with_alerts(
    tx: &Tx<'_>,
    id: &TaskId,
    playbooks: &Playbooks,
    zone: Zone,
) -> Result<Option<TaskWithAlerts>, StoreError> {
    let Some(mut task) = tx.task(id)? else {
        return Ok(None);
    };
    let alerts = tx.alerts_of(&task)?;
    if task.state.is_open() {
        let reference = reference_of(tx, &task.scope)?;
        refresh_checks(&mut task, &alerts, playbooks, &reference);
    }
    let to_verify = ToVerify::new(zone).of_tasks(tx, std::slice::from_ref(&task))?;
    let units = units_of(tx, std::slice::from_ref(&task))?;
    Ok(Some(TaskWithAlerts {
        task,
        alerts,
        to_verify,
        units,
    }))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ManagerId;
    use crate::views::tests::stored::retention;

    #[test]
    fn a_task_is_listed_if_it_meets_all_that_the_filter_gives() {
        let task = retention();
        let now = task.opened_at;
        let its_own = TaskFilter {
            state: Some(task.state),
            group: task.group_id().cloned(),
            assignee: Some(task.assignee.clone()),
            kind: Some(task.kind),
            overdue: false,
            to_verify: true,
        };
        assert!(TaskFilter::default().matches(&task, now) && its_own.matches(&task, now));
        for other in [
            TaskFilter {
                state: Some(TaskState::Cancelled),
                ..its_own.clone()
            },
            TaskFilter {
                group: Some(GroupId::parse("G9").expect("an id")),
                ..its_own.clone()
            },
            TaskFilter {
                assignee: Some(Assignee::Manager(ManagerId::parse("M9").expect("an id"))),
                ..its_own.clone()
            },
            TaskFilter {
                kind: Some(TaskKind::Expansion),
                ..its_own.clone()
            },
        ] {
            assert!(!other.matches(&task, now), "{other:?}");
        }
    }

    #[test]
    fn an_overdue_task_is_open_past_its_time_and_one_to_verify_is_not_verified() {
        let overdue = TaskFilter {
            overdue: true,
            ..TaskFilter::default()
        };
        let task = retention();
        assert!(!overdue.matches(&task, task.opened_at));
        assert!(overdue.matches(&task, Timestamp::MAX));
        let to_verify = TaskFilter {
            to_verify: true,
            ..TaskFilter::default()
        };
        let verified = Task {
            verified: true,
            ..task.clone()
        };
        assert!(to_verify.matches(&task, task.opened_at));
        assert!(!to_verify.matches(&verified, task.opened_at));
    }

    #[test]
    fn what_waits_to_be_done_is_read_alone_where_the_filter_asks_for_nothing_else() {
        let of = |state, overdue| TaskFilter {
            state,
            overdue,
            ..TaskFilter::default()
        };
        assert_eq!(of(None, true).read_from(), TasksOf::Open);
        assert_eq!(
            of(Some(TaskState::Accepted), false).read_from(),
            TasksOf::Open
        );
        assert_eq!(of(Some(TaskState::Done), false).read_from(), TasksOf::All);
        assert_eq!(of(None, false).read_from(), TasksOf::All);
    }
}
