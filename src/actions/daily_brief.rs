//! The job `daily_brief`: every manager who works here is asked what he has to see this morning.
//!
//! What that is, is read when his mail is written, after all that happens at the same instant: so
//! the reminders and tasks of the other jobs of the morning stand in it, whatever their order.
//! Whoever has nothing to see gets no mail.

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

/// Has the briefs of the due day written, unless later ones were.
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
        .write("ask for briefs", |tx| -> Result<_, AppError> {
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
