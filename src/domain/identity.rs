//! Digests of an event: its identity and its meaning.
//!
//! It may not know how an event was spelled. Invariant: two deliveries of one identity have one
//! identity digest; two deliveries of equal meaning have one meaning digest, also when the status
//! map that decoded them changed in between.
//!
//! Digests are stored. A new field or variant in [`EventData`] changes the meaning digests of the
//! events that it is in: put new variants last.

use std::ops::RangeInclusive;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed, xxh3_128, xxh3_128_with_seed};

use super::entity::EntityKey;
use super::event::{Event, EventData};
use super::fast_map::{FastMap, FastSet};
use super::ids::GroupId;
use super::local_day::LocalDay;

/// A stored identity, or one of an earlier event in the batch.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Identity {
    /// Local day of the event.
    pub day: LocalDay,
    /// Digest of its meaning.
    pub meaning: u64,
    pub went_to: EntityKey,
}

/// The result of looking up identities.
#[derive(Debug, Default)]
pub struct KnownIdentities {
    /// The known ones, in a map with room for all that were looked up.
    pub identities: FastMap<u128, Identity>,
    /// The unknown ones that were retracted in advance.
    pub retracted: FastSet<u128>,
}

/// Bytes of a source and id that are joined without allocation.
const SHORT_BYTES: usize = 256;

/// The digest of an event's identity. The 0 byte between the two can occur in neither.
#[must_use]
pub fn identity_digest(source: &str, id: &str) -> u128 {
    let (source, id) = (source.as_bytes(), id.as_bytes());
    let middle = source.len();
    let end = middle + 1 + id.len();
    let mut short = [0; SHORT_BYTES];
    if end > SHORT_BYTES {
        return xxh3_128(&[source, &[0], id].concat());
    }
    short[..middle].copy_from_slice(source);
    short[middle + 1..end].copy_from_slice(id);
    xxh3_128(&short[..end])
}

/// The digest of an id of some kind: equal texts of two kinds have different digests.
#[must_use]
pub(crate) fn digest_of_kind(kind: u64, id: &str) -> u128 {
    xxh3_128_with_seed(id.as_bytes(), kind)
}

/// The digest of the counters of a group and day: those of one group are
/// [adjacent](counter_digests).
#[must_use]
pub fn counter_digest(group: &GroupId, day: LocalDay) -> u128 {
    let of_day = xxh3_64_with_seed(
        group.as_str().as_bytes(),
        day.number().cast_unsigned().into(),
    );
    counter_digests(group).start() | u128::from(of_day)
}

/// The range of digests of a group's counters; those of another group may fall into it too.
#[must_use]
pub(crate) fn counter_digests(group: &GroupId) -> RangeInclusive<u128> {
    let first = u128::from(xxh3_64(group.as_str().as_bytes())) << 64;
    first..=first | u128::from(u64::MAX)
}

/// The digest of texts in order, each followed by its length, so that different lists differ.
#[must_use]
pub(crate) fn digest_of_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> u128 {
    let mut all = Vec::new();
    for part in parts {
        all.extend_from_slice(part.as_bytes());
        all.extend_from_slice(&(part.len() as u64).to_le_bytes());
    }
    xxh3_128(&all)
}

/// The digest of an event's meaning: its type, its time in µs, and its known fields with defaults.
/// A status that was sent as a code means that code of that code set, not the status that it was
/// mapped to.
#[must_use]
pub(crate) fn meaning_digest(event: &Event) -> u64 {
    /// Most events are shorter than this.
    const USUAL_BYTES: usize = 192;
    let mut all = Vec::with_capacity(USUAL_BYTES);
    all.extend_from_slice(event.data.type_name().as_bytes());
    all.push(0);
    all.extend_from_slice(&event.order.time.micros().to_le_bytes());
    let all = match &event.data {
        EventData::SubscriberStatus(sent) => match &sent.code {
            Some(code) => postcard::to_extend(&(1u8, &sent.subscriber_id, code, sent.reason), all),
            None => postcard::to_extend(&(0u8, &sent.subscriber_id, sent.status, sent.reason), all),
        },
        data => postcard::to_extend(data, all),
    };
    xxh3_64(&all.expect("events are plain values, which postcard always writes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Order, Status, StatusCode, StopReason, SubscriberStatus};
    use crate::domain::ids::SubscriberId;
    use crate::domain::local_day::Timestamp;

    fn status(status: Status, code: Option<&str>, reason: Option<StopReason>) -> Event {
        let order = Order {
            time: Timestamp::from_micros(1),
            id: "e1".into(),
            source: "/boss/gz".into(),
        };
        let code = code.map(|code| StatusCode {
            code_set: "ngboss".into(),
            code: code.into(),
        });
        let subscriber_id = SubscriberId::parse("1").expect("an id");
        Event {
            order,
            data: EventData::SubscriberStatus(SubscriberStatus {
                subscriber_id,
                status,
                code,
                reason,
            }),
        }
    }

    #[test]
    fn a_changed_status_map_changes_no_meaning() {
        let sent = |s| meaning_digest(&status(s, Some("E"), None));
        assert_eq!(sent(Status::PreCancelled), sent(Status::PortedOut));
        assert_ne!(
            sent(Status::Active),
            meaning_digest(&status(Status::Active, Some("F"), None))
        );
        assert_ne!(
            sent(Status::Active),
            meaning_digest(&status(Status::Active, None, None))
        );
        assert_ne!(
            sent(Status::Active),
            meaning_digest(&status(Status::Active, Some("E"), Some(StopReason::Lost)))
        );
        assert_ne!(
            meaning_digest(&status(Status::Active, None, None)),
            meaning_digest(&status(Status::Invalid, None, None))
        );
    }

    #[test]
    fn identity_is_no_part_of_meaning_but_time_is() {
        let mut event = status(Status::Active, None, None);
        let meaning = meaning_digest(&event);
        event.order.id = "e2".into();
        event.order.source = "/crm".into();
        assert_eq!(meaning_digest(&event), meaning);
        event.order.time = Timestamp::from_micros(2);
        assert_ne!(meaning_digest(&event), meaning);
    }

    #[test]
    fn source_and_id_cannot_run_into_each_other_however_long_they_are() {
        assert_ne!(identity_digest("/a", "bc"), identity_digest("/ab", "c"));
        assert_ne!(digest_of_parts(["a", "bc"]), digest_of_parts(["ab", "c"]));
        assert_ne!(digest_of_parts(["", ""]), digest_of_parts([""]));
        for bytes in 250..262 {
            let source = "s".repeat(bytes - 3);
            assert_eq!(
                identity_digest(&source, "id"),
                xxh3_128(format!("{source}\0id").as_bytes())
            );
        }
    }
}
