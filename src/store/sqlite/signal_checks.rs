//! Lines whose news is to be judged once it has settled.

use super::{Tx, get};
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::Timestamp;
use crate::store::StoreError;

impl Tx<'_> {
    /// Has a line judged at `at`, or later if it already was to be judged later.
    ///
    /// # Errors
    /// When the database says no.
    pub fn put_signal_check(&self, subscriber: &SubscriberId, at: Timestamp) -> Result<(), StoreError> {
        let params = (subscriber.as_str(), at.micros());
        self.execute("note a line to judge", include_str!("sql/put_signal_check.sql"), params).map(drop)
    }

    /// The lines to judge at `now`, in order; they are taken off the list.
    ///
    /// # Errors
    /// When the database says no.
    pub fn take_signal_checks(&self, now: Timestamp) -> Result<Vec<SubscriberId>, StoreError> {
        let doing = "list lines to judge";
        let due = self.rows(doing, include_str!("sql/list_due_signal_checks.sql"), [now.micros()], |row| {
            let id: String = get(row, 0)?;
            SubscriberId::parse(&id).map_err(|e| StoreError::Damaged { what: "a subscriber's id", detail: e.to_string() })
        })?;
        self.execute("take lines to judge", include_str!("sql/delete_due_signal_checks.sql"), [now.micros()])?;
        Ok(due)
    }
}
