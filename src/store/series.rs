//! Day counters of the groups.

use super::{StoreError, Tx};
use crate::domain::counters::{SeriesByGroup, add_to_group};

impl Tx<'_> {
    /// The series of every group, without what is [queued](Tx::queued_deltas).
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn series(&self) -> Result<SeriesByGroup, StoreError> {
        let mut all = SeriesByGroup::default();
        match self {
            Self::Sqlite(tx) => {
                tx.with_memory(|memory| memory.for_each_counter(|group, day, counts| add_to_group(&mut all, group, day, counts)))?;
            }
            Self::Shared(tx) => {
                tx.counters()?.iter().for_each(|(group, day, counts)| add_to_group(&mut all, group, *day, counts));
            }
        }
        Ok(all)
    }
}
