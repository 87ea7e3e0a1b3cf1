//! Bytes → lines, in large blocks and without keeping an overlong line whole.
//!
//! It may not know files or the content of a line. Invariant: `taken` of all lines and the open
//! text at the end add up to the bytes read, however the reader splits them.

use std::io::{self, BufRead, Read};

use xxhash_rust::xxh3::Xxh3;

use super::read_digest::ReadDigest;

/// Bytes read at once.
const BLOCK_BYTES: usize = 1 << 20;

/// The next piece of the input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum InputLine<'a> {
    /// A line, without its end (`\n` or `\r\n`).
    Whole {
        text: &'a [u8],
        /// Its length in bytes, line end included.
        taken: u64,
        /// Digest of everything up to its end.
        read_digest: u64,
    },
    /// A line longer than the limit, without its end.
    Oversized {
        /// Its length in bytes, without the line end.
        bytes: u64,
        /// xxh3-128 of the whole line.
        digest: u128,
        /// Its length in bytes, line end included.
        taken: u64,
        /// Digest of everything up to its end.
        read_digest: u64,
    },
    /// The present end of the input, after a text without a newline (empty if there is none).
    End {
        /// The text after the last newline; cut when it is longer than the limit.
        text: &'a [u8],
        /// Whether it is longer than the limit.
        oversized: bool,
    },
}

/// Splits any reader into lines.
pub(super) struct LineReader<R> {
    inner: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    line_bytes_max: usize,
    digest: ReadDigest,
}

impl<R: Read> LineReader<R> {
    /// A reader that keeps lines of up to `line_bytes_max` bytes whole, after content that `digest`
    /// covers.
    pub(super) fn new(inner: R, line_bytes_max: usize, digest: ReadDigest) -> Self {
        Self {
            inner,
            buffer: vec![0; BLOCK_BYTES + line_bytes_max],
            start: 0,
            end: 0,
            line_bytes_max,
            digest,
        }
    }

    /// Digest of everything up to the end of the last line given.
    pub(super) const fn digest(&self) -> &ReadDigest {
        &self.digest
    }

    /// Takes the text after the last newline as a line.
    pub(super) fn take_open(&mut self) {
        self.digest.update(&self.buffer[self.start..self.end]);
        self.start = self.end;
    }

    /// The next line, or the present end of the input.
    pub(super) fn next(&mut self) -> io::Result<InputLine<'_>> {
        let mut searched = 0;
        loop {
            if let Some(length) = newline_in(&self.buffer[self.start + searched..self.end]) {
                let text = self.start..self.start + searched + length;
                self.digest.update(&self.buffer[text.start..=text.end]);
                self.start = text.end + 1;
                let taken = (text.len() + 1) as u64;
                let read_digest = self.digest.all();
                let text = without_return(&self.buffer[text]);
                return Ok(if text.len() > self.line_bytes_max {
                    InputLine::Oversized {
                        bytes: text.len() as u64,
                        digest: xxhash_rust::xxh3::xxh3_128(text),
                        taken,
                        read_digest,
                    }
                } else {
                    InputLine::Whole {
                        text,
                        taken,
                        read_digest,
                    }
                });
            }
            searched = self.end - self.start;
            if searched > self.line_bytes_max + 1 {
                return self.pass_oversized();
            }
            if !self.fill()? {
                let text = &self.buffer[self.start..self.end];
                return Ok(InputLine::End {
                    text,
                    oversized: text.len() > self.line_bytes_max,
                });
            }
        }
    }

    /// Skips to the end of an overlong line whose beginning is in the buffer.
    fn pass_oversized(&mut self) -> io::Result<InputLine<'_>> {
        let mut digest = Xxh3::new();
        let (mut bytes, mut taken, mut held_return) = (0_u64, 0_u64, false);
        loop {
            let ended = newline_in(&self.buffer[self.start..self.end]);
            let piece = self.start..ended.map_or(self.end, |length| self.start + length);
            taken += piece.len() as u64 + u64::from(ended.is_some());
            self.start = piece.end + usize::from(ended.is_some());
            self.digest.update(&self.buffer[piece.start..self.start]);
            let piece = &self.buffer[piece];
            if !piece.is_empty() {
                // A carriage return counts as content only if no newline follows.
                let kept = without_return(piece);
                bytes += kept.len() as u64 + u64::from(held_return);
                digest.update(if held_return { b"\r" } else { b"" });
                digest.update(kept);
                held_return = kept.len() < piece.len();
            }
            if ended.is_some() {
                return Ok(InputLine::Oversized {
                    bytes,
                    digest: digest.digest128(),
                    taken,
                    read_digest: self.digest.all(),
                });
            }
            if !self.fill()? {
                return Ok(InputLine::End {
                    text: &[],
                    oversized: true,
                });
            }
        }
    }

    /// Reads a block into the buffer. False at the present end.
    fn fill(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        loop {
            match self.inner.read(&mut self.buffer[self.end..]) {
                Ok(read) => {
                    self.end += read;
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// The position of the first newline, found with `skip_until`: the standard library offers its fast
/// byte search only there.
fn newline_in(mut bytes: &[u8]) -> Option<usize> {
    let all = bytes;
    let passed = bytes
        .skip_until(b'\n')
        .expect("reading from memory cannot fail");
    (passed > 0 && all[passed - 1] == b'\n').then(|| passed - 1)
}

/// The text without one `\r` at its end.
pub(super) fn without_return(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\r").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use xxhash_rust::xxh3::xxh3_128;

    /// A reader that returns at most `piece` bytes per call.
    struct Pieces<'a> {
        bytes: &'a [u8],
        piece: usize,
    }

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.piece.min(self.bytes.len()).min(buffer.len());
            buffer[..read].copy_from_slice(&self.bytes[..read]);
            self.bytes = &self.bytes[read..];
            Ok(read)
        }
    }

    #[derive(Debug, PartialEq, Eq)]
    enum Owned {
        Whole(Vec<u8>, u64),
        Oversized(u64, u128, u64),
        End(Vec<u8>, bool),
    }

    fn read_all(bytes: &[u8], piece: usize, line_bytes_max: usize) -> Vec<Owned> {
        let mut reader = LineReader::new(
            Pieces { bytes, piece },
            line_bytes_max,
            ReadDigest::default(),
        );
        let mut lines = Vec::new();
        loop {
            let line = match reader.next().expect("memory can be read") {
                InputLine::Whole { text, taken, .. } => Owned::Whole(text.to_vec(), taken),
                InputLine::Oversized {
                    bytes,
                    digest,
                    taken,
                    ..
                } => Owned::Oversized(bytes, digest, taken),
                InputLine::End { text, oversized } => Owned::End(
                    if oversized { Vec::new() } else { text.to_vec() },
                    oversized,
                ),
            };
            let ended = matches!(line, Owned::End(..));
            lines.push(line);
            if ended {
                return lines;
            }
        }
    }

    fn expected(bytes: &[u8], line_bytes_max: usize) -> Vec<Owned> {
        let mut lines = Vec::new();
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|b| *b == b'\n') {
            let text = rest[..at].strip_suffix(b"\r").unwrap_or(&rest[..at]);
            let taken = at as u64 + 1;
            lines.push(if text.len() > line_bytes_max {
                Owned::Oversized(text.len() as u64, xxh3_128(text), taken)
            } else {
                Owned::Whole(text.to_vec(), taken)
            });
            rest = &rest[at + 1..];
        }
        let oversized = rest.len() > line_bytes_max;
        lines.push(Owned::End(
            if oversized { Vec::new() } else { rest.to_vec() },
            oversized,
        ));
        lines
    }

    #[test]
    fn a_line_of_several_blocks_is_passed_with_its_length_and_digest() {
        let mut bytes = vec![b'x'; 3 * BLOCK_BYTES + 5];
        bytes.extend_from_slice(b"\r\r\nshort\n");
        assert_eq!(read_all(&bytes, usize::MAX, 100), expected(&bytes, 100));
    }

    #[test]
    fn the_digest_is_of_all_bytes_up_to_the_end_of_the_last_line() {
        let mut bytes = b"\nab\r\n".to_vec();
        bytes.extend_from_slice(&[b'x'; 300]);
        bytes.extend_from_slice(b"\r\ncd");
        let mut reader = LineReader::new(
            Pieces {
                bytes: &bytes,
                piece: 3,
            },
            100,
            ReadDigest::default(),
        );
        let mut taken = 0;
        while let InputLine::Whole {
            taken: more,
            read_digest,
            ..
        }
        | InputLine::Oversized {
            taken: more,
            read_digest,
            ..
        } = reader.next().expect("memory can be read")
        {
            taken += more as usize;
            assert_eq!(read_digest, xxhash_rust::xxh3::xxh3_64(&bytes[..taken]));
        }
        assert_eq!(taken, bytes.len() - 2);
        reader.take_open();
        assert_eq!(reader.digest().all(), xxhash_rust::xxh3::xxh3_64(&bytes));
    }

    proptest! {
        #[test]
        fn lines_do_not_depend_on_the_pieces_read(bytes in proptest::collection::vec(proptest::sample::select(b"ab\r\n".to_vec()), 0..200), piece in 1_usize..20, max in 1_usize..8) {
            prop_assert_eq!(read_all(&bytes, piece, max), expected(&bytes, max));
        }
    }
}
