//! Events that the worker sends to others: results of done tasks for BOSS or CRM.
//!
//! It may not know their destination. Invariant: an event keeps its id for ever, so that a reader
//! recognises a repetition.

use super::local_day::Timestamp;

/// A CloudEvent to be written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingEvent {
    pub event_id: String,
    /// When it came about.
    pub at: Timestamp,
    /// The event as structured JSON in one line.
    pub body: String,
}
