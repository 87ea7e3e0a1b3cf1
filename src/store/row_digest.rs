//! The digest that every row of the SQLite schema carries of its columns, computed by the database
//! itself: no statement can write a row without it.
//!
//! The database's own check knows its trees but not their content; a digest a row shows what a disk
//! returns otherwise than it was written. Pages with checksums (SQLite's `cksumvfs`) would need a
//! virtual file system and unsafe code. Invariant: the function never changes, since stores hold
//! its results.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use xxhash_rust::xxh3::Xxh3;

use super::StoreError;
use super::error::OperationContext;

/// The function's name in the schema.
const NAME: &str = "digest_of";

/// Makes the function known to a connection; without it nothing can be written, only read.
pub(super) fn register(connection: &Connection) -> Result<(), StoreError> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection
        .create_scalar_function(NAME, -1, flags, |values| Ok(digest_of(values)))
        .operation("set up the connection")
}

/// Of the kinds, lengths and bytes of all values, in order.
fn digest_of(values: &Context<'_>) -> i64 {
    let mut digest = Xxh3::new();
    for at in 0..values.len() {
        let (kind, bytes): (u8, &[u8]) = match values.get_raw(at) {
            ValueRef::Null => (0, &[]),
            ValueRef::Integer(n) => (1, &n.to_le_bytes()),
            ValueRef::Real(n) => (2, &n.to_le_bytes()),
            ValueRef::Text(text) => (3, text),
            ValueRef::Blob(bytes) => (4, bytes),
        };
        digest.update(&[kind]);
        digest.update(&(bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    }
    digest.digest().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Connection {
        let connection = Connection::open_in_memory().expect("memory");
        register(&connection).expect("a function");
        connection
            .execute_batch(include_str!("migrations/sqlite/0001_create_store.sql"))
            .expect("the schema");
        connection
    }

    #[test]
    fn the_digest_of_every_table_is_of_all_its_columns() {
        let connection = schema();
        let mut tables = connection
            .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL")
            .expect("tables");
        let tables: Vec<(String, String)> = tables
            .query_map([], |row| row.try_into())
            .expect("rows")
            .collect::<Result<_, _>>()
            .expect("rows");
        assert!(tables.len() > 20);
        for (table, sql) in tables
            .iter()
            .filter(|(table, _)| !table.starts_with("sqlite_"))
        {
            let mut columns = connection
                .prepare("SELECT name FROM pragma_table_info(?1)")
                .expect("columns");
            let columns: Vec<String> = columns
                .query_map([table], |row| row.get(0))
                .expect("rows")
                .collect::<Result<_, _>>()
                .expect("rows");
            let call = format!("digest_of({})", columns.join(", "));
            assert_eq!(
                sql.matches(&call).count(),
                2,
                "{table} is to have {call} in its column and in its CHECK"
            );
        }
    }

    #[test]
    fn who_asks_for_the_digest_of_a_row_asks_for_that_of_all_its_columns() {
        let connection = schema();
        for (table, sql) in [
            ("setting", include_str!("sqlite/sql/check_setting.sql")),
            ("source", include_str!("sqlite/sql/check_source.sql")),
            ("source", include_str!("sqlite/sql/check_sources.sql")),
        ] {
            let written = connection.query_row(
                "SELECT sql FROM sqlite_schema WHERE name = ?1",
                [table],
                |row| row.get::<_, String>(0),
            );
            let call = sql
                .split_once("IS NOT ")
                .map(|(_, call)| call.trim())
                .expect("what is asked for");
            assert!(
                written
                    .expect("a table")
                    .contains(&format!("CHECK (row_digest = {call})")),
                "{sql}"
            );
        }
    }

    #[test]
    fn values_that_move_between_columns_or_change_their_kind_change_the_digest() {
        let connection = schema();
        let digest = |list: &str| {
            connection
                .query_row(&format!("SELECT digest_of({list})"), [], |row| {
                    row.get::<_, i64>(0)
                })
                .expect("one")
        };
        let all = [
            "'ab', 'c'",
            "'a', 'bc'",
            "'abc'",
            "'abc', NULL",
            "NULL, 'abc'",
            "x'616263'",
            "1",
            "1.0",
            "'1'",
            "''",
            "NULL",
        ];
        let digests: std::collections::BTreeSet<i64> = all.into_iter().map(digest).collect();
        assert_eq!(digests.len(), all.len());
        assert_eq!(
            digest("'example.com', 7, NULL"),
            4_809_044_196_887_867_581,
            "what stores hold must never be computed otherwise"
        );
    }
}
