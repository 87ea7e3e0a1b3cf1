//! The sorted runs, as the worker uses them: a batch is applied to the state in memory, and
//! committed by a thread while the next one is worked on.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use sisan::domain::entity::{Entity, EntityKey};
use sisan::store::{Staged, Store, StoreAt, StoreError};

use super::deliveries::{Batch, apply};
use super::{Done, Side};

/// Memory of the memtable, as `store.unwritten_mb` sets it.
const MEMTABLE_BYTES_MAX: usize = 48 << 20;

pub struct SortedRuns {
    store: Arc<Store>,
    pending: Option<JoinHandle<Result<(), StoreError>>>,
}

impl SortedRuns {
    pub fn open(dir: &Path) -> Done<Self> {
        let store = Store::migrate(&StoreAt::Sqlite {
            path: dir.join("sisan.db"),
            memtable_bytes_max: MEMTABLE_BYTES_MAX,
        })?
        .lock()?;
        // Reads filters and indexes, as the start of the worker does.
        store.read_tx("open", |tx| tx.known(Vec::new()))?;
        Ok(Self {
            store: Arc::new(store),
            pending: None,
        })
    }
}

impl Side for SortedRuns {
    fn apply(&mut self, batch: Batch) -> Done<usize> {
        let Batch {
            mut identities,
            changes,
            counters,
        } = batch;
        let digests = identities.iter().map(|(digest, _)| *digest).collect();
        let mut staged = Staged::default();
        let known = self.store.read_tx("apply a batch", |tx| {
            let known = tx.known(digests)?.identities;
            tx.update_timelines(&mut staged, changes, |_, entity, puts, _: &mut ()| {
                apply(entity, puts);
            })?;
            Ok(known)
        })?;
        identities.retain(|(digest, _)| !known.contains_key(digest));
        staged.add_identities(&identities, Vec::new());
        staged.delta.counters = counters;
        self.settle()?;
        self.store
            .read_tx("apply a batch", |tx| tx.stage(&staged))?;
        let store = Arc::clone(&self.store);
        self.pending = Some(std::thread::spawn(move || {
            store.write_tx("commit a batch", |tx| tx.save(&staged))
        }));
        Ok(known.len())
    }

    fn settle(&mut self) -> Done<()> {
        match self.pending.take() {
            Some(thread) => Ok(thread.join().map_err(|_| "the commit panicked")??),
            None => Ok(()),
        }
    }

    fn timelines(&self, keys: &[EntityKey]) -> Done<Vec<Option<Entity>>> {
        Ok(self
            .store
            .read_tx("read timelines", |tx| tx.timelines(keys))?)
    }
}
