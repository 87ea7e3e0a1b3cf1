//! The job `daily_brief`: queues a brief notice for every active manager.
//!
//! The content is read when the mail is composed, after all other jobs of the same instant: so the
//! reminders and tasks that those jobs make are in the brief, whatever their order. A manager with
//! nothing to report gets no mail.

use crate::domain::ids::ManagerId;
use crate::domain::indicator::Severity;
use crate::domain::job_outcome::JobOutcome;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Notice, NoticeTopic};
use crate::domain::task::Assignee;
use crate::domain::zone::Zone;
use crate::follow_up::assignee::Staff;

use crate::runtime::AppError;

use super::run::JobRun;

/// Queues the briefs of the due day, unless later ones were queued already.
pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    let (zone, due_at) = (run.zone(), run.due_at);
    let reference = &run.pipeline.read_model().reference;
    let staff = Staff {
        reference,
        company_head: run.pipeline.settings().plan.company_head.as_ref(),
        today: zone.day_of(due_at).date(),
    };
    let managers: Vec<&ManagerId> = reference
        .managers
        .keys()
        .filter(|manager| !staff.is_inactive(manager))
        .collect();
    let span = run
        .pipeline
        .write_as_leader("ask for briefs", |tx| -> Result<_, AppError> {
            let span = tx.begin_briefs(due_at)?;
            for manager in managers.iter().filter(|_| span.is_some()) {
                run.deadline.check()?;
                tx.insert_notice(&brief_notice(manager, zone, due_at))?;
            }
            Ok(span)
        })?;
    Ok(match span {
        Some(span) => JobOutcome::Briefs {
            managers: managers.len() as u64,
            since: span.since,
        },
        None => JobOutcome::BriefsAskedLater,
    })
}

fn brief_notice(manager: &ManagerId, zone: Zone, due_at: Timestamp) -> Notice {
    let day = zone.day_of(due_at);
    Notice {
        topic: NoticeTopic::Brief(manager.clone(), day),
        assignee: Assignee::Manager(manager.clone()),
        group_id: None,
        severity: Severity::Notice,
        created_at: due_at,
        due_at,
        useful_until: Some(zone.end_of(day)),
    }
}

#[cfg(test)]
#[path = "daily_brief_tests.rs"]
mod tests;
