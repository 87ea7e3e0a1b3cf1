//! Which (source, id) has been committed, what it meant, and where it went.

use super::filter::Filter;
use super::{Tx, get};
use crate::domain::entity::EntityKey;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};

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
    /// What is known of an identity; `day` is where it is looked for first.
    ///
    /// # Errors
    /// When the database says no.
    pub fn identity(&self, digest: u128, day: LocalDay) -> Result<Option<Known>, StoreError> {
        let in_memory = self.with_memory(|memory| memory.filter.may_hold(digest).then(|| memory.identity(digest).cloned()))?;
        match in_memory {
            None => return Ok(None),
            Some(Some(known)) => return Ok(Some(known)),
            Some(None) => {}
        }
        if let Some(known) = self.identity_on(digest, day)? {
            return Ok(Some(known));
        }
        let days: Vec<LocalDay> = self.with_memory(|memory| memory.days.iter().copied().filter(|d| *d != day).collect())?;
        for other in days {
            if let Some(known) = self.identity_on(digest, other)? {
                return Ok(Some(known));
            }
        }
        Ok(None)
    }

    fn identity_on(&self, digest: u128, day: LocalDay) -> Result<Option<Known>, StoreError> {
        let key = digest.to_be_bytes();
        self.row("look an identity up", include_str!("sql/get_identity.sql"), (day.number(), &key[..]), |row| {
            let meaning: [u8; 8] = get(row, 0)?;
            Ok(Known { day, meaning: u64::from_be_bytes(meaning), went_to: unpack("an identity", &get::<Vec<u8>>(row, 1)?)? })
        })
    }

    /// Commits identities; none of them may be known.
    ///
    /// # Errors
    /// When the database says no.
    pub fn insert_identities(&self, identities: Vec<NewIdentity>) -> Result<(), StoreError> {
        self.with_memory(|memory| memory.staged.identities.extend(identities.into_iter().map(|one| (one.digest, one.known))))
    }

    pub(super) fn write_identity(&self, digest: u128, known: &Known) -> Result<(), StoreError> {
        let (digest, meaning) = (digest.to_be_bytes(), known.meaning.to_be_bytes());
        let params = (known.day.number(), &digest[..], &meaning[..], pack(&known.went_to));
        self.execute("commit an identity", include_str!("sql/insert_identity.sql"), params).map(drop)
    }

    /// Forgets the identities of days before `day`.
    ///
    /// # Errors
    /// When the database says no.
    pub fn forget_identities_before(&self, day: LocalDay) -> Result<usize, StoreError> {
        self.write_tables()?;
        let forgotten = self.execute("forget identities", include_str!("sql/delete_identities_before.sql"), [day.number()])?;
        self.with_memory(|memory| memory.days.retain(|known| *known >= day))?;
        Ok(forgotten)
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

    /// The filter of the identities in their table, and the days that have any.
    pub(super) fn read_filter(&self) -> Result<(Filter, Vec<LocalDay>), StoreError> {
        let doing = "read the identities";
        let count = self.row(doing, include_str!("sql/count_identities.sql"), [], |row| get::<i64>(row, 0))?.unwrap_or(0);
        let (mut filter, mut days) = (Filter::with_room(count as usize * 2), Vec::new());
        self.rows(doing, include_str!("sql/list_identity_digests.sql"), [], |row| {
            let day = LocalDay::from_number(get(row, 0)?);
            if days.last() != Some(&day) {
                days.push(day);
            }
            filter.put(u128::from_be_bytes(get(row, 1)?));
            Ok(())
        })?;
        Ok((filter, days))
    }
}
