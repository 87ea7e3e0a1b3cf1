//! `data` of `crm.key_date.v1`.
//!
//! It may not know when a lunar day falls: `follow_up` handles a day that a year lacks. Invariant:
//! a date keeps the calendar in which it was sent; only a solar one may come once.

use std::ops::RangeInclusive;

use super::fields::{Fields, FromField, ObjectPlace, Raw};
use super::number::integer;
use super::spelling::KeyDateCalendar;
use super::status_map::StatusMaps;
use crate::domain::event::{EventData, Every, KeyDate, KeyDay, LunarDay};
use crate::domain::reject::{RejectClass, Rejection};

/// Days ahead at which a reminder makes sense: ten years before, to a year after.
const LEAD_DAYS: RangeInclusive<i64> = -366..=3660;

const LUNAR: ObjectPlace = ObjectPlace {
    class: RejectClass::InvalidField,
    prefix: "data.date.",
};

pub(super) fn key_date(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    let day = match f.need("calendar")? {
        KeyDateCalendar::Solar => KeyDay::Solar(f.need("date")?),
        KeyDateCalendar::Lunar => lunar(f)?,
    };
    let every = f.need("every")?;
    if every == Every::Once && !matches!(day, KeyDay::Solar(_)) {
        return Err(f.refuse("every", "year, since once needs the solar calendar"));
    }
    Ok(EventData::KeyDate(KeyDate {
        key_date_id: f.need("key_date_id")?,
        group_id: f.need("group_id")?,
        kind: f.need("kind")?,
        title: f.need("title")?,
        contact: f.maybe("contact")?,
        day,
        every,
        lead_days: lead_days(f)?,
        removed: f.maybe("removed")?.unwrap_or(false),
    }))
}

fn lunar(f: &Fields<'_>) -> Result<KeyDay, Rejection> {
    let expected = "an object of month, day and leap, since the calendar is lunar";
    let raw = f
        .raw("date")
        .filter(|raw| raw.0.starts_with('{'))
        .ok_or_else(|| f.refuse("date", expected))?;
    let mut date = Fields::new(&["month", "day", "leap"], LUNAR);
    date.fill(raw.0)?;
    let (Lunar::<12>(month), Lunar::<30>(day)) = (date.need("month")?, date.need("day")?);
    Ok(KeyDay::Lunar(LunarDay {
        month,
        day,
        leap: date.need("leap")?,
    }))
}

/// A number of a lunar date, from 1 to `MAX`.
struct Lunar<const MAX: u8>(u8);

impl<const MAX: u8> FromField<'_> for Lunar<MAX> {
    const EXPECTED: &'static str = if MAX == 12 {
        "an integer from 1 to 12"
    } else {
        "an integer from 1 to 30"
    };

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        u8::try_from(integer(raw.0)?)
            .ok()
            .filter(|n| (1..=MAX).contains(n))
            .map(Self)
    }
}

fn lead_days(f: &Fields<'_>) -> Result<Option<Vec<i32>>, Rejection> {
    let Some(RawList(elements)) = f.maybe("lead_days")? else {
        return Ok(None);
    };
    let day = |(at, raw): (usize, Raw<'_>)| {
        let day = integer(raw.0)
            .filter(|day| LEAD_DAYS.contains(day))
            .and_then(|day| i32::try_from(day).ok());
        let (first, last) = LEAD_DAYS.into_inner();
        day.ok_or_else(|| {
            ObjectPlace::DATA.refuse(
                format_args!("lead_days[{at}]"),
                &format!("an integer from {first} to {last}"),
                raw.kind(),
            )
        })
    };
    elements
        .into_iter()
        .enumerate()
        .map(day)
        .collect::<Result<_, _>>()
        .map(Some)
}

/// A list with unparsed elements.
struct RawList<'a>(Vec<Raw<'a>>);

impl<'a> FromField<'a> for RawList<'a> {
    const EXPECTED: &'static str = "a list of integers";

    fn from_field(raw: Raw<'a>) -> Option<Self> {
        raw.list().map(Self)
    }
}
