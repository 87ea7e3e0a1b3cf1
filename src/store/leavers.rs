//! Subscribers that have left their group customer and are in no other.

use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::local_day::LocalDay;

/// Most subscribers of a group customer that are named when they leave in a batch, or are to be won
/// back; all are counted.
pub(crate) const LEAVERS_NAMED_MAX: u64 = 200;

impl Tx<'_> {
    /// Notes which group customer each of these subscribers has left, and when; none for one that
    /// is still or again in a group.
    pub(crate) fn note_leavers(
        &self,
        subscribers: &[(SubscriberId, Option<(GroupId, LocalDay)>)],
    ) -> Result<(), StoreError> {
        let left = subscribers.iter().filter_map(|(subscriber, left)| {
            left.as_ref().map(|(group, day)| (subscriber, group, day))
        });
        let left = left.map(|(subscriber, group, day)| {
            params![subscriber.as_str(), group.as_str(), day.number()].to_vec()
        });
        self.execute_all(
            "note who has left",
            include_str!("sql/put_leaver.sql"),
            left,
        )?;
        let here = subscribers
            .iter()
            .filter(|(_, left)| left.is_none())
            .map(|(subscriber, _)| params![subscriber.as_str()].to_vec());
        self.execute_all(
            "note who is here",
            include_str!("sql/delete_leaver.sql"),
            here,
        )
    }

    /// The subscribers that have left a group customer on these days, as many as are named, those
    /// that left last; in the order in which they left.
    ///
    /// # Errors
    /// When the database fails, or a row is damaged.
    pub(crate) fn leavers(
        &self,
        group: &GroupId,
        (first, last): (LocalDay, LocalDay),
    ) -> Result<Vec<(LocalDay, SubscriberId)>, StoreError> {
        let params = params![
            group.as_str(),
            first.number(),
            last.number(),
            LEAVERS_NAMED_MAX
        ];
        let mut left = self.rows(
            "list who has left",
            include_str!("sql/list_leavers.sql"),
            params,
            |row| {
                let subscriber = SubscriberId::parse(&get::<String>(row, 1)?);
                let subscriber = subscriber.map_err(|error| StoreError::Damaged {
                    what: "a subscriber that has left",
                    detail: error.to_string(),
                })?;
                Ok((LocalDay::from_number(get(row, 0)?), subscriber))
            },
        )?;
        left.reverse();
        Ok(left)
    }
}
