//! The timelines and identities of a batch: looked up, locked and saved by arrays, in the order of
//! their digests.

use std::sync::Arc;

use super::{ColumnValues, ForMany, SharedTx, digest_of, for_many};
use crate::domain::fast_map::{FastMap, FastSet};
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::pack;
use crate::store::frames::{Frame, take_frame};
use crate::store::postgres::Digest;
use crate::store::staged::Staged;
use crate::store::value::{Row, get};

type States = FastMap<u128, Vec<u8>>;
/// An identity with its value; none if it was retracted before it came.
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
        // The value begins with the day.
        let (day, _) =
            postcard::take_from_bytes::<LocalDay>(value).map_err(|e| StoreError::Damaged {
                what: "an identity",
                detail: e.to_string(),
            })?;
        self.digests.push(Digest(digest));
        self.days.push(day.number().into());
        self.values.push(value);
        Ok(())
    }

    /// Runs a statement on them that must change a row for each.
    fn save(
        &self,
        tx: &SharedTx<'_>,
        operation: &'static str,
        sql: ForMany,
    ) -> Result<(), StoreError> {
        let columns = [
            ColumnValues::Digests(&self.digests),
            ColumnValues::Numbers(&self.days),
            ColumnValues::Bytes(&self.values),
        ];
        tx.change_each(operation, sql, (&columns, self.digests.len()))
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

    fn save(
        &self,
        tx: &SharedTx<'_>,
        operation: &'static str,
        sql: ForMany,
    ) -> Result<(), StoreError> {
        let columns = [
            ColumnValues::Digests(&self.digests),
            ColumnValues::Bytes(&self.states),
        ];
        tx.change_each(operation, sql, (&columns, self.digests.len()))
    }
}

impl SharedTx<'_> {
    pub(in crate::store) fn timelines(&self, digests: Vec<u128>) -> Result<States, StoreError> {
        Ok(self
            .by_digest(
                "read timelines",
                for_many!("list_timelines"),
                digests,
                |row| get(row, 1),
            )?
            .into_iter()
            .collect())
    }

    /// The timelines of digests, locked: nobody else changes them until the transaction ends.
    pub(in crate::store) fn lock_timelines(
        &self,
        digests: Vec<u128>,
    ) -> Result<States, StoreError> {
        let states = self.by_digest(
            "lock timelines",
            for_many!("lock_timelines"),
            digests,
            |row| get(row, 1),
        )?;
        let states: States = states.into_iter().collect();
        self.locked().borrow_mut().extend(states.keys());
        Ok(states)
    }

    /// The values of identities, or none for one that was retracted before it came.
    pub(in crate::store) fn identities(
        &self,
        digests: Vec<u128>,
    ) -> Result<Vec<KnownAs>, StoreError> {
        self.by_digest(
            "look identities up",
            for_many!("list_identities"),
            digests,
            |row| get(row, 1),
        )
    }

    /// The rows of a statement that gives a digest and a value.
    fn by_digest<V>(
        &self,
        operation: &'static str,
        sql: ForMany,
        digests: Vec<u128>,
        value: impl Fn(&Row<'_>) -> Result<V, StoreError>,
    ) -> Result<Vec<(u128, V)>, StoreError> {
        if digests.is_empty() {
            return Ok(Vec::new());
        }
        let digests = as_digests(digests);
        self.rows_of(
            operation,
            sql,
            (&[ColumnValues::Digests(&digests)], digests.len()),
            |row| Ok((digest_of(row)?, value(row)?)),
        )
    }

    /// Forgets the identities of days before `day`; how many there were.
    pub(in crate::store) fn forget_identities_before(
        &self,
        day: LocalDay,
    ) -> Result<u64, StoreError> {
        self.execute(
            "forget identities",
            include_str!("../sql/delete_identities.sql"),
            &[day.number().into()],
        )
    }

    /// Saves a batch whose timelines this transaction has [locked](Self::lock_timelines).
    pub(in crate::store) fn save(&self, staged: &Staged) -> Result<(), StoreError> {
        self.save_identities(staged)?;
        self.save_timelines(staged)?;
        if !staged.delta.is_empty() {
            self.execute(
                "queue what a batch added",
                include_str!("../sql/insert_delta.sql"),
                &[pack(&staged.delta).into()],
            )?;
        }
        Ok(())
    }

    fn save_identities(&self, staged: &Staged) -> Result<(), StoreError> {
        let retracted: FastSet<u128> = staged.retracted.iter().copied().collect();
        let (mut new, mut old) = (Identities::default(), Identities::default());
        each_frame(&staged.identities, |frame| {
            if retracted.contains(&frame.digest) {
                &mut old
            } else {
                &mut new
            }
            .push(frame.digest, frame.value)
        })?;
        new.save(self, "save identities", for_many!("insert_identities"))?;
        old.save(
            self,
            "save retracted identities",
            for_many!("fill_identities"),
        )?;
        // A target that came with its retraction is known by itself.
        let came: FastSet<u128> = new.digests.iter().map(|digest| digest.0).collect();
        let targets = as_digests(
            staged
                .retractions
                .iter()
                .copied()
                .filter(|target| !came.contains(target))
                .collect(),
        );
        self.change_each(
            "save retractions",
            for_many!("insert_retractions"),
            (&[ColumnValues::Digests(&targets)], targets.len()),
        )
    }

    fn save_timelines(&self, staged: &Staged) -> Result<(), StoreError> {
        let locked = self.locked().borrow();
        let (mut old, mut new) = (Timelines::default(), Timelines::default());
        each_frame(&staged.timelines, |frame| {
            if locked.contains(&frame.digest) {
                &mut old
            } else {
                &mut new
            }
            .push(frame.digest, frame.value);
            Ok(())
        })?;
        old.save(self, "save timelines", for_many!("update_timelines"))?;
        // Another may make one of them meanwhile.
        new.save(self, "save new timelines", for_many!("insert_timelines"))
    }

    pub(in crate::store) fn insert_timelines(&self, entries: &Entries) -> Result<(), StoreError> {
        let mut timelines = Timelines::default();
        entries
            .frames
            .iter()
            .for_each(|(digest, state)| timelines.push(*digest, state));
        timelines.save(self, "copy timelines", for_many!("insert_timelines"))
    }

    pub(in crate::store) fn insert_identities(&self, entries: &Entries) -> Result<(), StoreError> {
        let mut identities = Identities::default();
        entries
            .frames
            .iter()
            .try_for_each(|(digest, value)| identities.push(*digest, value))?;
        identities.save(self, "copy identities", for_many!("insert_identities"))
    }

    /// Copies targets of retractions, as far as they have not come; how many those are.
    pub(in crate::store) fn insert_retractions(
        &self,
        targets: Vec<u128>,
    ) -> Result<u64, StoreError> {
        let targets = as_digests(targets);
        self.change(
            "copy retractions",
            for_many!("insert_retractions"),
            (&[ColumnValues::Digests(&targets)], targets.len()),
        )
    }
}

fn as_digests(mut digests: Vec<u128>) -> Vec<Digest> {
    digests.sort_unstable();
    digests.dedup();
    digests.into_iter().map(Digest).collect()
}

/// Goes through the entries of a batch.
fn each_frame<'a>(
    chunks: &'a [Arc<Vec<u8>>],
    mut take: impl FnMut(Frame<'a>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for chunk in chunks {
        let mut rest = &chunk[..];
        while let Some(frame) = take_frame(&mut rest)? {
            take(frame)?;
        }
    }
    Ok(())
}
