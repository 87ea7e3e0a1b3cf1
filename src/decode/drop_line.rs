//! One line of a BOSS drop → the envelope and data of an event, checked like any other event.
//!
//! It may not know the rules of a field: a column that does not fit its kind is passed on as text,
//! which the field's own check refuses. Invariant: the same line makes the same event, identity
//! included.

use std::borrow::Cow;
use std::fmt::Write;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike};

use super::columns::{self, Columns};
use super::envelope::{Envelope, EventIdAttribute, SourceAttribute};
use super::fields::{FromField, ObjectPlace};
use super::mapping::{ColumnNumber, Constant, DropMapping, FieldColumn, IdFrom, Kind};
use super::rules::DecodeRules;
use super::{number, rfc3339, syntax};
use crate::domain::identity::digest_of_parts;
use crate::domain::local_day::Timestamp;
use crate::domain::reject::Rejection;
use crate::domain::zone::Zone;

/// A line that was split.
#[derive(Debug)]
pub(super) struct DropLine<'r> {
    id: String,
    mapping: &'r DropMapping,
    time: Timestamp,
    data: String,
    /// Number of half characters that were replaced.
    pub replaced: u32,
}

impl DropLine<'_> {
    /// The envelope of its event.
    pub(super) fn envelope(&self) -> Envelope<'_> {
        Envelope {
            id: Cow::Borrowed(&self.id),
            source: Cow::Borrowed(&self.mapping.source),
            kind: Cow::Borrowed(&self.mapping.event_type),
            time: self.time,
            data: &self.data,
        }
    }
}

/// Splits a line by a mapping.
///
/// # Errors
/// `not_json` for wrong encoding and size, `not_cloudevent` for a bad id or time, `invalid_field`
/// for a wrong number of columns.
pub(super) fn split_line<'r>(
    line: &[u8],
    mapping: u16,
    rules: &'r DecodeRules,
) -> Result<DropLine<'r>, Rejection> {
    if line.len() > rules.event_bytes_max {
        return Err(syntax::oversized(line.len() as u64, rules.event_bytes_max));
    }
    let mapping = rules
        .mappings
        .get(usize::from(mapping))
        .ok_or_else(|| syntax::not_json(format!("line: there is no mapping {mapping}")))?;
    let Columns { texts, replaced } =
        columns::split_columns(line, &mapping.layout, mapping.encoding)?;
    let id = id(mapping, &texts)?;
    SourceAttribute::from_str(&mapping.source).ok_or_else(|| {
        ObjectPlace::ENVELOPE.refuse(
            "source",
            SourceAttribute::EXPECTED,
            "another one in the mapping",
        )
    })?;
    let time = time(
        &mapping.time.format,
        text(&texts, mapping.time.column),
        rules.zone,
    );
    let expected = || {
        format!(
            "a local time as {} of the years 2000 to 2099",
            mapping.time.format
        )
    };
    let time =
        time.ok_or_else(|| ObjectPlace::ENVELOPE.refuse("time", &expected(), "another text"))?;
    Ok(DropLine {
        id,
        mapping,
        time,
        data: data(mapping, &texts),
        replaced,
    })
}

/// The event time of a line; none where it is not readable.
pub(super) fn time_of(line: &[u8], mapping: &DropMapping, zone: Zone) -> Option<Timestamp> {
    let Columns { texts, .. } =
        columns::split_columns(line, &mapping.layout, mapping.encoding).ok()?;
    time(
        &mapping.time.format,
        text(&texts, mapping.time.column),
        zone,
    )
}

/// A column's text; empty for a column beyond the layout.
fn text(texts: &[String], column: ColumnNumber) -> &str {
    column
        .checked_sub(1)
        .and_then(|at| texts.get(at))
        .map_or("", String::as_str)
}

fn id(mapping: &DropMapping, texts: &[String]) -> Result<String, Rejection> {
    let id = match &mapping.id {
        IdFrom::Column(column) => text(texts, *column).to_owned(),
        IdFrom::Digest(columns) => format!(
            "{:032x}",
            digest_of_parts(columns.iter().map(|column| text(texts, *column)))
        ),
    };
    match EventIdAttribute::from_str(&id) {
        Some(_) => Ok(id),
        None => Err(ObjectPlace::ENVELOPE.refuse(
            "id",
            EventIdAttribute::EXPECTED,
            if id.is_empty() {
                "a blank column"
            } else {
                "another text"
            },
        )),
    }
}

fn time(format: &str, text: &str, zone: Zone) -> Option<Timestamp> {
    if let Ok(instant) = DateTime::parse_from_str(text, format) {
        let good =
            rfc3339::is_event_year(instant.date_naive()) && instant.nanosecond() < 1_000_000_000;
        return good.then(|| instant.to_utc().into());
    }
    let local = NaiveDateTime::parse_from_str(text, format)
        .or_else(|_| NaiveDate::parse_from_str(text, format).map(NaiveDateTime::from))
        .ok()?;
    // chrono reads a second 60 as the 59th with more than 10^9 nanoseconds.
    (rfc3339::is_event_year(local.date()) && local.nanosecond() < 1_000_000_000)
        .then(|| zone.at(local))
}

/// The data as JSON: each mapped field whose column is not blank, and the constants.
fn data(mapping: &DropMapping, texts: &[String]) -> String {
    let columns = mapping
        .fields
        .iter()
        .map(|field| (&*field.to, text(texts, field.column), field))
        .filter(|(_, text, _)| !text.is_empty());
    let mut values: Vec<(&str, String)> = columns
        .map(|(to, text, field)| (to, value(field, text)))
        .collect();
    values.extend(
        mapping
            .constants
            .iter()
            .map(|(to, constant)| (to.as_str(), constant_value(constant))),
    );
    // Sorting puts the fields of one nested object, with a common `date.` prefix, next to each
    // other.
    values.sort_by_key(|(to, _)| *to);
    let (mut data, mut within) = (String::from("{"), "");
    for (to, value) in &values {
        let (object, name) = to.split_once('.').unwrap_or(("", to));
        if within != object && !within.is_empty() {
            data.push('}');
        }
        if data.len() > 1 {
            data.push(',');
        }
        if within != object && !object.is_empty() {
            write!(data, "{}:{{", quoted(object)).expect("a String takes all text");
        }
        within = object;
        write!(data, "{}:{value}", quoted(name)).expect("a String takes all text");
    }
    data.push_str(if within.is_empty() { "}" } else { "}}" });
    data
}

/// A column's JSON value; the text itself where it does not fit the mapping's kind.
fn value(field: &FieldColumn, text: &str) -> String {
    let format = |usual: &'static str| field.format.as_deref().unwrap_or(usual);
    let read = match field.kind {
        Kind::Text => None,
        Kind::Int => number::integer(text).map(|n| n.to_string()),
        Kind::Number => number::thousandths(text).map(|n| format!("{n}e-3")),
        Kind::Bool => bool_of(text).map(|yes| yes.to_string()),
        // A yuan has 1000 li, so yuan in thousandths is the amount in li.
        Kind::Yuan => number::thousandths(text)
            .and_then(fen_of_li)
            .map(|fen| fen.to_string()),
        Kind::Li => number::integer(text)
            .and_then(fen_of_li)
            .map(|fen| fen.to_string()),
        Kind::Date => NaiveDate::parse_from_str(text, format("%Y%m%d"))
            .ok()
            .map(|date| quoted(&date.to_string())),
        Kind::Month => {
            let first =
                NaiveDate::parse_from_str(&format!("{text} 01"), &format!("{} %d", format("%Y%m")));
            first
                .ok()
                .map(|day| quoted(&day.format("%Y-%m").to_string()))
        }
    };
    read.unwrap_or_else(|| quoted(text))
}

fn bool_of(text: &str) -> Option<bool> {
    match text {
        "1" | "Y" | "y" | "true" => Some(true),
        "0" | "N" | "n" | "false" => Some(false),
        _ => None,
    }
}

fn fen_of_li(li: i64) -> Option<i64> {
    (li % 10 == 0).then_some(li / 10)
}

fn constant_value(constant: &Constant) -> String {
    match constant {
        Constant::Text(text) => quoted(text),
        Constant::Int(n) => n.to_string(),
        Constant::Bool(yes) => yes.to_string(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}
