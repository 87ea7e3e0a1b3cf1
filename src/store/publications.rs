//! Published versions of the daily report: exactly what was published, for ever.

use std::collections::BTreeMap;

use std::io::{self, Write};

use super::codec::{from_plain_json, plain_json};
use super::value::{Row, get, params};
use super::{StoreError, Tx};
use crate::domain::daily_row::{DailyRow, ShownRow};
use crate::domain::indicator::Scope;
use crate::domain::local_day::{LocalDay, Timestamp};

/// Level of zstd for published rows.
const ZSTD_LEVEL: i32 = 3;

/// A published version of a day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Publication {
    /// 1 for the first.
    pub version: u32,
    /// When its figures were taken.
    pub as_of: Timestamp,
    pub rows: Vec<DailyRow>,
}

impl Publication {
    /// Its rows as they are shown.
    #[must_use]
    pub(crate) fn shown_rows(&self) -> Vec<ShownRow> {
        let show = |row: &DailyRow| ShownRow {
            row: row.clone(),
            version: Some(self.version),
            as_of: self.as_of,
            restated: false,
        };
        self.rows.iter().map(show).collect()
    }
}

impl Tx<'_> {
    /// Churned by scope as first published for a day: of use on the last day of a month, where the
    /// trust mark asks for it.
    pub(crate) fn first_published_churned(
        &self,
        day: LocalDay,
    ) -> Result<BTreeMap<Scope, i64>, StoreError> {
        if day != day.month().last_day() {
            return Ok(BTreeMap::new());
        }
        let first = self.publication(day, Some(1))?;
        let rows = first.into_iter().flat_map(|publication| publication.rows);
        Ok(rows.map(|row| (row.scope, row.figures.churned())).collect())
    }

    /// Publishes a version, if it is not there.
    pub(crate) fn insert_publication(
        &self,
        day: LocalDay,
        publication: &Publication,
    ) -> Result<(), StoreError> {
        let rows = compress(plain_json(&publication.rows).as_bytes()).map_err(|e| {
            StoreError::Damaged {
                what: "rows to publish",
                detail: e.to_string(),
            }
        })?;
        let params = params![
            day.number(),
            publication.version,
            publication.as_of.micros(),
            rows
        ];
        self.execute(
            "publish a report",
            include_str!("sql/insert_publication.sql"),
            params,
        )
        .map(drop)
    }

    /// A version of a day, or its latest.
    ///
    /// # Errors
    /// When the database fails, or it cannot be read back.
    pub(crate) fn publication(
        &self,
        day: LocalDay,
        version: Option<u32>,
    ) -> Result<Option<Publication>, StoreError> {
        let operation = "read a published report";
        let read = |row: &Row<'_>| {
            let version: u32 = get(row, 0)?;
            read_publication(row).map_err(|error| error.of_row(&format!("{day} version {version}")))
        };
        match version {
            Some(version) => self.row(
                operation,
                include_str!("sql/get_publication.sql"),
                params![day.number(), version],
                read,
            ),
            None => self.row(
                operation,
                include_str!("sql/latest_publication.sql"),
                params![day.number()],
                read,
            ),
        }
    }

    /// Every published version of the days from `first` on, in order.
    pub fn published_versions(&self, first: LocalDay) -> Result<Vec<(LocalDay, u32)>, StoreError> {
        self.rows(
            "list published versions",
            include_str!("sql/list_published_versions.sql"),
            params![first.number()],
            |row| Ok((LocalDay::from_number(get(row, 0)?), get(row, 1)?)),
        )
    }

    /// Every published version of a day, in order.
    ///
    /// # Errors
    /// When the database fails, or one cannot be read back.
    pub(crate) fn publications(&self, day: LocalDay) -> Result<Vec<Publication>, StoreError> {
        let published = |version| self.publication(day, Some(version));
        let versions = self
            .published_versions(day)?
            .into_iter()
            .take_while(|(of, _)| *of == day);
        versions
            .filter_map(|(_, version)| published(version).transpose())
            .collect()
    }

    /// The last day that has been published.
    pub(crate) fn last_published_day(&self) -> Result<Option<LocalDay>, StoreError> {
        let day = self.row(
            "find the last published day",
            include_str!("sql/last_published_day.sql"),
            &[],
            |row| get::<Option<i64>>(row, 0),
        )?;
        let damaged = |_| StoreError::Damaged {
            what: "a published day",
            detail: "it is out of its range".to_owned(),
        };
        day.flatten()
            .map(|day| {
                i32::try_from(day)
                    .map(LocalDay::from_number)
                    .map_err(damaged)
            })
            .transpose()
    }
}

/// With a checksum, which is asked when the rows are read.
fn compress(rows: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = zstd::Encoder::new(Vec::new(), ZSTD_LEVEL)?;
    encoder.include_checksum(true)?;
    encoder.write_all(rows)?;
    encoder.finish()
}

fn read_publication(row: &Row<'_>) -> Result<Publication, StoreError> {
    let damaged = |detail: String| StoreError::Damaged {
        what: "a published report",
        detail,
    };
    let rows =
        zstd::decode_all(get::<Vec<u8>>(row, 2)?.as_slice()).map_err(|e| damaged(e.to_string()))?;
    let rows = String::from_utf8(rows).map_err(|e| damaged(e.to_string()))?;
    Ok(Publication {
        version: get(row, 0)?,
        as_of: Timestamp::from_micros(get(row, 1)?),
        rows: from_plain_json("a published report's rows", &rows)?,
    })
}
