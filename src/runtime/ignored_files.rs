//! What lies in the folder of events and is not read: the operators are told of it.
//!
//! Invariant: each is told once, also when the worker starts anew.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64;

use crate::consume::{Ignored, Source};
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::store::Setting;

use super::error::AppError;
use super::worker::Worker;

/// Most files of one notice.
const TOLD_MAX: usize = 20;

impl Worker {
    /// Tells of what has come since this was asked last; the batches before it are committed.
    pub(crate) fn tell_unread(&mut self, source: &Source) -> Result<(), AppError> {
        let there: BTreeSet<Ignored> = source.unread().into_iter().collect();
        if there == self.unread {
            return Ok(());
        }
        let news: Vec<&Ignored> = there.difference(&self.unread).collect();
        let known = xxh3_64(format!("{there:?}").as_bytes()).cast_signed();
        let now = self.now();
        self.pipeline
            .store()
            .write("tell of files that nothing reads", |tx| {
                if tx.setting(Setting::UnreadTold)? == Some(known) {
                    return Ok(());
                }
                if !news.is_empty() {
                    tx.insert_notice(&Notice::for_operators(ignored(&news), now))?;
                }
                tx.set(Setting::UnreadTold, known)
            })?;
        self.unread = there;
        Ok(())
    }
}

fn ignored(files: &[&Ignored]) -> OpsNotice {
    OpsNotice::FilesIgnored {
        files: files
            .iter()
            .take(TOLD_MAX)
            .map(|file| (file.name.clone(), file.reason.clone()))
            .collect(),
        more: files.len().saturating_sub(TOLD_MAX) as u64,
    }
}
