//! `sisan mail`: shows a mail as its readers see it, and tests delivery.

mod answer;
mod commands;

pub(crate) use commands::MailCommand;
pub(crate) use commands::run;
