//! Files in the folder of events that are not read: the operators are notified of them.
//!
//! Invariant: each is notified once, also when the worker starts again.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64;

use crate::consume::Source;
use crate::domain::ignored_file::IgnoredEntry;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::pipeline::Pipeline;
use crate::store::Setting;

use super::error::AppError;
use super::ingest::Ingest;

/// Most files of one notice.
const LISTED_MAX: usize = 20;

impl Ingest {
    /// Notifies the operators of the files that have come since the last call; the batches before
    /// it are committed.
    pub(super) fn notify_ignored(
        &mut self,
        pipeline: &Pipeline,
        source: &Source,
    ) -> Result<(), AppError> {
        let there: BTreeSet<IgnoredEntry> = source.unread().into_iter().collect();
        if there == self.ignored {
            return Ok(());
        }
        let new: Vec<&IgnoredEntry> = there.difference(&self.ignored).collect();
        let known = digest(&there);
        let now = pipeline.now();
        pipeline
            .store()
            .write_tx("notify of files that nothing reads", |tx| {
                if tx.setting(Setting::IgnoredNotified)? == Some(known) {
                    return Ok(());
                }
                if !new.is_empty() {
                    tx.insert_notice(&Notice::for_operators(ignored(&new), now))?;
                }
                tx.set(Setting::IgnoredNotified, known)
            })?;
        self.ignored = there;
        Ok(())
    }
}

/// A digest of what is ignored, to be known again by the next start.
fn digest(there: &BTreeSet<IgnoredEntry>) -> i64 {
    let text = serde_json::to_string(there).expect("a list of plain values is JSON");
    xxh3_64(text.as_bytes()).cast_signed()
}

fn ignored(files: &[&IgnoredEntry]) -> OpsNotice {
    OpsNotice::FilesIgnored {
        files: files
            .iter()
            .take(LISTED_MAX)
            .map(|file| (file.name.clone(), file.reason.clone()))
            .collect(),
        more: files.len().saturating_sub(LISTED_MAX) as u64,
    }
}
