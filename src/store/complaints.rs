//! Complaints by day, group and category.

use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::complaints::{ComplaintCounts, ComplaintsOf};
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;

impl Tx<'_> {
    /// How many complaints there are, without what is [queued](Tx::queued_deltas).
    ///
    /// # Errors
    /// When the database fails, or a row is damaged.
    pub fn complaints(&self) -> Result<ComplaintCounts, StoreError> {
        let rows = self.rows(
            "count complaints",
            include_str!("sql/list_complaint_counts.sql"),
            &[],
            |row| {
                let damaged = |detail: String| StoreError::Damaged {
                    what: "a count of complaints",
                    detail,
                };
                let group_id =
                    GroupId::parse(&get::<String>(row, 1)?).map_err(|e| damaged(e.to_string()))?;
                let of = ComplaintsOf {
                    day: LocalDay::from_number(get(row, 0)?),
                    group_id,
                    category: get::<String>(row, 2)?.into(),
                };
                Ok((of, get(row, 3)?))
            },
        )?;
        let mut counts = ComplaintCounts::default();
        rows.into_iter().for_each(|(of, n)| counts.add(of, n));
        Ok(counts)
    }

    /// Adds to how many there are.
    pub(super) fn add_complaints(
        &self,
        differences: &[(ComplaintsOf, i64)],
    ) -> Result<(), StoreError> {
        let params = differences.iter().map(|(of, n)| {
            params![
                of.day.number(),
                of.group_id.as_str(),
                of.category.as_str(),
                *n
            ]
            .to_vec()
        });
        self.execute_all(
            "count complaints",
            include_str!("sql/add_complaint_count.sql"),
            params,
        )
    }
}
