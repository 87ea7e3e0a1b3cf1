//! Detects that a file has changed, without reading it: by size, times and inode number.
//!
//! Invariant: equal digests of stamps mean the same bytes, unless the file changed within the
//! resolution of its times.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

use xxhash_rust::xxh3::xxh3_64;

/// A file changed more recently than this may change again without a visible difference, since file
/// times are that coarse.
const FINENESS_US: i64 = 1_000_000;

/// The size and times of a file when its metadata was read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stamp {
    /// Its length on disk.
    pub(super) bytes: u64,
    /// Its modification time, in microseconds.
    pub(super) modified_us: i64,
    /// Digest of the whole stamp.
    pub(super) digest: u64,
    changed_us: i64,
    seen_us: i64,
}

impl Stamp {
    /// The stamp of a file at `now_us`, by the host's clock.
    pub(super) fn from_metadata(about: &Metadata, now_us: i64) -> Self {
        let us = |seconds: i64, nanoseconds: i64| {
            seconds
                .saturating_mul(1_000_000)
                .saturating_add(nanoseconds / 1_000)
        };
        let numbers = [
            about.size().cast_signed(),
            about.mtime(),
            about.mtime_nsec(),
            about.ctime(),
            about.ctime_nsec(),
            about.ino().cast_signed(),
        ];
        let bytes: Vec<u8> = numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        Self {
            bytes: about.size(),
            modified_us: us(about.mtime(), about.mtime_nsec()),
            changed_us: us(about.ctime(), about.ctime_nsec()),
            digest: xxh3_64(&bytes),
            seen_us: now_us,
        }
    }

    /// The digest, if any later change would show in it.
    pub(super) fn kept(&self) -> Option<u64> {
        (self.seen_us.saturating_sub(self.changed_us) > FINENESS_US).then_some(self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_just_before_a_look_may_change_again_without_being_seen() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let about = file.as_file().metadata().expect("its metadata");
        let changed_us = about.ctime() * 1_000_000 + about.ctime_nsec() / 1_000;
        assert_eq!(
            Stamp::from_metadata(&about, changed_us + FINENESS_US).kept(),
            None
        );
        let later = Stamp::from_metadata(&about, changed_us + FINENESS_US + 1);
        assert_eq!(later.kept(), Some(later.digest));
    }
}
