//! A database server's error, without what it repeats of rows.

use std::error::Error;
use std::fmt;

use tokio_postgres::error::SqlState;

/// A database server's error, without what it repeats of rows: its details show them whole, and its
/// message about a value the value.
#[derive(Debug)]
pub struct ServerError {
    pub(super) code: Option<SqlState>,
    message: String,
}

impl ServerError {
    pub(super) fn from_postgres(error: &tokio_postgres::Error) -> Self {
        let message = error.as_db_error().map_or_else(
            || chain_of(error),
            |db_error| {
                let about_a_value = db_error.code().code().starts_with(ABOUT_VALUES);
                let words = if about_a_value {
                    "a value that it does not take"
                } else {
                    db_error.message()
                };
                let place = db_error
                    .table()
                    .into_iter()
                    .chain(db_error.constraint())
                    .chain(db_error.column())
                    .collect::<Vec<_>>()
                    .join(" ");
                format!(
                    "{} {}: {words} {place}",
                    db_error.severity(),
                    db_error.code().code()
                )
                .trim_end()
                .to_owned()
            },
        );
        Self {
            code: error.code().cloned(),
            message,
        }
    }
}

/// The errors of the connection to the server, with their causes: they never contain a row.
fn chain_of(error: &tokio_postgres::Error) -> String {
    let (mut message, mut cause) = (error.to_string(), error.source());
    while let Some(one) = cause {
        message = format!("{message}: {one}");
        cause = one.source();
    }
    message
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ServerError {}

/// The class of a server's errors about a value.
const ABOUT_VALUES: &str = "22";
