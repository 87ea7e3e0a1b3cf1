//! `retention.*`: for how many days the store keeps its rows.
//!
//! It may not know who deletes them. Invariant: each key has its reason in `config/default.toml`;
//! data without a key here is kept for as long as it is open, or for ever.

use super::check::ConfigCheck;
use crate::domain::retention::Retention;

/// Most days of any key: a hundred years.
const DAYS_MAX: u32 = 36_500;

pub(super) fn check(retention: Retention, check: &mut ConfigCheck<'_>) {
    for (key, days) in [
        ("mail_bodies_days", retention.mail_bodies_days),
        ("mail_ledger_days", retention.mail_ledger_days),
        ("alerts_days", retention.alerts_days),
        ("tasks_days", retention.tasks_days),
        ("job_runs_days", retention.job_runs_days),
        ("reminders_days", retention.reminders_days),
        ("closed_task_events_days", retention.closed_task_events_days),
        ("reject_bytes_days", retention.reject_bytes_days),
        ("reject_rows_days", retention.reject_rows_days),
        ("references_days", retention.references_days),
        ("silences_days", retention.silences_days),
    ] {
        check.within(&format!("retention.{key}"), days, 1, DAYS_MAX);
    }
}
