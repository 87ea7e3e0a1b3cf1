//! Changes that people make to the store: read, decide, save, in one transaction; safe beside a
//! running worker.
//!
//! It may not know HTTP or the terminal. Invariant: what is done to tasks, alerts and silences is
//! recorded with its actor and the system's user. Of a position that was moved and a file that was
//! accepted the operators are notified; loads, mails and rejections record what became of them, and
//! not who asked.

mod actor;
mod alerts;
mod error;
mod inputs;
mod loading;
mod mails;
mod rejects;
mod tasks;

pub use actor::actor;
pub use alerts::acknowledge_alert;
pub(crate) use alerts::silence_alerts;
pub(crate) use error::CommandError;
pub(crate) use inputs::{accept_file, seek_partition};
pub(crate) use loading::{begin_load, end_load};
pub(crate) use mails::{Retried, hold_mails, release_mails, retry_mails};
pub(crate) use rejects::retry_rejects;
pub use tasks::act_on_task;
pub use tasks::add_task;
pub(crate) use tasks::{act_in, add_in};
