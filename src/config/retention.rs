//! `retention.*`: for how many days the store keeps its rows.
//!
//! It may not know who deletes them. Invariant: each key has its reason in `config/default.toml`;
//! data without a key here is kept for as long as it is open, or for ever.

use serde::Deserialize;

use super::check::ConfigCheck;

/// Most days of any key: a hundred years.
const DAYS_MAX: u32 = 36_500;

/// Days, each at least 1, counted from the end of the object's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Retention {
    /// Bodies of mails, after the mail was queued.
    pub mail_bodies_days: u32,
    /// Ledger entries of mails with ids and states, likewise.
    pub mail_ledger_days: u32,
    /// Alerts with their history, after they were resolved.
    pub alerts_days: u32,
    /// Tasks with their history, after they ended.
    pub tasks_days: u32,
    /// Runs of jobs, after they were due.
    pub job_runs_days: u32,
    /// Reminders, after they were to be sent.
    pub reminders_days: u32,
    /// Events about tasks that are done, after they were written out.
    pub closed_task_events_days: u32,
    /// Raw bytes of rejections.
    pub reject_bytes_days: u32,
    /// Rejections.
    pub reject_rows_days: u32,
    /// Contacts, complaints, answers, bills, payments, feed closings and old reference events that
    /// nothing open needs.
    pub references_days: u32,
    /// Silences, after their last day.
    pub silences_days: u32,
}

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
