//! Lines that have left their group customer and are in no other.

use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::local_day::LocalDay;

/// Most lines of a group customer that are named when they leave in a batch; all are counted.
pub const LEAVERS_NAMED_MAX: u64 = 200;

impl Tx<'_> {
    /// Notes which group customer each of these lines has left, and when; none for one that is
    /// still or again in a group.
    pub fn note_leavers(
        &self,
        lines: &[(SubscriberId, Option<(GroupId, LocalDay)>)],
    ) -> Result<(), StoreError> {
        let left = lines
            .iter()
            .filter_map(|(line, left)| left.as_ref().map(|(group, day)| (line, group, day)));
        let left = left.map(|(line, group, day)| {
            params![line.as_str(), group.as_str(), day.number()].to_vec()
        });
        self.execute_all(
            "note who has left",
            include_str!("sql/put_leaver.sql"),
            left,
        )?;
        let here = lines
            .iter()
            .filter(|(_, left)| left.is_none())
            .map(|(line, _)| params![line.as_str()].to_vec());
        self.execute_all(
            "note who is here",
            include_str!("sql/delete_leaver.sql"),
            here,
        )
    }

    /// The lines that have left a group customer on a day or later, as many as are named, those
    /// that left last.
    ///
    /// # Errors
    /// When the database fails, or a row is damaged.
    pub fn leavers(
        &self,
        group: &GroupId,
        from: LocalDay,
    ) -> Result<Vec<(LocalDay, SubscriberId)>, StoreError> {
        let params = params![group.as_str(), from.number(), LEAVERS_NAMED_MAX];
        let mut left = self.rows(
            "list who has left",
            include_str!("sql/list_leavers.sql"),
            params,
            |row| {
                let line = SubscriberId::parse(&get::<String>(row, 1)?);
                let line = line.map_err(|error| StoreError::Damaged {
                    what: "a line that has left",
                    detail: error.to_string(),
                })?;
                Ok((LocalDay::from_number(get(row, 0)?), line))
            },
        )?;
        left.reverse();
        Ok(left)
    }
}
