//! Reminders of single key dates: their leads, over years, and whom they go to.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::{Fixture, at, day, to, zone};
use crate::domain::alert::ReminderId;
use crate::domain::event::{EventData, Every, KeyDate, KeyDateKind, KeyDay};
use crate::domain::ids::{GroupId, KeyDateId};
use crate::domain::lead_days::LeadDays;
use crate::domain::mail::NoticeTopic;
use crate::domain::reminder::{KeyDateOccasion, Occasion, Reminder};
use crate::domain::task::Assignee;
use crate::follow_up::calendar::days_from;
use crate::follow_up::key_dates::{KeyDateContext, due_reminders, reminder_notice};

pub(super) fn key_date(id: &str, kind: KeyDateKind, on: &str) -> KeyDate {
    KeyDate {
        key_date_id: KeyDateId::parse(id).expect("id"),
        group_id: GroupId::parse("G1").expect("id"),
        kind,
        title: "要事".into(),
        contact: Some("张总".into()),
        day: KeyDay::Solar(day(on)),
        every: Every::Year,
        lead_days: None,
        removed: false,
    }
}

pub(super) fn fixture_of(key_dates: impl IntoIterator<Item = KeyDate>) -> Fixture {
    let mut fixture = Fixture::new();
    for key_date in key_dates {
        fixture.put_event(EventData::KeyDate(key_date));
    }
    fixture
}

/// Days ahead as shipped.
pub(super) fn shipped_leads() -> LeadDays {
    LeadDays {
        birthday: vec![7, 1],
        anniversary: vec![30, 7],
        contract_end: vec![90, 30, 7],
        ceremony: vec![7, 1],
        custom: vec![7],
    }
}

pub(super) fn on(
    fixture: &Fixture,
    today: NaiveDate,
    existing: &BTreeSet<ReminderId>,
) -> Vec<Reminder> {
    let leads = shipped_leads();
    let staff = crate::follow_up::assignee::Staff {
        reference: &fixture.reference,
        company_head: None,
        today,
    };
    due_reminders(
        &KeyDateContext {
            staff,
            calendar: &fixture.calendar,
            leads: &leads,
        },
        &|id| existing.contains(id),
    )
}

/// Runs the job on each of the days.
pub(super) fn run(fixture: &Fixture, days: impl IntoIterator<Item = NaiveDate>) -> Vec<Reminder> {
    let (mut existing, mut all) = (BTreeSet::new(), Vec::new());
    for today in days {
        let due = on(fixture, today, &existing);
        existing.extend(due.iter().map(Reminder::reminder_id));
        all.extend(due);
    }
    all
}

pub(super) fn of_key_date(reminder: &Reminder) -> &KeyDateOccasion {
    match &reminder.occasion {
        Occasion::KeyDate(of) => of,
        Occasion::Festival(_) => panic!("a key date"),
    }
}

pub(super) fn days(first: &str, last: &str) -> Vec<NaiveDate> {
    let last = day(last);
    days_from(day(first))
        .take_while(|date| *date <= last)
        .collect()
}

/// (sent on, occurs on, lead, late) of each.
pub(super) fn rows_of(reminders: &[Reminder]) -> Vec<(String, String, i32, bool)> {
    reminders
        .iter()
        .map(|one| {
            (
                one.send_on.to_string(),
                one.occurs_on.to_string(),
                one.lead_days,
                one.late,
            )
        })
        .collect()
}

pub(super) fn expect(rows: &[(&str, &str, i32, bool)]) -> Vec<(String, String, i32, bool)> {
    rows.iter()
        .map(|(sent, occurs, lead, late)| ((*sent).to_owned(), (*occurs).to_owned(), *lead, *late))
        .collect()
}

#[test]
fn a_birthday_is_reminded_of_seven_days_and_one_day_ahead_every_year() {
    let fixture = fixture_of([key_date("K1", KeyDateKind::Birthday, "1980-08-20")]);
    let all = run(&fixture, days("2025-01-01", "2026-12-31"));
    let on_time = [
        ("2025-08-13", "2025-08-20", 7, false),
        ("2025-08-19", "2025-08-20", 1, false),
        ("2026-08-13", "2026-08-20", 7, false),
        ("2026-08-19", "2026-08-20", 1, false),
    ];
    assert_eq!(rows_of(&all), expect(&on_time));
    let one = of_key_date(&all[0]);
    assert_eq!(
        (one.kind, one.title.as_str(), one.contact.as_deref()),
        (KeyDateKind::Birthday, "要事", Some("张总"))
    );
    assert_eq!((one.group_id.as_str(), one.lunar), ("G1", None));
    assert_eq!(all[0].assignee, to("wang"));
}

#[test]
fn a_date_early_in_january_is_reminded_of_in_the_year_before() {
    let fixture = fixture_of([key_date("K1", KeyDateKind::Anniversary, "2020-01-05")]);
    let rows = expect(&[
        ("2025-12-05", "2026-01-05", 30, false),
        ("2025-12-29", "2026-01-05", 7, false),
    ]);
    assert_eq!(
        rows_of(&run(&fixture, days("2025-11-01", "2026-01-31"))),
        rows
    );
}

#[test]
fn each_kind_has_its_own_leads() {
    for (kind, leads) in [
        (KeyDateKind::Birthday, vec![7, 1]),
        (KeyDateKind::Anniversary, vec![30, 7]),
        (KeyDateKind::ContractEnd, vec![90, 30, 7]),
        (KeyDateKind::Ceremony, vec![7, 1]),
        (KeyDateKind::Custom, vec![7]),
    ] {
        let fixture = fixture_of([key_date("K1", kind, "2026-08-20")]);
        let found: Vec<i32> = run(&fixture, days("2026-05-01", "2026-09-01"))
            .iter()
            .map(|one| one.lead_days)
            .collect();
        assert_eq!(found, leads, "{kind:?}");
    }
}

#[test]
fn what_comes_once_comes_once_and_never_before_it_first_does() {
    let once = KeyDate {
        every: Every::Once,
        ..key_date("K1", KeyDateKind::Custom, "2026-08-20")
    };
    assert_eq!(
        rows_of(&run(&fixture_of([once]), days("2025-01-01", "2028-12-31"))),
        expect(&[("2026-08-13", "2026-08-20", 7, false)])
    );
    let yearly = key_date("K1", KeyDateKind::Custom, "2026-08-20");
    let found: Vec<i32> = run(&fixture_of([yearly]), days("2024-01-01", "2028-12-31"))
        .iter()
        .map(|one| one.occurs_on.year())
        .collect();
    assert_eq!(found, [2026, 2027, 2028]);
}

#[test]
fn over_ten_years_the_29th_of_february_is_kept_on_the_28th_in_common_years() {
    let fixture = fixture_of([KeyDate {
        lead_days: Some(vec![0]),
        ..key_date("K1", KeyDateKind::Birthday, "1996-02-29")
    }]);
    let found: Vec<String> = run(&fixture, days("2024-01-01", "2033-12-31"))
        .iter()
        .map(|one| one.occurs_on.to_string())
        .collect();
    let expected =
        (2024..=2033).map(|year| format!("{year}-02-{}", if year % 4 == 0 { 29 } else { 28 }));
    assert_eq!(found, expected.collect::<Vec<_>>());
}

#[test]
fn over_ten_years_the_ends_of_months_never_move() {
    for end in [
        "2024-01-31",
        "2024-03-31",
        "2024-04-30",
        "2024-12-31",
        "2024-02-28",
    ] {
        let fixture = fixture_of([KeyDate {
            lead_days: Some(vec![30]),
            ..key_date("K1", KeyDateKind::Anniversary, end)
        }]);
        let found: Vec<String> = run(&fixture, days("2024-01-01", "2033-12-31"))
            .iter()
            .map(|one| one.occurs_on.to_string()[5..].to_owned())
            .collect();
        assert!(
            found.len() >= 10 && found.iter().all(|on| *on == end[5..]),
            "{end}: {found:?}"
        );
    }
}

#[test]
fn leads_that_are_negative_or_absurd_are_ignored_and_doubles_count_once() {
    let odd = KeyDate {
        lead_days: Some(vec![-3, i32::MAX, 4_000, 5, 5, i32::MIN]),
        ..key_date("K1", KeyDateKind::Birthday, "1980-08-20")
    };
    assert_eq!(
        rows_of(&run(&fixture_of([odd]), days("2026-08-01", "2026-08-31"))),
        expect(&[("2026-08-14", "2026-08-20", 5, false)])
    );
    let none = KeyDate {
        lead_days: Some(Vec::new()),
        ..key_date("K1", KeyDateKind::Birthday, "1980-08-20")
    };
    assert!(
        run(&fixture_of([none]), days("2026-08-01", "2026-08-31")).is_empty(),
        "an empty list asks for none"
    );
}

#[test]
fn a_lead_longer_than_a_year_is_kept() {
    let long = KeyDate {
        lead_days: Some(vec![730]),
        every: Every::Once,
        ..key_date("K1", KeyDateKind::ContractEnd, "2028-08-02")
    };
    assert_eq!(
        rows_of(&run(&fixture_of([long]), days("2026-07-01", "2026-08-31"))),
        expect(&[("2026-08-03", "2028-08-02", 730, false)])
    );
    let yearly = KeyDate {
        lead_days: Some(vec![730]),
        ..key_date("K1", KeyDateKind::ContractEnd, "2020-08-02")
    };
    // The occurrence of 2027 came too late for it, that of 2028 is in time.
    let rows = expect(&[
        ("2026-08-03", "2027-08-02", 730, true),
        ("2026-08-03", "2028-08-02", 730, false),
    ]);
    assert_eq!(
        rows_of(&run(&fixture_of([yearly]), [day("2026-08-03")])),
        rows
    );
}

#[test]
fn removed_key_dates_and_closed_groups_are_not_reminded_of() {
    let removed = KeyDate {
        removed: true,
        ..key_date("K1", KeyDateKind::Birthday, "1980-08-20")
    };
    assert!(run(&fixture_of([removed]), days("2026-08-01", "2026-08-31")).is_empty());
    let mut fixture = fixture_of([key_date("K1", KeyDateKind::Birthday, "1980-08-20")]);
    fixture.group("G1", |group| group.closed = true);
    assert!(run(&fixture, days("2026-08-01", "2026-08-31")).is_empty());
}

#[test]
fn a_key_dates_own_lead_days_go_over_those_of_its_kind() {
    let own = KeyDate {
        lead_days: Some(vec![14, 3]),
        ..key_date("K1", KeyDateKind::ContractEnd, "2026-08-20")
    };
    let found: Vec<i32> = run(&fixture_of([own]), days("2026-05-01", "2026-09-01"))
        .iter()
        .map(|one| one.lead_days)
        .collect();
    assert_eq!(found, [14, 3]);
}

#[test]
fn whoever_stands_in_today_gets_it_and_a_group_unheard_of_goes_to_the_fallback() {
    let mut fixture = fixture_of([key_date("K1", KeyDateKind::Birthday, "1980-08-20")]);
    fixture.manager("wang", |manager| manager.active = false);
    assert_eq!(run(&fixture, [day("2026-08-13")])[0].assignee, to("zhao"));
    let other = KeyDate {
        group_id: GroupId::parse("G404").expect("id"),
        ..key_date("K1", KeyDateKind::Birthday, "1980-08-20")
    };
    assert_eq!(
        run(&fixture_of([other]), [day("2026-08-13")])[0].assignee,
        Assignee::Fallback
    );
}

#[test]
fn a_reminder_is_told_at_once_and_is_pointless_after_its_day() {
    let reminder = run(
        &fixture_of([key_date("K1", KeyDateKind::Birthday, "1980-08-20")]),
        [day("2026-08-13")],
    )
    .remove(0);
    let notice = reminder_notice(&reminder, zone(), at("2026-08-13 08:00"));
    assert_eq!(notice.topic, NoticeTopic::Reminder(reminder.reminder_id()));
    assert_eq!(
        (notice.assignee, notice.due_at),
        (to("wang"), at("2026-08-13 08:00"))
    );
    assert_eq!(notice.useful_until, Some(at("2026-08-21 00:00")));
}

#[test]
fn reminders_come_by_day_then_group_then_key_date() {
    let of = |id: &str, group: &str, on: &str| {
        let group_id = GroupId::parse(group).expect("id");
        KeyDate {
            group_id,
            lead_days: Some(vec![7, 1]),
            ..key_date(id, KeyDateKind::Custom, on)
        }
    };
    let fixture = fixture_of([
        of("K1", "GA", "1980-08-20"),
        of("K3", "G1", "1980-08-20"),
        of("K2", "G1", "1980-08-20"),
        of("K4", "GA", "1980-08-14"),
    ]);
    let order: Vec<_> = on(&fixture, day("2026-08-13"), &BTreeSet::new())
        .iter()
        .map(|one| of_key_date(one).key_date_id.to_string())
        .collect();
    assert_eq!(order, ["K4", "K2", "K3", "K1"]);
}
