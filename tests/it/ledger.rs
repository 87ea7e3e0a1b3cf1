//! A store in memory that judges a source as the real one does: a commit needs the epoch that
//! holds, and deliveries and gaps must add up to the offsets passed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use sisan::consume::{EpochOf, Ownership, RawBatch, TakeOver};

/// What the store knows of one partition.
#[derive(Debug, Default)]
pub struct Row {
    pub epoch: u64,
    pub next: Option<u64>,
    pub last_digest: Option<u64>,
    pub applied: Vec<(u64, Vec<u8>)>,
    pub gaps: u64,
    pub lag: u64,
}

/// A store in memory.
#[derive(Default)]
pub struct Ledger(pub Mutex<HashMap<String, Row>>);

impl Ledger {
    pub fn take_over(self: &Arc<Self>) -> TakeOver {
        let ledger = Arc::clone(self);
        Box::new(move |partitions| {
            let mut rows = ledger.0.lock().unwrap();
            let known: Vec<String> = rows
                .iter()
                .filter(|(_, row)| row.next.is_some())
                .map(|(name, _)| name.clone())
                .collect();
            let owned = partitions.iter().map(|(one, _)| {
                let topic_is_known = known.iter().any(|name| name.starts_with(&one.topic));
                let row = rows.entry(one.to_string()).or_default();
                row.epoch += 1;
                Ownership {
                    epoch: row.epoch,
                    next_position: row.next,
                    last_digest: row.last_digest,
                    topic_is_known,
                }
            });
            Ok(owned.collect())
        })
    }

    pub fn epoch_of(self: &Arc<Self>) -> EpochOf {
        let ledger = Arc::clone(self);
        Box::new(move |one| {
            Ok(ledger
                .0
                .lock()
                .unwrap()
                .get(&one.to_string())
                .map_or(0, |row| row.epoch))
        })
    }

    /// Has a partition go on elsewhere, as an operator does.
    pub fn seek(&self, name: &str, to: u64) {
        let mut rows = self.0.lock().unwrap();
        let row = rows.get_mut(name).unwrap();
        (row.epoch, row.next, row.last_digest) = (row.epoch + 1, Some(to), None);
    }

    /// False if a partition was taken over by somebody else meanwhile.
    pub fn commit(&self, batch: &RawBatch) -> bool {
        let mut rows = self.0.lock().unwrap();
        if batch
            .partitions
            .iter()
            .any(|one| rows[&*one.name].epoch != one.epoch)
        {
            return false;
        }
        for (slot, progress) in batch.partitions.iter().enumerate() {
            let row = rows.get_mut(&*progress.name).unwrap();
            let deliveries: Vec<_> = batch
                .deliveries
                .iter()
                .filter(|one| usize::from(one.partition) == slot)
                .collect();
            if let Some(next) = row.next {
                assert_eq!(
                    next + deliveries.len() as u64 + progress.gaps,
                    progress.next_position,
                    "{}: every offset is accounted for",
                    progress.name
                );
            }
            row.applied.extend(
                deliveries
                    .iter()
                    .map(|one| (one.position, batch.payload(one).to_vec())),
            );
            row.next = Some(progress.next_position);
            row.last_digest = deliveries
                .last()
                .map(|last| batch.digest(last))
                .or(row.last_digest);
            row.gaps += progress.gaps;
            row.lag = progress.lag;
        }
        true
    }

    pub fn applied(&self) -> usize {
        self.0
            .lock()
            .unwrap()
            .values()
            .map(|row| row.applied.len())
            .sum()
    }

    pub fn texts(&self) -> Vec<String> {
        let rows = self.0.lock().unwrap();
        let mut texts: Vec<_> = rows
            .values()
            .flat_map(|row| &row.applied)
            .map(|(_, text)| String::from_utf8(text.clone()).unwrap())
            .collect();
        texts.sort();
        texts
    }

    pub fn sum(&self, of: impl Fn(&Row) -> u64) -> u64 {
        self.0.lock().unwrap().values().map(of).sum()
    }

    pub fn assert_ordered(&self) {
        for row in self.0.lock().unwrap().values() {
            assert!(row.applied.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
