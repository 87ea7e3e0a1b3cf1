//! The Kafka source against a real broker. Each test has topics and a group of its own; the store
//! is a [`Ledger`](crate::ledger::Ledger).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod drains;
mod offsets;
mod order;
mod partitions;
mod topics;
