//! Forgetting timelines that are over, and folding day counters of days that are no longer kept as
//! such.
//!
//! A run of sorted entries is rewritten as a whole, beside other transactions; rows of a server are
//! changed a few at a time, by the leader. Invariant: the figures of the days that are kept stay
//! the same.

use super::codec::unpack;
use super::lease::Lease;
use super::shared::SharedTx;
use super::{Store, StoreError, Tx};
use crate::domain::counters::{DaySeries, SeriesByGroup};
use crate::domain::entity::Entity;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;

/// Groups whose counters are folded in one transaction.
const GROUPS_AT_ONCE_MAX: usize = 200;

impl Store {
    /// Drops the timelines that are over; how many there were. `go_on` is asked between two
    /// transactions.
    ///
    /// # Errors
    /// When the database fails, or a timeline cannot be read back; those of `go_on`.
    pub fn forget_timelines<E: From<StoreError>>(
        &self,
        lease: Lease,
        is_over: impl Fn(&Entity) -> bool,
        mut go_on: impl FnMut() -> Result<(), E>,
    ) -> Result<u64, E> {
        if let Self::Sqlite(store) = self {
            return Ok(store.forget_timelines(is_over)?);
        }
        let is_over = |state: &[u8]| -> Result<bool, StoreError> {
            Ok(is_over(&unpack("a timeline", state)?))
        };
        let (mut last, mut gone) = (0, 0);
        loop {
            go_on()?;
            let page = self.read_tx("read timelines", |tx| {
                shared(tx).map_or(Ok(Vec::new()), |tx| tx.timelines_after(last))
            })?;
            let Some((digest, _)) = page.last() else {
                return Ok(gone);
            };
            last = *digest;
            let mut over = Vec::new();
            for (digest, state) in &page {
                over.extend(is_over(state)?.then_some(*digest));
            }
            if !over.is_empty() {
                gone += self.write_as_leader(lease, "forget timelines", |tx| {
                    let Some(tx) = shared(tx) else { return Ok(0) };
                    // What came since may be needed.
                    let mut still = Vec::new();
                    for (digest, state) in tx.lock_timelines(over)? {
                        still.extend(is_over(&state)?.then_some(digest));
                    }
                    tx.delete_timelines(still)
                })?;
            }
        }
    }

    /// Folds the counters of the days before `first`, whose present values are in `series`. `go_on`
    /// is asked between two transactions.
    ///
    /// # Errors
    /// When the database fails; those of `go_on`.
    pub fn fold_counters<E: From<StoreError>>(
        &self,
        lease: Lease,
        series: &SeriesByGroup,
        first: LocalDay,
        mut go_on: impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        let folds: Vec<(&GroupId, &DaySeries)> = series
            .iter()
            .filter(|(_, series)| series.folds_before(first))
            .collect();
        if folds.is_empty() {
            return Ok(());
        }
        if let Self::Sqlite(store) = self {
            return Ok(store.fold_counters(first)?);
        }
        for some in folds.chunks(GROUPS_AT_ONCE_MAX) {
            go_on()?;
            let groups: Vec<&GroupId> = some.iter().map(|(group, _)| *group).collect();
            let folded = |(group, series): &(&GroupId, &DaySeries)| {
                let mut series = (*series).clone();
                series.fold_before(first);
                let before = series
                    .days()
                    .take_while(|(day, _)| *day < first)
                    .map(|(day, counts)| ((*group).clone(), day, counts));
                before.collect::<Vec<_>>()
            };
            let counters = some.iter().flat_map(folded).collect();
            self.write_as_leader(lease, "fold day counters", |tx| {
                shared(tx).map_or(Ok(()), |tx| tx.replace_counters(&groups, first, &counters))
            })?;
        }
        Ok(())
    }
}

const fn shared<'a>(tx: &Tx<'a>) -> Option<SharedTx<'a>> {
    if let Tx::Shared(tx) = tx {
        Some(*tx)
    } else {
        None
    }
}
