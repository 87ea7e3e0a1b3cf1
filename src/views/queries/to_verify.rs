//! Which tasks somebody above must verify.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::TaskId;
use crate::domain::local_day::Month;
use crate::domain::task::{Assignee, Task};
use crate::domain::zone::Zone;
use crate::follow_up::verification::must_verify;
use crate::store::{StoreError, Tx};

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
