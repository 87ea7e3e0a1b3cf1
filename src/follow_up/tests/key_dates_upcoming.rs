//! From when to when a key date is upcoming.

use super::key_dates::{key_date, shipped_leads, world_of};
use super::{World, day};
use crate::domain::event::{Every, KeyDate, KeyDateKind};
use crate::follow_up::key_dates::{KeyDateContext, upcoming};

/// (key date, day) of those that are upcoming.
fn upcoming_on(world: &World, today: &str, kind: KeyDateKind) -> Vec<(String, String)> {
    let leads = shipped_leads();
    let staff = crate::follow_up::assignee::Staff {
        reference: &world.reference,
        company_head: None,
        today: day(today),
    };
    let ctx = KeyDateContext {
        staff,
        calendar: &world.calendar,
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
    let mut world = world_of([
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
            upcoming_on(&world, today, KeyDateKind::ContractEnd),
            expected,
            "{today}"
        );
    }
    world.group("G1", |group| group.closed = true);
    assert!(upcoming_on(&world, "2026-08-01", KeyDateKind::ContractEnd).is_empty());
    let ceremony = world_of([KeyDate {
        lead_days: Some(Vec::new()),
        ..key_date("K1", KeyDateKind::Ceremony, "2026-08-20")
    }]);
    assert!(
        upcoming_on(&ceremony, "2026-08-20", KeyDateKind::Ceremony).is_empty(),
        "it asks for no lead"
    );
    // A key date whose first morning was a Saturday is upcoming from the Friday before.
    let custom = world_of([key_date("K1", KeyDateKind::Custom, "2026-08-15")]);
    assert_eq!(
        upcoming_on(&custom, "2026-08-07", KeyDateKind::Custom).len(),
        1
    );
    assert!(upcoming_on(&custom, "2026-08-06", KeyDateKind::Custom).is_empty());
}
