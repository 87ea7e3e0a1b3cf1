//! Public holidays: when they are, who plans for them, and what happens when a year's notice comes
//! late.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;

use super::{World, day, to};
use crate::domain::alert::ReminderId;
use crate::domain::festival::Festival;
use crate::domain::reminder::{DaysOff, FestivalOccasion, Occasion, Reminder};
use crate::follow_up::assignee::Staff;
use crate::follow_up::calendar::{WorkingCalendar, days_from};
use crate::follow_up::holidays::{HolidayPlan, due_reminders, festival_day, planners, plans_due};

fn staff<'a>(world: &'a World, today: NaiveDate) -> Staff<'a> {
    Staff {
        reference: &world.reference,
        company_head: None,
        today,
    }
}

/// Runs the job on each of the days.
fn run(
    world: &World,
    calendar: &WorkingCalendar,
    days: impl IntoIterator<Item = NaiveDate>,
    told: &mut BTreeSet<ReminderId>,
) -> Vec<Reminder> {
    let mut all = Vec::new();
    for today in days {
        let due = due_reminders(&staff(world, today), calendar, &|id| told.contains(id));
        told.extend(due.iter().map(Reminder::reminder_id));
        all.extend(due);
    }
    all
}

fn days(first: &str, last: &str) -> Vec<NaiveDate> {
    let last = day(last);
    days_from(day(first))
        .take_while(|date| *date <= last)
        .collect()
}

fn of_festival(reminder: &Reminder) -> &FestivalOccasion {
    match &reminder.occasion {
        Occasion::Festival(of) => of,
        Occasion::KeyDate(_) => panic!("a festival"),
    }
}

/// (festival, its day, sent on, late, whether its days off are known) of each.
fn told(reminders: &[Reminder]) -> Vec<(Festival, String, String, bool, bool)> {
    let row = |one: &Reminder| {
        (
            of_festival(one).festival,
            one.occurs_on.to_string(),
            one.send_on.to_string(),
            one.late,
            of_festival(one).days_off.is_some(),
        )
    };
    reminders.iter().map(row).collect()
}

fn row(
    festival: Festival,
    on: &str,
    sent: &str,
    late: bool,
    known: bool,
) -> (Festival, String, String, bool, bool) {
    (festival, on.to_owned(), sent.to_owned(), late, known)
}

/// The shipped calendar without 2027, and with a notice for it such as may come.
fn with_2027() -> WorkingCalendar {
    let text = |name: &str, date: &str, off: bool| {
        format!(r#"{{"name":"{name}","date":"{date}","isOffDay":{off}}}"#)
    };
    let days = [
        text("元旦", "2027-01-01", true),
        text("元旦", "2027-01-02", true),
        text("元旦", "2027-01-03", true),
        text("元旦", "2026-12-27", false),
    ];
    let file = format!(r#"{{"year":2027,"papers":[],"days":[{}]}}"#, days.join(","));
    WorkingCalendar::parse(&[
        (
            "2026.json",
            include_str!("../../../config/calendar/2026.json"),
        ),
        ("2027.json", &file),
    ])
    .expect("good files")
}

#[test]
fn the_seven_statutory_festivals_are_on_the_days_of_the_published_calendars() {
    for (year, expected) in [
        (
            2024,
            [
                "01-01", "02-10", "04-04", "05-01", "06-10", "09-17", "10-01",
            ],
        ),
        (
            2025,
            [
                "01-01", "01-29", "04-04", "05-01", "05-31", "10-06", "10-01",
            ],
        ),
        (
            2026,
            [
                "01-01", "02-17", "04-05", "05-01", "06-19", "09-25", "10-01",
            ],
        ),
        // 2033 has a leap eleventh month, 2020 a leap fourth: both come before or after the
        // festivals as published.
        (
            2020,
            [
                "01-01", "01-25", "04-04", "05-01", "06-25", "10-01", "10-01",
            ],
        ),
        (
            2034,
            [
                "01-01", "02-19", "04-05", "05-01", "06-20", "09-27", "10-01",
            ],
        ),
    ] {
        let found = Festival::ALL.map(|festival| {
            festival_day(festival, year).expect("a day").to_string()[5..].to_owned()
        });
        assert_eq!(found, expected, "{year}");
    }
    assert!(
        Festival::ALL
            .iter()
            .all(|festival| festival_day(*festival, 1911).is_none()
                && festival_day(*festival, 2101).is_none())
    );
}

#[test]
fn a_festival_day_of_a_published_year_is_off_under_the_festivals_name() {
    let calendar = WorkingCalendar::shipped();
    for year in [2024, 2025, 2026] {
        for festival in Festival::ALL {
            let on = festival_day(festival, year).expect("a day");
            let (first, last) = calendar.days_off_around(on).expect("days off");
            assert!(
                first <= on && on <= last && (last - first).num_days() < 10,
                "{festival:?} {year}"
            );
        }
    }
}

/// The sun's apparent longitude at midnight in China that begins a day, in degrees, to a hundredth
/// of one (J. Meeus, Astronomical Algorithms, chapter 25): 0.01° are a quarter of an hour.
fn longitude_at_midnight(date: NaiveDate) -> f64 {
    let noon_2000 = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");
    // Midnight in China is eight hours before midnight in Greenwich, which is half a day before the
    // epoch's noon; a minute more.
    let centuries =
        ((date - noon_2000).num_days() as f64 - 0.5 - 8.0 / 24.0 + 60.0 / 86_400.0) / 36_525.0;
    let mean = 280.466_46 + 36_000.769_83 * centuries + 0.000_303_2 * centuries * centuries;
    let anomaly =
        (357.529_11 + 35_999.050_29 * centuries - 0.000_153_7 * centuries * centuries).to_radians();
    let centre = (1.914_602 - 0.004_817 * centuries) * anomaly.sin()
        + (0.019_993 - 0.000_101 * centuries) * (2.0 * anomaly).sin()
        + 0.000_289 * (3.0 * anomaly).sin();
    let node = (125.04 - 1_934.136 * centuries).to_radians();
    (mean + centre - 0.005_69 - 0.004_78 * node.sin()).rem_euclid(360.0)
}

#[test]
fn qingming_is_the_day_on_which_the_sun_reaches_fifteen_degrees() {
    let mut close = Vec::new();
    for year in 1912..=2100 {
        let on = festival_day(Festival::Qingming, year).expect("a day");
        let (before, after) = (
            longitude_at_midnight(on),
            longitude_at_midnight(on.succ_opt().expect("a day")),
        );
        // Within a quarter of an hour of midnight this sum does not decide.
        if (before - 15.0).abs() < 0.01 || (after - 15.0).abs() < 0.01 {
            close.push(year);
        } else {
            assert!(before < 15.0 && 15.0 <= after, "{on}: {before} to {after}");
        }
    }
    assert!(close.len() <= 4, "{close:?}");
    // Published: 6 April in 1943, and 2071 as the last that is a 5th in its kind of year.
    assert_eq!(
        festival_day(Festival::Qingming, 1943),
        Some(day("1943-04-06"))
    );
}

#[test]
fn every_festival_is_planned_for_one_calendar_month_ahead() {
    let (world, calendar) = (World::new(), WorkingCalendar::shipped());
    let all = run(
        &world,
        &calendar,
        days("2024-11-20", "2025-11-30"),
        &mut BTreeSet::new(),
    );
    let rows = [
        // 1 and 29 December 2024 are Sundays.
        row(Festival::NewYear, "2025-01-01", "2024-11-29", false, true),
        row(
            Festival::SpringFestival,
            "2025-01-29",
            "2024-12-27",
            false,
            true,
        ),
        row(Festival::Qingming, "2025-04-04", "2025-03-04", false, true),
        row(Festival::LabourDay, "2025-05-01", "2025-04-01", false, true),
        // A month ahead of 31 May is 30 April, and that is clamped.
        row(
            Festival::DragonBoat,
            "2025-05-31",
            "2025-04-30",
            false,
            true,
        ),
        row(
            Festival::NationalDay,
            "2025-10-01",
            "2025-09-01",
            false,
            true,
        ),
        // 6 September 2025 is a Saturday.
        row(Festival::MidAutumn, "2025-10-06", "2025-09-05", false, true),
    ];
    assert_eq!(told(&all), rows);
}

#[test]
fn a_month_ahead_is_clamped_at_the_months_end() {
    // Festivals on a 31st: Spring Festival of 2014, after a December of 31 days, and Duanwu of
    // 2025, after an April of 30.
    let calendar = WorkingCalendar::default();
    for (today, on) in [("2013-12-31", "2014-01-31"), ("2025-04-30", "2025-05-31")] {
        assert!(
            plans_due(&calendar, day(today))
                .iter()
                .any(|plan| plan.on == day(on) && !plan.late),
            "{on}"
        );
    }
}

#[test]
fn a_plan_whose_morning_is_not_worked_is_made_on_the_working_day_before() {
    // A month ahead of 17 February 2026 is Saturday 17 January.
    let calendar = WorkingCalendar::shipped();
    let on = |today: &str| plans_due(&calendar, day(today));
    assert!(on("2026-01-15").is_empty());
    assert_eq!(
        on("2026-01-16")
            .iter()
            .map(|plan| (plan.festival, plan.late))
            .collect::<Vec<_>>(),
        [(Festival::SpringFestival, false)]
    );
    assert!(on("2026-01-17").is_empty(), "and not on the Saturday");
    assert_eq!(
        on("2026-01-19")
            .iter()
            .map(|plan| (plan.festival, plan.late))
            .collect::<Vec<_>>(),
        [(Festival::SpringFestival, true)]
    );
}

#[test]
fn a_missed_plan_is_caught_up_marked_late_while_the_festival_is_not_past() {
    let (world, calendar) = (World::new(), WorkingCalendar::shipped());
    let national = |days: Vec<NaiveDate>| {
        let all = run(&world, &calendar, days, &mut BTreeSet::new());
        told(&all)
            .into_iter()
            .filter(|(festival, ..)| *festival == Festival::NationalDay)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        national(days("2026-09-10", "2026-10-20")),
        [row(
            Festival::NationalDay,
            "2026-10-01",
            "2026-09-10",
            true,
            true
        )]
    );
    // Saturday 12 September is not worked: it goes out on Monday. Sunday 20 September is.
    assert_eq!(
        national(days("2026-09-12", "2026-10-20"))[0].2,
        "2026-09-14"
    );
    assert_eq!(
        national(days("2026-09-19", "2026-10-20"))[0].2,
        "2026-09-20"
    );
    assert_eq!(
        national(days("2026-10-01", "2026-10-20")),
        [row(
            Festival::NationalDay,
            "2026-10-01",
            "2026-10-01",
            true,
            true
        )]
    );
    assert!(
        national(days("2026-10-02", "2026-10-20")).is_empty(),
        "it is past"
    );
}

#[test]
fn the_manuals_festivals_come_first_among_those_of_one_day() {
    // In 2020 Mid-Autumn is on National Day; in 2025 both are in one holiday.
    let plans = plans_due(&WorkingCalendar::default(), day("2020-09-01"));
    assert_eq!(
        plans.iter().map(|plan| plan.festival).collect::<Vec<_>>(),
        [Festival::MidAutumn, Festival::NationalDay]
    );
    let first: Vec<&str> = Festival::ALL
        .into_iter()
        .filter(|festival| festival.is_first_of_all())
        .map(Festival::zh)
        .collect();
    assert_eq!(first, ["春节", "劳动节", "中秋节", "国庆节"]);
}

#[test]
fn a_plan_has_the_days_off_and_the_make_up_days_of_the_notice() {
    let plans = plans_due(&WorkingCalendar::shipped(), day("2026-09-01"));
    let national = plans
        .iter()
        .find(|plan| plan.festival == Festival::NationalDay)
        .expect("a plan");
    let days_off = DaysOff {
        first: day("2026-10-01"),
        last: day("2026-10-07"),
        make_up: vec![day("2026-09-20"), day("2026-10-10")],
    };
    let expected = HolidayPlan {
        festival: Festival::NationalDay,
        on: day("2026-10-01"),
        planned_on: day("2026-09-01"),
        late: false,
        days_off: Some(days_off),
    };
    assert_eq!(*national, expected);
    assert!(!national.is_provisional());
}

#[test]
fn a_year_that_is_not_published_makes_a_provisional_plan_and_a_new_one_once_it_is() {
    let world = World::new();
    let (unknown, published) = (WorkingCalendar::shipped(), with_2027());
    let mut exist = BTreeSet::new();
    let first = run(
        &world,
        &unknown,
        days("2026-11-20", "2026-12-10"),
        &mut exist,
    );
    assert_eq!(
        told(&first),
        [row(
            Festival::NewYear,
            "2027-01-01",
            "2026-12-01",
            false,
            false
        )]
    );
    assert!(first[0].is_provisional() && !of_festival(&first[0]).replanned);

    // The file arrives: on the next working day each planner is told once more, which is not late.
    let again = run(
        &world,
        &published,
        days("2026-12-12", "2027-01-10"),
        &mut exist,
    );
    let new_year: Vec<Reminder> = again
        .into_iter()
        .filter(|one| of_festival(one).festival == Festival::NewYear)
        .collect();
    assert_eq!(
        told(&new_year),
        [row(
            Festival::NewYear,
            "2027-01-01",
            "2026-12-14",
            false,
            true
        )]
    );
    let days_off = DaysOff {
        first: day("2027-01-01"),
        last: day("2027-01-03"),
        make_up: vec![day("2026-12-27")],
    };
    assert_eq!(of_festival(&new_year[0]).days_off, Some(days_off));
    assert!(of_festival(&new_year[0]).replanned);
    assert_ne!(first[0].reminder_id(), new_year[0].reminder_id());
    assert_eq!(
        first[0].date_id(),
        new_year[0].date_id(),
        "yet it is the same date"
    );

    // It is taken away again: nothing is told anew.
    assert!(
        run(
            &world,
            &unknown,
            days("2026-12-15", "2027-01-01"),
            &mut exist
        )
        .is_empty()
    );
}

#[test]
fn a_notice_that_is_out_in_time_makes_one_plan_only() {
    let all = run(
        &World::new(),
        &with_2027(),
        days("2026-11-20", "2027-01-01"),
        &mut BTreeSet::new(),
    );
    let new_year: Vec<_> = told(&all)
        .into_iter()
        .filter(|(festival, ..)| *festival == Festival::NewYear)
        .collect();
    assert_eq!(
        new_year,
        [row(
            Festival::NewYear,
            "2027-01-01",
            "2026-12-01",
            false,
            true
        )]
    );
}

#[test]
fn every_active_manager_with_an_open_group_plans_and_nobody_else() {
    let mut world = World::new();
    let planners_of = |world: &World| {
        planners(&staff(world, day("2026-09-01")))
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(planners_of(&world), ["wang"], "the others have no group");
    world.group("G2", |group| group.manager_id = super::manager_id("li"));
    world.group("G3", |group| {
        (group.manager_id, group.closed) = (super::manager_id("zhao"), true)
    });
    world.group("G4", |group| group.manager_id = super::manager_id("nobody"));
    assert_eq!(planners_of(&world), ["li", "wang"]);
    let all = run(
        &world,
        &WorkingCalendar::shipped(),
        [day("2026-09-01")],
        &mut BTreeSet::new(),
    );
    assert_eq!(
        all.iter()
            .filter(|one| of_festival(one).festival == Festival::NationalDay)
            .count(),
        2,
        "one each"
    );
    assert!(all.iter().all(|one| one.group_id().is_none()));
    assert_eq!(
        all.iter().filter(|one| one.assignee == to("wang")).count(),
        all.len() / 2
    );
    // Who is away for a while plans all the same; who has left, or has no address, does not.
    world.manager("wang", |manager| {
        manager.away_until = Some(day("2026-09-30"))
    });
    assert_eq!(planners_of(&world), ["li", "wang"]);
    world.manager("wang", |manager| manager.active = false);
    world.manager("li", |manager| manager.email = "无".into());
    assert!(planners_of(&world).is_empty());
}

#[test]
fn who_gets_his_first_group_within_the_month_still_plans_late() {
    let (mut world, calendar, mut exist) =
        (World::new(), WorkingCalendar::shipped(), BTreeSet::new());
    run(
        &world,
        &calendar,
        days("2026-08-20", "2026-09-10"),
        &mut exist,
    );
    world.group("G2", |group| group.manager_id = super::manager_id("li"));
    let all = run(&world, &calendar, [day("2026-09-11")], &mut exist);
    assert!(all.iter().all(|one| one.late && one.assignee == to("li")) && !all.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn with_any_mornings_missed_each_festival_is_planned_once_unless_all_its_mornings_were(
        up in prop::collection::vec(prop::bool::weighted(0.5), 400), start in 0u64..3_000, arrives in 0usize..400,
    ) {
        let world = World::new();
        let first = day("2024-01-01").checked_add_days(Days::new(start)).expect("in range");
        let (before, after) = (WorkingCalendar::default(), WorkingCalendar::shipped());
        let mut exist = BTreeSet::new();
        let mut all = Vec::new();
        for (at, today) in days_from(first).take(400).enumerate().filter(|(at, _)| up[*at]) {
            all.extend(run(&world, if at < arrives { &before } else { &after }, [today], &mut exist));
        }
        for one in &all {
            let of = of_festival(one);
            let same = all.iter().filter(|other| other.date_id() == one.date_id()).collect::<Vec<_>>();
            prop_assert!(same.len() <= 2);
            prop_assert!(same.iter().filter(|other| other.is_provisional() == one.is_provisional()).count() == 1, "once each");
            prop_assert_eq!(of.replanned, !one.is_provisional() && same.len() == 2);
            prop_assert!(one.send_on <= one.occurs_on && (one.occurs_on - one.send_on).num_days() < 45);
            prop_assert_eq!(festival_day(of.festival, one.occurs_on.year()), Some(one.occurs_on));
        }
        // Whoever ran on each working day of the month ahead has told it.
        for festival in Festival::ALL {
            for on in (2024..2035).filter_map(|year| festival_day(festival, year)) {
                let month: Vec<NaiveDate> = days_from(on.checked_sub_days(Days::new(25)).expect("a day")).take(26).collect();
                let at = |date: &NaiveDate| usize::try_from((*date - first).num_days()).ok().filter(|at| *at < 400);
                let ran = |date: &NaiveDate| at(date).is_some_and(|at| up[at]) && after.is_working(*date) && before.is_working(*date);
                if month.iter().all(|date| at(date).is_some()) && month.iter().any(ran) {
                    prop_assert!(all.iter().any(|one| of_festival(one).festival == festival && one.occurs_on == on), "{festival:?} {on}");
                }
            }
        }
    }
}
