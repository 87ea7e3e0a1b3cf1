//! Opens a file at a position of its uncompressed content.
//!
//! It may not know lines. Invariant: what is read begins at the byte asked for, or the file is said to have shrunk.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How a file is packed, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    pub(super) fn of(name: &str) -> Self {
        match name.rsplit_once('.') {
            Some((_, "gz")) => Self::Gzip,
            Some((_, "zst")) => Self::Zstd,
            _ => Self::Plain,
        }
    }
}

/// A file opened at a position.
pub(super) struct Opened {
    /// What follows the position.
    pub(super) reader: Box<dyn Read + Send>,
    /// Whether the byte before the position was not a newline.
    pub(super) mid_line: bool,
    /// How many bytes on disk have been read.
    pub(super) bytes_on_disk_read: Arc<AtomicU64>,
}

/// What came of opening.
pub(super) enum Opening {
    /// The content from the position on.
    At(Opened),
    /// There is less content than the position says; how much there is.
    Shrunk(u64),
    /// A compressed stream breaks off before the position: the rest is still being written.
    NotYet,
}

/// Opens a file and passes over what was read of it before.
pub(super) fn open_at(path: &Path, packing: Packing, byte: u64) -> io::Result<Opening> {
    let mut file = File::open(path)?;
    let bytes_on_disk_read = Arc::new(AtomicU64::new(0));
    if packing == Packing::Plain {
        let length = file.metadata()?.len();
        if length < byte {
            return Ok(Opening::Shrunk(length));
        }
        let mut before = [b'\n'];
        if byte > 0 {
            file.seek(SeekFrom::Start(byte - 1))?;
            file.read_exact(&mut before)?;
        }
        bytes_on_disk_read.store(byte, Ordering::Relaxed);
        let reader = Box::new(Counted { file, read: Arc::clone(&bytes_on_disk_read) });
        return Ok(Opening::At(Opened { reader, mid_line: before != *b"\n", bytes_on_disk_read }));
    }
    let counted = Counted { file, read: Arc::clone(&bytes_on_disk_read) };
    let mut reader: Box<dyn Read + Send> = match packing {
        Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(counted)),
        Packing::Zstd | Packing::Plain => Box::new(zstd::Decoder::new(counted)?),
    };
    Ok(match pass(&mut reader, byte)? {
        Passed::All { last } => Opening::At(Opened { reader, mid_line: last != b'\n', bytes_on_disk_read }),
        Passed::Ended { after } => Opening::Shrunk(after),
        Passed::BrokenOff => Opening::NotYet,
    })
}

enum Passed {
    All { last: u8 },
    Ended { after: u64 },
    BrokenOff,
}

/// Reads so many bytes and forgets them, but for the last.
fn pass(reader: &mut dyn Read, bytes: u64) -> io::Result<Passed> {
    let mut block = vec![0; 64 << 10];
    let (mut left, mut last) = (bytes, b'\n');
    while left > 0 {
        let wanted = usize::try_from(left).map_or(block.len(), |left| left.min(block.len()));
        match reader.read(&mut block[..wanted]) {
            Ok(0) => return Ok(Passed::Ended { after: bytes - left }),
            Ok(read) => {
                left -= read as u64;
                last = block[read - 1];
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(Passed::BrokenOff),
            Err(error) => return Err(error),
        }
    }
    Ok(Passed::All { last })
}

/// A file that counts what is read of it.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
