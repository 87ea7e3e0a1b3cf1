//! Which (source, id) has been committed, with which meaning and at which position; and which was
//! retracted before it came.

use super::codec::unpack;
use super::parallel::parallel_map;
use super::{IsOver, StoreError, Tx, go_on};
use crate::domain::fast_map::{FastMap, FastSet};
use crate::domain::identity::{Identity, KnownIdentities};
use crate::domain::local_day::LocalDay;

/// Identities that are read between two checks of `is_over`.
const READ_BETWEEN_LOOKS: u32 = 10_000;

impl Tx<'_> {
    /// The known ones of these identities; looked up on every core.
    pub fn known(&self, mut digests: Vec<u128>) -> Result<KnownIdentities, StoreError> {
        digests.sort_unstable();
        let mut known = KnownIdentities {
            identities: FastMap::with_capacity_and_hasher(digests.len(), Default::default()),
            retracted: FastSet::default(),
        };
        match self {
            Self::Sqlite(tx) => tx.with_memory(|memory| {
                let retracted = digests
                    .iter()
                    .filter(|digest| memory.retractions.contains(digest));
                known.retracted.extend(retracted);
                let found = parallel_map(
                    digests,
                    |digests| -> Result<Vec<(u128, Identity)>, StoreError> {
                        let mut seek = memory.identities.seek();
                        let mut find = |digest| {
                            seek.find(digest)?
                                .map(|known| Ok((digest, decode_identity(known)?)))
                                .transpose()
                        };
                        digests
                            .into_iter()
                            .filter_map(|digest| find(digest).transpose())
                            .collect()
                    },
                );
                found
                    .into_iter()
                    .try_for_each(|part| part.map(|part| known.identities.extend(part)))
            })?,
            Self::Shared(tx) => {
                for (digest, value) in tx.identities(digests)? {
                    match value {
                        Some(value) => {
                            drop(known.identities.insert(digest, decode_identity(&value)?))
                        }
                        None => drop(known.retracted.insert(digest)),
                    }
                }
            }
        }
        Ok(known)
    }

    /// Forgets the identities of days before `day`; how many there were.
    ///
    /// # Errors
    /// When the database fails, and once `is_over`: where the server forgets them, before it
    /// begins.
    pub fn forget_identities_before(
        &self,
        day: LocalDay,
        is_over: IsOver<'_>,
    ) -> Result<u64, StoreError> {
        let mut read_so_far = 0_u32;
        let mut keeps = |value: &[u8]| {
            read_so_far = read_so_far.wrapping_add(1);
            if read_so_far.is_multiple_of(READ_BETWEEN_LOOKS) {
                go_on(is_over)?;
            }
            Ok(decode_identity(value)?.day >= day)
        };
        go_on(is_over)?;
        match self {
            Self::Sqlite(tx) => tx.forget_identities(&mut keeps),
            Self::Shared(tx) => tx.forget_identities_before(day),
        }
    }
}

fn decode_identity(known: &[u8]) -> Result<Identity, StoreError> {
    unpack("an identity", known)
}
