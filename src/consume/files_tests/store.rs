//! A store in memory, and helpers of the tests of the files source.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use tempfile::TempDir;

pub(super) use super::super::*;
use crate::clock::Ahead;
use crate::clock::Time;
use crate::consume::StoredPosition;
use crate::consume::batch::Mode;
use crate::domain::source_state::SourceState;

pub(super) const LIMITS: BatchLimits = BatchLimits {
    events_max: 1000,
    bytes_max: 1 << 20,
    wait: Duration::from_secs(60),
};
pub(super) const EVENT_BYTES_MAX: usize = 40;

/// A delivery as tests compare it: file, line, content, mode.
pub(super) type ReadDelivery = (String, u64, Vec<u8>, Mode);

#[derive(Default, Clone)]
pub(super) struct FakeStore {
    pub(super) files: Arc<Mutex<HashMap<String, StoredFile>>>,
    /// The state of each file.
    pub(super) states: Arc<Mutex<BTreeMap<String, (SourceState, u64)>>>,
    pub(super) gaps: Arc<AtomicU64>,
    pub(super) time: Arc<Ahead>,
}

impl StoredFiles for FakeStore {
    fn all(&self) -> Result<HashMap<String, StoredFile>, Cause> {
        Ok(self.files.lock().unwrap().clone())
    }

    fn accepted(&self) -> Result<Vec<(String, u64)>, Cause> {
        let asks = |(name, file): (&String, &StoredFile)| {
            (file.accepted.0 > file.accepted.1).then(|| (name.clone(), file.accepted.0))
        };
        Ok(self.files.lock().unwrap().iter().filter_map(asks).collect())
    }
}

impl FakeStore {
    pub(super) fn source(&self, dir: &Path, drain: bool) -> FilesSource {
        self.source_by(Alignment::none(), dir, drain)
    }

    pub(super) fn source_by(&self, alignment: Alignment, dir: &Path, drain: bool) -> FilesSource {
        let drop = |pattern: &str, mapping, skip_first, skip_last| DropFiles {
            pattern: pattern.to_owned(),
            mapping,
            skip_first,
            skip_last,
            byte_order_mark: b"\x84\x31\x95\x33",
        };
        let drops = vec![
            drop("USER_*.txt", 4, 0, 0),
            drop("*.dat*", 9, 0, 0),
            drop("*.csv", 5, 1, 2),
        ];
        let clock = Clock::given(self.time.clone());
        let config = FilesConfig {
            dir: dir.to_owned(),
            drops,
            event_bytes_max: EVENT_BYTES_MAX,
            drain,
            clock,
            alignment,
        };
        FilesSource::new(config, Box::new(self.clone()), StopSignal::new())
    }

    pub(super) fn commit(&self, batch: &RawBatch) {
        let mut files = self.files.lock().unwrap();
        for one in &batch.partitions {
            let stored = files.entry(one.name.to_string()).or_default();
            let file_progress = one.file.expect("of a file");
            stored.at = StoredPosition {
                next_position: one.next_position,
                next_byte: one.next_byte,
                epoch: one.epoch,
            };
            (stored.read_digest, stored.first_digest, stored.stamp) = (
                Some(file_progress.read_digest),
                file_progress.first_digest,
                file_progress.stamp,
            );
            stored.accepted.1 = stored.accepted.1.max(file_progress.begins_anew);
            stored.paused = one.state.pause().cloned();
            self.states
                .lock()
                .unwrap()
                .insert(one.name.to_string(), (one.state.clone(), one.lag));
            let before: u64 = batch
                .deliveries
                .iter()
                .map(|delivery| delivery.gap_before)
                .sum();
            assert!(batch.partitions.len() > 1 || one.gaps >= before);
            self.gaps.fetch_add(one.gaps, Ordering::SeqCst);
        }
        assert_eq!(batch.deliveries.len(), batch.read_digests.len());
    }

    pub(super) fn at(&self, name: &str) -> StoredPosition {
        self.files.lock().unwrap()[name].at
    }

    pub(super) fn accept(&self, name: &str) {
        self.files.lock().unwrap().get_mut(name).unwrap().accepted.0 += 1;
    }

    /// The code of the fault that pauses a file; empty if it is not paused.
    pub(super) fn paused(&self, name: &str) -> String {
        let files = self.files.lock().unwrap();
        files
            .get(name)
            .and_then(|file| file.paused.as_ref())
            .map_or("", |pause| pause.cause.name())
            .to_owned()
    }

    pub(super) fn state(&self, name: &str) -> (SourceState, u64) {
        self.states.lock().unwrap()[name].clone()
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.time.pause(Duration::from_secs(seconds));
    }
}

pub(super) fn deliveries_of(batch: &RawBatch) -> Vec<ReadDelivery> {
    let read = |one: &crate::consume::batch::Delivery| {
        let name = batch.partitions[usize::from(one.partition)]
            .name
            .to_string();
        (
            name,
            one.position,
            batch.payload(one).to_vec(),
            one.mode.clone(),
        )
    };
    batch.deliveries.iter().map(read).collect()
}

/// Reads until drained or idle, committing each batch.
pub(super) fn read_all(
    source: &mut FilesSource,
    store: &FakeStore,
    limits: BatchLimits,
) -> Result<Vec<ReadDelivery>, SourceError> {
    let mut all = Vec::new();
    // A scan of the whole folder is due by then.
    store.pass(2);
    loop {
        match source.next_batch(limits, Duration::ZERO)? {
            Polled::Batch(batch) => {
                assert!(batch.deliveries.len() <= limits.events_max);
                store.commit(&batch);
                all.extend(deliveries_of(&batch));
            }
            Polled::Idle | Polled::Drained => return Ok(all),
            Polled::Stopped => panic!("nobody stopped it"),
        }
    }
}

pub(super) fn drain(dir: &Path, store: &FakeStore) -> Vec<ReadDelivery> {
    read_all(&mut store.source(dir, true), store, LIMITS).unwrap()
}

pub(super) fn texts(all: &[ReadDelivery]) -> Vec<(&str, u64, &str)> {
    all.iter()
        .map(|(file, line, text, _)| (&**file, *line, std::str::from_utf8(text).unwrap()))
        .collect()
}

pub(super) fn append(dir: &TempDir, name: &str, bytes: &[u8]) {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(dir.path().join(name))
        .unwrap()
        .write_all(bytes)
        .unwrap();
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
