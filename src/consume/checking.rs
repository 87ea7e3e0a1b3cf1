//! Before a file is read on: checks that the part read before is unchanged and, for a compressed
//! file, which members are whole.
//!
//! It works in steps, so that a large file does not block other work. It may not know lines.
//! Invariant: nothing is handed out of a file before the bytes up to its position have the stored
//! digest.
//!
//! ```text
//!  plain        digest up to the position ─────────────────────────────────────► read on from there
//!  compressed   digest up to the position, every member to the end of the file ─► again, pass up to the position ─► read on
//! ```

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::members::{Counted, MemberRead, Members, WholeMembers};
use super::naming::Packing;
use super::read_digest::{FIRST_BLOCK_BYTES, ReadDigest};

/// Bytes read at once.
const BLOCK_BYTES: usize = 1 << 20;

/// The part of a file that was read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ReadBefore {
    pub(super) bytes: u64,
    /// Digest of all its bytes, if it was stored.
    pub(super) all: Option<u64>,
    /// Digest of the first block, if that was read.
    pub(super) first: Option<u64>,
}

/// How a file ends behind its readable part.
#[derive(Debug)]
pub(super) enum FileEnd {
    Whole,
    WithinMember,
    /// With damaged data.
    Damaged(io::Error),
}

/// A file that was checked and can be read on.
pub(super) struct Opened {
    /// The content after the position, as far as it is whole.
    pub(super) reader: Box<dyn Read + Send>,
    /// Digest of the content before the position.
    pub(super) digest: ReadDigest,
    /// Whether the byte before the position was not a newline.
    pub(super) mid_line: bool,
    /// Bytes on disk that have been read.
    pub(super) on_disk: Arc<AtomicU64>,
    /// Bytes on disk that are whole; the whole length of a plain file.
    pub(super) whole_on_disk: u64,
    pub(super) end: FileEnd,
}

/// The result of a check.
pub(super) enum CheckOutcome {
    /// The part read before is unchanged.
    Stands(Box<Opened>),
    Replaced,
}

enum CheckPhase {
    Plain(File),
    /// Reads all members.
    Members(Members),
    /// Skips the part read before, in a second pass.
    Passing(WholeMembers, u64, FileEnd),
    Over,
}

/// A check in progress.
pub(super) struct FileCheck {
    path: PathBuf,
    packing: Packing,
    before: ReadBefore,
    phase: CheckPhase,
    block: Vec<u8>,
    digest: ReadDigest,
    last_byte: u8,
    /// Of a compressed file: uncompressed bytes seen, and those of whole members.
    seen: u64,
    whole: u64,
}

impl FileCheck {
    /// Opens a file.
    ///
    /// # Errors
    /// Those of the file system.
    pub(super) fn open(path: &Path, packing: Packing, before: ReadBefore) -> io::Result<Self> {
        let phase = match packing {
            Packing::Plain => CheckPhase::Plain(File::open(path)?),
            Packing::Gzip | Packing::Zstd => CheckPhase::Members(Members::open(path, packing)?),
        };
        let block_bytes = if packing == Packing::Plain {
            before.bytes.min(BLOCK_BYTES as u64)
        } else {
            BLOCK_BYTES as u64
        };
        let block = vec![0; block_bytes as usize];
        let digest = ReadDigest::default();
        Ok(Self {
            path: path.to_owned(),
            packing,
            before,
            phase,
            block,
            digest,
            last_byte: b'\n',
            seen: 0,
            whole: 0,
        })
    }

    /// Continues by one block; returns the result once the check is done.
    ///
    /// # Errors
    /// Those of the file system; damage within a compressed file is in [`Opened::end`] instead.
    pub(super) fn step(&mut self) -> io::Result<Option<CheckOutcome>> {
        match std::mem::replace(&mut self.phase, CheckPhase::Over) {
            CheckPhase::Plain(file) => self.step_plain(file),
            CheckPhase::Members(members) => self.step_members(members),
            CheckPhase::Passing(members, whole_on_disk, end) => {
                self.step_passing(members, whole_on_disk, end)
            }
            CheckPhase::Over => Ok(Some(CheckOutcome::Replaced)),
        }
    }

    fn step_plain(&mut self, mut file: File) -> io::Result<Option<CheckOutcome>> {
        let left = self.before.bytes - self.digest.bytes();
        if left > 0 {
            let wanted = usize::try_from(left).map_or(BLOCK_BYTES, |left| left.min(BLOCK_BYTES));
            match file.read(&mut self.block[..wanted]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) => return Ok(Some(CheckOutcome::Replaced)),
                read => self.digest_block(read?),
            }
            if self.is_another() {
                return Ok(Some(CheckOutcome::Replaced));
            }
            self.phase = CheckPhase::Plain(file);
            return Ok(None);
        }
        let on_disk = Arc::new(AtomicU64::new(self.before.bytes));
        let reader = Box::new(Counted {
            file,
            read: Arc::clone(&on_disk),
        });
        Ok(Some(CheckOutcome::Stands(Box::new(self.opened(
            reader,
            on_disk,
            u64::MAX,
            FileEnd::Whole,
        )))))
    }

    fn step_members(&mut self, mut members: Members) -> io::Result<Option<CheckOutcome>> {
        let end = match members.next(&mut self.block) {
            Ok(MemberRead::Bytes(read)) => {
                let before = usize::try_from(self.before.bytes - self.digest.bytes())
                    .map_or(read, |left| left.min(read));
                self.digest_block(before);
                self.seen += read as u64;
                if self.is_another() {
                    return Ok(Some(CheckOutcome::Replaced));
                }
                self.phase = CheckPhase::Members(members);
                return Ok(None);
            }
            Ok(MemberRead::MemberEnd) => {
                self.whole = self.seen;
                self.phase = CheckPhase::Members(members);
                return Ok(None);
            }
            Ok(MemberRead::End) => FileEnd::Whole,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => FileEnd::WithinMember,
            Err(error) => FileEnd::Damaged(error),
        };
        if self.whole < self.before.bytes {
            // What was read before was whole: its missing part was replaced, or is being
            // rewritten.
            return Ok(Some(CheckOutcome::Replaced));
        }
        let again = Members::open(&self.path, self.packing)?;
        let whole_on_disk = if matches!(end, FileEnd::Whole) {
            members.on_disk().load(Ordering::Relaxed)
        } else {
            members.whole_on_disk()
        };
        self.phase = CheckPhase::Passing(
            WholeMembers {
                members: again,
                left: self.whole,
            },
            whole_on_disk,
            end,
        );
        Ok(None)
    }

    fn step_passing(
        &mut self,
        mut members: WholeMembers,
        whole_on_disk: u64,
        end: FileEnd,
    ) -> io::Result<Option<CheckOutcome>> {
        let left = self.before.bytes - (self.whole - members.left);
        if left > 0 {
            let wanted = usize::try_from(left).map_or(BLOCK_BYTES, |left| left.min(BLOCK_BYTES));
            members.read_exact(&mut self.block[..wanted])?;
            self.phase = CheckPhase::Passing(members, whole_on_disk, end);
            return Ok(None);
        }
        let on_disk = members.members.on_disk();
        Ok(Some(CheckOutcome::Stands(Box::new(self.opened(
            Box::new(members),
            on_disk,
            whole_on_disk,
            end,
        )))))
    }

    fn opened(
        &mut self,
        reader: Box<dyn Read + Send>,
        on_disk: Arc<AtomicU64>,
        whole_on_disk: u64,
        end: FileEnd,
    ) -> Opened {
        let digest = std::mem::take(&mut self.digest);
        Opened {
            reader,
            digest,
            mid_line: self.last_byte != b'\n',
            on_disk,
            whole_on_disk,
            end,
        }
    }

    fn digest_block(&mut self, bytes: usize) {
        let bytes = &self.block[..bytes];
        self.last_byte = bytes.last().copied().unwrap_or(self.last_byte);
        self.digest.update(bytes);
    }

    /// Whether the content seen so far differs from the part read before.
    fn is_another(&self) -> bool {
        let differs = |now: Option<u64>, then: Option<u64>| {
            now.zip(then).is_some_and(|(now, then)| now != then)
        };
        (self.before.bytes >= FIRST_BLOCK_BYTES && differs(self.digest.first(), self.before.first))
            || (self.before.bytes > 0
                && self.digest.bytes() == self.before.bytes
                && differs(Some(self.digest.all()), self.before.all))
    }
}
