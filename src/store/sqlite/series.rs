//! Day counters of the groups.

use rusqlite::ToSql;

use super::{Tx, get};
use crate::domain::counters::{COUNTERS, Counts, DaySeries};
use crate::domain::fast_map::FastMap;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;

impl Tx<'_> {
    /// The series of every group.
    ///
    /// # Errors
    /// When the database says no.
    pub fn series(&self) -> Result<FastMap<GroupId, DaySeries>, StoreError> {
        let mut all: FastMap<GroupId, DaySeries> = FastMap::default();
        self.rows("read the day counters", include_str!("sql/list_day_counters.sql"), [], |row| {
            let group: String = get(row, 0)?;
            let group = GroupId::parse(&group).map_err(|e| StoreError::Damaged { what: "a group's id", detail: e.to_string() })?;
            let mut counts = Counts::default();
            for (at, count) in counts.0.iter_mut().enumerate() {
                *count = get(row, at + 2)?;
            }
            all.entry(group).or_default().add(LocalDay::from_number(get(row, 1)?), &counts);
            Ok(())
        })?;
        for (group, day, counts) in self.journal()?.into_iter().flat_map(|entries| entries.counters) {
            all.entry(group).or_default().add(day, &counts);
        }
        Ok(all)
    }

    /// Adds differences.
    ///
    /// # Errors
    /// When the database says no.
    pub fn add_counters(&self, differences: &[(GroupId, LocalDay, Counts)]) -> Result<(), StoreError> {
        self.with_memory(|memory| {
            memory.staged.counters.extend_from_slice(differences);
            Ok(())
        })
    }

    pub(super) fn write_counter(&self, group: &GroupId, day: LocalDay, counts: &Counts) -> Result<(), StoreError> {
        let (group, day) = (group.as_str(), day.number());
        let mut params: [&dyn ToSql; COUNTERS + 2] = [&group; COUNTERS + 2];
        params[1] = &day;
        for (param, count) in params[2..].iter_mut().zip(&counts.0) {
            *param = count;
        }
        self.execute("add to a day counter", include_str!("sql/add_day_counter.sql"), &params[..]).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::counters::Counter;

    #[test]
    fn the_columns_stand_in_the_order_of_the_counters() {
        let columns: Vec<&str> = Counter::ALL.iter().map(|counter| counter.column()).collect();
        for sql in [include_str!("sql/add_day_counter.sql"), include_str!("sql/list_day_counters.sql")] {
            assert!(sql.contains(&columns.join(", ")), "{sql}");
        }
    }
}
