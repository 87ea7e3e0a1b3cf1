//! Words for what happens: short for the events of the contract.
//!
//! It may not know how an event is written. Invariant: every word names a type of the contract, and
//! its fields.

use crate::decode::known_fields;
use crate::domain::event::EventType;

pub(super) struct Word {
    pub(super) name: &'static str,
    pub(super) event_type: EventType,
    /// What `id` is short for.
    pub(super) own_id: Option<&'static str>,
    /// Whether it is used for subscribers, one event each.
    pub(super) of_subscribers: bool,
    /// Whether a field that is left out keeps its last value.
    pub(super) is_record: bool,
    /// Fields with fixed values, which are not written.
    pub(super) fixed: &'static [(&'static str, &'static str)],
    /// Default values of fields.
    pub(super) otherwise: &'static [(&'static str, &'static str)],
}

const fn word(name: &'static str, event_type: EventType) -> Word {
    Word {
        name,
        event_type,
        own_id: None,
        of_subscribers: false,
        is_record: false,
        fixed: &[],
        otherwise: &[],
    }
}

/// All words, in the order in which the happenings of one step come.
pub(super) const WORDS: &[Word] = &[
    Word {
        own_id: Some("unit_id"),
        is_record: true,
        ..word("units", EventType::Unit)
    },
    Word {
        own_id: Some("manager_id"),
        is_record: true,
        ..word("managers", EventType::Manager)
    },
    Word {
        own_id: Some("group_id"),
        is_record: true,
        otherwise: &[("tier", "C")],
        ..word("groups", EventType::Group)
    },
    Word {
        own_id: Some("project_id"),
        is_record: true,
        ..word("projects", EventType::Project)
    },
    Word {
        own_id: Some("key_date_id"),
        is_record: true,
        otherwise: &[("every", "year"), ("kind", "custom")],
        ..word("key_dates", EventType::KeyDate)
    },
    Word {
        of_subscribers: true,
        fixed: &[("change", "joined")],
        ..word("joined", EventType::Membership)
    },
    Word {
        of_subscribers: true,
        fixed: &[("change", "left")],
        ..word("left", EventType::Membership)
    },
    Word {
        of_subscribers: true,
        ..word("status", EventType::SubscriberStatus)
    },
    Word {
        of_subscribers: true,
        ..word("port_out", EventType::PortOut)
    },
    Word {
        own_id: Some("bill_id"),
        ..word("bills", EventType::Bill)
    },
    Word {
        own_id: Some("payment_id"),
        ..word("payments", EventType::Payment)
    },
    Word {
        own_id: Some("complaint_id"),
        otherwise: &[("state", "filed")],
        ..word("complaints", EventType::Complaint)
    },
    Word {
        own_id: Some("survey_id"),
        otherwise: &[("scale", "100")],
        ..word("surveys", EventType::Survey)
    },
    Word {
        own_id: Some("contact_id"),
        ..word("contacts", EventType::Contact)
    },
    word("feeds", EventType::Feed),
];

/// Keys of happenings that are written without a word.
pub(super) const WORDLESS: [&str; 3] = ["retract", "events", "raw"];

/// Keys beside the contract's fields: when, how often, and the name of the event, by which it can
/// be retracted.
const BESIDE: [&str; 3] = ["time", "count", "event"];
/// Keys of groups: their members from the beginning.
const OF_MEMBERS: [&str; 6] = [
    "members",
    "subscribers",
    "joined",
    "key_contact",
    "decision_maker",
    "locked",
];
/// Names that are short for others than `…_id`.
const SHORT: [(&str, &str); 2] = [("head", "head_manager_id"), ("parent", "parent_group_id")];

/// The keys of happenings that a table may have.
pub(super) fn event_words() -> Vec<&'static str> {
    WORDS.iter().map(|word| word.name).chain(WORDLESS).collect()
}

pub(super) fn is_event_word(name: &str) -> bool {
    event_words().contains(&name)
}

impl Word {
    /// Whether a key is one beside the contract's fields.
    pub(super) fn is_beside(&self, key: &str) -> bool {
        BESIDE.contains(&key)
            || (self.of_subscribers && key == "subscribers")
            || (self.has_members() && OF_MEMBERS.contains(&key))
    }

    /// Whether its members may be given with it.
    pub(super) fn has_members(&self) -> bool {
        self.name == "groups"
    }

    /// The contract's name of a field.
    pub(super) fn field(&self, key: &str) -> Option<&'static str> {
        let fields = known_fields(self.event_type);
        let is_said = |field: &&&str| self.fixed.iter().all(|(fixed, _)| fixed != *field);
        let short = SHORT
            .iter()
            .find(|(short, _)| *short == key)
            .map_or(key, |(_, long)| long);
        let own = if key == "id" { self.own_id } else { None };
        let named = |name: &str| {
            fields
                .iter()
                .filter(is_said)
                .find(|field| **field == name)
                .copied()
        };
        own.or_else(|| named(short))
            .or_else(|| named(&format!("{short}_id")))
    }

    /// Every key that may be used with it.
    pub(super) fn keys(&self) -> Vec<&'static str> {
        let fields = known_fields(self.event_type).iter().copied();
        let fields = fields.filter(|field| {
            self.fixed.iter().all(|(fixed, _)| fixed != field) && Some(*field) != self.own_id
        });
        let fields = fields.filter(|field| !(self.of_subscribers && *field == "subscriber_id"));
        let own = self.own_id.map(|_| "id");
        let subscribers = self.of_subscribers.then_some("subscribers");
        let members = if self.has_members() {
            &OF_MEMBERS[..]
        } else {
            &[]
        };
        own.into_iter()
            .chain(subscribers)
            .chain(fields.map(|field| field.strip_suffix("_id").unwrap_or(field)))
            .chain(BESIDE)
            .chain(members.iter().copied())
            .collect()
    }
}
