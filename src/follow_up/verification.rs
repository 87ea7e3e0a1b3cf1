//! 工作成果: which done tasks somebody above must verify, and how many customers were kept.
//!
//! It does not know what was verified when. Invariant: the same tasks give the same picks, in any
//! order and on any day, so that nobody can choose what is verified.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::domain::alert::TaskId;
use crate::domain::local_day::Month;
use crate::domain::task::{Assignee, Task, TaskKind, TaskResult, TaskState};
use crate::domain::zone::Zone;

use super::named_members::MembersKept;

/// One of so many done tasks must be verified.
const ONE_OF: usize = 10;

/// The tasks that must be verified, of each manager and each month.
#[must_use]
pub(crate) fn to_verify(tasks: &[Task], zone: Zone) -> BTreeSet<TaskId> {
    ended(tasks, zone)
        .into_values()
        .flat_map(must_verify)
        .collect()
}

/// The tasks that have ended, by month and assignee.
fn ended(tasks: &[Task], zone: Zone) -> BTreeMap<(Month, &Assignee), Vec<&Task>> {
    let mut ended: BTreeMap<(Month, &Assignee), Vec<&Task>> = BTreeMap::new();
    for (task, at) in tasks.iter().filter_map(|task| Some((task, task.ended_at?))) {
        ended
            .entry((zone.day_of(at).month(), &task.assignee))
            .or_default()
            .push(task);
    }
    ended
}

/// What somebody's tasks have come to in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Results {
    pub assignee: Assignee,
    /// Tasks that were done.
    pub done: usize,
    /// Of those, how many must be verified.
    pub must_verify: usize,
    pub verified: usize,
    /// 维系成功率 by tasks.
    pub save_rate: SaveRate,
    /// 维系成功率 by members.
    pub members: MembersKept,
}

/// What each assignee's tasks have come to in a month, and the members that `named` counts for it,
/// in order of assignees.
#[must_use]
pub(crate) fn results(
    tasks: &[Task],
    named: &BTreeMap<Assignee, MembersKept>,
    month: Month,
    zone: Zone,
) -> Vec<Results> {
    let mut done: BTreeMap<&Assignee, Vec<&Task>> = named
        .keys()
        .map(|assignee| (assignee, Vec::new()))
        .collect();
    for ((_, assignee), ended) in ended(tasks, zone)
        .into_iter()
        .filter(|((of, _), _)| *of == month)
    {
        let is_done = ended
            .into_iter()
            .filter(|task| task.state == TaskState::Done);
        done.entry(assignee).or_default().extend(is_done);
    }
    let results = done.into_iter().map(|(assignee, done)| Results {
        assignee: assignee.clone(),
        done: done.len(),
        must_verify: must_verify(done.iter().copied()).len(),
        verified: done.iter().filter(|task| task.verified).count(),
        save_rate: save_rate(done.iter().copied()),
        members: named.get(assignee).copied().unwrap_or_default(),
    });
    results
        .filter(|of_one| of_one.done > 0 || of_one.members.named > 0)
        .collect()
}

/// The tasks that must be verified, of those that one manager has done in one month: a tenth,
/// rounded up.
#[must_use]
pub(crate) fn must_verify<'a>(done: impl IntoIterator<Item = &'a Task>) -> BTreeSet<TaskId> {
    let ids = done
        .into_iter()
        .filter(|task| task.state == TaskState::Done)
        .map(|task| &task.task_id);
    let mut by_hash: Vec<(u64, &TaskId)> = ids
        .map(|id| (xxh3_64(id.as_str().as_bytes()), id))
        .collect();
    by_hash.sort_unstable();
    let picked = by_hash.len().div_ceil(ONE_OF);
    by_hash
        .into_iter()
        .take(picked)
        .map(|(_, id)| id.clone())
        .collect()
}

/// How retention tasks ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RetentionResults {
    /// The customer was kept.
    pub retained: u32,
    pub partly_retained: u32,
    pub lost: u32,
    pub unreachable: u32,
}

impl RetentionResults {
    /// How many were to be kept.
    #[must_use]
    pub(crate) const fn all(&self) -> u32 {
        self.retained + self.partly_retained + self.lost + self.unreachable
    }

    /// 维系成功率: retained / (retained + partly + lost + unreachable); nothing where nothing was to be
    /// kept.
    #[must_use]
    pub(crate) fn rate(&self) -> Option<f64> {
        let all = self.all();
        (all > 0).then(|| f64::from(self.retained) / f64::from(all))
    }

    fn count(&mut self, result: TaskResult) {
        match result {
            TaskResult::Retained => self.retained += 1,
            TaskResult::PartlyRetained => self.partly_retained += 1,
            TaskResult::Lost => self.lost += 1,
            TaskResult::Unreachable => self.unreachable += 1,
            // Nothing was to be kept; those of other kinds of tasks are not asked for.
            TaskResult::NotNeeded
            | TaskResult::Done
            | TaskResult::NotDone
            | TaskResult::Declined
            | TaskResult::Won
            | TaskResult::Later => {}
        }
    }
}

/// The save rate of a month, twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct SaveRate {
    /// By the results that the managers gave.
    pub claimed: RetentionResults,
    /// Of those that somebody above has verified.
    pub verified: RetentionResults,
}

/// The save rate of the retention tasks among those that were done in a month.
#[must_use]
pub(crate) fn save_rate<'a>(done: impl IntoIterator<Item = &'a Task>) -> SaveRate {
    let mut rate = SaveRate::default();
    for task in done
        .into_iter()
        .filter(|task| task.state == TaskState::Done && task.kind == TaskKind::Retention)
    {
        if let Some(result) = task.result() {
            rate.claimed.count(result);
            if task.verified {
                rate.verified.count(result);
            }
        }
    }
    rate
}
