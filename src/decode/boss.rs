//! `data` of the `boss.*` types.
//!
//! It may not know the envelope. Invariant: each value obeys the contract's table, with defaults
//! filled in.

use std::borrow::Cow;

use super::envelope::{EventIdAttribute, SourceAttribute};
use super::fields::{Fields, FromField, Raw};
use super::read::shown;
use super::status_map::StatusMaps;
use crate::domain::event::{
    Bill, EventData, Feed, Membership, Payment, PortOut, Retraction, Status, StatusCode,
    StopReason, SubscriberStatus,
};
use crate::domain::reject::{RejectClass, Rejection};

pub(super) fn subscriber_status(f: &Fields<'_>, maps: &StatusMaps) -> Result<EventData, Rejection> {
    let subscriber_id = f.need("subscriber_id")?;
    let reason = f
        .maybe::<MaybeReason>("reason")?
        .and_then(|reason| reason.0);
    let (status, code) = match (f.has("status"), f.has("status_code"), f.has("code_set")) {
        (true, false, false) => (f.need("status")?, None),
        (false, true, true) => mapped(
            StatusCode {
                code_set: f.need("code_set")?,
                code: f.need("status_code")?,
            },
            maps,
        )?,
        (false, true, false) => return Err(f.refuse("code_set", "the code set of status_code")),
        (false, false, true) => {
            return Err(f.refuse("status_code", "the code that code_set is for"));
        }
        (false, false, false) => {
            return Err(f.refuse("status", "a status, or status_code with code_set"));
        }
        (true, ..) => {
            return Err(f.refuse(
                "status",
                "either status or status_code with code_set, not both",
            ));
        }
    };
    Ok(EventData::SubscriberStatus(SubscriberStatus {
        subscriber_id,
        status,
        code,
        reason,
    }))
}

/// Resolves a province's status code to the canonical status.
fn mapped(code: StatusCode, maps: &StatusMaps) -> Result<(Status, Option<StatusCode>), Rejection> {
    match maps.status(&code.code_set, &code.code) {
        Some(status) => Ok((status, Some(code))),
        None => {
            let (shown_code, shown_set) = (shown(&code.code), shown(&code.code_set));
            let what = if maps.has_code_set(&code.code_set) {
                "the code set lacks the code"
            } else {
                "there is no such code set"
            };
            Err(Rejection::new(
                RejectClass::UnknownCode,
                format!(
                    "data.status_code: {shown_code} of code set {shown_set}: {what}; hint: add status_maps.<code set>.<code>, then retry"
                ),
            ))
        }
    }
}

/// A reason for a suspension; none for a text that is no known reason.
struct MaybeReason(Option<StopReason>);

impl FromField<'_> for MaybeReason {
    const EXPECTED: &'static str = "a text";

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        raw.text().map(|_| Self(StopReason::from_field(raw)))
    }
}

pub(super) fn port_out(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::PortOut(PortOut {
        subscriber_id: f.need("subscriber_id")?,
        stage: f.need("stage")?,
    }))
}

pub(super) fn membership(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::Membership(Membership {
        subscriber_id: f.need("subscriber_id")?,
        group_id: f.need("group_id")?,
        change: f.need("change")?,
        role: f.maybe("role")?.unwrap_or_default(),
        locked: f.maybe("locked")?.unwrap_or(false),
        population: f.maybe("population")?.unwrap_or_default(),
    }))
}

pub(super) fn bill(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::Bill(Bill {
        bill_id: f.need("bill_id")?,
        group_id: f.need("group_id")?,
        subscriber_id: f.maybe("subscriber_id")?,
        period: f.need("period")?,
        amount_fen: f.need("amount_fen")?,
        due_on: f.need("due_on")?,
    }))
}

pub(super) fn payment(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::Payment(Payment {
        payment_id: f.need("payment_id")?,
        bill_id: f.need("bill_id")?,
        amount_fen: f.need("amount_fen")?,
    }))
}

pub(super) fn feed(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::Feed(Feed {
        feed: f.need("feed")?,
        date: f.need("date")?,
        events: f.need("events")?,
    }))
}

pub(super) fn retraction(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    let (SourceAttribute(source), EventIdAttribute(id)): (
        SourceAttribute<'_>,
        EventIdAttribute<'_>,
    ) = (f.need("source")?, f.need("id")?);
    let boxed = |text: Cow<'_, str>| text.as_ref().into();
    Ok(EventData::Retraction(Retraction {
        source: boxed(source),
        id: boxed(id),
    }))
}
