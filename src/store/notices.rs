//! Notices that wait to be composed into mails.

use super::codec::to_json;
use super::damage::{Checked, sealed};
use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::local_day::Timestamp;
use crate::domain::mail::Notice;

impl Tx<'_> {
    /// Saves a notice, if it is not there.
    pub fn insert_notice(&self, notice: &Notice) -> Result<(), StoreError> {
        let params = params![notice.notice_id(), notice.due_at.micros(), to_json(notice)];
        self.execute(
            "save a notice",
            include_str!("sql/insert_notice.sql"),
            params,
        )
        .map(drop)
    }

    /// The notices that are due at `now`.
    pub fn due_notices(&self, now: Timestamp) -> Result<Checked<Notice>, StoreError> {
        self.checked_rows(
            "list due notices",
            include_str!("sql/list_due_notices.sql"),
            params![now.micros()],
            sealed("a notice"),
        )
    }

    /// When the next notice falls due.
    pub fn next_notice_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let due = self.row(
            "find the next notice",
            include_str!("sql/next_notice_due.sql"),
            &[],
            |row| get::<Option<i64>>(row, 0),
        )?;
        Ok(due.flatten().map(Timestamp::from_micros))
    }

    /// Deletes a notice that has been composed or is dropped; returns whether it was there.
    pub(crate) fn delete_notice(&self, notice_id: &str) -> Result<bool, StoreError> {
        Ok(self.execute(
            "take a notice",
            include_str!("sql/delete_notice.sql"),
            params![notice_id],
        )? > 0)
    }
}
