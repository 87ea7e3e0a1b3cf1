//! PostgreSQL: the store of many workers.
//!
//! A transaction has a connection to itself; one whose transaction did not end as it should is
//! dropped with it. Batches lock in one order (their partitions, the lateness policy, then rows by their
//! keys), so that they never deadlock; every other writer is the leader, one at a time.

mod connection;
mod digest;
mod migrate;
mod postgres_store;

pub(super) use digest::Digest;
pub(crate) use postgres_store::Tx;
pub(crate) use postgres_store::{PostgresStore, check_server_url};
