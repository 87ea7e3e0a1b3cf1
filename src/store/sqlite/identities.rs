//! Which (source, id) has been committed, what it meant, and where it went.

use super::cores::on_every_core;
use super::runs::FileKind;
use super::{Tx, get};
use crate::domain::fast_map::FastMap;
use crate::domain::identity::Identity;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::unpack;

impl Tx<'_> {
    /// Those of these identities that are known, in a map with room for all; looked up on every core.
    ///
    /// # Errors
    /// When the database says no.
    pub fn identities(&self, mut digests: Vec<u128>) -> Result<FastMap<u128, Identity>, StoreError> {
        digests.sort_unstable();
        let mut all = FastMap::with_capacity_and_hasher(digests.len(), Default::default());
        self.with_memory(|memory| {
            let known = on_every_core(digests, |digests| -> Result<Vec<(u128, Identity)>, StoreError> {
                let mut seek = memory.identities.seek();
                let mut known = |digest| seek.find(digest)?.map(|known| Ok((digest, read_known(known)?))).transpose();
                digests.into_iter().filter_map(|digest| known(digest).transpose()).collect()
            });
            known.into_iter().try_for_each(|part| part.map(|part| all.extend(part)))?;
            Ok(all)
        })
    }

    /// Forgets the identities of days before `day`; how many there were.
    ///
    /// # Errors
    /// When the database says no.
    pub fn forget_identities_before(&self, day: LocalDay) -> Result<u64, StoreError> {
        self.write_runs()?;
        self.with_memory(|memory| {
            let (gone, old) = memory.identities.retain(self, |value| Ok(read_known(value)?.day >= day))?;
            memory.unnamed.note(FileKind::Run, old);
            Ok(gone)
        })
    }

    /// Targets of retractions that have come.
    ///
    /// # Errors
    /// When the database says no.
    pub fn retractions(&self) -> Result<Vec<u128>, StoreError> {
        self.rows("list retractions", include_str!("sql/list_retractions.sql"), [], |row| get::<[u8; 16]>(row, 0).map(u128::from_be_bytes))
    }

    /// Remembers the target of a retraction.
    ///
    /// # Errors
    /// When the database says no.
    pub fn insert_retraction(&self, target: u128) -> Result<(), StoreError> {
        self.execute("commit a retraction", include_str!("sql/insert_retraction.sql"), [&target.to_be_bytes()[..]]).map(drop)
    }
}

fn read_known(value: &[u8]) -> Result<Identity, StoreError> {
    unpack("an identity", value)
}
