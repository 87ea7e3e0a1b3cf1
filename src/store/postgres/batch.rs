//! The timelines and identities of a batch: looked up, locked and saved by arrays, in the order of their digests.

use std::sync::Arc;

use tokio_postgres::types::FromSql;

use super::Tx;
use super::connection::Params;
use super::digest::Digest;
use crate::domain::fast_map::{FastMap, FastSet};
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::pack;
use crate::store::error::Doing;
use crate::store::frames::{Frame, take_frame};
use crate::store::staged::Staged;

/// States by digest.
type States = FastMap<u128, Vec<u8>>;
/// What is known of an identity: none if it was retracted before it came.
type KnownAs = (u128, Option<Vec<u8>>);

/// Entries that are copied.
#[derive(Default)]
pub(in crate::store) struct Entries {
    frames: Vec<(u128, Vec<u8>)>,
}

impl Entries {
    pub(in crate::store) fn push(&mut self, frame: Frame<'_>) {
        self.frames.push((frame.digest, frame.value.to_vec()));
    }

    pub(in crate::store) const fn len(&self) -> usize {
        self.frames.len()
    }
}

/// Columns of identities to save.
#[derive(Default)]
struct Identities<'a> {
    digests: Vec<Digest>,
    days: Vec<i64>,
    values: Vec<&'a [u8]>,
}

impl<'a> Identities<'a> {
    fn push(&mut self, digest: u128, value: &'a [u8]) -> Result<(), StoreError> {
        // The day stands first.
        let (day, _) =
            postcard::take_from_bytes::<LocalDay>(value).map_err(|e| StoreError::Damaged { what: "an identity", detail: e.to_string() })?;
        self.digests.push(Digest(digest));
        self.days.push(day.number().into());
        self.values.push(value);
        Ok(())
    }

    /// Runs a statement on them that must change a row for each.
    fn save(&self, tx: &Tx<'_>, doing: &'static str, sql: &'static str) -> Result<(), StoreError> {
        tx.change_each(doing, sql, self.digests.len(), &[&self.digests, &self.days, &self.values])
    }
}

/// Columns of timelines to save.
#[derive(Default)]
struct Timelines<'a> {
    digests: Vec<Digest>,
    states: Vec<&'a [u8]>,
}

impl<'a> Timelines<'a> {
    fn push(&mut self, digest: u128, state: &'a [u8]) {
        self.digests.push(Digest(digest));
        self.states.push(state);
    }

    fn save(&self, tx: &Tx<'_>, doing: &'static str, sql: &'static str) -> Result<(), StoreError> {
        tx.change_each(doing, sql, self.digests.len(), &[&self.digests, &self.states])
    }
}

impl Tx<'_> {
    /// The timelines of digests.
    pub(in crate::store) fn timelines(&self, digests: Vec<u128>) -> Result<States, StoreError> {
        self.by_digest("read timelines", include_str!("sql/list_timelines.sql"), digests)
    }

    /// The timelines of digests; nobody else changes them until the transaction ends.
    pub(in crate::store) fn lock_timelines(&self, digests: Vec<u128>) -> Result<States, StoreError> {
        let states: States = self.by_digest("lock timelines", include_str!("sql/lock_timelines.sql"), digests)?;
        self.locked.borrow_mut().extend(states.keys());
        Ok(states)
    }

    /// What is known of identities: a value, or none if one was retracted before it came.
    pub(in crate::store) fn identities(&self, digests: Vec<u128>) -> Result<Vec<KnownAs>, StoreError> {
        self.by_digest("look identities up", include_str!("sql/list_identities.sql"), digests)
    }

    /// The rows of a statement that gives a digest and a value.
    fn by_digest<V, C>(&self, doing: &'static str, sql: &'static str, digests: Vec<u128>) -> Result<C, StoreError>
    where
        V: for<'r> FromSql<'r>,
        C: Default + FromIterator<(u128, V)>,
    {
        if digests.is_empty() {
            return Ok(C::default());
        }
        let rows = self.connection.query(doing, sql, &[&as_digests(digests)])?;
        rows.iter().map(|row| Ok((row.try_get::<_, Digest>(0).doing(doing)?.0, row.try_get(1).doing(doing)?))).collect()
    }

    /// Forgets the identities of days before `day`; how many there were.
    pub(in crate::store) fn forget_identities_before(&self, day: LocalDay) -> Result<u64, StoreError> {
        self.execute("forget identities", include_str!("sql/delete_identities.sql"), &[day.number().into()])
    }

    /// Saves a batch whose timelines this transaction has [locked](Tx::lock_timelines).
    pub(in crate::store) fn save(&self, staged: &Staged) -> Result<(), StoreError> {
        self.save_identities(staged)?;
        self.save_timelines(staged)?;
        if !staged.delta.is_empty() {
            self.execute("queue what a batch added", include_str!("sql/insert_delta.sql"), &[pack(&staged.delta).into()])?;
        }
        Ok(())
    }

    fn save_identities(&self, staged: &Staged) -> Result<(), StoreError> {
        let retracted: FastSet<u128> = staged.retracted.iter().copied().collect();
        let (mut new, mut old) = (Identities::default(), Identities::default());
        each_frame(&staged.identities, |frame| {
            if retracted.contains(&frame.digest) { &mut old } else { &mut new }.push(frame.digest, frame.value)
        })?;
        new.save(self, "save identities", include_str!("sql/insert_identities.sql"))?;
        old.save(self, "save retracted identities", include_str!("sql/fill_identities.sql"))?;
        // A target that came with its retraction is known by itself.
        let came: FastSet<u128> = new.digests.iter().map(|digest| digest.0).collect();
        let targets = as_digests(staged.retractions.iter().copied().filter(|target| !came.contains(target)).collect());
        self.change_each("save retractions", include_str!("sql/insert_retractions.sql"), targets.len(), &[&targets])
    }

    fn save_timelines(&self, staged: &Staged) -> Result<(), StoreError> {
        let locked = self.locked.borrow();
        let (mut old, mut new) = (Timelines::default(), Timelines::default());
        each_frame(&staged.timelines, |frame| {
            if locked.contains(&frame.digest) { &mut old } else { &mut new }.push(frame.digest, frame.value);
            Ok(())
        })?;
        old.save(self, "save timelines", include_str!("sql/update_timelines.sql"))?;
        // Another may make one of them meanwhile.
        new.save(self, "save new timelines", include_str!("sql/insert_timelines.sql"))
    }

    /// Copies timelines.
    pub(in crate::store) fn insert_timelines(&self, entries: &Entries) -> Result<(), StoreError> {
        let mut timelines = Timelines::default();
        entries.frames.iter().for_each(|(digest, state)| timelines.push(*digest, state));
        timelines.save(self, "copy timelines", include_str!("sql/insert_timelines.sql"))
    }

    /// Copies identities.
    pub(in crate::store) fn insert_identities(&self, entries: &Entries) -> Result<(), StoreError> {
        let mut identities = Identities::default();
        entries.frames.iter().try_for_each(|(digest, value)| identities.push(*digest, value))?;
        identities.save(self, "copy identities", include_str!("sql/insert_identities.sql"))
    }

    /// Copies targets of retractions, as far as they have not come; how many those are.
    pub(in crate::store) fn insert_retractions(&self, targets: Vec<u128>) -> Result<u64, StoreError> {
        let targets = as_digests(targets);
        self.connection.execute("copy retractions", include_str!("sql/insert_retractions.sql"), &[&targets])
    }

    /// Runs a statement that must change so many rows: else another worker was faster.
    fn change_each(&self, doing: &'static str, sql: &'static str, count: usize, params: Params<'_>) -> Result<(), StoreError> {
        if count == 0 {
            return Ok(());
        }
        let changed = self.connection.execute(doing, sql, params)?;
        if changed == count as u64 { Ok(()) } else { Err(StoreError::Raced { doing }) }
    }
}

fn as_digests(mut digests: Vec<u128>) -> Vec<Digest> {
    digests.sort_unstable();
    digests.dedup();
    digests.into_iter().map(Digest).collect()
}

/// Goes through the entries of a batch.
fn each_frame<'a>(stretches: &'a [Arc<Vec<u8>>], mut take: impl FnMut(Frame<'a>) -> Result<(), StoreError>) -> Result<(), StoreError> {
    for stretch in stretches {
        let mut rest = &stretch[..];
        while let Some(frame) = take_frame(&mut rest)? {
            take(frame)?;
        }
    }
    Ok(())
}
