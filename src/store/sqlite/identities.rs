//! Which (source, id) has been committed, what it meant, and where it went.

use super::filter::Filter;
use super::{Tx, get};
use crate::domain::entity::EntityKey;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};

/// A committed identity.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        if !self.with_filter(|filter, _| filter.may_hold(digest))? {
            return Ok(None);
        }
        if let Some(known) = self.identity_on(digest, day)? {
            return Ok(Some(known));
        }
        let days: Vec<LocalDay> = self.with_filter(|_, days| days.iter().copied().filter(|d| *d != day).collect())?;
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
    pub fn insert_identities(&self, identities: &mut [NewIdentity]) -> Result<(), StoreError> {
        identities.sort_unstable_by_key(|identity| (identity.known.day, identity.digest));
        for NewIdentity { digest, known } in &*identities {
            let (key, meaning) = (digest.to_be_bytes(), known.meaning.to_be_bytes());
            let params = (known.day.number(), &key[..], &meaning[..], pack(&known.went_to));
            self.execute("commit an identity", include_str!("sql/insert_identity.sql"), params)?;
        }
        self.with_filter(|filter, days| {
            for identity in &*identities {
                filter.put(identity.digest);
                if let Err(at) = days.binary_search(&identity.known.day) {
                    days.insert(at, identity.known.day);
                }
            }
        })
    }

    /// Forgets the identities of days before `day`.
    ///
    /// # Errors
    /// When the database says no.
    pub fn forget_identities_before(&self, day: LocalDay) -> Result<usize, StoreError> {
        let forgotten = self.execute("forget identities", include_str!("sql/delete_identities_before.sql"), [day.number()])?;
        self.with_filter(|_, days| days.retain(|known| *known >= day))?;
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

    /// Runs `use_it` on the filter and the days that have identities; reads both from the store the first time.
    fn with_filter<R>(&self, use_it: impl FnOnce(&mut Filter, &mut Vec<LocalDay>) -> R) -> Result<R, StoreError> {
        let mut guard = self.filter.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let filter = match &mut *guard {
            Some(filter) => filter,
            empty => empty.insert(self.read_filter()?),
        };
        let (filter, days) = filter.parts();
        Ok(use_it(filter, days))
    }

    fn read_filter(&self) -> Result<IdentityFilter, StoreError> {
        let doing = "read the identities";
        let count = self.row(doing, include_str!("sql/count_identities.sql"), [], |row| get::<i64>(row, 0))?.unwrap_or(0);
        let mut read = IdentityFilter { filter: Filter::with_room(count as usize * 2), days: Vec::new() };
        self.rows(doing, include_str!("sql/list_identity_digests.sql"), [], |row| {
            let day = LocalDay::from_number(get(row, 0)?);
            if read.days.last() != Some(&day) {
                read.days.push(day);
            }
            read.filter.put(u128::from_be_bytes(get(row, 1)?));
            Ok(())
        })?;
        Ok(read)
    }
}

/// The filter with the days that have identities, in order.
#[derive(Debug)]
pub struct IdentityFilter {
    filter: Filter,
    days: Vec<LocalDay>,
}

impl IdentityFilter {
    fn parts(&mut self) -> (&mut Filter, &mut Vec<LocalDay>) {
        (&mut self.filter, &mut self.days)
    }
}
