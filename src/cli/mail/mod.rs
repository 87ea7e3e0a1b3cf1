//! `sisan mail`: shows a mail as its readers see it, and tests delivery.

mod answer;
mod commands;

pub use commands::MailCommand;
pub use commands::run;
