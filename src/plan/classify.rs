//! What becomes of each delivery: applied, duplicate, conflict or rejected, in the order of
//! arrival.

use crate::domain::entity::EntityKey;
use crate::domain::event::{Event, EventData};
use crate::domain::fast_map::FastMap;
use crate::domain::identity::{Identity, identity_digest, meaning_digest};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reject::{RejectClass, Rejection};
use crate::domain::short_text::ShortText;
use crate::domain::zone::Zone;

/// A delivery that was decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// The event; boxed, since it is handed on several times.
    pub event: Box<Event>,
    /// Digest of its identity.
    pub digest: u128,
    /// Digest of its meaning.
    pub meaning: u64,
    pub day: LocalDay,
    /// The timeline that it belongs to.
    pub goes_to: EntityKey,
}

impl Arrival {
    /// An event with its digests.
    #[must_use]
    pub(crate) fn new(event: Event, zone: Zone) -> Self {
        let (digest, meaning) = (
            identity_digest(&event.order.source, &event.order.id),
            meaning_digest(&event),
        );
        let (day, goes_to) = (zone.day_of(event.order.time), route(&event.data));
        Self {
            event: Box::new(event),
            digest,
            meaning,
            day,
            goes_to,
        }
    }
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is part of the set of events.
    Applied,
    Duplicate,
    /// Its identity is known, with another meaning.
    Conflict,
    /// It is no event.
    Rejected(Rejection),
}

/// What is kept of a conflict among the rejections.
pub(crate) fn conflict() -> Rejection {
    Rejection::new(
        RejectClass::Conflict,
        "the same source and id was committed before with another meaning",
    )
}

/// The event that a retraction names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub source: ShortText,
    pub id: ShortText,
}

/// The digest of the event that a retraction names; none for any other event.
#[must_use]
pub(crate) fn target_digest(event: &Event) -> Option<u128> {
    match &event.data {
        EventData::Retraction(retraction) => {
            Some(identity_digest(&retraction.source, &retraction.id))
        }
        _ => None,
    }
}

/// Which timeline an event belongs to.
fn route(data: &EventData) -> EntityKey {
    match data {
        EventData::SubscriberStatus(e) => EntityKey::Subscriber(e.subscriber_id.clone()),
        EventData::PortOut(e) => EntityKey::Subscriber(e.subscriber_id.clone()),
        EventData::Membership(e) => EntityKey::Subscriber(e.subscriber_id.clone()),
        EventData::Bill(e) => EntityKey::Bill(e.bill_id.clone()),
        EventData::Payment(e) => EntityKey::Bill(e.bill_id.clone()),
        EventData::Complaint(e) => EntityKey::Complaint(e.complaint_id.clone()),
        EventData::Survey(e) => EntityKey::Survey(e.survey_id.clone()),
        EventData::Contact(_)
        | EventData::Unit(_)
        | EventData::Group(_)
        | EventData::Manager(_)
        | EventData::Project(_)
        | EventData::KeyDate(_)
        | EventData::Feed(_) => EntityKey::Reference,
        EventData::Retraction(_) => EntityKey::Retraction,
    }
}

/// Decides one delivery. `known` holds what is committed of the identities (and targets) in the
/// batch; an applied event is added to it. `closed_before` is the first instant that is still open,
/// if any month is closed.
pub(crate) fn classify(
    arrival: &Arrival,
    known: &mut FastMap<u128, Identity>,
    zone: Zone,
    closed_before: Option<Timestamp>,
) -> Fate {
    if let Some(identity) = known.get(&arrival.digest) {
        return if identity.meaning == arrival.meaning {
            Fate::Duplicate
        } else {
            Fate::Conflict
        };
    }
    if let Some(rejection) = closed_before.and_then(|closed| too_late(arrival, known, zone, closed))
    {
        return Fate::Rejected(rejection);
    }
    let identity = Identity {
        day: arrival.day,
        meaning: arrival.meaning,
        went_to: arrival.goes_to.clone(),
    };
    known.insert(arrival.digest, identity);
    Fate::Applied
}

fn too_late(
    arrival: &Arrival,
    known: &FastMap<u128, Identity>,
    zone: Zone,
    closed: Timestamp,
) -> Option<Rejection> {
    let event = &arrival.event;
    let first_open = zone.day_of(closed);
    if !event.data.is_reference() && event.order.time < closed {
        return Some(Rejection::new(
            RejectClass::TooLate,
            format!("time: lies in a closed month, {first_open} is the first open day"),
        ));
    }
    let target = known.get(&target_digest(event)?)?;
    // Reference events of any age may still be retracted: no closed figure depends on them.
    (target.day < first_open && target.went_to != EntityKey::Reference).then(|| {
        Rejection::new(
            RejectClass::TooLate,
            format!(
                "data.id: the target lies in a closed month, {first_open} is the first open day"
            ),
        )
    })
}
