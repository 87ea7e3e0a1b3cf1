//! What decides whether an event is too late: which months are closed, and what is being loaded.
//!
//! Whoever changes it raises a number; a batch that was read under another number is read again.

use super::loading::Loading;
use super::settings::Setting;
use super::value::get;
use super::{StoreError, Tx};
use crate::domain::local_day::Timestamp;

/// The policy that a batch is read under.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LatenessPolicy {
    /// Raised by every change.
    version: i64,
    /// The first instant that is still open, if any month is closed.
    pub closed_before: Option<Timestamp>,
    /// What is being loaded.
    pub loading: Loading,
}

impl Tx<'_> {
    /// The policy that batches are read under.
    pub fn lateness_policy(&self) -> Result<LatenessPolicy, StoreError> {
        Ok(LatenessPolicy {
            version: self.setting(Setting::LatenessPolicy)?.unwrap_or(0),
            closed_before: self
                .setting(Setting::ClosedBefore)?
                .map(Timestamp::from_micros),
            loading: self.loading()?,
        })
    }

    /// Closes what is before an instant.
    pub fn close_before(&self, instant: Timestamp) -> Result<(), StoreError> {
        self.raise_lateness_policy()?;
        self.set(Setting::ClosedBefore, instant.micros())
    }

    /// Makes workers read again every batch that was read before this transaction and is not
    /// committed.
    pub(super) fn raise_lateness_policy(&self) -> Result<(), StoreError> {
        self.set(
            Setting::LatenessPolicy,
            self.setting(Setting::LatenessPolicy)?.unwrap_or(0) + 1,
        )
    }

    /// Makes sure that nobody changes the policy that a batch was read under before this
    /// transaction ends.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was changed already.
    pub fn share_lateness_policy(&self, policy: &LatenessPolicy) -> Result<(), StoreError> {
        let Self::Shared(tx) = self else {
            return Ok(());
        };
        let operation = "keep what a batch was read under";
        let sql = tx.sql_of(
            include_str!("postgres/sql/share_lateness_policy.sql"),
            include_str!("in_memory/sql/share_lateness_policy.sql"),
        );
        let version = self.row(operation, sql, &[], |row| get::<i64>(row, 0))?;
        if version == Some(policy.version) {
            Ok(())
        } else {
            Err(StoreError::Conflict { operation })
        }
    }
}
