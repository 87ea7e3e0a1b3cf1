//! Sums of the amounts of events, which may exceed 64 bits: a million bills of the largest amount
//! do.
//!
//! Invariant: a sum is exact, in any order, so that adding differences gives the same as a
//! full count.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of a [`Sum`]: together with its day and counter it takes 16 bytes.
const SUM_BYTES: usize = 11;
/// Largest sum, either way: some 10^13 bills of the largest amount. A sum saturates there.
const SUM_MAX: i128 = (1 << (8 * SUM_BYTES - 1)) - 1;

/// An integer of 88 bits; serialised with as many bytes as its value needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum([u8; SUM_BYTES]);

impl Sum {
    /// 0.
    pub(crate) const ZERO: Self = Self([0; SUM_BYTES]);

    #[must_use]
    pub fn from_exact(n: i128) -> Self {
        let mut bytes = [0; SUM_BYTES];
        bytes.copy_from_slice(&n.clamp(-SUM_MAX, SUM_MAX).to_le_bytes()[..SUM_BYTES]);
        Self(bytes)
    }

    #[must_use]
    pub(crate) fn get(self) -> i128 {
        let mut bytes = [if self.0[SUM_BYTES - 1] < 0x80 {
            0
        } else {
            0xff
        }; size_of::<i128>()];
        bytes[..SUM_BYTES].copy_from_slice(&self.0);
        i128::from_le_bytes(bytes)
    }

    pub(crate) fn add(&mut self, n: i128) {
        *self = Self::from_exact(self.get().saturating_add(n));
    }
}

impl Serialize for Sum {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i128(self.get())
    }
}

impl<'de> Deserialize<'de> for Sum {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        i128::deserialize(from).map(Self::from_exact)
    }
}

/// The number in 64 bits, saturated at the ends of their range.
#[must_use]
pub(crate) fn narrow(n: i128) -> i64 {
    i64::try_from(n).unwrap_or(if n < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sums_of_any_numbers_are_exact_in_any_order_and_come_back_as_they_were_kept(
            mut all in prop::collection::vec(prop_oneof![any::<i64>(), Just(i64::MAX), Just(i64::MIN)], 0..200),
            turn in 0..200_usize,
        ) {
            let exact: i128 = all.iter().map(|n| i128::from(*n)).sum();
            let at = turn.min(all.len());
            all.rotate_left(at);
            let mut sum = Sum::ZERO;
            all.iter().for_each(|n| sum.add((*n).into()));
            prop_assert_eq!(sum.get(), exact);
            let kept = postcard::to_stdvec(&sum).expect("bytes");
            prop_assert_eq!(postcard::from_bytes::<Sum>(&kept), Ok(sum));
            if let Ok(n) = i64::try_from(exact) {
                prop_assert_eq!(kept, postcard::to_stdvec(&n).expect("bytes"), "no byte more than one of 64 bits");
            }
        }

        #[test]
        fn what_64_bits_do_not_hold_becomes_the_end_of_their_range(n: i128) {
            prop_assert_eq!(i128::from(narrow(n)), n.clamp(i64::MIN.into(), i64::MAX.into()));
            prop_assert_eq!(Sum::from_exact(n).get(), n.clamp(-SUM_MAX, SUM_MAX));
        }
    }
}
