//! A transaction of a store: statements, in whichever dialect.

use super::shared::SharedTx;
use super::value::{Row, Value};
use super::{IsOver, StoreError, sqlite};
use crate::domain::job_outcome::JobOutcome;

#[derive(Clone, Copy)]
pub enum Tx<'a> {
    Sqlite(&'a sqlite::Tx<'a>),
    Shared(SharedTx<'a>),
}

impl Tx<'_> {
    /// Reads the whole store once through, if it is in files; returns how many files were checked,
    /// or that the server checks itself.
    ///
    /// # Errors
    /// When anything is missing, or is not what was written; [`StoreError::Ended`] once `is_over`,
    /// which is asked between two files.
    pub fn check(&self, is_over: IsOver<'_>) -> Result<JobOutcome, StoreError> {
        match self {
            Self::Sqlite(tx) => Ok(JobOutcome::StoreChecked(tx.check(is_over)? as u64)),
            Self::Shared(_) => Ok(JobOutcome::CheckedByServer),
        }
    }

    /// Every row of a statement, read by `read`.
    pub(super) fn rows<T>(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(tx) => {
                tx.rows(operation, sql, rusqlite::params_from_iter(params), |row| {
                    read(&Row::Sqlite(row))
                })
            }
            Self::Shared(tx) => tx.rows(operation, sql, params, read),
        }
    }

    /// The one row of a statement, if there is any.
    pub(super) fn row<T>(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.rows(operation, sql, params, read)?.into_iter().next())
    }

    /// Runs a statement that changes rows; returns how many.
    pub(super) fn execute(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(tx) => {
                Ok(tx.execute(operation, sql, rusqlite::params_from_iter(params))? as u64)
            }
            Self::Shared(tx) => tx.execute(operation, sql, params),
        }
    }

    /// Runs a statement once for each of many parameters; a server is not waited for in between.
    pub(super) fn execute_all<'p>(
        &self,
        operation: &'static str,
        sql: &'static str,
        all: impl Iterator<Item = Vec<Value<'p>>>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => all.into_iter().try_for_each(|params| {
                tx.execute(operation, sql, rusqlite::params_from_iter(&params))
                    .map(drop)
            }),
            Self::Shared(tx) => tx.execute_all(operation, sql, all),
        }
    }
}
