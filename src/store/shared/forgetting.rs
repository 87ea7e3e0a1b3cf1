//! Forgetting timelines and folding day counters where many write: a few rows a transaction.

use super::{ColumnValues, SharedTx, digest_of, for_many};
use crate::domain::delta::CounterDifferences;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::postgres::Digest;
use crate::store::value::get;

/// Timelines by their digests, in order.
pub(in crate::store) type Page = Vec<(u128, Vec<u8>)>;

impl SharedTx<'_> {
    /// The timelines whose digests come next after one, some at a time; none at the end.
    pub(in crate::store) fn timelines_after(&self, digest: u128) -> Result<Page, StoreError> {
        let after = [Digest(digest)];
        self.rows_of(
            "read timelines",
            for_many!("list_timelines_after"),
            (&[ColumnValues::Digests(&after)], 1),
            |row| Ok((digest_of(row)?, get(row, 1)?)),
        )
    }

    /// Deletes timelines that this transaction has locked.
    pub(in crate::store) fn delete_timelines(&self, digests: Vec<u128>) -> Result<u64, StoreError> {
        let digests: Vec<Digest> = digests.into_iter().map(Digest).collect();
        if digests.is_empty() {
            return Ok(0);
        }
        self.change(
            "forget timelines",
            for_many!("delete_timelines"),
            (&[ColumnValues::Digests(&digests)], digests.len()),
        )
    }

    /// Replaces the counters of groups on the days before `first`.
    pub(in crate::store) fn replace_counters(
        &self,
        groups: &[&GroupId],
        first: LocalDay,
        counters: &CounterDifferences,
    ) -> Result<(), StoreError> {
        let (ids, days): (Vec<&str>, Vec<i64>) = groups
            .iter()
            .map(|group| (group.as_str(), i64::from(first.number())))
            .unzip();
        self.change(
            "fold day counters",
            for_many!("delete_counters"),
            (
                &[ColumnValues::Texts(&ids), ColumnValues::Numbers(&days)],
                ids.len(),
            ),
        )?;
        self.add_counters(counters.iter())
    }
}
