//! A running digest of the content of a file.
//!
//! Invariant: it depends on the bytes alone, never on the pieces in which they came.

use xxhash_rust::xxh3::Xxh3;

/// Length of the first block.
pub(super) const FIRST_BLOCK_BYTES: u64 = 64 << 10;

/// A running digest.
#[derive(Clone, Default)]
pub(super) struct ReadDigest {
    all: Xxh3,
    bytes: u64,
    first: Option<u64>,
}

impl ReadDigest {
    /// Adds bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        if self.first.is_none() {
            let missing = usize::try_from(FIRST_BLOCK_BYTES - self.bytes).unwrap_or(usize::MAX);
            if bytes.len() >= missing {
                self.all.update(&bytes[..missing]);
                self.first = Some(self.all.digest());
                rest = &bytes[missing..];
            }
        }
        self.all.update(rest);
        self.bytes += bytes.len() as u64;
    }

    /// Digest of all bytes so far.
    pub(super) fn all(&self) -> u64 {
        self.all.digest()
    }

    /// Digest of the first block, once that was read.
    pub(super) const fn first(&self) -> Option<u64> {
        self.first
    }

    /// Number of bytes so far.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_same_in_any_pieces_and_that_of_the_first_block_stays() {
        let text: Vec<u8> = (0..200_000_u32).map(|n| (n * 31 % 251) as u8).collect();
        let of = |piece: usize, bytes: usize| {
            let mut digest = ReadDigest::default();
            text[..bytes]
                .chunks(piece)
                .for_each(|piece| digest.update(piece));
            (digest.all(), digest.first(), digest.bytes())
        };
        assert!(
            [1, 7, 65_536, 65_537]
                .iter()
                .all(|piece| of(*piece, 200_000) == of(200_000, 200_000))
        );
        let (first_all, first, _) = of(100, 65_536);
        assert_eq!((first, of(100, 65_535).1), (Some(first_all), None));
        assert_eq!(of(100, 200_000).1, first);
    }
}
