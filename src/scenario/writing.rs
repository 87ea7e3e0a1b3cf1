//! What the words of a scenario say, written out as events.
//!
//! It may not know what an event does. Invariant: a field that the contract does not know is
//! refused here, since the worker would ignore it; all other rules of the contract are left to the
//! worker, which rejects what breaks them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use toml::{Table, Value};

use super::lines::{expand, numbered};
use super::reading::Faults;
use super::time::{self, instant};
use super::words::{BESIDE, OF_MEMBERS, Word};
use crate::decode::known_fields;
use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;

/// The CloudEvents source of what a scenario tells.
const SOURCE: &str = "/scenario";

/// A delivery, as its bytes would come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// One structured CloudEvent, unless the scenario says otherwise.
    pub payload: String,
    /// Where it stands: file, line and key.
    pub place: String,
}

/// Writes events, one after another.
pub(super) struct Writer {
    zone: Zone,
    written: usize,
    /// The fields of units, managers and the like, as they were said last.
    records: BTreeMap<(&'static str, String), Map<String, Json>>,
    /// The ids of events that have a name.
    named: BTreeMap<String, Vec<String>>,
}

impl Writer {
    pub(super) const fn new(zone: Zone) -> Self {
        Self {
            zone,
            written: 0,
            records: BTreeMap::new(),
            named: BTreeMap::new(),
        }
    }

    /// What one word says: its items, at `at` unless they say when.
    pub(super) fn say(
        &mut self,
        word: &'static Word,
        items: &[Value],
        key: &str,
        at: Timestamp,
        faults: &mut Faults<'_>,
    ) -> Vec<Message> {
        let mut messages = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let key = format!("{key}[{n}]");
            let Value::Table(item) = item else {
                faults.refuse(
                    &key,
                    format!(
                        "expected a table like {{ {} = … }}",
                        word.keys().first().unwrap_or(&"id")
                    ),
                );
                continue;
            };
            messages.extend(self.say_one(word, item, &key, at, faults));
        }
        messages
    }

    fn say_one(
        &mut self,
        word: &'static Word,
        item: &Table,
        key: &str,
        at: Timestamp,
        faults: &mut Faults<'_>,
    ) -> Vec<Message> {
        let at = faults.instant(item, "time", key, self.zone).unwrap_or(at);
        let mut data = Map::new();
        for (name, value) in item {
            let is_beside = BESIDE.contains(&name.as_str())
                || (word.of_subscribers && name == "lines")
                || (word.name == "groups" && OF_MEMBERS.contains(&name.as_str()));
            match word.field(name) {
                _ if is_beside => {}
                Some(field) => drop(data.insert(field.to_owned(), json_of(value))),
                None => faults.refuse(
                    &format!("{key}.{name}"),
                    format!(
                        "is no key of `{}`; hint: one of {}",
                        word.name,
                        word.keys().join(", ")
                    ),
                ),
            }
        }
        for (field, text) in word.fixed {
            data.insert((*field).to_owned(), json!(text));
        }
        if word.is_record && word.own_id.is_none_or(|own| !data.contains_key(own)) {
            faults.refuse(key, "has no `id`");
        }
        let name = item.get("event").and_then(Value::as_str);
        let mut messages = Vec::new();
        if word.of_subscribers {
            for line in subscribers_of(item, "lines", key, faults) {
                data.insert("subscriber_id".to_owned(), json!(line));
                messages.push(self.write(word.event_type, &data, name, at, key, faults));
            }
            if messages.is_empty() && !data.contains_key("subscriber_id") {
                faults.refuse(key, "says no lines; hint: lines = \"G1-001..G1-005\"");
            }
            return messages;
        }
        let count = item.get("count").and_then(Value::as_integer).unwrap_or(1);
        for _ in 0..count.clamp(0, 10_000) {
            let data = self.complete(word, data.clone());
            messages.push(self.write(word.event_type, &data, name, at, key, faults));
        }
        if word.name == "groups" {
            messages.extend(self.members(item, &data, key, at, faults));
        }
        messages
    }

    /// Fills in what was left out: as it was said last, else what holds otherwise.
    fn complete(&mut self, word: &'static Word, mut data: Map<String, Json>) -> Map<String, Json> {
        let id = match word.own_id {
            Some(own) => {
                let numbered = json!(format!(
                    "{}-{}",
                    word.name.trim_end_matches('s'),
                    self.written + 1
                ));
                data.entry(own)
                    .or_insert(numbered)
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            }
            None => String::new(),
        };
        if word.is_record {
            let mut before = self
                .records
                .remove(&(word.name, id.clone()))
                .unwrap_or_default();
            before.append(&mut data);
            data = before;
            let fields = known_fields(word.event_type).unwrap_or_default();
            if fields.contains(&"name") {
                data.entry("name").or_insert(json!(id));
            }
            if word.name == "managers" {
                data.entry("email")
                    .or_insert(json!(format!("{}@example.com", id.to_lowercase())));
            }
            if let Some(date) = data.get("date") {
                let calendar = if date.is_object() { "lunar" } else { "solar" };
                data.insert("calendar".to_owned(), json!(calendar));
                data.entry("title").or_insert(json!(id));
            }
        }
        for (field, text) in word.otherwise {
            data.entry(*field).or_insert(json!(text));
        }
        if word.is_record {
            self.records.insert((word.name, id), data.clone());
        }
        data
    }

    /// The members that a group has from the beginning.
    fn members(
        &mut self,
        item: &Table,
        data: &Map<String, Json>,
        key: &str,
        at: Timestamp,
        faults: &mut Faults<'_>,
    ) -> Vec<Message> {
        let group = data
            .get("group_id")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let joined = faults.instant(item, "joined", key, self.zone).unwrap_or(at);
        let mut lines = subscribers_of(item, "lines", key, faults);
        if let Some(members) = faults.count(item, "members", key) {
            lines.extend(numbered(group, members));
        }
        let key_contacts = faults.places(item, "key_contact", key, lines.len());
        let decision_makers = faults.places(item, "decision_maker", key, lines.len());
        let locked = faults.places(item, "locked", key, lines.len());
        let mut messages = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            let mut data = Map::new();
            data.insert("subscriber_id".to_owned(), json!(line));
            data.insert("group_id".to_owned(), json!(group));
            data.insert("change".to_owned(), json!("joined"));
            for (places, role) in [
                (&key_contacts, "key_contact"),
                (&decision_makers, "decision_maker"),
            ] {
                if places.contains(&(place + 1)) {
                    data.insert("role".to_owned(), json!(role));
                }
            }
            if locked.contains(&(place + 1)) {
                data.insert("locked".to_owned(), json!(true));
            }
            messages.push(self.write("boss.membership.v1", &data, None, joined, key, faults));
        }
        messages
    }

    fn write(
        &mut self,
        event_type: &str,
        data: &Map<String, Json>,
        name: Option<&str>,
        at: Timestamp,
        key: &str,
        faults: &Faults<'_>,
    ) -> Message {
        let id = self.next_id(name);
        let event = json!({ "specversion": "1.0", "id": id, "source": SOURCE, "type": event_type, "time": at.to_string(), "data": data });
        Message {
            payload: event.to_string(),
            place: faults.place(key),
        }
    }

    /// The id of the next event. Events of one instant hold in the order of their ids.
    fn next_id(&mut self, name: Option<&str>) -> String {
        self.written += 1;
        let number = format!("e{:06}", self.written);
        match name {
            None => number,
            Some(name) => {
                let ids = self.named.entry(name.to_owned()).or_default();
                let id = if ids.is_empty() {
                    name.to_owned()
                } else {
                    format!("{name}/{number}")
                };
                ids.push(id.clone());
                id
            }
        }
    }

    /// Retractions: of all events of a name, or of one by source and id.
    pub(super) fn retract(
        &mut self,
        items: &[Value],
        key: &str,
        at: Timestamp,
        faults: &mut Faults<'_>,
    ) -> Vec<Message> {
        let mut messages = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let key = format!("{key}[{n}]");
            let field = |name: &str| item.get(name).and_then(Value::as_str);
            let targets: Vec<(String, String)> = match (item.as_str(), field("id")) {
                (Some(name), _) => self
                    .named
                    .get(name)
                    .into_iter()
                    .flatten()
                    .map(|id| (SOURCE.to_owned(), id.clone()))
                    .collect(),
                (None, Some(id)) => {
                    vec![(field("source").unwrap_or(SOURCE).to_owned(), id.to_owned())]
                }
                (None, None) => Vec::new(),
            };
            if targets.is_empty() {
                faults.refuse(
                    &key,
                    "names no event; hint: give the event a name with `event = \"…\"`, or write { source = \"…\", id = \"…\" }",
                );
            }
            for (source, id) in targets {
                let data = json!({ "source": source, "id": id });
                let data = data.as_object().cloned().unwrap_or_default();
                messages.push(self.write("boss.retraction.v1", &data, None, at, &key, faults));
            }
        }
        messages
    }

    /// Whole events; what is left out of their envelope is filled in.
    pub(super) fn events(
        &mut self,
        items: &[Value],
        key: &str,
        at: Timestamp,
        faults: &mut Faults<'_>,
    ) -> Vec<Message> {
        let mut messages = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let key = format!("{key}[{n}]");
            let Json::Object(mut event) = json_of(item) else {
                faults.refuse(
                    &key,
                    "expected a CloudEvent like { type = \"boss.port_out.v1\", data = { … } }",
                );
                continue;
            };
            if let Some(time) = item.get("time").and_then(|time| instant(time, self.zone)) {
                event.insert("time".to_owned(), json!(time.to_string()));
            }
            let id = self.next_id(None);
            for (name, text) in [
                ("specversion", "1.0"),
                ("id", id.as_str()),
                ("source", SOURCE),
                ("time", &at.to_string()),
            ] {
                event.entry(name).or_insert(json!(text));
            }
            messages.push(Message {
                payload: Json::Object(event).to_string(),
                place: faults.place(&key),
            });
        }
        messages
    }
}

/// Deliveries that are no events, as they come.
pub(super) fn raw(items: &[Value], key: &str, faults: &mut Faults<'_>) -> Vec<Message> {
    let mut messages = Vec::new();
    for (n, item) in items.iter().enumerate() {
        let key = format!("{key}[{n}]");
        match item.as_str() {
            Some(payload) => messages.push(Message {
                payload: payload.to_owned(),
                place: faults.place(&key),
            }),
            None => faults.refuse(&key, "expected a text, as it is delivered"),
        }
    }
    messages
}

/// The lines that a key names: a text, or a list of texts.
fn subscribers_of(item: &Table, name: &str, key: &str, faults: &mut Faults<'_>) -> Vec<String> {
    let texts: Vec<Option<&str>> = match item.get(name) {
        None => {
            return item
                .get("line")
                .and_then(Value::as_str)
                .map(str::to_owned)
                .into_iter()
                .collect();
        }
        Some(Value::Array(items)) => items.iter().map(Value::as_str).collect(),
        Some(value) => vec![value.as_str()],
    };
    let mut lines = Vec::new();
    for text in texts {
        match text.map(expand) {
            Some(Ok(more)) => lines.extend(more),
            Some(Err(why)) => faults.refuse(&format!("{key}.{name}"), why),
            None => faults.refuse(
                &format!("{key}.{name}"),
                "expected a text like \"G1-001..G1-050\", or a list of such",
            ),
        }
    }
    lines
}

/// A value as JSON has it: dates and times are texts.
pub(super) fn json_of(value: &Value) -> Json {
    match value {
        Value::String(text) => json!(text),
        Value::Integer(n) => json!(n),
        Value::Float(n) => json!(n),
        Value::Boolean(yes) => json!(yes),
        Value::Datetime(_) => json!(time::text_of(value)),
        Value::Array(items) => Json::Array(items.iter().map(json_of).collect()),
        Value::Table(table) => Json::Object(
            table
                .iter()
                .map(|(name, value)| (name.clone(), json_of(value)))
                .collect(),
        ),
    }
}
