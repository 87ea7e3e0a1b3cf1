//! `sisan mail`: a mail as its readers see it, and whether one gets through.

mod answer;
mod commands;

pub use commands::MailCommand;
pub use commands::run;
