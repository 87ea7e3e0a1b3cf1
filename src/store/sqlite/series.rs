//! Day counters of the groups.

use super::Tx;
use crate::domain::counters::{SeriesByGroup, add_to_group};
use crate::store::StoreError;

impl Tx<'_> {
    /// The series of every group.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn series(&self) -> Result<SeriesByGroup, StoreError> {
        let mut all = SeriesByGroup::default();
        self.with_memory(|memory| memory.for_each_counter(|group, day, counts| add_to_group(&mut all, group, day, counts)))?;
        Ok(all)
    }
}
