//! The jobs `key_date_reminders` and `holiday_plans`: the reminders that go out this morning.

use std::cell::Cell;

use crate::domain::alert::ReminderId;
use crate::domain::job_outcome::JobOutcome;
use crate::domain::local_day::Timestamp;
use crate::domain::reminder::Reminder;
use crate::follow_up::assignee::Staff;
use crate::follow_up::holidays;
use crate::follow_up::key_dates::{self, KeyDateContext, reminder_notice};

use super::deadline::Deadline;
use crate::runtime::{AppError, Worker};

/// The reminders of a morning, given the days ahead by kind and which reminders exist.
type Due = fn(&KeyDateContext<'_>, &dyn Fn(&ReminderId) -> bool) -> Vec<Reminder>;

impl Worker {
    /// Makes the reminders of key dates of the day of `due_at`.
    pub(crate) fn key_date_reminders(
        &mut self,
        due_at: Timestamp,
        deadline: &Deadline,
    ) -> Result<JobOutcome, AppError> {
        self.remind(due_at, deadline, key_dates::due_reminders)
    }

    /// Makes the reminders of public holidays that are to be planned for on the day of `due_at`.
    pub(crate) fn holiday_plans(
        &mut self,
        due_at: Timestamp,
        deadline: &Deadline,
    ) -> Result<JobOutcome, AppError> {
        self.remind(due_at, deadline, |ctx, existing| {
            holidays::due_reminders(&ctx.staff, ctx.calendar, existing)
        })
    }

    /// Makes reminders, and what is to be told of them, in one transaction.
    fn remind(
        &mut self,
        due_at: Timestamp,
        deadline: &Deadline,
        due: Due,
    ) -> Result<JobOutcome, AppError> {
        let settings = self.pipeline.settings();
        let zone = settings.rules.zone;
        let staff = Staff {
            reference: &self.pipeline.world().reference,
            company_head: settings.company_head.as_ref(),
            today: zone.day_of(due_at).date(),
        };
        let context = KeyDateContext {
            staff,
            calendar: &settings.calendar,
            leads: &self.leads,
        };
        let made = self
            .pipeline
            .write("make reminders", |tx| -> Result<_, AppError> {
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
                    deadline.check()?;
                    tx.insert_reminder(reminder)?;
                    tx.insert_notice(&reminder_notice(reminder, zone, due_at))?;
                }
                Ok(reminders.len())
            })?;
        Ok(JobOutcome::Reminders(made as u64))
    }
}
