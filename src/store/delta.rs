//! What a batch adds to the data that every worker needs: day counters, reference events, feeds,
//! complaints by category, subjects to judge, clocks.
//!
//! With one writer it is saved in its tables at once. Where many write, each batch queues it whole,
//! so that no two batches touch one row, and the leader applies it.

use super::codec::{pack_sealed, unpack};
use super::references::about;
use super::settings::Setting;
use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::delta::Delta;

impl Tx<'_> {
    /// Saves all but the counters in their tables. An event that was retracted never comes again,
    /// so all that came may be saved before what was retracted.
    pub(super) fn save_deltas(&self, deltas: &[Delta]) -> Result<(), StoreError> {
        self.execute_all(
            "save a reference event",
            include_str!("sql/insert_reference_event.sql"),
            deltas
                .iter()
                .flat_map(|delta| &delta.references)
                .map(|event| {
                    let (thing, group) = about(event);
                    params![
                        &*event.order.source,
                        &*event.order.id,
                        thing,
                        group,
                        pack_sealed(event)
                    ]
                    .to_vec()
                }),
        )?;
        self.execute_all(
            "retract a reference event",
            include_str!("sql/delete_reference_event.sql"),
            deltas
                .iter()
                .flat_map(|delta| &delta.retracted_references)
                .map(|(source, id)| params![source.as_str(), id.as_str()].to_vec()),
        )?;
        self.execute_all(
            "count accepted events",
            include_str!("sql/add_feed_count.sql"),
            deltas.iter().flat_map(|delta| &delta.feed_counts).map(
                |(day, source, type_name, accepted)| {
                    params![day.number(), source.as_str(), type_name.as_str(), *accepted].to_vec()
                },
            ),
        )?;
        deltas
            .iter()
            .try_for_each(|delta| self.add_complaints(&delta.complaints))?;
        deltas
            .iter()
            .try_for_each(|delta| self.put_signal_checks(&delta.signal_checks))?;
        self.insert_brief_hint(
            deltas
                .iter()
                .map(|delta| &delta.hints)
                .filter(|hints| !hints.is_empty()),
        )?;
        self.note_progress(deltas)
    }

    /// Saves the greatest event time, and the earliest day whose figures are to be published again.
    fn note_progress(&self, deltas: &[Delta]) -> Result<(), StoreError> {
        if let Some(clock) = deltas.iter().filter_map(|delta| delta.event_clock).max() {
            self.set(
                Setting::EventClock,
                self.setting(Setting::EventClock)?
                    .unwrap_or(i64::MIN)
                    .max(clock.micros()),
            )?;
        }
        if let Some(day) = deltas.iter().filter_map(|delta| delta.changed).min() {
            self.set(
                Setting::ChangedSince,
                self.setting(Setting::ChangedSince)?
                    .unwrap_or(i64::MAX)
                    .min(day.number().into()),
            )?;
        }
        Ok(())
    }

    /// Every delta that is queued, the oldest first; none where there is one writer.
    ///
    /// # Errors
    /// When the database fails, or one cannot be read back.
    pub fn queued_deltas(&self) -> Result<Vec<Delta>, StoreError> {
        match self {
            Self::Sqlite(_) => Ok(Vec::new()),
            Self::Shared(_) => self.rows(
                "read what workers did",
                include_str!("sql/list_deltas.sql"),
                &[],
                read_delta,
            ),
        }
    }

    /// How many deltas are queued.
    pub(crate) fn count_deltas(&self) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(_) => Ok(0),
            Self::Shared(_) => Ok(self
                .row(
                    "count deltas",
                    include_str!("sql/count_deltas.sql"),
                    &[],
                    |row| get(row, 0),
                )?
                .unwrap_or(0)),
        }
    }

    /// Takes the oldest deltas off the queue, at most `limit`, and saves them in their tables.
    ///
    /// # Errors
    /// When the database fails, or one cannot be read back.
    pub fn take_deltas(&self, limit: u32) -> Result<Vec<Delta>, StoreError> {
        let Self::Shared(tx) = self else {
            return Ok(Vec::new());
        };
        let sql = tx.sql_of(
            include_str!("postgres/sql/take_deltas.sql"),
            include_str!("in_memory/sql/take_deltas.sql"),
        );
        let deltas = self.rows("apply what workers did", sql, params![limit], read_delta)?;
        tx.add_counters(deltas.iter().flat_map(|delta| &delta.counters))?;
        self.save_deltas(&deltas)?;
        Ok(deltas)
    }
}

fn read_delta(row: &super::value::Row<'_>) -> Result<Delta, StoreError> {
    unpack("what a batch added", &get::<Vec<u8>>(row, 0)?)
}
