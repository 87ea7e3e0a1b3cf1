//! Changes that people make to the store: read, decide, save, in one transaction; safe beside a
//! running worker.
//!
//! It may not know HTTP or the terminal. Invariant: every change is recorded with its actor and the
//! system's user.

mod actor;
mod alerts;
mod error;
mod inputs;
mod loading;
mod mails;
mod people;
mod tasks;

pub use actor::actor;
pub use alerts::{acknowledge_alert, silence_alerts};
pub use error::CommandError;
pub use inputs::{accept_file, seek_partition};
pub use loading::{begin_load, end_load};
pub use mails::{hold_mails, release_mails, retry_mails};
pub use people::people;
pub(crate) use tasks::{act_in, add_in};
pub use tasks::{act_on_task, add_task};
