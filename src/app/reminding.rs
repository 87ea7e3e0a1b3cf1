//! The job `key_date_reminders`: the reminders that go out this morning.

use std::collections::HashSet;

use crate::domain::alert::ReminderId;
use crate::domain::local_day::Timestamp;
use crate::follow_up::assignee::Staff;
use crate::follow_up::key_dates::{KeyDateContext, due_reminders, reminder_notice};

use super::error::AppError;
use super::worker::Worker;

impl Worker {
    /// Makes the reminders of the day of `due_at`, and what is to be told of them, in one transaction.
    pub(super) fn key_date_reminders(&mut self, due_at: Timestamp) -> Result<String, AppError> {
        let settings = self.pipeline.settings();
        let zone = settings.rules.zone;
        let staff = Staff {
            reference: &self.pipeline.world().reference,
            company_head: settings.company_head.as_ref(),
            today: zone.day_of(due_at).date(),
        };
        let context = KeyDateContext { staff, calendar: &settings.calendar, leads: &self.leads };
        let due = self.pipeline.write("make reminders", |tx| -> Result<_, crate::store::StoreError> {
            let existing: HashSet<ReminderId> = tx.reminders()?.iter().map(crate::domain::mail::Reminder::reminder_id).collect();
            let due = due_reminders(&context, &|id| existing.contains(id));
            for reminder in &due.reminders {
                tx.insert_reminder(reminder)?;
                tx.insert_notice(&reminder_notice(reminder, zone, due_at))?;
            }
            Ok(due)
        })?;
        let lunar = if due.lunar_skipped > 0 { format!(", {} lunar key dates left out", due.lunar_skipped) } else { String::new() };
        Ok(format!("{} reminders{lunar}", due.reminders.len()))
    }
}
