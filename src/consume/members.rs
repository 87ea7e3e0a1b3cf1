//! The content of a file; of a compressed one, member by member (frame by frame).
//!
//! It may not know lines. Invariant: the end of a member is reported only once its checksum was
//! verified.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::GzDecoder;

use super::naming::Packing;

/// Largest window of a zstd frame that is read, as a power of two of bytes: 128 MiB, the default
/// limit of `zstd`. Reading it takes as much memory.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;
/// Bytes read from the disk at once.
const DISK_BYTES: usize = 256 << 10;

/// The result of one read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MemberRead {
    /// This many bytes.
    Bytes(usize),
    /// A whole member ends here.
    MemberEnd,
    /// The end of the file.
    End,
}

/// The position in the members of a file.
enum MemberPosition {
    /// Between members, after this many.
    Between(BufReader<Counted>, u64),
    Gzip(Box<GzDecoder<BufReader<Counted>>>, u64),
    Zstd(zstd::Decoder<'static, BufReader<Counted>>, u64),
    /// At the end, or at damaged data.
    Over,
}

/// Reads the members of a compressed file from its beginning.
pub(super) struct Members {
    packing: Packing,
    at: MemberPosition,
    on_disk: Arc<AtomicU64>,
    /// The disk position at which the last whole member ends.
    whole_on_disk: u64,
}

impl Members {
    pub(super) fn open(path: &Path, packing: Packing) -> io::Result<Self> {
        let on_disk = Arc::new(AtomicU64::new(0));
        let file = Counted {
            file: File::open(path)?,
            read: Arc::clone(&on_disk),
        };
        Ok(Self {
            packing,
            at: MemberPosition::Between(BufReader::with_capacity(DISK_BYTES, file), 0),
            on_disk,
            whole_on_disk: 0,
        })
    }

    /// The disk position at which the last whole member ends.
    pub(super) const fn whole_on_disk(&self) -> u64 {
        self.whole_on_disk
    }

    /// The counter of bytes read from the disk.
    pub(super) fn on_disk(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.on_disk)
    }

    /// Reads the next piece.
    ///
    /// # Errors
    /// `UnexpectedEof` where the file ends within a member; otherwise the kind of damage.
    pub(super) fn next(&mut self, buffer: &mut [u8]) -> io::Result<MemberRead> {
        loop {
            match std::mem::replace(&mut self.at, MemberPosition::Over) {
                MemberPosition::Over => return Ok(MemberRead::End),
                MemberPosition::Between(mut disk, members) => {
                    if self.packing == Packing::Gzip && members > 0 {
                        pass_zeros(&mut disk)?;
                    }
                    if disk.fill_buf()?.is_empty() {
                        return Ok(MemberRead::End);
                    }
                    self.at = match self.packing {
                        Packing::Gzip => {
                            MemberPosition::Gzip(Box::new(GzDecoder::new(disk)), members)
                        }
                        Packing::Zstd | Packing::Plain => {
                            let mut frame = zstd::Decoder::with_buffer(disk)?.single_frame();
                            frame.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
                            MemberPosition::Zstd(frame, members)
                        }
                    };
                }
                MemberPosition::Gzip(mut member, members) => {
                    match read_again(&mut *member, buffer)? {
                        0 => return Ok(self.ended(member.into_inner(), members)),
                        read => {
                            self.at = MemberPosition::Gzip(member, members);
                            return Ok(MemberRead::Bytes(read));
                        }
                    }
                }
                MemberPosition::Zstd(mut frame, members) => match read_again(&mut frame, buffer)? {
                    0 => return Ok(self.ended(frame.finish(), members)),
                    read => {
                        self.at = MemberPosition::Zstd(frame, members);
                        return Ok(MemberRead::Bytes(read));
                    }
                },
            }
        }
    }

    fn ended(&mut self, disk: BufReader<Counted>, members: u64) -> MemberRead {
        self.whole_on_disk = self.on_disk.load(Ordering::Relaxed) - disk.buffer().len() as u64;
        self.at = MemberPosition::Between(disk, members + 1);
        MemberRead::MemberEnd
    }
}

fn read_again(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// Skips the zeros with which tapes and some programs pad the last block.
fn pass_zeros(disk: &mut impl BufRead) -> io::Result<()> {
    loop {
        let block = disk.fill_buf()?;
        let zeros = block.iter().take_while(|byte| **byte == 0).count();
        let goes_on = zeros > 0 && zeros == block.len();
        disk.consume(zeros);
        if !goes_on {
            return Ok(());
        }
    }
}

/// Reads the content of whole members only.
pub(super) struct WholeMembers {
    pub(super) members: Members,
    /// How many bytes are left to read.
    pub(super) left: u64,
}

impl Read for WholeMembers {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left > 0 && !buffer.is_empty() {
            let wanted =
                usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
            match self.members.next(&mut buffer[..wanted])? {
                MemberRead::Bytes(read) => {
                    self.left -= read as u64;
                    return Ok(read);
                }
                MemberRead::MemberEnd => {}
                MemberRead::End => {
                    return Err(io::Error::other("it became shorter while it was read"));
                }
            }
        }
        Ok(0)
    }
}

/// A file that counts the bytes read from it.
pub(super) struct Counted {
    pub(super) file: File,
    pub(super) read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
