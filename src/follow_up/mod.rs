//! Alerts become tasks, key dates become reminders: who does what, with what, by when.
//!
//! Everything here is a pure function of values, `now` among them; it may not know the store, the
//! clock, or how a mail reads. Invariant: a task or reminder always has somebody to do it, and
//! every choice in it is from a closed list.

pub mod acknowledging;
pub mod act;
pub mod alert_response;
pub mod assignee;
pub mod calendar;
pub mod check_text;
mod due_clock;
pub mod guard;
pub mod hand_over;
pub mod holidays;
mod joint_visits;
pub mod key_dates;
pub mod lunar;
pub mod morning;
pub mod named_members;
mod open_tasks;
mod plan_file;
pub mod planned;
pub mod playbook;
pub mod playbook_file;
pub mod promises;
pub mod silencing;
pub mod sweep;
pub mod task_subscribers;
pub mod tasks;
pub mod verification;
pub mod what_changed;
pub mod work_list;
pub mod working_hours;

#[cfg(test)]
mod tests;
