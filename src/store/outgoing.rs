//! Events for other systems, until they are written out.

use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::local_day::Timestamp;
use crate::domain::outgoing::OutgoingEvent;

impl Tx<'_> {
    /// Saves an event to be written out, if it is not there.
    pub fn insert_outgoing_event(&self, event: &OutgoingEvent) -> Result<(), StoreError> {
        let params = params![&event.event_id, event.at.micros(), &event.body];
        self.execute(
            "save an outgoing event",
            include_str!("sql/insert_outgoing_event.sql"),
            params,
        )
        .map(drop)
    }

    /// At most `limit` events that are not written out, the oldest first.
    pub fn waiting_outgoing_events(&self, limit: usize) -> Result<Vec<OutgoingEvent>, StoreError> {
        self.rows(
            "list outgoing events",
            include_str!("sql/list_outgoing_events.sql"),
            params![limit as u64],
            |row| {
                Ok(OutgoingEvent {
                    event_id: get(row, 0)?,
                    at: Timestamp::from_micros(get(row, 1)?),
                    body: get(row, 2)?,
                })
            },
        )
    }

    /// Notes that events are written out.
    pub fn mark_outgoing_events_written(
        &self,
        events: &[OutgoingEvent],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let all = events
            .iter()
            .map(|event| params![now.micros(), &event.event_id].to_vec());
        self.execute_all(
            "note what is written out",
            include_str!("sql/mark_outgoing_event_written.sql"),
            all,
        )
    }
}
