//! Silences.

use super::codec::to_json;
use super::damage::keyed;
use super::value::params;
use super::{StoreError, Tx};
use crate::domain::local_day::LocalDay;
use crate::domain::silence::Silence;

impl Tx<'_> {
    /// Saves a silence as it stands.
    ///
    /// # Errors
    /// When the database says no.
    pub fn save_silence(&self, silence: &Silence) -> Result<(), StoreError> {
        let params = params![silence.silence_id.as_str(), silence.until.number(), to_json(silence)];
        self.execute("save a silence", include_str!("sql/save_silence.sql"), params).map(drop)
    }

    /// The silences that hold on `day` or end later.
    ///
    /// # Errors
    /// When the database says no.
    pub fn silences_since(&self, day: LocalDay) -> Result<Vec<Silence>, StoreError> {
        self.rows("list silences", include_str!("sql/list_silences.sql"), params![day.number()], keyed("a silence"))
    }
}
