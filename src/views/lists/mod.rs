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
pub use alerts::alerts;
pub use jobs::jobs;
pub(crate) use mails::MailRow;
pub use mails::{mail_file, outbox};
pub(crate) use rejects::REJECTS;
pub use rejects::rejects;
pub(crate) use reminders::ReminderRow;
pub use reminders::reminders;
pub use results::results;
pub use silences::silences;
pub use sources::sources;
pub(crate) use steps::steps;
pub use tasks::{TaskListContext, tasks};
pub(crate) use tasks::{TaskRow, origin};
