//! A filter in memory that says of most identities that they are new, so that new ones need no look-up.
//!
//! Blocked Bloom filters, each twice as large as the one before, 16 bits an identity, one cache line a probe.
//! Invariant: an identity that was put in is never said to be new.

/// Bits of a block: one cache line.
const BLOCK_BITS: usize = 512;
/// Words of a block.
const BLOCK_WORDS: usize = BLOCK_BITS / 64;
/// Bits for each identity: about one in a thousand is wrongly held for known.
const BITS_PER_IDENTITY: usize = 16;
/// Bits set for each identity.
const PROBES: u32 = 8;
/// Room of the first filter.
const FIRST_ROOM: usize = 1 << 20;

#[derive(Debug)]
struct Layer {
    words: Vec<u64>,
    room: usize,
}

impl Layer {
    fn with_room(room: usize) -> Self {
        let blocks = (room * BITS_PER_IDENTITY).div_ceil(BLOCK_BITS);
        Self { words: vec![0; blocks * BLOCK_WORDS], room }
    }

    /// The block, and the bits in it, of a digest. A digest is random, so its own bits choose.
    fn place(&self, digest: u128) -> (usize, impl Iterator<Item = usize> + use<>) {
        let (high, low) = ((digest >> 64) as u64, digest as u64);
        let blocks = self.words.len() / BLOCK_WORDS;
        let block = ((u128::from(high) * blocks as u128) >> 64) as usize;
        (block * BLOCK_WORDS, (0..PROBES).map(move |probe| (low.rotate_right(probe * 9 % 64) & (BLOCK_BITS as u64 - 1)) as usize))
    }

    fn put(&mut self, digest: u128) {
        let (block, bits) = self.place(digest);
        for bit in bits {
            self.words[block + bit / 64] |= 1 << (bit % 64);
        }
        self.room = self.room.saturating_sub(1);
    }

    fn may_hold(&self, digest: u128) -> bool {
        let (block, mut bits) = self.place(digest);
        bits.all(|bit| self.words[block + bit / 64] & (1 << (bit % 64)) != 0)
    }
}

/// The filter.
#[derive(Debug)]
pub struct Filter {
    layers: Vec<Layer>,
}

impl Filter {
    /// An empty filter with room for `expected` identities before it grows.
    pub fn with_room(expected: usize) -> Self {
        Self { layers: vec![Layer::with_room(expected.max(FIRST_ROOM))] }
    }

    /// Remembers an identity.
    pub fn put(&mut self, digest: u128) {
        let last = self.layers.last().expect("a filter has at least one layer");
        if last.room == 0 {
            let room = last.words.len() * 64 / BITS_PER_IDENTITY * 2;
            self.layers.push(Layer::with_room(room));
        }
        self.layers.last_mut().expect("a filter has at least one layer").put(digest);
    }

    /// Whether the identity may be known; `false` is certain.
    pub fn may_hold(&self, digest: u128) -> bool {
        self.layers.iter().any(|layer| layer.may_hold(digest))
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
    fn what_was_put_in_is_never_new_and_most_others_are() {
        let mut filter = Filter::with_room(0);
        let known = FIRST_ROOM as u64 * 3;
        (0..known).for_each(|n| filter.put(digest(n)));
        assert!((0..known).all(|n| filter.may_hold(digest(n))));
        let wrong = (known..known + 100_000).filter(|n| filter.may_hold(digest(*n))).count();
        assert!(wrong < 1_000, "{wrong} of 100,000 wrongly held for known");
    }
}
