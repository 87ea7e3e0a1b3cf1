//! News of the batches: one row each, numbered in the order in which they were taken in.
//!
//! Whoever saves what batches add writes it, one at a time. Invariant: numbers rise and are never given twice, so that a
//! brief can say up to which one it has told.

use super::codec::{pack, unpack};
use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::local_day::Timestamp;
use crate::domain::news::BatchNews;

impl Tx<'_> {
    /// Saves the news of batches, in order.
    pub(super) fn insert_news<'n>(&self, all: impl Iterator<Item = &'n BatchNews>) -> Result<(), StoreError> {
        let params = all.map(|news| params![news.at.micros(), pack(news)].to_vec());
        self.execute_all("save news", include_str!("sql/insert_news.sql"), params)
    }

    /// The number of the last news that was taken in before `at`; 0 if there is none.
    ///
    /// # Errors
    /// When the database says no.
    pub fn last_news_before(&self, at: Timestamp) -> Result<i64, StoreError> {
        Ok(self.row("find the last news", include_str!("sql/last_news.sql"), params![at.micros()], |row| get(row, 0))?.unwrap_or(0))
    }

    /// Hands over the news with a number above `after` up to `last`, batch by batch, in order.
    ///
    /// # Errors
    /// When the database says no, or one cannot be read back.
    pub fn each_news(&self, after: i64, last: i64, mut take: impl FnMut(BatchNews)) -> Result<(), StoreError> {
        let read = |row: &super::value::Row<'_>| {
            take(unpack("news", &get::<Vec<u8>>(row, 0)?)?);
            Ok(())
        };
        self.rows("read news", include_str!("sql/list_news.sql"), params![after, last], read).map(drop)
    }

    /// Forgets news that was taken in before `at`, but the last, whose number must not be given again; how many rows.
    ///
    /// # Errors
    /// When the database says no.
    pub fn forget_news_before(&self, at: Timestamp) -> Result<u64, StoreError> {
        self.execute("forget news", include_str!("sql/delete_news.sql"), params![at.micros()])
    }
}
