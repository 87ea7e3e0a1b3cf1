//! Reference events, contacts, feed closings; counts of accepted events by day.

use super::codec::unpack_sealed;
use super::value::get;
use super::{StoreError, Tx};
use crate::domain::event::Event;
use crate::domain::ids::mask_phones_in;
use crate::domain::local_day::LocalDay;

impl Tx<'_> {
    /// Every reference event, contact and feed closing.
    ///
    /// # Errors
    /// When the database says no, or one cannot be read back.
    pub fn reference_events(&self) -> Result<Vec<Event>, StoreError> {
        self.rows("read the reference events", include_str!("sql/list_reference_events.sql"), &[], |row| {
            let (source, id): (String, String) = (get(row, 0)?, get(row, 1)?);
            let read = get::<Vec<u8>>(row, 2).and_then(|body| unpack_sealed("a reference event", &body));
            read.map_err(|error| error.of_row(&mask_phones_in(&format!("{source} {id}"))))
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
