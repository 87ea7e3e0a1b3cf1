//! What statements take and rows give, whichever database is behind: numbers, texts, bytes.
//!
//! Every number column is 64 bits wide in both.

use std::borrow::Cow;

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::StoreError;
use super::error::OperationContext;

/// What a statement takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Null,
    Number(i64),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
}

/// The parameters of a statement, in order.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::store::value::Value::from($value)),*][..] };
}
pub(super) use params;

macro_rules! values {
    ($($from:ty: |$it:ident| $value:expr;)*) => {$(
        impl<'a> From<$from> for Value<'a> {
            fn from($it: $from) -> Self {
                $value
            }
        }
    )*};
}

values! {
    i64: |n| Self::Number(n);
    i32: |n| Self::Number(n.into());
    u32: |n| Self::Number(n.into());
    u64: |n| Self::Number(n.cast_signed());
    &'a str: |text| Self::Text(text.into());
    &'a String: |text| Self::Text(text.into());
    String: |text| Self::Text(text.into());
    &'a Vec<u8>: |bytes| Self::Bytes(bytes.into());
    Vec<u8>: |bytes| Self::Bytes(bytes.into());
}

impl<'a, T: Into<Self>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Number(n) => ValueRef::Integer(*n),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        of: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Number(n) => n.to_sql_checked(of, out),
            // The server's texts hold every character but this one, and no text of ours that may
            // have it is a key.
            Self::Text(text) if text.contains('\0') => {
                text.replace('\0', "\u{fffd}").to_sql_checked(of, out)
            }
            Self::Text(text) => text.to_sql_checked(of, out),
            Self::Bytes(bytes) => bytes.to_sql_checked(of, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Each kind of value asks for itself.
        true
    }

    to_sql_checked!();
}

/// A row of an answer.
pub(super) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

/// What a column of a row can be read as.
pub(super) trait FromColumn: Sized {
    fn from_column(row: &Row<'_>, at: usize) -> Result<Self, StoreError>;
}

/// A column of a row.
pub(super) fn get<T: FromColumn>(row: &Row<'_>, at: usize) -> Result<T, StoreError> {
    T::from_column(row, at)
}

macro_rules! columns {
    ($($of:ty),*) => {$(
        impl FromColumn for $of {
            fn from_column(row: &Row<'_>, at: usize) -> Result<Self, StoreError> {
                match row {
                    Row::Sqlite(row) => row.get(at).operation("read a column"),
                    Row::Postgres(row) => row.try_get(at).operation("read a column"),
                }
            }
        }
    )*};
}

columns!(
    i64,
    String,
    Vec<u8>,
    Option<i64>,
    Option<String>,
    Option<Vec<u8>>
);

macro_rules! narrower_columns {
    ($($of:ty),*) => {$(
        impl FromColumn for $of {
            fn from_column(row: &Row<'_>, at: usize) -> Result<Self, StoreError> {
                let n = get::<i64>(row, at)?;
                n.try_into().map_err(|_| StoreError::Damaged { what: "a number", detail: "it is out of its range".to_owned() })
            }
        }
    )*};
}

narrower_columns!(i32, u32, u64);
