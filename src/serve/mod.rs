//! HTTP: is the process alive, can it work, and its numbers.
//!
//! It may not know Kafka or SMTP. Invariant: whatever a client does, it holds one of few
//! connections for a short time, and the worker beside it does not notice.

mod health;
mod listener;

pub(crate) use health::State;
pub(crate) use listener::{CONNECTIONS_MAX, Listeners};
