//! A small seeded generator of numbers (splitmix64), so that a seed gives the same city on every
//! machine and in every version of every crate.
//!
//! Not for secrets. Invariant: what it gives depends on the seed and the calls before, on nothing
//! else.

/// A stream of numbers.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// The stream of a seed and a label; streams of different labels have nothing to do with each
    /// other.
    pub fn new(seed: u64, label: u64) -> Self {
        let mut rng = Self(seed ^ label.wrapping_mul(0xd6e8_feb8_6659_fd93));
        rng.bits();
        rng
    }

    /// 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 up to and without `n`; 0 for `n` = 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// `low` up to and including `high`.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low).max(0) as usize + 1) as i32
    }

    /// 0 up to and without 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// About normal with mean 0 and deviation 1, within ±6.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// A count with this mean, for means up to some tens.
    pub(crate) fn poisson(&mut self, mean: f64) -> u32 {
        let (line, mut product, mut count) = ((-mean).exp(), self.unit(), 0);
        while product > line {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// Puts a list into a random order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_from_the_seed_and_have_the_stated_mean() {
        let (mut a, mut b) = (Rng::new(7, 1), Rng::new(7, 1));
        assert!((0..100).all(|_| a.bits() == b.bits()));
        assert_ne!(Rng::new(7, 1).bits(), Rng::new(7, 2).bits());
        let mut rng = Rng::new(1, 0);
        let mean = (0..20_000)
            .map(|_| f64::from(rng.poisson(2.5)))
            .sum::<f64>()
            / 20_000.0;
        assert!((mean - 2.5).abs() < 0.05, "{mean}");
        assert!(
            (0..10_000)
                .map(|_| rng.between(3, 6))
                .all(|n| (3..=6).contains(&n))
        );
    }
}
