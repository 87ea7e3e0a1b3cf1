//! Sorted runs: many entries written at once, in the order of their keys' digests, to rows of one page each.
//!
//! A random row in a large B-tree costs a page, and even rows in order cost a search each. A run is written as whole
//! pages and never changed; a filter and the first digest of every page, in memory, find the one page that may hold a
//! key. Of a key that is in several runs the newest holds. Small runs are merged into larger ones, so there are few.
//!
//! Invariant: a key's newest value is in the newest run that has the key; runs stand from the oldest to the newest.

mod filter;
mod frames;
mod run;

pub(super) use frames::{Frame, put_frame, take_frame};

use self::run::{Cursor, Run, Writer};
use super::Tx;
use crate::store::StoreError;

/// A run is merged with all newer ones once they hold this many times its entries: three of a size at most, and each
/// entry is rewritten about once for every fourfold growth.
const NEWER_TIMES_MAX: u64 = 3;

/// What entries are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Timeline,
    Identity,
}

impl Kind {
    /// As the store has it.
    const fn name(self) -> &'static str {
        match self {
            Self::Timeline => "timeline",
            Self::Identity => "identity",
        }
    }
}

fn damaged(detail: &str) -> StoreError {
    StoreError::Damaged { what: "a run", detail: detail.to_owned() }
}

/// All runs of a kind.
#[derive(Debug)]
pub(super) struct Runs {
    kind: Kind,
    runs: Vec<Run>,
}

impl Runs {
    pub(super) fn read(tx: &Tx<'_>, kind: Kind) -> Result<Self, StoreError> {
        Ok(Self { kind, runs: Run::list(tx, kind)? })
    }

    /// Reads the value of a key, if it has any.
    pub(super) fn find<R>(
        &self,
        tx: &Tx<'_>,
        digest: u128,
        mut read: impl FnMut(&[u8]) -> Result<R, StoreError>,
    ) -> Result<Option<R>, StoreError> {
        for run in self.runs.iter().rev() {
            if let Some(found) = run.find(tx, digest, &mut read)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Writes entries, in the order of their digests, as the newest run; merges runs when that is due.
    pub(super) fn append(&mut self, tx: &Tx<'_>, frames: &[Frame<'_>]) -> Result<(), StoreError> {
        let mut writer = Writer::new(tx, frames.len() as u64)?;
        frames.iter().try_for_each(|frame| writer.push(*frame))?;
        self.runs.extend(writer.finish(self.kind)?);
        let sizes: Vec<u64> = self.runs.iter().map(|run| run.entries).collect();
        match first_to_merge(&sizes) {
            Some(first) => self.merge(tx, first, |_| Ok(true)).map(drop),
            None => Ok(()),
        }
    }

    /// Drops every entry whose value `keep` does not want; how many there were.
    pub(super) fn retain(&mut self, tx: &Tx<'_>, keep: impl FnMut(&[u8]) -> Result<bool, StoreError>) -> Result<u64, StoreError> {
        self.merge(tx, 0, keep)
    }

    /// Merges the run at `first` and all newer ones; how many entries went.
    fn merge(&mut self, tx: &Tx<'_>, first: usize, mut keep: impl FnMut(&[u8]) -> Result<bool, StoreError>) -> Result<u64, StoreError> {
        let sources = self.runs.split_off(first);
        let before = sources.iter().map(|run| run.entries).sum();
        let mut writer = Writer::new(tx, before)?;
        let mut cursors = Vec::new();
        for run in sources.iter().rev() {
            cursors.extend(Cursor::new(tx, run)?);
        }
        // Of equal digests the first is the least: the newest run's.
        while let Some(least) = (0..cursors.len()).min_by_key(|at| cursors[*at].digest()) {
            let (frame, digest) = (cursors[least].frame()?, cursors[least].digest());
            if keep(frame.value)? {
                writer.push(frame)?;
            }
            let mut at = least;
            while at < cursors.len() {
                if cursors[at].digest() == digest && !cursors[at].advance(tx)? {
                    cursors.remove(at);
                } else {
                    at += 1;
                }
            }
        }
        drop(cursors);
        let merged = writer.finish(self.kind)?;
        let after = merged.as_ref().map_or(0, |run| run.entries);
        self.runs.extend(merged);
        for run in sources {
            run.delete(tx)?;
        }
        Ok(before - after)
    }
}

/// The oldest run that is to be merged with all newer ones. `sizes` stand from the oldest to the newest.
fn first_to_merge(sizes: &[u64]) -> Option<usize> {
    (0..sizes.len()).find(|at| sizes[at + 1..].iter().sum::<u64>() >= sizes[*at].saturating_mul(NEWER_TIMES_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn with_store<R>(test: impl FnOnce(&Tx<'_>) -> R) -> R {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::migrate(&dir.path().join("s.db")).expect("a store");
        store.write("test", |tx| Ok::<_, StoreError>(test(tx))).expect("a transaction")
    }

    /// Entries whose digests are multiples of `step`, with a value that names the round.
    fn round(number: u32, step: u128, count: u128) -> Vec<(u128, String)> {
        (0..count).map(|n| (n * step, format!("{number}:{}", "v".repeat((n % 90) as usize)))).collect()
    }

    fn append(runs: &mut Runs, tx: &Tx<'_>, entries: &[(u128, String)]) {
        let mut bytes = Vec::new();
        entries.iter().for_each(|(digest, value)| put_frame(&mut bytes, *digest, value));
        let (mut rest, mut frames) = (&bytes[..], Vec::new());
        while let Some(frame) = take_frame(&mut rest).expect("frames") {
            frames.push(frame);
        }
        runs.append(tx, &frames).expect("a run");
    }

    fn text(value: &[u8]) -> Result<String, StoreError> {
        postcard::from_bytes(value).map_err(|_| damaged("a text"))
    }

    #[test]
    fn the_newest_value_of_a_key_holds_through_merges_and_a_restart() {
        with_store(|tx| {
            let mut runs = Runs::read(tx, Kind::Timeline).expect("no runs");
            let mut expected = std::collections::BTreeMap::new();
            for number in 0..23 {
                let entries = round(number, u128::from(number % 7 + 1), u128::from(1_000 + number * 10));
                append(&mut runs, tx, &entries);
                expected.extend(entries);
            }
            assert!(runs.runs.len() < 9, "{} runs", runs.runs.len());
            for runs in [&runs, &Runs::read(tx, Kind::Timeline).expect("the runs")] {
                for (digest, value) in &expected {
                    assert_eq!(runs.find(tx, *digest, text).expect("a look-up").as_ref(), Some(value));
                }
                assert_eq!(runs.find(tx, u128::MAX, text).expect("a look-up"), None);
            }
            assert!(Runs::read(tx, Kind::Identity).expect("no runs").runs.is_empty());
        });
    }

    #[test]
    fn what_is_not_kept_is_gone_and_its_blocks_are_too() {
        with_store(|tx| {
            let mut runs = Runs::read(tx, Kind::Identity).expect("no runs");
            append(&mut runs, tx, &round(1, 2, 3_000));
            append(&mut runs, tx, &round(2, 3, 1_000));
            let gone = runs.retain(tx, |value| Ok(text(value)?.starts_with('2'))).expect("a merge");
            assert_eq!(gone, 3_000, "2,500 old ones, and the 500 that a newer value hid");
            assert_eq!(runs.runs.iter().map(|run| run.entries).sum::<u64>(), 1_000);
            runs.retain(tx, |_| Ok(false)).expect("a merge");
            let blocks = tx.tx.query_row("SELECT count(*) FROM run_block", [], |row| row.get::<_, i64>(0)).expect("a count");
            assert_eq!((runs.runs.len(), blocks), (0, 0));
        });
    }

    #[test]
    fn a_run_is_merged_once_the_newer_ones_are_three_times_as_large() {
        assert_eq!(first_to_merge(&[]), None);
        assert_eq!(first_to_merge(&[10]), None);
        assert_eq!(first_to_merge(&[10, 10, 10]), None);
        assert_eq!(first_to_merge(&[10, 10, 10, 10]), Some(0));
        assert_eq!(first_to_merge(&[100, 10, 10, 10, 10]), Some(1));
        assert_eq!(first_to_merge(&[40, 40, 40, 10, 10, 10, 10]), Some(0), "one merge of all, not one after another");
    }
}
