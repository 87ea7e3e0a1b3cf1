//! Which promises were kept.

use super::{at, day, manager_id, zone};
use crate::domain::event::{Channel, Contact};
use crate::domain::ids::{ContactId, GroupId};
use crate::follow_up::promises::{PromiseState, promises};

fn contact(id: &str, promised_on: Option<&str>, fulfils: Option<&str>) -> Contact {
    Contact {
        contact_id: ContactId::parse(id).expect("id"),
        group_id: GroupId::parse("G1").expect("id"),
        manager_id: manager_id("wang"),
        channel: Channel::Call,
        note: None,
        promised_on: promised_on.map(day),
        fulfils: fulfils.map(|id| ContactId::parse(id).expect("id")),
        intent: None,
        opinion: None,
        effect: None,
    }
}

#[test]
fn a_promise_is_kept_by_a_later_contact_that_says_so() {
    let contacts = [
        ("2026-08-03 10:00", contact("C1", Some("2026-08-05"), None)),
        ("2026-08-03 11:00", contact("C2", Some("2026-08-06"), None)),
        ("2026-08-03 12:00", contact("C3", Some("2026-08-07"), None)),
        ("2026-08-03 13:00", contact("C4", Some("2026-08-10"), None)),
        // In time, the last minute of its day; too late; before it was given.
        ("2026-08-05 23:59", contact("C5", None, Some("C1"))),
        ("2026-08-07 00:00", contact("C6", None, Some("C2"))),
        ("2026-08-01 10:00", contact("C7", None, Some("C3"))),
    ];
    let contacts: Vec<_> = contacts
        .iter()
        .map(|(t, contact)| (at(t), contact))
        .collect();
    let found = promises(&contacts, zone(), day("2026-08-10"));
    let found: Vec<_> = found
        .iter()
        .map(|promise| {
            (
                promise.contact.contact_id.as_str(),
                promise.state,
                promise.kept_on,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("C1", PromiseState::Kept, Some(day("2026-08-05"))),
            ("C2", PromiseState::KeptLate, Some(day("2026-08-07"))),
            ("C3", PromiseState::Broken, None),
            ("C4", PromiseState::Open, None),
        ]
    );
}
