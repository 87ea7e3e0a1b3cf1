//! Bringing the schema up, or refusing one that this program does not know.

use super::{PostgresStore, Tx};
use crate::store::StoreError;
use crate::store::error::OperationContext;
use crate::store::schema::Migrations;

/// Every migration in order, under the numbers that they have in the other dialect.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/postgres/0001_create_store.sql")];

impl PostgresStore {
    /// Connects and brings the schema up; a schema that is up already needs no right to change it.
    pub(in crate::store) fn migrate(
        url: &str,
        password: Option<&str>,
        further: &[&str],
    ) -> Result<Self, StoreError> {
        let store = Self::connect(url, password)?;
        let all = [&MIGRATIONS[..], further].concat();
        let migrations = Migrations(&all);
        let (number, digest) = store.read_tx("read the schema's number", |tx| tx.schema())?;
        if migrations.missing(number, digest)?.next().is_some() {
            store.write_tx("migrate", |tx| {
                tx.connection
                    .run("migrate", include_str!("sql/create_schema_version.sql"))?;
                tx.connection
                    .run("migrate", "LOCK TABLE schema_version IN EXCLUSIVE MODE")?;
                let (number, digest) = tx.schema()?;
                for (number, migration) in migrations.missing(number, digest)? {
                    tx.connection.run("a migration", migration)?;
                    let digest = i64::from(migrations.digest(number as usize));
                    tx.execute(
                        "a migration",
                        include_str!("sql/insert_schema_version.sql"),
                        &[number.into(), digest.into()],
                    )?;
                }
                Ok::<_, StoreError>(())
            })?;
        }
        store.checked(migrations)
    }

    /// Connects to a store with the schema that this program knows.
    pub(in crate::store) fn open(url: &str, password: Option<&str>) -> Result<Self, StoreError> {
        Self::connect(url, password)?.checked(Migrations(&MIGRATIONS))
    }

    fn checked(self, migrations: Migrations<'_>) -> Result<Self, StoreError> {
        let (number, digest) = self.read_tx("read the schema's number", |tx| tx.schema())?;
        migrations.check(number, digest)?;
        for setting in self.read_tx("see whether commits last", |tx| tx.weak_settings())? {
            tracing::warn!(
                "The database server has {setting}: what it has committed may be lost when its machine fails"
            );
        }
        if !self.read_tx("see whether pages are checked", |tx| tx.has_checksums())? {
            tracing::warn!(
                "The database server has data_checksums = off: bytes that its disk changes are not noticed; hint: pg_checksums --enable, while it is stopped"
            );
        }
        Ok(self)
    }
}

impl Tx<'_> {
    /// Settings of the server under which a commit may be lost.
    fn weak_settings(&self) -> Result<Vec<String>, StoreError> {
        let operation = "see whether commits last";
        let rows = self.rows(operation, include_str!("sql/durability.sql"), &[])?;
        rows.iter()
            .map(|row| row.try_get(0).operation(operation))
            .collect()
    }

    /// Whether the server would notice that a disk returns other bytes than were written.
    fn has_checksums(&self) -> Result<bool, StoreError> {
        let operation = "see whether pages are checked";
        let rows = self.rows(operation, include_str!("sql/data_checksums.sql"), &[])?;
        rows.first()
            .map_or(Ok(false), |row| row.try_get(0).operation(operation))
    }

    /// How many migrations were applied, and the digest of what they were.
    fn schema(&self) -> Result<(i64, i32), StoreError> {
        let operation = "read the schema's number";
        let there = self.rows(operation, include_str!("sql/find_schema_version.sql"), &[])?;
        let is_there = there
            .first()
            .map_or(Ok(false), |row| row.try_get(0).operation(operation))?;
        if !is_there {
            return Ok((0, 0));
        }
        let rows = self.rows(operation, include_str!("sql/get_schema_version.sql"), &[])?;
        let Some(row) = rows.first() else {
            return Ok((0, 0));
        };
        let digest: i64 = row.try_get(1).operation(operation)?;
        // A digest that is out of range belongs to no program.
        Ok((
            row.try_get(0).operation(operation)?,
            i32::try_from(digest).unwrap_or(-1),
        ))
    }
}
