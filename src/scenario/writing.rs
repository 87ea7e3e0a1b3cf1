//! Writes the words of a scenario out as events.
//!
//! It may not know what an event does. Invariant: a field that the contract does not know is
//! refused here, since the worker would ignore it; all other rules of the contract are left to the
//! worker, which rejects what breaks them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use toml::{Table, Value};

use super::event_keys::{Beside, EventId, NO_EVENT, Retracted, SOURCE, Wordless};
use super::faults::Faults;
use super::reading::split;
use super::subscribers::{Places, SUBSCRIBERS_MAX, numbered};
use super::time::{self, instant};
use super::words::{WORDLESS, WORDS, Word};
use crate::decode::known_fields;
use crate::domain::event::EventType;
use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;

/// Most events of one item.
const COUNT_MAX: u64 = 10_000;

/// A delivery, as its bytes would come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// One structured CloudEvent, unless the scenario gives another text.
    pub payload: String,
    /// Its place: file, line and key.
    pub place: String,
}

/// Writes events, one after another.
pub(super) struct EventWriter {
    zone: Zone,
    written: usize,
    /// The last values of the fields of units, managers and the like.
    records: BTreeMap<(&'static str, String), Map<String, Json>>,
    /// The ids of events that have a name.
    named: BTreeMap<String, Vec<String>>,
}

impl EventWriter {
    pub(super) const fn new(zone: Zone) -> Self {
        Self {
            zone,
            written: 0,
            records: BTreeMap::new(),
            named: BTreeMap::new(),
        }
    }

    /// The messages of a table, at `at` unless its items have times; in the order of the words.
    pub(super) fn write_messages(
        &mut self,
        events: Table,
        key: &str,
        at: Timestamp,
        faults: &mut Faults<'_>,
    ) -> Vec<Message> {
        let (wordless, by_word) = split(events, |name| WORDLESS.contains(&name));
        let mut by_word: BTreeMap<String, Vec<Table>> = faults.deserialize(by_word, key, &[]);
        let wordless: Wordless = faults.deserialize(wordless, key, &[]);
        let mut messages = Vec::new();
        for word in WORDS {
            let items = by_word.remove(word.name).unwrap_or_default();
            for (n, item) in items.into_iter().enumerate() {
                let key = format!("{key}.{}[{n}]", word.name);
                messages.extend(self.say(word, item, &key, at, faults));
            }
        }
        for (n, retracted) in wordless.retract.into_iter().enumerate() {
            let key = format!("{key}.retract[{n}]");
            messages.extend(self.retract(retracted, &key, at, faults));
        }
        for (n, event) in wordless.events.into_iter().enumerate() {
            let place = faults.place(&format!("{key}.events[{n}]"));
            messages.push(self.event(event, place, at));
        }
        let raw = wordless.raw.into_iter().enumerate();
        messages.extend(raw.map(|(n, payload)| Message {
            payload,
            place: faults.place(&format!("{key}.raw[{n}]")),
        }));
        messages
    }

    fn say(
        &mut self,
        word: &'static Word,
        item: Table,
        key: &str,
        at: Timestamp,
        faults: &mut Faults<'_>,
    ) -> Vec<Message> {
        let (beside, fields) = split(item, |name| word.is_beside(name));
        let beside: Beside = faults.deserialize(beside, key, &[]);
        let at = beside.time.map_or(at, |time| time.at(self.zone));
        let name = beside.event.as_deref();
        let mut data = data_of(word, &fields, key, faults);
        let mut messages = Vec::new();
        if word.of_subscribers {
            let subscribers = match data.get("subscriber_id").and_then(Json::as_str) {
                Some(subscriber) if beside.subscribers.0.is_empty() => vec![subscriber.to_owned()],
                _ => beside.subscribers.0,
            };
            if subscribers.is_empty() && !faults.has(&format!("{key}.subscribers")) {
                faults.refuse(
                    key,
                    "says no subscribers; hint: subscribers = \"G1-001..G1-005\"",
                );
            }
            for subscriber in subscribers {
                data.insert("subscriber_id".to_owned(), json!(subscriber));
                messages.push(self.write_event(word.event_type, &data, name, at, key, faults));
            }
            return messages;
        }
        for _ in 0..beside.count.unwrap_or(1).min(COUNT_MAX) {
            let data = self.complete(word, data.clone());
            messages.push(self.write_event(word.event_type, &data, name, at, key, faults));
        }
        if word.has_members() {
            messages.extend(self.members(beside, &data, key, at, faults));
        }
        messages
    }

    /// Fills in what was left out: the last value, else the default.
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
            let fields = known_fields(word.event_type);
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
        beside: Beside,
        data: &Map<String, Json>,
        key: &str,
        at: Timestamp,
        faults: &mut Faults<'_>,
    ) -> Vec<Message> {
        let group = data
            .get("group_id")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let joined = beside.joined.map_or(at, |joined| joined.at(self.zone));
        let mut subscribers = beside.subscribers.0;
        match beside.members {
            Some(count) if count > SUBSCRIBERS_MAX => faults.refuse(
                &format!("{key}.members"),
                format!("is more than the {SUBSCRIBERS_MAX} members that a group may have here"),
            ),
            count => subscribers.extend(count.into_iter().flat_map(|count| numbered(group, count))),
        }
        let count = subscribers.len();
        let mut places = |name: &str, Places(places): Places| {
            if !places.iter().all(|place| (1..=count).contains(place)) {
                faults.refuse(
                    &format!("{key}.{name}"),
                    format!("expected which of the {count} members, counted from 1"),
                );
            }
            places
        };
        let key_contacts = places("key_contact", beside.key_contact);
        let decision_makers = places("decision_maker", beside.decision_maker);
        let locked = places("locked", beside.locked);
        let mut messages = Vec::new();
        for (place, subscriber) in subscribers.iter().enumerate() {
            let mut data = Map::new();
            data.insert("subscriber_id".to_owned(), json!(subscriber));
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
            messages.push(self.write_event(
                EventType::Membership,
                &data,
                None,
                joined,
                key,
                faults,
            ));
        }
        messages
    }

    fn write_event(
        &mut self,
        event_type: EventType,
        data: &Map<String, Json>,
        name: Option<&str>,
        at: Timestamp,
        key: &str,
        faults: &Faults<'_>,
    ) -> Message {
        let id = self.next_id(name);
        let event = json!({ "specversion": "1.0", "id": id, "source": SOURCE, "type": event_type.name(), "time": at.to_string(), "data": data });
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

    /// The retraction of all events of a name, or of one by source and id.
    fn retract(
        &mut self,
        retracted: Retracted,
        key: &str,
        at: Timestamp,
        faults: &mut Faults<'_>,
    ) -> Vec<Message> {
        let targets: Vec<(String, String)> = match retracted {
            Retracted::Event(EventId { source, id }) => vec![(source, id)],
            Retracted::Named(name) => {
                let ids = self.named.get(&name).into_iter().flatten();
                ids.map(|id| (SOURCE.to_owned(), id.clone())).collect()
            }
        };
        if targets.is_empty() {
            faults.refuse(key, NO_EVENT);
        }
        let mut messages = Vec::new();
        for (source, id) in targets {
            let data = Map::from_iter([
                ("source".to_owned(), json!(source)),
                ("id".to_owned(), json!(id)),
            ]);
            messages.push(self.write_event(EventType::Retraction, &data, None, at, key, faults));
        }
        messages
    }

    /// A whole event; what is left out of its envelope is filled in.
    fn event(&mut self, event: Table, place: String, at: Timestamp) -> Message {
        let time = event.get("time").and_then(|time| instant(time, self.zone));
        let mut event: Map<String, Json> = event
            .iter()
            .map(|(name, value)| (name.clone(), json_of(value)))
            .collect();
        if let Some(time) = time {
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
        Message {
            payload: Json::Object(event).to_string(),
            place,
        }
    }
}

/// The fields of a word's item, by their names in the contract.
fn data_of(word: &Word, fields: &Table, key: &str, faults: &mut Faults<'_>) -> Map<String, Json> {
    let mut data = Map::new();
    for (name, value) in fields {
        match word.field(name) {
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
    data
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
