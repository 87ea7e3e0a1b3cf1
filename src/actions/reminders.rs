//! The jobs `key_date_reminders` and `holiday_plans`: make the reminders of the due morning.

use std::cell::Cell;

use crate::domain::alert::ReminderId;
use crate::domain::job_outcome::JobOutcome;
use crate::domain::reminder::Reminder;
use crate::follow_up::holidays;
use crate::follow_up::key_dates::{self, KeyDateContext, reminder_notice};

use crate::runtime::AppError;

use super::run::JobRun;

/// Computes the reminders of a morning, given a function that reports which reminders exist.
type Due = fn(&KeyDateContext<'_>, &dyn Fn(&ReminderId) -> bool) -> Vec<Reminder>;

/// Makes the reminders of key dates of the due day.
pub(super) fn key_dates(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    remind(run, key_dates::due_reminders)
}

/// Makes the reminders of public holidays that are to be planned for on the due day.
pub(super) fn holidays(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    remind(run, |context, existing| {
        holidays::due_reminders(&context.staff, context.calendar, existing)
    })
}

/// Makes reminders and their notices, in one transaction.
fn remind(run: &mut JobRun<'_>, due: Due) -> Result<JobOutcome, AppError> {
    let (zone, due_at) = (run.zone(), run.due_at);
    let reference = &run.pipeline.read_model().reference;
    let context = run
        .pipeline
        .settings()
        .plan
        .key_date_context(reference, due_at);
    let made = run
        .pipeline
        .write_as_leader("make reminders", |tx| -> Result<_, AppError> {
            let failed = Cell::new(None);
            let reminders = due(&context, &|id| {
                tx.has_reminder(id).unwrap_or_else(|error| {
                    failed.set(Some(error));
                    true
                })
            });
            if let Some(error) = failed.into_inner() {
                return Err(error.into());
            }
            for reminder in &reminders {
                run.deadline.check()?;
                tx.insert_reminder(reminder)?;
                tx.insert_notice(&reminder_notice(reminder, zone, due_at))?;
            }
            Ok(reminders.len())
        })?;
    Ok(JobOutcome::Reminders(made as u64))
}
