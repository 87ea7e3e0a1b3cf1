//! What the worker reports of itself while it runs: a log for people, numbers for a monitoring
//! system.
//!
//! It may not know the store, Kafka or HTTP. Invariant: no address, phone number or payload is ever
//! logged, and labels come from small closed sets.

mod durations;
mod label;
mod log;
mod metrics;
mod phase;

pub(crate) use log::{begin, check_filter};
pub(crate) use metrics::{Fates, Metrics, StoreFigures};
pub use phase::WorkPhase;
