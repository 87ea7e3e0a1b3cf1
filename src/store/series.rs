//! Day counters of the groups.

use super::{StoreError, Tx};
use crate::domain::counters::{DaySeries, SeriesByGroup, add_to_group};
use crate::domain::ids::GroupId;

impl Tx<'_> {
    /// The series of every group, without what is [queued](Tx::queued_deltas).
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn series(&self) -> Result<SeriesByGroup, StoreError> {
        let mut all = SeriesByGroup::default();
        match self {
            Self::Sqlite(tx) => {
                tx.with_memory(|memory| {
                    memory.for_each_counter(|group, day, counts| {
                        add_to_group(&mut all, group, day, counts)
                    })
                })?;
            }
            Self::Shared(tx) => {
                tx.counters()?
                    .iter()
                    .for_each(|(group, day, counts)| add_to_group(&mut all, group, *day, counts));
            }
        }
        Ok(all)
    }

    /// The series of one group, without what is queued; an empty one if nothing is counted.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn series_of(&self, group: &GroupId) -> Result<DaySeries, StoreError> {
        let mut series = DaySeries::default();
        match self {
            Self::Sqlite(tx) => {
                tx.for_each_counter_of(group, |day, counts| series.add(day, counts))?
            }
            Self::Shared(tx) => tx
                .counters_of(group)?
                .iter()
                .for_each(|(_, day, counts)| series.add(*day, counts)),
        }
        Ok(series)
    }
}
