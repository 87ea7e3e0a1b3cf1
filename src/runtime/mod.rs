//! The running worker: what ingests events, what the leader does, and what sends mails; and what
//! starts, stops and watches them.
//!
//! It may not decide a business rule: those are in `plan`, `evaluate` and `follow_up`.

pub(crate) mod clock_boundaries;
pub(crate) mod connectors;
pub(crate) mod descriptors;
pub(crate) mod dispatcher;
pub(crate) mod drain;
pub(crate) mod error;
pub(crate) mod event_times;
pub(crate) mod ignored_files;
pub(crate) mod ingest;
pub(crate) mod intake;
pub(crate) mod jobs;
pub(crate) mod leader;
pub(crate) mod os_signals;
pub(crate) mod relay_outage;
pub(crate) mod reload;
pub(crate) mod rules;
pub(crate) mod run;
pub(crate) mod setup;
pub(crate) mod store_outbox;
pub(crate) mod task_event_files;
pub(crate) mod watchdog;
pub(crate) mod worker;

pub(crate) use descriptors::check_open_files;
pub use dispatcher::OutboxDispatcher;
pub use error::AppError;
pub use error::Exit;
pub(crate) use os_signals::install_signal_handlers;
pub(crate) use reload::ReloadSignal;
pub use setup::Setup;
pub(crate) use worker::Ended;
pub use worker::Worker;
