//! The `list` commands: what the store holds, as table, JSON or CSV. Each list is one table of
//! columns.

mod alerts;
mod jobs;
mod mails;
mod rejects;
mod reminders;
mod results;
mod silences;
mod sources;
mod steps;
mod tasks;

pub(crate) use alerts::AlertRow;
pub(crate) use alerts::alerts;
pub(crate) use jobs::{ListedJob, jobs};
pub(crate) use mails::MailRow;
pub(crate) use mails::{mail_file, outbox};
pub(crate) use rejects::REJECTS;
pub(crate) use rejects::{reject_file, rejects};
pub(crate) use reminders::ReminderRow;
pub(crate) use reminders::reminders;
pub(crate) use results::results;
pub(crate) use silences::silences;
pub(crate) use sources::sources;
pub(crate) use steps::steps;
pub(crate) use tasks::{TaskListContext, tasks};
pub(crate) use tasks::{TaskRow, origin};
