//! Wiring: configuration → values → the worker and its commands. No business rule is decided here.

pub mod acting;
#[cfg(test)]
mod acting_tests;
pub mod actions;
pub mod alert_file;
mod briefing;
pub mod check;
mod closed_tasks;
mod closing;
mod daily_report;
pub mod demo;
mod descriptors;
mod desk;
mod draining;
mod due;
mod ends;
mod error;
pub mod group_file;
mod intake;
pub mod lists;
pub mod mail;
mod outage;
mod outbox;
mod output;
mod post;
mod pruning;
mod reload;
mod reminding;
pub mod reports;
mod rounds;
mod running;
pub mod scenario;
mod settings;
mod signals;
mod taking;
pub mod task_lists;
mod watchdog;
mod worker;

pub use descriptors::check_open_files;
pub use error::{AppError, Exit};
pub use output::OutputArgs;
pub use post::{PostOffice, ops_notice};
pub use reload::ReloadSignal;
pub use settings::Setup;
pub use signals::heed_signals;
pub use worker::{Ended, Worker};
