//! Day counters, one row a group and day; only whoever holds the desk changes them.

use std::collections::BTreeMap;

use super::Tx;
use crate::domain::counters::Counts;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};
use crate::store::error::Doing;
use crate::store::staged::{CounterDifferences, CounterEntry};

impl Tx<'_> {
    /// The counters of every group and day.
    pub(in crate::store) fn counters(&self) -> Result<CounterDifferences, StoreError> {
        let rows = self.connection.query("read day counters", include_str!("sql/list_counters.sql"), &[])?;
        rows.iter().map(read).collect()
    }

    /// Adds to counters.
    pub(in crate::store) fn add_counters<'d>(&self, differences: impl Iterator<Item = &'d CounterEntry>) -> Result<(), StoreError> {
        let mut sums: BTreeMap<(&GroupId, LocalDay), Counts> = BTreeMap::new();
        differences.for_each(|(group, day, counts)| sums.entry((group, *day)).or_default().add_all(counts));
        if sums.is_empty() {
            return Ok(());
        }
        let groups: Vec<&str> = sums.keys().map(|(group, _)| group.as_str()).collect();
        let days: Vec<i64> = sums.keys().map(|(_, day)| day.number().into()).collect();
        let doing = "add to day counters";
        let rows = self.connection.query(doing, include_str!("sql/get_counters.sql"), &[&groups, &days])?;
        let before: CounterDifferences = rows.iter().map(read).collect::<Result<_, _>>()?;
        before.iter().for_each(|(group, day, counts)| sums.entry((group, *day)).or_default().add_all(counts));
        let counts: Vec<Vec<u8>> = sums.values().map(pack).collect();
        self.connection.execute(doing, include_str!("sql/put_counters.sql"), &[&groups, &days, &counts]).map(drop)
    }
}

fn read(row: &tokio_postgres::Row) -> Result<CounterEntry, StoreError> {
    let doing = "read day counters";
    let damaged = |detail: String| StoreError::Damaged { what: "a day counter", detail };
    let group: String = row.try_get(0).doing(doing)?;
    let day: i64 = row.try_get(1).doing(doing)?;
    let day = i32::try_from(day).map_err(|e| damaged(e.to_string()))?;
    let counts: Vec<u8> = row.try_get(2).doing(doing)?;
    let group = GroupId::parse(&group).map_err(|e| damaged(e.to_string()))?;
    Ok((group, LocalDay::from_number(day), unpack("a day counter", &counts)?))
}
