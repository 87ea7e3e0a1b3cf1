//! A transaction where many write: on a server or in memory.

use std::cell::RefCell;

use tokio_postgres::types::ToSql;

use crate::domain::fast_map::FastSet;
use crate::store::error::OperationContext;
use crate::store::postgres::Digest;
use crate::store::value::{Row, Value, get};
use crate::store::{StoreError, in_memory, postgres};

/// A transaction where many write.
#[derive(Clone, Copy)]
pub enum SharedTx<'a> {
    Postgres(&'a postgres::Tx<'a>),
    InMemory(&'a in_memory::Tx<'a>),
}

/// One statement, as each database takes many rows.
#[derive(Clone, Copy)]
pub(super) struct ForMany {
    pub(super) arrays: &'static str,
    pub(super) each: &'static str,
}

/// The two files of a statement.
macro_rules! for_many {
    ($name:literal) => {
        $crate::store::shared::ForMany {
            arrays: include_str!(concat!("../postgres/sql/", $name, ".sql")),
            each: include_str!(concat!("../in_memory/sql/", $name, ".sql")),
        }
    };
}
pub(super) use for_many;

/// What many rows have in one place.
pub(super) enum ColumnValues<'c> {
    Digests(&'c [Digest]),
    Numbers(&'c [i64]),
    Texts(&'c [&'c str]),
    Bytes(&'c [&'c [u8]]),
}

impl ColumnValues<'_> {
    pub(super) fn array(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Digests(digests) => digests,
            Self::Numbers(numbers) => numbers,
            Self::Texts(texts) => texts,
            Self::Bytes(bytes) => bytes,
        }
    }

    pub(super) fn value(&self, row: usize) -> Value<'_> {
        match self {
            Self::Digests(digests) => digests[row].0.to_be_bytes().to_vec().into(),
            Self::Numbers(numbers) => numbers[row].into(),
            Self::Texts(texts) => texts[row].into(),
            Self::Bytes(bytes) => Value::Bytes(bytes[row].into()),
        }
    }
}

impl SharedTx<'_> {
    /// The statement as this database takes it.
    pub(in crate::store) const fn sql_of(
        &self,
        on_server: &'static str,
        in_memory: &'static str,
    ) -> &'static str {
        match self {
            Self::Postgres(_) => on_server,
            Self::InMemory(_) => in_memory,
        }
    }

    /// Digests of timelines that it has locked, which are all that it may change.
    pub(super) const fn locked(&self) -> &RefCell<FastSet<u128>> {
        match self {
            Self::Postgres(tx) => &tx.locked,
            Self::InMemory(tx) => &tx.locked,
        }
    }

    pub(in crate::store) fn rows<T>(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Postgres(tx) => tx
                .rows(operation, sql, params)?
                .iter()
                .map(|row| read(&Row::Postgres(row)))
                .collect(),
            Self::InMemory(tx) => tx.rows(operation, sql, params, |row| read(&Row::Sqlite(row))),
        }
    }

    pub(in crate::store) fn execute(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        match self {
            Self::Postgres(tx) => tx.execute(operation, sql, params),
            Self::InMemory(tx) => tx.execute(operation, sql, params),
        }
    }

    pub(in crate::store) fn execute_all<'p>(
        &self,
        operation: &'static str,
        sql: &'static str,
        mut all: impl Iterator<Item = Vec<Value<'p>>>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Postgres(tx) => tx.execute_all(operation, sql, all),
            Self::InMemory(tx) => {
                all.try_for_each(|params| tx.execute(operation, sql, &params).map(drop))
            }
        }
    }

    /// The rows that a statement gives for many rows of parameters.
    pub(super) fn rows_of<T>(
        &self,
        operation: &'static str,
        sql: ForMany,
        (columns, count): (&[ColumnValues<'_>], usize),
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Postgres(tx) => {
                let arrays: Vec<_> = columns.iter().map(ColumnValues::array).collect();
                tx.connection
                    .query(operation, sql.arrays, &arrays)?
                    .iter()
                    .map(|row| read(&Row::Postgres(row)))
                    .collect()
            }
            Self::InMemory(_) => {
                let mut all = Vec::new();
                for row in 0..count {
                    all.extend(self.rows(operation, sql.each, &row_of(columns, row), &mut read)?);
                }
                Ok(all)
            }
        }
    }

    /// Runs a statement on many rows of parameters; returns how many rows it changed.
    pub(super) fn change(
        &self,
        operation: &'static str,
        sql: ForMany,
        (columns, count): (&[ColumnValues<'_>], usize),
    ) -> Result<u64, StoreError> {
        match self {
            Self::Postgres(tx) => {
                let arrays: Vec<_> = columns.iter().map(ColumnValues::array).collect();
                tx.connection.execute(operation, sql.arrays, &arrays)
            }
            Self::InMemory(tx) => (0..count)
                .map(|row| tx.execute(operation, sql.each, &row_of(columns, row)))
                .sum(),
        }
    }

    /// Runs a statement that must change so many rows: else another worker was faster.
    pub(super) fn change_each(
        &self,
        operation: &'static str,
        sql: ForMany,
        (columns, count): (&[ColumnValues<'_>], usize),
    ) -> Result<(), StoreError> {
        if count == 0 || self.change(operation, sql, (columns, count))? == count as u64 {
            Ok(())
        } else {
            Err(StoreError::Conflict { operation })
        }
    }
}

pub(super) fn row_of<'c>(columns: &'c [ColumnValues<'_>], row: usize) -> Vec<Value<'c>> {
    columns.iter().map(|column| column.value(row)).collect()
}

/// The digest in the first column.
pub(super) fn digest_of(row: &Row<'_>) -> Result<u128, StoreError> {
    match row {
        Row::Postgres(row) => Ok(row.try_get::<_, Digest>(0).operation("read a column")?.0),
        Row::Sqlite(_) => {
            let bytes: Vec<u8> = get(row, 0)?;
            let digest = bytes.try_into().map_err(|_| StoreError::Damaged {
                what: "a digest",
                detail: "it is not 16 bytes".to_owned(),
            })?;
            Ok(u128::from_be_bytes(digest))
        }
    }
}
