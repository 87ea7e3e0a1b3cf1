//! What is expected: how many things of a list have which fields.
//!
//! Invariant: a field that there is not, or a name that none has, is refused: it would never, or
//! always, hold.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Table, Value};

use super::faults::Faults;
use super::fields::{List, ListKey};
use super::reading::split;
use super::time::{EXPECTED, instant, text_of};
use super::writing::json_of;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::zone::Zone;
use crate::report::{Column, ColumnKind};

/// How many of a list must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    Some,
    Exactly(usize),
}

/// What a field must be.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ExpectedValue {
    /// This text; an empty one is nothing.
    Text(String),
    /// A text that holds each of these.
    Has(Vec<String>),
    /// These texts, in any order.
    Texts(Vec<String>),
    Int(i64),
    /// This number, within a float's error.
    Number(f64),
    Bool(bool),
    Instant(Timestamp),
    Date(LocalDay),
}

/// Which things of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Pattern(pub(super) Vec<(Cow<'static, str>, ExpectedValue)>);

#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    pub list: List,
    pub times: Times,
    pub(super) pattern: Pattern,
    /// Its place in the file, for people.
    pub(super) place: String,
    /// As it was written.
    pub(super) text: String,
}

impl Expectation {
    /// The day that it names, if it names one.
    #[must_use]
    pub(crate) fn date(&self) -> Option<LocalDay> {
        self.pattern
            .0
            .iter()
            .find_map(|(name, wanted)| match wanted {
                ExpectedValue::Date(date) if name == "date" => Some(*date),
                _ => None,
            })
    }
}

/// Of which list things are expected, and whether they must not be there.
#[derive(PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Listed {
    list: List,
    is_absent: bool,
}

impl TryFrom<String> for Listed {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let (list, is_absent) = match name.strip_prefix("no_") {
            Some(list) => (list, true),
            None => (&*name, false),
        };
        ListKey::try_from(list.to_owned())
            .map(|ListKey(list)| Self { list, is_absent })
            .map_err(|error| format!("{error}, each also as no_…, and counts"))
    }
}

/// How many there are of a list at all.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ExpectedCounts {
    counts: BTreeMap<ListKey, usize>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Count {
    count: Option<usize>,
}

/// Reads the table `expect` of a step.
pub(super) fn read_expectation(
    expect: Table,
    key: &str,
    zone: Zone,
    faults: &mut Faults<'_>,
) -> Vec<Expectation> {
    let (counts, listed) = split(expect, |name| name == "counts");
    let listed: BTreeMap<Listed, Vec<Table>> = faults.deserialize(listed, key, &[]);
    let ExpectedCounts { counts } = faults.deserialize(counts, key, &[]);
    let mut expectations = Vec::new();
    for (Listed { list, is_absent }, items) in listed {
        let no = if is_absent { "no_" } else { "" };
        for (n, item) in items.into_iter().enumerate() {
            let key = format!("{key}.{no}{}[{n}]", list.name());
            expectations.push(of_item(list, item, is_absent, &key, zone, faults));
        }
    }
    expectations.extend(
        counts
            .into_iter()
            .map(|(ListKey(list), count)| Expectation {
                list,
                times: Times::Exactly(count),
                pattern: Pattern::default(),
                place: faults.place(&format!("{key}.counts.{}", list.name())),
                text: format!("{count} at all"),
            }),
    );
    expectations
}

fn of_item(
    list: List,
    item: Table,
    is_absent: bool,
    key: &str,
    zone: Zone,
    faults: &mut Faults<'_>,
) -> Expectation {
    let text = spell(&item);
    let (count, fields) = split(item, |name| name == "count");
    let Count { count } = faults.deserialize(count, key, &[]);
    if is_absent && count.is_some() {
        faults.refuse(
            &format!("{key}.count"),
            "is none of what must not be there; hint: leave it out",
        );
    }
    let times = match count {
        _ if is_absent => Times::Exactly(0),
        Some(count) => Times::Exactly(count),
        None => Times::Some,
    };
    Expectation {
        list,
        times,
        pattern: pattern(list, fields, key, zone, faults),
        place: faults.place(key),
        text,
    }
}

/// Reads which things of a list a table means.
pub(super) fn pattern(
    list: List,
    table: Table,
    key: &str,
    zone: Zone,
    faults: &mut Faults<'_>,
) -> Pattern {
    let fields = list.fields();
    let mut pattern = Pattern::default();
    for (name, value) in &table {
        let place = format!("{key}.{name}");
        let named = |name: &str| fields.iter().find(|field| field.name == name);
        let part = || name.strip_suffix("_has").and_then(named);
        let read = match (named(name), part()) {
            (Some(field), _) => wanted(field.column, value, zone).map(|wanted| (field, wanted)),
            (None, Some(field)) => parts(field.column, value).map(|wanted| (field, wanted)),
            (None, None) => {
                let names: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
                Err(format!(
                    "is no field of {}; hint: one of {}",
                    list.name(),
                    names.join(", ")
                ))
            }
        };
        match read {
            Ok((field, wanted)) => pattern.0.push((field.name.clone(), wanted)),
            Err(why) => faults.refuse(&place, why),
        }
    }
    pattern
}

fn wanted(column: &Column, value: &Value, zone: Zone) -> Result<ExpectedValue, String> {
    if value.as_str() == Some("") {
        return Ok(ExpectedValue::Text(String::new()));
    }
    let expected = |what: &str| format!("expected {what}");
    match column.kind {
        ColumnKind::Text | ColumnKind::Code(_) => {
            let text = text_of(value).ok_or_else(|| expected("a text"))?;
            known(column, [text]).map(|texts| ExpectedValue::Text(texts.concat()))
        }
        ColumnKind::Codes(_) | ColumnKind::List => {
            known(column, texts(value)?).map(ExpectedValue::Texts)
        }
        ColumnKind::Count | ColumnKind::Fen => value
            .as_integer()
            .map(ExpectedValue::Int)
            .ok_or_else(|| expected("a whole number")),
        ColumnKind::Thousandths | ColumnKind::Percent | ColumnKind::Number => number(value)
            .map(ExpectedValue::Number)
            .ok_or_else(|| expected("a number")),
        ColumnKind::Bool => value
            .as_bool()
            .map(ExpectedValue::Bool)
            .ok_or_else(|| expected("true or false")),
        ColumnKind::Instant => instant(value, zone)
            .map(ExpectedValue::Instant)
            .ok_or_else(|| EXPECTED.to_owned()),
        ColumnKind::Day => text_of(value)
            .and_then(|text| text.parse().ok())
            .map(|date| ExpectedValue::Date(LocalDay::from_date(date)))
            .ok_or_else(|| expected("a date like \"2026-09-03\"")),
    }
}

/// Behind `…_has`. Of a closed set, each part is one of its names.
fn parts(column: &Column, value: &Value) -> Result<ExpectedValue, String> {
    let parts = match value.as_str() {
        Some(part) => vec![part.to_owned()],
        None => texts(value)?,
    };
    match (column.kind, column.names) {
        (ColumnKind::Text | ColumnKind::Code(_), None)
        | (ColumnKind::List | ColumnKind::Codes(_), _) => {
            known(column, parts).map(ExpectedValue::Has)
        }
        _ => Err(format!(
            "`{}` has no parts; hint: leave `_has` out",
            column.name
        )),
    }
}

/// The texts, if a column may have them.
fn known(column: &Column, texts: impl IntoIterator<Item = String>) -> Result<Vec<String>, String> {
    let names = column.names.map(|names| names());
    let one_of = |text: String| match &names {
        Some(names) if !names.contains(&text.as_str()) => Err(format!(
            "`{text}` is none there is; hint: one of {}",
            names.join(", ")
        )),
        _ => Ok(text),
    };
    texts.into_iter().map(one_of).collect()
}

fn texts(value: &Value) -> Result<Vec<String>, String> {
    let list = value.as_array().and_then(|items| {
        items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect()
    });
    list.ok_or_else(|| "expected a list of texts".to_owned())
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_float()
        .or_else(|| value.as_integer().map(|n| n as f64))
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// A table as it would be written on one line.
fn spell(table: &Table) -> String {
    let parts: Vec<String> = table
        .iter()
        .map(|(name, value)| format!("{name} = {}", json_of(value)))
        .collect();
    format!("{{ {} }}", parts.join(", "))
}
