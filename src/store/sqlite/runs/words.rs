//! Numbers of 64 bits at the end of a file, and their digest.

use std::fs::File;
use std::io::{Error, Write};
use std::os::unix::fs::FileExt;

use xxhash_rust::xxh3::Xxh3;

/// Bytes of a number.
const WORD_BYTES: usize = 8;
/// Numbers that are read or written at once.
const WORDS_AT_ONCE: usize = 1 << 15;

/// Writes numbers at the file's position; returns their digest.
pub(super) fn write_words(file: &mut File, words: impl Iterator<Item = u64>) -> Result<u64, Error> {
    let mut words = words.peekable();
    let (mut check, mut bytes) = (Xxh3::new(), Vec::with_capacity(WORDS_AT_ONCE * WORD_BYTES));
    while words.peek().is_some() {
        bytes.clear();
        words
            .by_ref()
            .take(WORDS_AT_ONCE)
            .for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
        check.update(&bytes);
        file.write_all(&bytes)?;
    }
    Ok(check.digest())
}

/// Reads numbers from some byte of a file on.
pub(super) struct NumberReader<'a> {
    file: &'a File,
    at: u64,
    check: Xxh3,
}

impl<'a> NumberReader<'a> {
    pub(super) fn new(file: &'a File, at: u64) -> Self {
        Self {
            file,
            at,
            check: Xxh3::new(),
        }
    }

    /// The next so many numbers.
    pub(super) fn take(&mut self, count: usize) -> Result<Vec<u64>, Error> {
        let (mut words, mut bytes) = (Vec::with_capacity(count), Vec::new());
        while words.len() < count {
            bytes.resize((count - words.len()).min(WORDS_AT_ONCE) * WORD_BYTES, 0);
            self.file.read_exact_at(&mut bytes, self.at)?;
            self.at += bytes.len() as u64;
            self.check.update(&bytes);
            words.extend(
                bytes
                    .as_chunks::<WORD_BYTES>()
                    .0
                    .iter()
                    .map(|word| u64::from_le_bytes(*word)),
            );
        }
        Ok(words)
    }

    /// The digest of all numbers that were taken.
    pub(super) fn digest(&self) -> u64 {
        self.check.digest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_with_the_same_digest_however_many_are_taken_at_once() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"before").expect("room");
        let all: Vec<u64> = (0..100_000_u64)
            .map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .collect();
        let digest = write_words(&mut file, all.iter().copied()).expect("room");
        for first in [0, 1, 50_000, 100_000] {
            let mut words = NumberReader::new(&file, 6);
            let taken = [
                words.take(first).expect("words"),
                words.take(100_000 - first).expect("words"),
            ]
            .concat();
            assert!(taken == all && words.digest() == digest);
        }
        assert!(NumberReader::new(&file, 7).take(100_000).is_err());
    }
}
