//! Lines whose news is to be judged once it has settled.

use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::Timestamp;

impl Tx<'_> {
    /// Has lines judged at an instant, or later if one already was to be judged later.
    ///
    /// # Errors
    /// When the database says no.
    pub fn put_signal_checks(&self, checks: &[(SubscriberId, Timestamp)]) -> Result<(), StoreError> {
        let params = checks.iter().map(|(subscriber, at)| params![subscriber.as_str(), at.micros()].to_vec());
        self.execute_all("note lines to judge", include_str!("sql/put_signal_check.sql"), params)
    }

    /// The lines to judge at `now`, in order; they are taken off the list.
    ///
    /// # Errors
    /// When the database says no.
    pub fn take_signal_checks(&self, now: Timestamp) -> Result<Vec<SubscriberId>, StoreError> {
        let mut due = self.rows("take lines to judge", include_str!("sql/take_due_signal_checks.sql"), params![now.micros()], |row| {
            let id: String = get(row, 0)?;
            SubscriberId::parse(&id).map_err(|e| StoreError::Damaged { what: "a subscriber's id", detail: e.to_string() })
        })?;
        due.sort_unstable();
        Ok(due)
    }
}
