//! Day counters, one row a group and day; only the leader changes them.

use std::collections::BTreeMap;

use super::{ColumnValues, SharedTx, for_many};
use crate::domain::counters::Counts;
use crate::domain::delta::{CounterDifferences, CounterEntry};
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};
use crate::store::value::{Row, get, params};

impl SharedTx<'_> {
    /// The counters of every group and day.
    pub(in crate::store) fn counters(&self) -> Result<CounterDifferences, StoreError> {
        self.rows(
            "read day counters",
            include_str!("../sql/list_counters.sql"),
            &[],
            read_counter,
        )
    }

    /// Those of one group.
    pub(in crate::store) fn counters_of(
        &self,
        group: &GroupId,
    ) -> Result<CounterDifferences, StoreError> {
        self.rows(
            "read a group's day counters",
            include_str!("../sql/list_counters_of_group.sql"),
            params![group.as_str()],
            read_counter,
        )
    }

    pub(in crate::store) fn add_counters<'d>(
        &self,
        differences: impl Iterator<Item = &'d CounterEntry>,
    ) -> Result<(), StoreError> {
        let mut sums: BTreeMap<(&GroupId, LocalDay), Counts> = BTreeMap::new();
        differences.for_each(|(group, day, counts)| {
            sums.entry((group, *day)).or_default().add_all(counts)
        });
        if sums.is_empty() {
            return Ok(());
        }
        let groups: Vec<&str> = sums.keys().map(|(group, _)| group.as_str()).collect();
        let days: Vec<i64> = sums.keys().map(|(_, day)| day.number().into()).collect();
        let operation = "add to day counters";
        let keys = [ColumnValues::Texts(&groups), ColumnValues::Numbers(&days)];
        let before: CounterDifferences = self.rows_of(
            operation,
            for_many!("get_counters"),
            (&keys, groups.len()),
            read_counter,
        )?;
        before.iter().for_each(|(group, day, counts)| {
            sums.entry((group, *day)).or_default().add_all(counts)
        });
        let counts: Vec<Vec<u8>> = sums.values().map(pack).collect();
        let counts: Vec<&[u8]> = counts.iter().map(Vec::as_slice).collect();
        let rows = [
            ColumnValues::Texts(&groups),
            ColumnValues::Numbers(&days),
            ColumnValues::Bytes(&counts),
        ];
        self.change(operation, for_many!("put_counters"), (&rows, groups.len()))
            .map(drop)
    }
}

fn read_counter(row: &Row<'_>) -> Result<CounterEntry, StoreError> {
    let damaged = |detail: String| StoreError::Damaged {
        what: "a day counter",
        detail,
    };
    let group = GroupId::parse(&get::<String>(row, 0)?).map_err(|e| damaged(e.to_string()))?;
    Ok((
        group,
        LocalDay::from_number(get(row, 1)?),
        unpack("a day counter", &get::<Vec<u8>>(row, 2)?)?,
    ))
}
