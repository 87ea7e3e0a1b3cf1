//! What the notices of an envelope are about: their tasks, in the order of a mail.
//!
//! Invariant: the order of the notices changes nothing.

use super::kinds::TaskFacts;
use super::pending::{About, PendingNotice};
use crate::domain::mail::NoticeTopic;

/// The task and topic of each notice about a task, the most urgent task first.
pub(super) fn facts<'a>(notices: &[&'a PendingNotice]) -> Vec<(TaskFacts<'a>, &'a NoticeTopic)> {
    let mut all: Vec<(TaskFacts<'a>, &'a NoticeTopic)> = notices
        .iter()
        .filter_map(|one| match &one.about {
            About::Task {
                task,
                alerts,
                at_stake_fen,
                answer_by,
                approver,
                is_lost,
                departures,
            } => {
                let (at_stake_fen, answer_by, is_lost) = (*at_stake_fen, *answer_by, *is_lost);
                Some((
                    TaskFacts {
                        task,
                        alerts,
                        at_stake_fen,
                        answer_by,
                        approver: approver.as_ref(),
                        is_lost,
                        departures,
                        noticed_from: one.notice.created_at,
                    },
                    &one.notice.topic,
                ))
            }
            _ => None,
        })
        .collect();
    all.sort_by_key(|(one, topic)| {
        (
            one.task.severity,
            one.task.class,
            one.task.due_at,
            one.task.task_id.clone(),
            (*topic).clone(),
        )
    });
    all
}

/// Each task once, noticed from the first of its notices on.
pub(super) fn tasks_of<'a>(notices: &[&'a PendingNotice]) -> Vec<TaskFacts<'a>> {
    let mut tasks: Vec<TaskFacts<'a>> = facts(notices).into_iter().map(|(one, _)| one).collect();
    tasks.dedup_by(|a, b| {
        let is_same = a.task.task_id == b.task.task_id;
        if is_same {
            b.noticed_from = b.noticed_from.min(a.noticed_from);
        }
        is_same
    });
    tasks
}
