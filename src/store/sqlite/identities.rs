//! Which (source, id) has been committed, what it meant, and where it went.

use super::runs::put_frame;
use super::{Tx, get};
use crate::domain::entity::EntityKey;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::unpack;

/// A committed identity.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Known {
    /// Local day of the committed event.
    pub day: LocalDay,
    /// Digest of its meaning.
    pub meaning: u64,
    /// Where it went.
    pub went_to: EntityKey,
}

/// An identity to commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIdentity {
    /// Digest of (source, id).
    pub digest: u128,
    /// The rest.
    pub known: Known,
}

impl Tx<'_> {
    /// What is known of an identity.
    ///
    /// # Errors
    /// When the database says no.
    pub fn identity(&self, digest: u128) -> Result<Option<Known>, StoreError> {
        self.with_memory(|memory| memory.identities.get(digest, read_known))
    }

    /// Commits identities; none of them may be known.
    ///
    /// # Errors
    /// When the database says no.
    pub fn insert_identities(&self, identities: Vec<NewIdentity>) -> Result<(), StoreError> {
        self.with_memory(|memory| {
            identities.iter().for_each(|one| put_frame(&mut memory.staged.identities, one.digest, &one.known));
            Ok(())
        })
    }

    /// Forgets the identities of days before `day`; how many there were.
    ///
    /// # Errors
    /// When the database says no.
    pub fn forget_identities_before(&self, day: LocalDay) -> Result<u64, StoreError> {
        self.write_runs()?;
        self.with_memory(|memory| memory.identities.retain(self, |value| Ok(read_known(value)?.day >= day)))
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

fn read_known(value: &[u8]) -> Result<Known, StoreError> {
    unpack("an identity", value)
}
