//! Tasks and reminders.

use super::codec::to_json;
use super::damage::{Checked, keyed, sealed};
use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::alert::{ReminderId, TaskId};
use crate::domain::ids::{IdError, ManagerId};
use crate::domain::indicator::Scope;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reminder::Reminder;
use crate::domain::task::{Assignee, Task};

/// The name of a row of their tables in errors.
const TASK: &str = "a task";
const REMINDER: &str = "a reminder";

impl Tx<'_> {
    /// Inserts or updates a task.
    pub(crate) fn save_task(&self, task: &Task) -> Result<(), StoreError> {
        self.save_tasks(std::slice::from_ref(task))
    }

    /// Inserts or updates tasks.
    pub(crate) fn save_tasks(&self, tasks: &[Task]) -> Result<(), StoreError> {
        if tasks.is_empty() {
            return Ok(());
        }
        self.count_change()?;
        let all = tasks.iter().map(|task| {
            let (opened, ended) = (
                task.opened_at.micros(),
                task.ended_at.map(Timestamp::micros),
            );
            let assignee = column(&task.assignee);
            let (id, state, scope) = (task.task_id.as_str(), task.state.name(), &task.scope);
            params![
                id,
                state,
                task.version,
                assignee,
                scope.name(),
                scope.id(),
                opened,
                ended,
                to_json(task)
            ]
            .to_vec()
        });
        self.execute_all("save tasks", include_str!("sql/save_task.sql"), all)
    }

    /// The tasks that have changed since there were so many [changes](Tx::changes).
    pub(crate) fn tasks_changed_since(&self, changes: i64) -> Result<Checked<Task>, StoreError> {
        let sql = include_str!("sql/list_tasks_changed_since.sql");
        self.checked_rows("list changed tasks", sql, params![changes], sealed(TASK))
    }

    /// The tasks that wait to be done.
    pub fn open_tasks(&self) -> Result<Checked<Task>, StoreError> {
        self.checked_rows(
            "list open tasks",
            include_str!("sql/list_open_tasks.sql"),
            &[],
            sealed(TASK),
        )
    }

    /// How many of the tasks that began at `since` or later each assignee has now.
    pub(crate) fn count_tasks_opened_since(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(Assignee, u32)>, StoreError> {
        self.rows(
            "count tasks of a day",
            include_str!("sql/count_tasks_opened_since.sql"),
            params![since.micros()],
            |row| {
                let id: String = get(row, 0)?;
                let damaged = |e: IdError| StoreError::Damaged {
                    what: "a task's assignee",
                    detail: e.to_string(),
                };
                let assignee = if id.is_empty() {
                    Assignee::Fallback
                } else {
                    Assignee::Manager(ManagerId::parse(&id).map_err(damaged)?)
                };
                Ok((assignee, get(row, 1)?))
            },
        )
    }

    /// The ids of the tasks that began at `since` or later.
    pub(crate) fn ids_of_tasks_opened_since(
        &self,
        since: Timestamp,
    ) -> Result<Vec<TaskId>, StoreError> {
        self.rows(
            "list tasks of a day",
            include_str!("sql/list_task_ids_opened_since.sql"),
            params![since.micros()],
            |row| Ok(TaskId::new(get::<String>(row, 0)?)),
        )
    }

    /// The tasks that ended at `since` or later and before `until`, by their ids.
    pub(crate) fn tasks_ended_between(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Checked<Task>, StoreError> {
        let (sql, params) = (
            include_str!("sql/list_tasks_ended_between.sql"),
            params![since.micros(), until.micros()],
        );
        let mut tasks: Checked<Task> =
            self.checked_rows("list ended tasks", sql, params, sealed(TASK))?;
        tasks
            .rows
            .sort_unstable_by(|a, b| a.task_id.cmp(&b.task_id));
        Ok(tasks)
    }

    /// At most `limit` tasks that were opened before `task` (before any that is to come, if there
    /// is none), the latest first.
    pub(crate) fn tasks_before(
        &self,
        task: Option<&Task>,
        limit: u32,
    ) -> Result<Vec<Task>, StoreError> {
        let (opened, id) = opened(task);
        self.rows(
            "list tasks",
            include_str!("sql/list_tasks_before.sql"),
            params![opened, id, limit],
            keyed(TASK),
        )
    }

    /// The same of one assignee.
    pub(crate) fn tasks_of_assignee_before(
        &self,
        assignee: &Assignee,
        task: Option<&Task>,
        limit: u32,
    ) -> Result<Vec<Task>, StoreError> {
        let (opened, id) = opened(task);
        let params = params![column(assignee), opened, id, limit];
        self.rows(
            "list somebody's tasks",
            include_str!("sql/list_tasks_of_assignee_before.sql"),
            params,
            keyed(TASK),
        )
    }

    /// The tasks of a group customer, a unit or the company, in the order in which they were
    /// opened.
    pub(crate) fn tasks_of_scope(&self, scope: &Scope) -> Result<Vec<Task>, StoreError> {
        let params = params![scope.name(), scope.id()];
        self.rows(
            "list a scope's tasks",
            include_str!("sql/list_tasks_of_scope.sql"),
            params,
            keyed(TASK),
        )
    }

    /// The tasks of an assignee that ended at `since` or later and before `until`.
    pub(crate) fn tasks_of_assignee_ended_between(
        &self,
        assignee: &Assignee,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Task>, StoreError> {
        let params = params![column(assignee), since.micros(), until.micros()];
        self.rows(
            "list somebody's ended tasks",
            include_str!("sql/list_tasks_ended_of_assignee.sql"),
            params,
            keyed(TASK),
        )
    }

    /// Every task there ever was.
    pub fn tasks(&self) -> Result<Vec<Task>, StoreError> {
        self.rows(
            "list tasks",
            include_str!("sql/list_tasks.sql"),
            &[],
            keyed(TASK),
        )
    }

    pub fn task(&self, id: &TaskId) -> Result<Option<Task>, StoreError> {
        self.row(
            "read a task",
            include_str!("sql/get_task.sql"),
            params![id.as_str()],
            keyed(TASK),
        )
    }

    /// Whether there is, or ever was, such a task.
    pub(crate) fn has_task(&self, id: &TaskId) -> Result<bool, StoreError> {
        let found = self.row(
            "look for a task",
            include_str!("sql/has_task.sql"),
            params![id.as_str()],
            |row| get::<i64>(row, 0),
        )?;
        Ok(found.is_some())
    }

    /// Saves a reminder, if it is not there.
    pub(crate) fn insert_reminder(&self, reminder: &Reminder) -> Result<(), StoreError> {
        let (id, send_on) = (
            reminder.reminder_id(),
            LocalDay::from_date(reminder.send_on).number(),
        );
        let params = params![id.as_str(), send_on, to_json(reminder)];
        self.execute(
            "save a reminder",
            include_str!("sql/insert_reminder.sql"),
            params,
        )
        .map(drop)
    }

    /// Whether there is such a reminder.
    pub(crate) fn has_reminder(&self, id: &ReminderId) -> Result<bool, StoreError> {
        let found = self.row(
            "look for a reminder",
            include_str!("sql/has_reminder.sql"),
            params![id.as_str()],
            |row| get::<i64>(row, 0),
        )?;
        Ok(found.is_some())
    }

    /// At most `limit` reminders that go out before `reminder` (before any that is to come, if
    /// there is none), the latest first.
    pub(crate) fn reminders_before(
        &self,
        reminder: Option<&Reminder>,
        limit: u32,
    ) -> Result<Vec<Reminder>, StoreError> {
        let day = reminder.map_or(i64::from(i32::MAX), |one| {
            LocalDay::from_date(one.send_on).number().into()
        });
        let id = reminder.map_or_else(String::new, |one| one.reminder_id().to_string());
        self.rows(
            "list reminders",
            include_str!("sql/list_reminders_before.sql"),
            params![day, id, limit],
            keyed(REMINDER),
        )
    }

    /// Every reminder there ever was.
    pub(crate) fn reminders(&self) -> Result<Vec<Reminder>, StoreError> {
        self.rows(
            "list reminders",
            include_str!("sql/list_reminders.sql"),
            &[],
            keyed(REMINDER),
        )
    }

    /// The reminders that go out on a day.
    pub(crate) fn reminders_of_day(&self, day: LocalDay) -> Result<Vec<Reminder>, StoreError> {
        self.rows(
            "list a day's reminders",
            include_str!("sql/list_reminders_of_day.sql"),
            params![day.number()],
            keyed(REMINDER),
        )
    }

    pub(crate) fn reminder(&self, id: &ReminderId) -> Result<Option<Reminder>, StoreError> {
        self.row(
            "read a reminder",
            include_str!("sql/get_reminder.sql"),
            params![id.as_str()],
            keyed(REMINDER),
        )
    }
}

/// An assignee as its column has it: empty is the fallback.
fn column(assignee: &Assignee) -> &str {
    assignee.manager().map_or("", ManagerId::as_str)
}

/// When a task was opened, and its id; of none what is later than any.
fn opened(task: Option<&Task>) -> (i64, &str) {
    task.map_or((i64::MAX, ""), |task| {
        (task.opened_at.micros(), task.task_id.as_str())
    })
}
