//! What both databases of many workers have in common: the rows of a batch are locked and saved by
//! their keys, in one order.
//!
//! A statement that takes many rows at once takes arrays on the server and one row after another in
//! memory.

mod batch;
mod counters;
mod forgetting;
mod shared_transaction;

pub(super) use batch::Entries;
pub(crate) use shared_transaction::SharedTx;

use shared_transaction::{ColumnValues, ForMany, digest_of, for_many};
