//! The last month of the demo in numbers, from its tasks and mails.

use std::collections::BTreeMap;

use crate::domain::local_day::{Month, Timestamp};
use crate::domain::named_member::NamedMember;
use crate::domain::task::StepKind;
use crate::domain::task::{Task, TaskKind, TaskState};
use crate::domain::zone::Zone;
use crate::follow_up::named_members::members_kept;
use crate::follow_up::verification::{RetentionResults, save_rate};
use crate::simulate::{MonthOfWork, ShareOf, WorkTotals};
use crate::store::MailEntry;

/// Counts the work of a month.
pub(super) fn month_of_work(
    month: Month,
    zone: Zone,
    tasks: &[Task],
    mails: &[MailEntry],
    named: &[(NamedMember, bool)],
) -> MonthOfWork {
    let is_in = |at: Timestamp| zone.day_of(at).month() == month;
    let begun: Vec<&Task> = tasks.iter().filter(|task| is_in(task.opened_at)).collect();
    let kept = save_rate(tasks.iter().filter(|task| task.ended_at.is_some_and(is_in)));
    let steps = |kind: StepKind| {
        tasks
            .iter()
            .flat_map(|task| &task.steps)
            .filter(|step| step.what == kind && is_in(step.at))
            .count() as u64
    };
    let (yes, no) = (steps(StepKind::Approve), steps(StepKind::Refuse));
    let mut by_kind: BTreeMap<_, u64> = BTreeMap::new();
    for mail in mails.iter().filter(|mail| is_in(mail.queued_at)) {
        *by_kind.entry(mail.kind).or_default() += 1;
    }
    MonthOfWork {
        month,
        lines: TaskKind::ALL
            .map(|kind| {
                let tasks = begun.iter().copied().filter(|task| task.kind == kind);
                (kind, line(tasks))
            })
            .to_vec(),
        kept_claimed: share(kept.claimed),
        kept_verified: share(kept.verified),
        kept_members: members_kept(named).into_values().fold(
            ShareOf::default(),
            |ShareOf { part, whole }, of| ShareOf {
                part: part + u64::from(of.kept),
                whole: whole + u64::from(of.named),
            },
        ),
        approved: ShareOf {
            part: yes,
            whole: yes + no,
        },
        joint_visits: begun
            .iter()
            .filter(|task| task.origin.is_joint_visit())
            .count() as u64,
        sent_back: steps(StepKind::Reopen),
        mails: by_kind.into_iter().collect(),
    }
}

fn line<'a>(tasks: impl Iterator<Item = &'a Task>) -> WorkTotals {
    let mut line = WorkTotals::default();
    for task in tasks {
        line.tasks += 1;
        let is_done = task.state == TaskState::Done;
        line.done += u64::from(is_done);
        line.in_time += u64::from(is_done && task.ended_at.is_some_and(|at| at <= task.due_at));
        line.escalated += u64::from(!task.escalated.is_empty());
        line.cancelled += u64::from(task.state == TaskState::Cancelled);
        line.open += u64::from(task.state.is_open());
    }
    line
}

fn share(kept: RetentionResults) -> ShareOf {
    ShareOf {
        part: kept.retained.into(),
        whole: kept.all().into(),
    }
}
