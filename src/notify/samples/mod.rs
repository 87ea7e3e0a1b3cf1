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

pub use brief::{about_brief, brief};
pub use city::{
    SampleCity, at, date, group, group_id, manager_id, now, put_event, reference, zone,
};
pub use kinds::{mail, pending};
pub use notices::{
    about_alerts, about_ops, about_task, alert, batch_alert, churn_alert, key_line_alert,
    paused_partition, planned, satisfaction_alert, task, three_waiting,
};
pub use reminders::{
    about_reminder, festival_reminder, holiday_reminders, key_date, lunar_reminder, reminder,
    reminder_of, three_reminders,
};
pub use upward::{about_approval, about_escalation, about_report, about_upward, finished};
