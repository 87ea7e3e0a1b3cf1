//! Day counters of the groups.

use super::Tx;
use crate::domain::counters::DaySeries;
use crate::domain::fast_map::FastMap;
use crate::domain::ids::GroupId;
use crate::store::StoreError;

impl Tx<'_> {
    /// The series of every group.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn series(&self) -> Result<FastMap<GroupId, DaySeries>, StoreError> {
        let mut all: FastMap<GroupId, DaySeries> = FastMap::default();
        self.with_memory(|memory| {
            memory.for_each_counter(|group, day, counts| {
                if let Some(series) = all.get_mut(group) {
                    series.add(day, counts);
                } else {
                    all.entry(group.clone()).or_default().add(day, counts);
                }
            })
        })?;
        Ok(all)
    }
}
