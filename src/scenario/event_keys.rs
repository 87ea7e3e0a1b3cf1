//! The keys of a table of happenings beside the fields of events.
//!
//! It may not know how an event is written. Invariant: what is read here has the form that it must
//! have.

use serde::Deserialize;
use toml::{Table, Value};

use super::subscribers::{Places, SubscriberIds};
use super::time::When;

/// The CloudEvents source of a scenario's events.
pub(super) const SOURCE: &str = "/scenario";

/// Happenings that are written without a word.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wordless {
    pub(super) retract: Vec<Retracted>,
    /// Whole events.
    pub(super) events: Vec<Table>,
    /// Deliveries that are no events, as they come.
    pub(super) raw: Vec<String>,
}

pub(super) const NO_EVENT: &str = "names no event; hint: give the event a name with `event = \"…\"`, or write { source = \"…\", id = \"…\" }";

#[derive(Deserialize)]
#[serde(try_from = "Value")]
pub(super) enum Retracted {
    /// All events of a name.
    Named(String),
    Event(EventId),
}

#[derive(Deserialize)]
pub(super) struct EventId {
    #[serde(default = "source")]
    pub(super) source: String,
    pub(super) id: String,
}

fn source() -> String {
    SOURCE.to_owned()
}

impl TryFrom<Value> for Retracted {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value {
            Value::String(name) => Ok(Self::Named(name)),
            value => value.try_into().map(Self::Event).map_err(|_| NO_EVENT),
        }
    }
}

/// The keys of an item beside the fields of its event.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Beside {
    pub(super) time: Option<When>,
    pub(super) count: Option<u64>,
    /// The event's name in the scenario.
    pub(super) event: Option<String>,
    pub(super) subscribers: SubscriberIds,
    /// How many members a group has from the beginning.
    pub(super) members: Option<u64>,
    pub(super) joined: Option<When>,
    pub(super) key_contact: Places,
    pub(super) decision_maker: Places,
    pub(super) locked: Places,
}
