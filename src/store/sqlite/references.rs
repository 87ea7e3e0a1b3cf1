//! Reference events, contacts, feed closings; counts of accepted events by day.

use super::{Tx, get};
use crate::domain::event::Event;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};

impl Tx<'_> {
    /// Every reference event, contact and feed closing.
    ///
    /// # Errors
    /// When the database says no, or one cannot be read back.
    pub fn reference_events(&self) -> Result<Vec<Event>, StoreError> {
        self.rows("read the reference events", include_str!("sql/list_reference_events.sql"), [], |row| {
            unpack("a reference event", &get::<Vec<u8>>(row, 0)?)
        })
    }

    /// Saves one.
    ///
    /// # Errors
    /// When the database says no.
    pub fn insert_reference_event(&self, event: &Event) -> Result<(), StoreError> {
        let params = (&*event.order.source, &*event.order.id, pack(event));
        self.execute("save a reference event", include_str!("sql/insert_reference_event.sql"), params).map(drop)
    }

    /// Takes a retracted one out.
    ///
    /// # Errors
    /// When the database says no.
    pub fn delete_reference_event(&self, source: &str, id: &str) -> Result<(), StoreError> {
        self.execute("retract a reference event", include_str!("sql/delete_reference_event.sql"), (source, id)).map(drop)
    }

    /// Accepted events by local day, source and type.
    ///
    /// # Errors
    /// When the database says no.
    pub fn feed_counts(&self) -> Result<Vec<(LocalDay, String, String, u64)>, StoreError> {
        self.rows("read the feed counts", include_str!("sql/list_feed_counts.sql"), [], |row| {
            Ok((LocalDay::from_number(get(row, 0)?), get(row, 1)?, get(row, 2)?, get::<i64>(row, 3)? as u64))
        })
    }

    /// Counts accepted events.
    ///
    /// # Errors
    /// When the database says no.
    pub fn add_feed_count(&self, day: LocalDay, source: &str, type_name: &str, accepted: u64) -> Result<(), StoreError> {
        let params = (day.number(), source, type_name, accepted as i64);
        self.execute("count accepted events", include_str!("sql/add_feed_count.sql"), params).map(drop)
    }
}
