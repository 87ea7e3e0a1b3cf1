//! Alerts become tasks, key dates become reminders: who does what, with what, by when.
//!
//! Everything here is a pure function of values, `now` among them; it may not know the store, the
//! clock, or how a mail reads. Invariant: a task or reminder always has somebody to do it, and
//! every choice in it is from a closed list.

pub(crate) mod acknowledging;
pub mod act;
pub(crate) mod alert_response;
pub(crate) mod assignee;
pub(crate) mod calendar;
pub(crate) mod check_text;
pub(crate) mod due_clock;
mod ending;
pub(crate) mod guard;
pub(crate) mod hand_over;
pub(crate) mod holidays;
mod joint_visits;
pub(crate) mod key_dates;
pub(crate) mod lead;
pub(crate) mod lunar;
pub(crate) mod morning;
pub(crate) mod named_members;
mod open_tasks;
mod plan_file;
pub(crate) mod planned;
pub mod playbook;
pub(crate) mod playbook_file;
pub(crate) mod promises;
pub(crate) mod silencing;
pub mod sweep;
pub(crate) mod task_subscribers;
pub(crate) mod tasks;
pub(crate) mod verification;
pub(crate) mod what_changed;
pub(crate) mod withholding;
pub(crate) mod work_list;
pub(crate) mod working_hours;

#[cfg(test)]
mod tests;
