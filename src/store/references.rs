//! Reference events, contacts, feed closings; counts of accepted events by day.

use super::codec::unpack_sealed;
use super::value::get;
use super::{StoreError, Tx};
use crate::domain::event::Event;
use crate::domain::local_day::LocalDay;

impl Tx<'_> {
    /// Every reference event, contact and feed closing.
    ///
    /// # Errors
    /// When the database says no, or one cannot be read back.
    pub fn reference_events(&self) -> Result<Vec<Event>, StoreError> {
        self.rows("read the reference events", include_str!("sql/list_reference_events.sql"), &[], |row| {
            unpack_sealed("a reference event", &get::<Vec<u8>>(row, 0)?)
        })
    }

    /// Accepted events by local day, source and type.
    ///
    /// # Errors
    /// When the database says no.
    pub fn feed_counts(&self) -> Result<Vec<(LocalDay, String, String, u64)>, StoreError> {
        self.rows("read the feed counts", include_str!("sql/list_feed_counts.sql"), &[], |row| {
            Ok((LocalDay::from_number(get(row, 0)?), get(row, 1)?, get(row, 2)?, get(row, 3)?))
        })
    }
}
