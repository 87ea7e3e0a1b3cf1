//! A filter in memory that excludes most keys that a run does not have, so that they need no
//! look-up.
//!
//! A blocked Bloom filter: 16 bits a key, one cache line a question. Invariant: a key that was put
//! in is never denied.

/// Bits of a block: one cache line.
const BLOCK_BITS: usize = 512;
/// Words of a block.
const BLOCK_WORDS: usize = BLOCK_BITS / 64;
/// Bits for each key: about one in a thousand is wrongly taken to be known.
const BITS_PER_KEY: usize = 16;
/// Bits set for each key.
const PROBES: u32 = 8;

/// The filter of one run.
#[derive(Debug)]
pub(super) struct Filter {
    words: Vec<u64>,
}

impl Filter {
    /// An empty filter for so many keys.
    pub(super) fn with_room(keys: usize) -> Self {
        let blocks = (keys.max(1) * BITS_PER_KEY).div_ceil(BLOCK_BITS);
        Self {
            words: vec![0; blocks * BLOCK_WORDS],
        }
    }

    /// The filter that has these [words](Filter::words); none if no filter has so many.
    pub(super) fn from_words(words: Vec<u64>) -> Option<Self> {
        let whole = !words.is_empty() && words.len().is_multiple_of(BLOCK_WORDS);
        whole.then_some(Self { words })
    }

    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    /// Remembers the key of a digest.
    pub(super) fn insert_digest(&mut self, digest: u128) {
        let (block, bits) = self.place(digest);
        for bit in bits {
            self.words[block + bit / 64] |= 1 << (bit % 64);
        }
    }

    /// Whether the key of a digest may be known; `false` is certain.
    pub(super) fn may_hold(&self, digest: u128) -> bool {
        let (block, mut bits) = self.place(digest);
        bits.all(|bit| self.words[block + bit / 64] & (1 << (bit % 64)) != 0)
    }

    /// The block, and the bits in it, of a digest. A digest is random, so its own bits choose.
    fn place(&self, digest: u128) -> (usize, impl Iterator<Item = usize> + use<>) {
        let (high, low) = ((digest >> 64) as u64, digest as u64);
        let blocks = self.words.len() / BLOCK_WORDS;
        let block = ((u128::from(high) * blocks as u128) >> 64) as usize;
        (
            block * BLOCK_WORDS,
            (0..PROBES).map(move |probe| {
                (low.rotate_right(probe * 9 % 64) & (BLOCK_BITS as u64 - 1)) as usize
            }),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use xxhash_rust::xxh3::xxh3_128;

    fn digest(n: u64) -> u128 {
        xxh3_128(&n.to_le_bytes())
    }

    #[test]
    fn what_was_put_in_is_never_denied_and_most_others_are_also_after_a_restart() {
        const KNOWN: u64 = 200_000;
        let mut filter = Filter::with_room(KNOWN as usize);
        (0..KNOWN).for_each(|n| filter.insert_digest(digest(n)));
        let filter = Filter::from_words(filter.words().to_vec()).expect("its own words");
        assert!((0..KNOWN).all(|n| filter.may_hold(digest(n))));
        let wrong = (KNOWN..KNOWN + 100_000)
            .filter(|n| filter.may_hold(digest(*n)))
            .count();
        assert!(wrong < 500, "{wrong} of 100,000 wrongly held for known");
    }

    #[test]
    fn other_words_are_no_filter() {
        assert!(Filter::from_words(vec![]).is_none());
        assert!(Filter::from_words(vec![0; 7]).is_none());
    }
}
