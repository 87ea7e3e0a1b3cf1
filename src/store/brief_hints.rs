//! Brief hints of the batches: one row each, numbered in the order in which they were ingested.
//!
//! The transaction that saves a batch's delta inserts them, one at a time. Invariant: numbers rise
//! and are never given twice, so that a brief can record the last hint that it covers.

use super::codec::{pack_sealed, unpack_sealed};
use super::value::{Row, get, params};
use super::{StoreError, Tx};
use crate::domain::brief_hint::{BatchHints, BriefHint, GroupHint};
use crate::domain::fast_map::FastMap;
use crate::domain::ids::GroupId;
use crate::domain::local_day::Timestamp;

impl Tx<'_> {
    /// Saves the hints of batches, in order.
    pub(super) fn insert_brief_hint<'n>(
        &self,
        all: impl Iterator<Item = &'n BatchHints>,
    ) -> Result<(), StoreError> {
        let params = all.map(
            |BatchHints {
                 at,
                 hints,
                 complaints,
                 more,
                 groups,
             }| {
                let complaints = (!complaints.is_empty()).then(|| pack_sealed(complaints));
                params![at.micros(), pack_sealed(&(hints, more, groups)), complaints].to_vec()
            },
        );
        self.execute_all(
            "save brief hints",
            include_str!("sql/insert_brief_hint.sql"),
            params,
        )
    }

    /// The number of the last hint that was ingested before `at`; 0 if there is none.
    pub(crate) fn last_brief_hint_before(&self, at: Timestamp) -> Result<i64, StoreError> {
        Ok(self
            .row(
                "find the last brief hint",
                include_str!("sql/last_brief_hint.sql"),
                params![at.micros()],
                |row| get(row, 0),
            )?
            .unwrap_or(0))
    }

    /// The hints with a number above `after` up to `last`, by group customer; and every complaint
    /// that was hinted at before.
    ///
    /// # Errors
    /// When the database fails, or one cannot be read back.
    pub fn brief_hints(
        &self,
        after: i64,
        last: i64,
    ) -> Result<FastMap<GroupId, GroupHint>, StoreError> {
        let mut all = FastMap::default();
        self.rows(
            "read complaints",
            include_str!("sql/list_complaint_hints.sql"),
            params![after],
            |row| {
                complaints(row, 0)?
                    .into_iter()
                    .for_each(|complaint| GroupHint::add_batch_earlier(&mut all, complaint));
                Ok(())
            },
        )?;
        self.rows(
            "read brief hints",
            include_str!("sql/list_brief_hints.sql"),
            params![after, last],
            |row| {
                let of_row = |error: StoreError| {
                    error.of_row(&get::<i64>(row, 2).unwrap_or_default().to_string())
                };
                let read = get::<Vec<u8>>(row, 0)
                    .and_then(|body| unpack_sealed("brief_hint", &body))
                    .map_err(of_row);
                let ((hints, more, groups), complaints) =
                    (read?, complaints(row, 1).map_err(of_row)?);
                GroupHint::add_batch(
                    &mut all,
                    BatchHints {
                        at: Timestamp::MIN,
                        hints,
                        complaints,
                        more,
                        groups,
                    },
                );
                Ok(())
            },
        )?;
        Ok(all)
    }

    /// Forgets hints that were ingested before `at`, but not the last, whose number must not be
    /// given again; how many rows.
    pub fn forget_brief_hints_before(&self, at: Timestamp) -> Result<u64, StoreError> {
        self.execute(
            "forget brief hints",
            include_str!("sql/delete_brief_hints.sql"),
            params![at.micros()],
        )
    }
}

fn complaints(row: &Row<'_>, at: usize) -> Result<Vec<BriefHint>, StoreError> {
    get::<Option<Vec<u8>>>(row, at)?.map_or_else(
        || Ok(Vec::new()),
        |bytes| unpack_sealed("brief_hint", &bytes),
    )
}
