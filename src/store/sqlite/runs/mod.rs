//! Sorted runs: many entries written at once, in the order of their keys' digests, to a file beside
//! the store.
//!
//! A random row in a large B-tree costs a page, and even rows in order cost a search each. A run is
//! written as one chunk of blocks and never changed; a filter and the first digest of every block,
//! in memory, find the one block that may hold a key. Of a key that is in several runs the newest
//! holds, but for counters, which add up. Small runs are merged into larger ones, so there are few.
//! Making a run needs no database, so it runs beside commits; the store names it once it is whole
//! and on the disk.
//!
//! Invariant: a key's newest value is in the newest run that has the key; runs are in order from
//! the oldest to the newest.

mod compactor;
mod cursor;
mod filter;
mod folder;
mod run;
mod run_kind;
mod run_set;
mod sources;
#[cfg(test)]
mod tests;
mod words;

pub(super) use compactor::{Compactor, Retained};
pub(super) use cursor::RunsCursor;
pub(super) use folder::{FileKind, RunFolder, failed, open_file, sync_folder};
pub(super) use run_kind::RunKind;
pub(super) use run_set::{NewRuns, Runs, delete_leftovers};

use run_kind::damaged;
