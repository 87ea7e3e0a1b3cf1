//! Rows that are not what was written, left out where the others are of use without them.
//!
//! Invariant: a row that is left out is named by its key, and what it held is never repeated.

use serde::de::DeserializeOwned;

use super::codec::from_json;
use super::shared::SharedTx;
use super::value::{Row, Value, get};
use super::{StoreError, Tx};

/// A row that cannot be read as it was written.
#[derive(Debug)]
pub struct DamagedRow {
    pub id: String,
    /// What is wrong; it names the row.
    pub why: StoreError,
}

/// What a statement found: what can be used, and what cannot.
#[derive(Debug)]
pub struct Checked<T> {
    /// As they were written.
    pub rows: Vec<T>,
    /// Those that are not.
    pub damaged: Vec<DamagedRow>,
}

impl<T> Checked<T> {
    /// All of them.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when one is not what was written.
    pub fn all(self) -> Result<Vec<T>, StoreError> {
        self.damaged
            .into_iter()
            .next()
            .map_or(Ok(self.rows), |row| Err(row.why))
    }
}

impl<T> FromIterator<Result<T, DamagedRow>> for Checked<T> {
    fn from_iter<I: IntoIterator<Item = Result<T, DamagedRow>>>(all: I) -> Self {
        let mut checked = Self {
            rows: Vec::new(),
            damaged: Vec::new(),
        };
        for one in all {
            match one {
                Ok(row) => checked.rows.push(row),
                Err(row) => checked.damaged.push(row),
            }
        }
        checked
    }
}

/// Reads a row whose first column is its key; an error in the rest is returned with that key.
fn checked<T>(
    row: &Row<'_>,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Result<T, DamagedRow>, StoreError> {
    let id: String = get(row, 0)?;
    match read(row) {
        Err(error) if error.is_damage() => {
            let why = error.of_row(&id);
            Ok(Err(DamagedRow { id, why }))
        }
        read => read.map(Ok),
    }
}

/// Reads a row whose first column is its key; an error in the rest names the key.
pub(super) fn named<T>(
    row: &Row<'_>,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    checked(row, read)?.map_err(|row| row.why)
}

impl Tx<'_> {
    /// Every row of a statement whose first column is its key, with the damaged ones apart.
    pub(super) fn checked_rows<T>(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Checked<T>, StoreError> {
        Ok(self
            .rows(operation, sql, params, |row| checked(row, &read))?
            .into_iter()
            .collect())
    }

    /// Checks the digests of rows, by a statement that finds the keys of those that are not. A
    /// server has checksums of its pages.
    pub(super) fn check_rows(
        &self,
        what: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<(), StoreError> {
        if let Self::Shared(SharedTx::Postgres(_)) = self {
            return Ok(());
        }
        match self.row("check what is stored", sql, params, |row| {
            get::<String>(row, 0)
        })? {
            None => Ok(()),
            Some(key) => Err(StoreError::Damaged {
                what,
                detail: "it is not what was written".to_owned(),
            }
            .of_row(&key)),
        }
    }
}

/// Reads the sealed text behind a row's key.
pub(super) fn sealed<T: DeserializeOwned>(
    what: &'static str,
) -> impl Fn(&Row<'_>) -> Result<T, StoreError> {
    move |row| from_json(what, &get::<String>(row, 1)?)
}

/// The same; what is wrong with it names the row.
pub(super) fn keyed<T: DeserializeOwned>(
    what: &'static str,
) -> impl Fn(&Row<'_>) -> Result<T, StoreError> {
    let read = sealed(what);
    move |row| named(row, &read)
}
