//! Silences.

use super::codec::to_json;
use super::damage::keyed;
use super::value::params;
use super::{StoreError, Tx};
use crate::domain::local_day::LocalDay;
use crate::domain::silence::Silence;

impl Tx<'_> {
    /// Inserts or updates a silence.
    pub(crate) fn save_silence(&self, silence: &Silence) -> Result<(), StoreError> {
        let params = params![
            silence.silence_id.as_str(),
            silence.until.number(),
            to_json(silence)
        ];
        self.execute(
            "save a silence",
            include_str!("sql/save_silence.sql"),
            params,
        )
        .map(drop)
    }

    /// At most `limit` silences that end before `silence` (before any to come, if there is none),
    /// the latest first.
    pub(crate) fn silences_before(
        &self,
        silence: Option<&Silence>,
        limit: u32,
    ) -> Result<Vec<Silence>, StoreError> {
        let (day, id) = silence.map_or((i64::from(i32::MAX), ""), |one| {
            (one.until.number().into(), one.silence_id.as_str())
        });
        self.rows(
            "list silences",
            include_str!("sql/list_silences_before.sql"),
            params![day, id, limit],
            keyed("a silence"),
        )
    }

    /// The silences that hold on `day` or end later.
    pub(crate) fn silences_since(&self, day: LocalDay) -> Result<Vec<Silence>, StoreError> {
        self.rows(
            "list silences",
            include_str!("sql/list_silences.sql"),
            params![day.number()],
            keyed("a silence"),
        )
    }
}
