//! Reminders over many days, of which any may be missed: never doubled, never left out.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::key_dates::{key_date, run};
use super::{Fixture, day};
use crate::domain::event::{EventData, Every, KeyDate, KeyDateKind, KeyDay, LunarDay};
use crate::domain::ids::KeyDateId;
use crate::domain::reminder::Reminder;
use crate::follow_up::calendar::{WorkingCalendar, days_from};

/// From before National Day 2025 over New Year, Spring Festival and Labour Day.
const FIRST: &str = "2025-09-20";
const DAYS: usize = 280;

fn key_dates() -> impl Strategy<Value = Vec<KeyDate>> {
    let solar = (0u64..900).prop_map(|days| {
        KeyDay::Solar(
            day("2024-02-20")
                .checked_add_days(Days::new(days))
                .expect("in range"),
        )
    });
    let lunar = (1u8..=12, 1u8..=30, any::<bool>())
        .prop_map(|(month, day, leap)| KeyDay::Lunar(LunarDay { month, day, leap }));
    let one = (
        prop_oneof![solar, lunar],
        any::<bool>(),
        prop::option::of(prop::collection::vec(-5i32..120, 0..5)),
        0usize..5,
    );
    let kinds = [
        KeyDateKind::Birthday,
        KeyDateKind::Anniversary,
        KeyDateKind::ContractEnd,
        KeyDateKind::Ceremony,
        KeyDateKind::Custom,
    ];
    let one = one.prop_map(move |(day, once, lead_days, kind)| KeyDate {
        day,
        every: if once && matches!(day, KeyDay::Solar(_)) {
            Every::Once
        } else {
            Every::Year
        },
        lead_days,
        ..key_date("K", kinds[kind], FIRST)
    });
    let numbered = |(at, one): (usize, KeyDate)| KeyDate {
        key_date_id: KeyDateId::parse(&format!("K{at}")).expect("id"),
        ..one
    };
    prop::collection::vec(one, 1..5)
        .prop_map(move |all| all.into_iter().enumerate().map(numbered).collect())
}

fn fixture_of<'a>(key_dates: impl IntoIterator<Item = &'a KeyDate>) -> Fixture {
    let mut fixture = Fixture::new();
    for key_date in key_dates {
        fixture.put_event(EventData::KeyDate(key_date.clone()));
    }
    fixture
}

/// The days of the test on which the job ran.
fn ran(up: &[bool]) -> Vec<NaiveDate> {
    days_from(day(FIRST))
        .zip(up)
        .filter(|(_, up)| **up)
        .map(|(date, _)| date)
        .collect()
}

fn morning(calendar: &WorkingCalendar, reminder: (NaiveDate, i32)) -> NaiveDate {
    let mut morning = reminder
        .0
        .checked_sub_days(Days::new(reminder.1 as u64))
        .expect("in range");
    while !calendar.is_working(morning) {
        morning = morning.pred_opt().expect("in range");
    }
    morning
}

fn works_before(calendar: &WorkingCalendar, from: NaiveDate, date: NaiveDate) -> bool {
    days_from(from)
        .take_while(|one| *one < date)
        .any(|one| calendar.is_working(one))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn with_any_days_missed_nothing_is_doubled_and_nothing_due_is_left_out(
        key_dates in key_dates(), up in prop::collection::vec(prop::bool::weighted(0.6), DAYS),
    ) {
        let fixture = fixture_of(&key_dates);
        let calendar = &fixture.calendar;
        let every_day = run(&fixture, ran(&[true; DAYS]));
        let days = ran(&up);
        let sent = run(&fixture, days.iter().copied());
        let by_id: BTreeMap<_, &Reminder> = sent.iter().map(|one| (one.reminder_id(), one)).collect();
        prop_assert_eq!(by_id.len(), sent.len(), "nothing is doubled");

        for one in &sent {
            let planned = morning(calendar, (one.occurs_on, one.lead_days));
            prop_assert!(days.contains(&one.send_on) && planned <= one.send_on && one.send_on <= one.occurs_on);
            prop_assert_eq!(one.late, one.send_on > planned);
            if one.late {
                let last_chance = !works_before(calendar, one.send_on, one.occurs_on);
                prop_assert!(calendar.is_working(one.send_on) || last_chance, "late, but on a working day if there is one");
            }
        }
        for wanted in every_day.iter().filter(|one| !one.late) {
            let nearer_due = |by: NaiveDate| every_day.iter().any(|other| {
                let same = other.date_id() == wanted.date_id();
                same && other.lead_days < wanted.lead_days && other.send_on <= by
            });
            let found = by_id.get(&wanted.reminder_id()).map(|one| (one.send_on, one.late));
            if days.contains(&wanted.send_on) {
                prop_assert_eq!(found, Some((wanted.send_on, false)), "what is due on a day that ran goes out that day");
                continue;
            }
            let chance = |today: &&NaiveDate| calendar.is_working(**today) || !works_before(calendar, **today, wanted.occurs_on);
            let caught_up = days.iter().filter(|today| **today > wanted.send_on && **today <= wanted.occurs_on).find(chance);
            let expected = caught_up.filter(|today| !nearer_due(**today)).map(|today| (*today, true));
            prop_assert_eq!(found, expected, "what was missed is caught up once, unless a nearer one is due by then");
        }
    }

    #[test]
    fn the_order_in_which_key_dates_come_in_does_not_matter(key_dates in key_dates()) {
        let (forth, back) = (fixture_of(&key_dates), fixture_of(key_dates.iter().rev()));
        let days = ran(&[true; 120]);
        prop_assert_eq!(run(&forth, days.iter().copied()), run(&back, days));
    }
}
