//! A small city with notices of every kind: what `mail render` shows, and what the tests compose.
//!
//! It knows no configuration and no store. Invariant: values only, the same in every run; no name
//! or number in it is real.

mod brief;
mod city;
mod kinds;
mod notices;
mod reminders;
mod upward;

#[cfg(test)]
pub(crate) use brief::about_brief;
pub use brief::brief;
#[cfg(test)]
pub(crate) use city::{SampleCity, at, date, group, group_id, manager_id, now, put_event};
pub use city::{reference, zone};
pub use kinds::mail;
pub use notices::churn_alert;
#[cfg(test)]
pub(crate) use notices::{
    about_alerts, about_ops, about_task, batch_alert, key_line_alert, paused_partition, planned,
    satisfaction_alert, three_waiting,
};
pub use notices::{alert, task};
#[cfg(test)]
pub(crate) use reminders::{about_reminder, key_date, reminder, reminder_of, three_reminders};
#[cfg(test)]
pub(crate) use upward::{about_approval, about_escalation, about_report, about_upward, finished};
