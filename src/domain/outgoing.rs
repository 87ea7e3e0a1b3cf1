//! Events that the worker tells others: what of a task that is done BOSS or CRM may take.
//!
//! It does not know where they go. Invariant: an event's id is its own for ever, so that a
//! repetition is told from news.

use super::local_day::Timestamp;

/// A CloudEvent to be written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingEvent {
    pub event_id: String,
    /// When it came about.
    pub at: Timestamp,
    /// The event, structured JSON in one line.
    pub body: String,
}
