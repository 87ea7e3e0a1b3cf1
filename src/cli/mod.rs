//! The command line: a subcommand per role. It wires the parts together and decides no rule.

mod alerts;
mod answers;
pub(crate) mod check_config;
mod commands;
mod connect;
pub mod mail;
mod one_of;
mod outbox;
pub(crate) mod output;
mod pager;
pub(crate) mod progress;
pub(crate) mod reports;
mod run;
mod sources;
mod tasks;
#[cfg(test)]
mod tests;

pub use commands::Cli;
pub use run::run;
