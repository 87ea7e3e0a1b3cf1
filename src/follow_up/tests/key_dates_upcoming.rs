//! From when to when a key date is upcoming.

use super::key_dates::{fixture_of, key_date, shipped_leads};
use super::{Fixture, day};
use crate::domain::event::{Every, KeyDate, KeyDateKind};
use crate::follow_up::key_dates::{KeyDateContext, upcoming};

/// (key date, day) of those that are upcoming.
fn upcoming_on(fixture: &Fixture, today: &str, kind: KeyDateKind) -> Vec<(String, String)> {
    let leads = shipped_leads();
    let staff = crate::follow_up::assignee::Staff {
        reference: &fixture.reference,
        company_head: None,
        today: day(today),
    };
    let ctx = KeyDateContext {
        staff,
        calendar: &fixture.calendar,
        leads: &leads,
    };
    upcoming(&ctx, kind)
        .iter()
        .map(|one| {
            (
                one.key_date.key_date_id.to_string(),
                one.occurs_on.to_string(),
            )
        })
        .collect()
}

#[test]
fn a_key_date_is_upcoming_from_the_morning_of_its_first_lead_to_its_day() {
    let end = |id, on| KeyDate {
        every: Every::Once,
        ..key_date(id, KeyDateKind::ContractEnd, on)
    };
    let removed = KeyDate {
        removed: true,
        ..end("K3", "2026-08-20")
    };
    let mut fixture = fixture_of([
        end("K1", "2026-08-20"),
        end("K2", "2027-08-20"),
        removed,
        key_date("K4", KeyDateKind::Custom, "2026-08-20"),
    ]);
    // Ninety days ahead of 20 August is Friday 22 May.
    for (today, is) in [
        ("2026-05-21", false),
        ("2026-05-22", true),
        ("2026-05-23", true),
        ("2026-08-20", true),
        ("2026-08-21", false),
    ] {
        let expected = if is {
            vec![("K1".to_owned(), "2026-08-20".to_owned())]
        } else {
            Vec::new()
        };
        assert_eq!(
            upcoming_on(&fixture, today, KeyDateKind::ContractEnd),
            expected,
            "{today}"
        );
    }
    fixture.group("G1", |group| group.closed = true);
    assert!(upcoming_on(&fixture, "2026-08-01", KeyDateKind::ContractEnd).is_empty());
    let ceremony = fixture_of([KeyDate {
        lead_days: Some(Vec::new()),
        ..key_date("K1", KeyDateKind::Ceremony, "2026-08-20")
    }]);
    assert!(
        upcoming_on(&ceremony, "2026-08-20", KeyDateKind::Ceremony).is_empty(),
        "it asks for no lead"
    );
    // A key date whose first morning was a Saturday is upcoming from the Friday before.
    let custom = fixture_of([key_date("K1", KeyDateKind::Custom, "2026-08-15")]);
    assert_eq!(
        upcoming_on(&custom, "2026-08-07", KeyDateKind::Custom).len(),
        1
    );
    assert!(upcoming_on(&custom, "2026-08-06", KeyDateKind::Custom).is_empty());
}
