//! 三查: what each manager has to see this morning, gathered from the loaded data.
//!
//! It may not know where any of it comes from. Invariant: whoever works here and has something to
//! see gets one brief, and nobody gets an empty one.

use std::collections::{BTreeMap, BTreeSet};

use super::assignee::Staff;
use super::work_list;
use crate::domain::alert::{Alert, TaskId};
use crate::domain::brief::{Brief, GroupChanges, HandedOver, WorkItem};
use crate::domain::ids::{GroupId, ManagerId};
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reminder::Reminder;
use crate::domain::task::{Approval, Assignee, ReportUp, Task, TaskState};
use crate::domain::zone::Zone;

/// The data that the briefs of a morning are made from.
#[derive(Debug)]
pub(crate) struct Morning<'a> {
    /// Who works here, and is there today.
    pub staff: Staff<'a>,
    /// In which days begin and end.
    pub zone: Zone,
    /// Briefs report what came after that instant.
    pub since: Timestamp,
    /// And up to that one.
    pub until: Timestamp,
    /// The day whose tasks are counted as due or done.
    pub last_working_day: LocalDay,
    /// What changed, by group customer.
    pub changes: Vec<GroupChanges>,
    /// Group customers with new facts, and the instant from which they are new.
    pub known_from: Vec<(GroupId, Timestamp)>,
    /// The alerts that hold.
    pub open_alerts: Vec<Alert>,
    /// Open tasks, with their alerts and what is at stake.
    pub work: Vec<WorkItem>,
    /// Tasks that have ended, from before the last working day on.
    pub ended: Vec<Task>,
    /// Done tasks that must be verified.
    pub picked: BTreeSet<TaskId>,
    /// Today's reminders.
    pub reminders: Vec<Reminder>,
    /// Open tasks whose subscribers left so long ago that whoever is above is notified, if nobody
    /// has given the reason.
    pub unexplained: BTreeSet<TaskId>,
}

/// The briefs while they are gathered.
struct BriefBuilder<'a> {
    staff: Staff<'a>,
    day: LocalDay,
    since: Timestamp,
    by_manager: BTreeMap<ManagerId, Brief>,
}

impl Morning<'_> {
    /// The briefs of everybody who works here and has something to see.
    #[must_use]
    pub(crate) fn briefs(self) -> BTreeMap<ManagerId, Brief> {
        let (staff, since) = (self.staff, self.since);
        let mut briefs = BriefBuilder {
            staff,
            day: self.zone.day_of(self.until),
            since,
            by_manager: BTreeMap::new(),
        };
        self.gather_yesterday(&mut briefs);
        self.gather_of_others(&mut briefs);
        self.gather_hand_overs(&mut briefs);
        for changes in self.changes {
            let scope = Scope::Group(changes.group_id.clone());
            briefs.of_all(&readers(staff, &scope), |brief| {
                brief.groups.push(changes.clone())
            });
        }
        // A low score is a notice that makes a task for some tiers: the work list has it then.
        let is_new = |alert: &&Alert| {
            alert.severity == Severity::Notice
                && !staff.reference.wants_task(alert)
                && since < alert.opened_at
                && alert.opened_at <= self.until
        };
        for alert in self.open_alerts.iter().filter(is_new) {
            briefs.of_all(&readers(staff, &alert.key.scope), |brief| {
                brief.notices.push(alert.clone())
            });
        }
        for reminder in self.reminders {
            briefs.of_assignee(&reminder.assignee.clone(), |brief| {
                brief.dates.push(reminder)
            });
        }
        for item in self.work {
            briefs.of_assignee(&item.task.assignee.clone(), |brief| {
                brief.over_cap += usize::from(item.task.is_over_cap());
                brief.work.push(item);
            });
        }
        briefs.finish()
    }

    /// Tasks that were due or done on the last working day, and how many of them are done.
    fn gather_yesterday(&self, briefs: &mut BriefBuilder<'_>) {
        let is_of_day = |at: Timestamp| self.zone.day_of(at) == self.last_working_day;
        let was_done =
            |task: &Task| task.state == TaskState::Done && task.ended_at.is_some_and(is_of_day);
        let counts = |task: &&Task| {
            task.state != TaskState::Cancelled
                && (task.due().is_some_and(is_of_day) || was_done(task))
        };
        for task in self
            .work
            .iter()
            .map(|item| &item.task)
            .chain(&self.ended)
            .filter(counts)
        {
            briefs.of_assignee(&task.assignee, |brief| {
                brief.yesterday.0 += 1;
                brief.yesterday.1 += usize::from(task.state == TaskState::Done);
            });
        }
    }

    /// What people below wait for, did and report.
    fn gather_of_others(&self, briefs: &mut BriefBuilder<'_>) {
        let above = |task: &Task| self.staff.manager_of(&task.assignee, &task.scope);
        for task in self
            .work
            .iter()
            .map(|item| &item.task)
            .filter(|task| task.approval == Approval::Requested)
        {
            briefs.of_assignee(&above(task), |brief| brief.to_approve.push(task.clone()));
        }
        for task in self
            .work
            .iter()
            .map(|item| &item.task)
            .filter(|task| self.unexplained.contains(&task.task_id))
        {
            briefs.of_assignee(&above(task), |brief| brief.unexplained.push(task.clone()));
        }
        for task in self
            .ended
            .iter()
            .filter(|task| task.state == TaskState::Done)
        {
            if self.picked.contains(&task.task_id) && !task.verified {
                briefs.of_assignee(&above(task), |brief| brief.to_verify.push(task.clone()));
            }
            let is_new = task
                .ended_at
                .is_some_and(|at| self.since < at && at <= self.until);
            let reports = |report: &&crate::domain::task::UpwardReport| {
                report.about != ReportUp::None && !report.urgent
            };
            if is_new
                && task
                    .finish
                    .as_ref()
                    .map(|finish| &finish.report)
                    .filter(reports)
                    .is_some()
            {
                briefs.of_assignee(&above(task), |brief| brief.reports.push(task.clone()));
            }
        }
    }

    /// Group customers whose manager is another than before the new facts about them.
    fn gather_hand_overs(&self, briefs: &mut BriefBuilder<'_>) {
        for (group_id, from) in &self.known_from {
            let Some(history) = self.staff.reference.groups.get(group_id) else {
                continue;
            };
            let (Some(before), Some(now)) = (history.before(*from), history.latest()) else {
                continue;
            };
            if before.manager_id != now.manager_id {
                let (from, to) = (before.manager_id.clone(), now.manager_id.clone());
                let handed_over = HandedOver {
                    group_id: group_id.clone(),
                    from: from.clone(),
                    to: to.clone(),
                };
                briefs.of_all(&BTreeSet::from([from, to]), |brief| {
                    brief.handed_over.push(handed_over.clone())
                });
            }
        }
    }
}

/// The managers who read of a scope: the one it belongs to, and his delegate.
fn readers(staff: Staff<'_>, scope: &Scope) -> BTreeSet<ManagerId> {
    let stands_in = if let Assignee::Manager(manager) = staff.assignee(scope) {
        Some(manager)
    } else {
        None
    };
    let own = scope
        .group()
        .and_then(|group| staff.reference.group(group))
        .map(|group| group.manager_id.clone());
    own.into_iter().chain(stands_in).collect()
}

impl BriefBuilder<'_> {
    fn brief_of(&mut self, manager: &ManagerId, change: impl FnOnce(&mut Brief)) {
        if let Some(brief) = self.by_manager.get_mut(manager) {
            return change(brief);
        }
        if !self.staff.is_inactive(manager) {
            let mut brief = Brief::empty(manager.clone(), self.day, self.since);
            change(&mut brief);
            self.by_manager.insert(manager.clone(), brief);
        }
    }

    fn of_all(&mut self, managers: &BTreeSet<ManagerId>, mut change: impl FnMut(&mut Brief)) {
        managers
            .iter()
            .for_each(|manager| self.brief_of(manager, &mut change));
    }

    fn of_assignee(&mut self, assignee: &Assignee, change: impl FnOnce(&mut Brief)) {
        if let Assignee::Manager(manager) = assignee {
            self.brief_of(manager, change);
        }
    }

    /// Puts everything in order.
    fn finish(self) -> BTreeMap<ManagerId, Brief> {
        let mut briefs = self.by_manager;
        briefs.retain(|_, brief| !brief.is_empty());
        for brief in briefs.values_mut() {
            work_list::sort(&mut brief.work);
            brief.groups.sort_by_key(|group| {
                (
                    group.changes.first().map(|change| change.kind.gravity()),
                    group.group_id.clone(),
                )
            });
            brief.notices.sort_by(|a, b| a.key.cmp(&b.key));
            brief
                .handed_over
                .sort_by(|a, b| a.group_id.cmp(&b.group_id));
            brief
                .dates
                .sort_by_key(|date| (date.occurs_on, date.group_id().cloned(), date.reminder_id()));
            for tasks in [
                &mut brief.to_approve,
                &mut brief.to_verify,
                &mut brief.reports,
                &mut brief.unexplained,
            ] {
                tasks.sort_by(|a, b| (a.due_at, &a.task_id).cmp(&(b.due_at, &b.task_id)));
            }
        }
        briefs
    }
}
