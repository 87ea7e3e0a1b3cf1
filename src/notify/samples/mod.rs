//! A small city with something to tell of every kind: what `mail render` shows, and what the tests
//! compose.
//!
//! It knows no configuration and no store. Invariant: values only, the same in every run; no name
//! or number in it is real.

mod brief;
mod city;
mod kinds;
mod told;
mod upward;

pub use brief::{about_brief, brief};
pub use city::{City, at, date, group, group_id, manager_id, now, put, reference, zone};
pub use kinds::{mail, pending};
pub use told::{
    about_alerts, about_ops, about_reminder, about_task, alert, batch_alert, churn_alert,
    festival_reminder, holiday_reminders, key_date, key_line_alert, lunar_reminder,
    paused_partition, planned, reminder, reminder_of, satisfaction_alert, task, three_reminders,
    three_waiting,
};
pub use upward::{about_approval, about_escalation, about_report, about_upward, finished};
