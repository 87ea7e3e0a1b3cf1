//! Deliveries that were no events, and conflicts: the dead letters.

use super::value::{Row, get, params};
use super::{StoreError, Tx};
use crate::domain::local_day::Timestamp;
use crate::domain::reject::RejectClass;

/// A dead letter to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReject {
    /// File name, or `topic-partition`.
    pub source: String,
    pub position: u64,
    pub class: RejectClass,
    /// What was found and what was expected.
    pub reason: String,
    /// When, by the wall clock.
    pub rejected_at: Timestamp,
    /// Retried by itself from then on.
    pub retry_at: Option<Timestamp>,
    /// The raw bytes; none of an oversized one.
    pub payload: Option<Vec<u8>>,
    /// How to read them again.
    pub mode: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReject {
    pub reject_id: i64,
    /// File name, or `topic-partition`.
    pub source: String,
    pub position: u64,
    pub class: RejectClass,
    /// What was found and what was expected.
    pub reason: String,
    /// When, by the wall clock.
    pub rejected_at: Timestamp,
    /// The raw bytes, if they are still kept.
    pub payload: Option<Vec<u8>>,
    /// How to read them again.
    pub mode: Vec<u8>,
}

impl Tx<'_> {
    /// Stores a dead letter.
    pub fn insert_rejects(&self, rejects: &[NewReject]) -> Result<(), StoreError> {
        let params = rejects.iter().map(|reject| {
            params![
                &reject.source,
                reject.position,
                reject.class.name(),
                &reject.reason,
                reject.rejected_at.micros(),
                reject.retry_at.map(Timestamp::micros),
                reject.payload.as_ref(),
                &reject.mode,
            ]
            .to_vec()
        });
        self.execute_all(
            "store rejections",
            include_str!("sql/insert_reject.sql"),
            params,
        )
    }

    /// Every dead letter that was not retried with success.
    pub fn rejects(&self) -> Result<Vec<StoredReject>, StoreError> {
        self.rows(
            "list rejections",
            include_str!("sql/list_rejects.sql"),
            &[],
            read_reject,
        )
    }

    /// At most `limit` of them that came before the one of a number (before any to come, if there
    /// is none), the latest first, without their bytes.
    pub(crate) fn rejects_before(
        &self,
        reject_id: Option<i64>,
        limit: u32,
    ) -> Result<Vec<StoredReject>, StoreError> {
        let params = params![reject_id.unwrap_or(i64::MAX), limit];
        self.rows(
            "list rejections",
            include_str!("sql/list_rejects_before.sql"),
            params,
            |row| read_entry(row, None, Vec::new()),
        )
    }

    /// At most `limit` of them that came after the one of a number (from the first on, if there is
    /// none), with their bytes.
    pub fn rejects_after(
        &self,
        reject_id: Option<i64>,
        limit: u32,
    ) -> Result<Vec<StoredReject>, StoreError> {
        let params = params![reject_id.unwrap_or(i64::MIN), limit];
        self.rows(
            "list rejections",
            include_str!("sql/list_rejects_after.sql"),
            params,
            read_reject,
        )
    }

    pub(crate) fn reject(&self, reject_id: i64) -> Result<Option<StoredReject>, StoreError> {
        self.row(
            "read a rejection",
            include_str!("sql/get_reject.sql"),
            params![reject_id],
            read_reject,
        )
    }

    /// At most `limit` that are due to be retried.
    pub(crate) fn rejects_to_retry(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<StoredReject>, StoreError> {
        let params = params![now.micros(), limit];
        self.rows(
            "list rejections to retry",
            include_str!("sql/list_rejects_to_retry.sql"),
            params,
            read_reject,
        )
    }

    /// A dead letter was retried and is one no more.
    pub(crate) fn mark_retried(&self, reject_id: i64, now: Timestamp) -> Result<(), StoreError> {
        self.execute(
            "mark a rejection as retried",
            include_str!("sql/mark_reject_retried.sql"),
            params![now.micros(), reject_id],
        )
        .map(drop)
    }
}

fn read_reject(row: &Row<'_>) -> Result<StoredReject, StoreError> {
    read_entry(row, get(row, 7)?, get(row, 8)?)
}

fn read_entry(
    row: &Row<'_>,
    payload: Option<Vec<u8>>,
    mode: Vec<u8>,
) -> Result<StoredReject, StoreError> {
    Ok(StoredReject {
        reject_id: get(row, 0)?,
        source: get(row, 1)?,
        position: get(row, 2)?,
        class: RejectClass::parse(&get::<String>(row, 3)?).ok_or(StoreError::Damaged {
            what: "a rejection",
            detail: "its class is none".to_owned(),
        })?,
        reason: get(row, 4)?,
        rejected_at: Timestamp::from_micros(get(row, 5)?),
        payload,
        mode,
    })
}
