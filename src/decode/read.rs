//! Decoding of one delivery: the checks in the order of the contract's table.
//!
//! It may not know any field. Invariant: exactly one event or one rejection results, and the first
//! check that fails gives the class.

use chrono::TimeDelta;

use super::envelope::{self, Envelope};
use super::fields::{Fields, ObjectPlace};
use super::rules::{DecodeRules, Decoded, Form};
use super::{drop_line, syntax, types};
use crate::domain::event::{Event, EventData, Order};
use crate::domain::local_day::Timestamp;
use crate::domain::phones::mask_phones_in;
use crate::domain::reject::{RejectClass, Rejection};

/// Most characters of a type or a code that a reason shows.
const SHOWN_CHARS_MAX: usize = 64;

/// Decodes one delivery. `wall_now` is the wall clock, in either clock mode.
///
/// # Errors
/// The rejection with the class of the first check that failed; its reason names the path and what
/// was expected, and shows no value but a type, a status code and its set.
pub(crate) fn decode(
    payload: &[u8],
    form: Form<'_>,
    rules: &DecodeRules,
    wall_now: Timestamp,
) -> Result<Decoded, Rejection> {
    match form {
        Form::Oversized { bytes } => Err(syntax::oversized(bytes, rules.event_bytes_max)),
        Form::Structured => finish(
            &envelope::structured(syntax::text(payload, rules.event_bytes_max)?)?,
            rules,
            wall_now,
        ),
        Form::Binary(headers) => finish(
            &envelope::binary(syntax::text(payload, rules.event_bytes_max)?, headers)?,
            rules,
            wall_now,
        ),
        Form::Mapped(mapping) => {
            let line = drop_line::split_line(payload, mapping, rules)?;
            let decoded = finish(&line.envelope(), rules, wall_now)?;
            Ok(Decoded {
                replaced: line.replaced,
                ..decoded
            })
        }
    }
}

/// The checks after the envelope, the same for every form.
fn finish(
    envelope: &Envelope<'_>,
    rules: &DecodeRules,
    wall_now: Timestamp,
) -> Result<Decoded, Rejection> {
    if envelope.time.since(wall_now) > rules.ahead_max {
        return Err(too_far_ahead(envelope.time, rules.ahead_max));
    }
    let rule = types::find(&envelope.kind).ok_or_else(|| unknown_type(&envelope.kind))?;
    let mut fields = Fields::new(rule.fields, ObjectPlace::DATA);
    fields.fill(envelope.data)?;
    let data = (rule.read)(&fields, &rules.status_maps)?;
    let unknown_reason = matches!(&data, EventData::SubscriberStatus(status) if status.reason.is_none())
        && fields.is_given("reason");
    let order = Order {
        time: envelope.time,
        id: envelope.id.as_ref().into(),
        source: envelope.source.as_ref().into(),
    };
    Ok(Decoded {
        event: Event { order, data },
        unknown_reason,
        replaced: 0,
    })
}

#[cold]
fn too_far_ahead(time: Timestamp, ahead_max: TimeDelta) -> Rejection {
    let reason = format!(
        "time: {time} lies more than {} s after the wall clock",
        ahead_max.num_seconds()
    );
    Rejection {
        retry_at: Some(time.plus(-ahead_max)),
        ..Rejection::new(RejectClass::TooFarAhead, reason)
    }
}

#[cold]
fn unknown_type(kind: &str) -> Rejection {
    Rejection::new(
        RejectClass::UnknownType,
        format!("type: there is no type {}", shown(kind)),
    )
}

/// A text of the payload that a reason may show: quoted, cut, escaped, phone numbers masked.
pub(super) fn shown(text: &str) -> String {
    let cut: String = text.chars().take(SHOWN_CHARS_MAX).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("`{}{dots}`", mask_phones_in(&cut).escape_debug())
}
