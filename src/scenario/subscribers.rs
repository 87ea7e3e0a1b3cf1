//! Subscribers by their ids, or as a range: `"G1-001..G1-050"`; and which of them.
//!
//! Invariant: the ids of a range have one length, and come in order.

use serde::Deserialize;
use toml::Value;

/// Most subscribers that a scenario may name at once.
pub(super) const SUBSCRIBERS_MAX: u64 = 20_000;

/// Subscribers that a key names: a text, or a list of texts.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct SubscriberIds(pub(super) Vec<String>);

impl TryFrom<Value> for SubscriberIds {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let ids = |one: &Value| match one.as_str() {
            Some(text) => expand(text),
            None => Err("expected a text like \"G1-001..G1-050\", or a list of such".to_owned()),
        };
        let ids = one_or_more(value)
            .iter()
            .map(ids)
            .collect::<Result<Vec<_>, _>>();
        ids.map(|ids| Self(ids.concat()))
    }
}

/// Which members a key names, counted from 1: a number, or a list of numbers.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Places(pub(super) Vec<usize>);

impl TryFrom<Value> for Places {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        let place = |one: &Value| one.as_integer().and_then(|n| usize::try_from(n).ok());
        let places = one_or_more(value).iter().map(place).collect::<Option<_>>();
        places
            .map(Self)
            .ok_or("expected which of the members, counted from 1")
    }
}

fn one_or_more(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        one => vec![one],
    }
}

/// The ids that a text names: one, or both ends of a range and all between.
pub(super) fn expand(text: &str) -> Result<Vec<String>, String> {
    let Some((first, last)) = text.split_once("..") else {
        return Ok(vec![text.to_owned()]);
    };
    let (stem, from) = split(first);
    let (other, to) = split(last);
    let (low, high) = (from.parse::<u64>(), to.parse::<u64>());
    match (low, high) {
        (Ok(low), Ok(high)) if stem == other && from.len() == to.len() && low <= high => {
            if high - low >= SUBSCRIBERS_MAX {
                return Err(format!("names more than {SUBSCRIBERS_MAX} subscribers"));
            }
            Ok((low..=high)
                .map(|n| format!("{stem}{n:0width$}", width = from.len()))
                .collect())
        }
        _ => Err(format!(
            "`{text}` is no range; hint: write both ends with as many digits, like G1-001..G1-050"
        )),
    }
}

/// The ids of the members that a group is given by number.
pub(super) fn numbered(group: &str, members: u64) -> Vec<String> {
    let width = members.to_string().len().max(3);
    (1..=members)
        .map(|n| format!("{group}-{n:0width$}"))
        .collect()
}

/// The part before the digits at the end, and those; at most as many as a number holds.
fn split(id: &str) -> (&str, &str) {
    let digits = id
        .bytes()
        .rev()
        .take_while(u8::is_ascii_digit)
        .take(18)
        .count();
    id.split_at(id.len() - digits)
}
