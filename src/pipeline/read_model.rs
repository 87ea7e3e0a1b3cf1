//! The read model, loaded from the store.

use crate::domain::ids::GroupId;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reference::Reference;
use crate::plan::ReadModel;
use crate::store::{Setting, StoreError, Tx};

/// Saves the instants of the last [evaluation](ReadModel::evaluated).
pub(super) fn save_evaluated_at(
    tx: &Tx<'_>,
    (evaluated_at, read_until): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    tx.set(Setting::EvaluatedAt, evaluated_at.micros())?;
    tx.set(Setting::ReadUntil, read_until.micros())
}

/// Loads it, with what is not applied yet.
pub fn load_read_model(tx: &Tx<'_>) -> Result<ReadModel, StoreError> {
    let mut read_model = load_applied(tx)?;
    tx.queued_deltas()?
        .iter()
        .for_each(|delta| read_model.apply(delta));
    Ok(read_model)
}

/// Loads it as far as it was applied, which only the leader does.
pub(super) fn load_applied(tx: &Tx<'_>) -> Result<ReadModel, StoreError> {
    let instant =
        |setting| -> Result<_, StoreError> { Ok(tx.setting(setting)?.map(Timestamp::from_micros)) };
    let mut read_model = ReadModel {
        event_clock: instant(Setting::EventClock)?,
        began_at: instant(Setting::BeganAt)?,
        evaluated_at: instant(Setting::EvaluatedAt)?,
        read_until: instant(Setting::ReadUntil)?.or(instant(Setting::EvaluatedAt)?),
        ..ReadModel::begin(tx.series()?, tx.complaints()?, tx.reference_events()?)
    };
    read_model.accept_all(&tx.feed_counts()?);
    Ok(read_model)
}

/// Loads the input of the figures and the file of one group customer, with what is not applied
/// yet: its counters, the reference events of it, its unit and its manager, and the feeds of the
/// days from `first` to `last`. Anything else in it is incomplete.
pub(crate) fn load_read_model_of_group(
    tx: &Tx<'_>,
    group: &GroupId,
    first: LocalDay,
    last: LocalDay,
) -> Result<ReadModel, StoreError> {
    let (mut read_model, deltas) = (ReadModel::default(), tx.queued_deltas()?);
    let series = tx.series_of(group)?;
    if !series.counts().is_empty() {
        read_model.series.insert(group.clone(), series);
    }
    let events = tx.reference_events_of_group(group)?;
    // Its unit and manager may be named by what is not applied yet.
    let mut whose = Reference::default();
    events
        .iter()
        .cloned()
        .for_each(|event| whose.put_event(event));
    deltas.iter().for_each(|delta| whose.apply(delta));
    if let Some(known) = whose.group(group) {
        tx.reference_events_of_unit(&known.unit_id)?
            .into_iter()
            .chain(tx.reference_events_of_manager(&known.manager_id)?)
            .for_each(|event| read_model.put_event(event));
    }
    events
        .into_iter()
        .chain(tx.feed_closings(first, last)?)
        .for_each(|event| read_model.put_event(event));
    read_model.accept_all(&tx.feed_counts_of(first, last)?);
    deltas.iter().for_each(|delta| read_model.apply(delta));
    Ok(read_model)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::BEFORE_EVENTS;
    use crate::store::{Store, StoreAt};

    #[test]
    fn a_worker_that_begins_anew_knows_no_more_of_its_input_than_the_one_before() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let dir = tempfile::tempdir().expect("a folder");
        let of = StoreAt::Sqlite {
            path: dir.path().join("sisan.db"),
            memtable_bytes_max: 1 << 20,
        };
        let store = Store::migrate(&of).and_then(Store::lock).expect("a store");
        for (read_until, known) in [
            (None, BEFORE_EVENTS),
            (Some(at(7)), at(7)),
            (Some(at(12)), at(10)),
        ] {
            let before = ReadModel {
                read_until,
                ..ReadModel::default()
            };
            store
                .write_tx("read", |tx| save_evaluated_at(tx, before.evaluated(at(10))))
                .expect("a read");
            let after = store
                .read_tx("begin anew", load_read_model)
                .expect("a read model");
            assert_eq!(
                (after.evaluated_at, after.read_until(at(20))),
                (Some(at(10)), known)
            );
        }
    }
}
