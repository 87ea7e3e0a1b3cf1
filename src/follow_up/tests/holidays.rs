//! Public holidays: who plans for them and when, and plans that are made before a year's notice.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Fixture, day, to};
use crate::domain::alert::ReminderId;
use crate::domain::festival::Festival;
use crate::domain::reminder::{DaysOff, FestivalOccasion, Occasion, Reminder};
use crate::follow_up::assignee::Staff;
use crate::follow_up::calendar::{WorkingCalendar, days_from};
use crate::follow_up::holidays::{HolidayPlan, due_reminders, planners, plans_due};

fn staff<'a>(fixture: &'a Fixture, today: NaiveDate) -> Staff<'a> {
    Staff {
        reference: &fixture.reference,
        company_head: None,
        today,
    }
}

/// Runs the job on each of the days.
pub(super) fn run(
    fixture: &Fixture,
    calendar: &WorkingCalendar,
    days: impl IntoIterator<Item = NaiveDate>,
    known: &mut BTreeSet<ReminderId>,
) -> Vec<Reminder> {
    let mut all = Vec::new();
    for today in days {
        let due = due_reminders(&staff(fixture, today), calendar, &|id| known.contains(id));
        known.extend(due.iter().map(Reminder::reminder_id));
        all.extend(due);
    }
    all
}

pub(super) fn days(first: &str, last: &str) -> Vec<NaiveDate> {
    let last = day(last);
    days_from(day(first))
        .take_while(|date| *date <= last)
        .collect()
}

pub(super) fn of_festival(reminder: &Reminder) -> &FestivalOccasion {
    match &reminder.occasion {
        Occasion::Festival(of) => of,
        Occasion::KeyDate(_) => panic!("a festival"),
    }
}

/// (festival, its day, sent on, late, whether its days off are known) of each.
pub(super) fn rows_of(reminders: &[Reminder]) -> Vec<(Festival, String, String, bool, bool)> {
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

pub(super) fn row(
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
fn every_festival_is_planned_for_one_calendar_month_ahead() {
    let (fixture, calendar) = (Fixture::new(), WorkingCalendar::shipped());
    let all = run(
        &fixture,
        &calendar,
        days("2024-11-20", "2025-11-30"),
        &mut BTreeSet::new(),
    );
    let rows = [
        // 1 and 29 December 2024 are Sundays.
        row(Festival::NewYear, "2025-01-01", "2024-11-29", false, true),
        row(Festival::Spring, "2025-01-29", "2024-12-27", false, true),
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
    assert_eq!(rows_of(&all), rows);
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
        [(Festival::Spring, false)]
    );
    assert!(on("2026-01-17").is_empty(), "and not on the Saturday");
    assert_eq!(
        on("2026-01-19")
            .iter()
            .map(|plan| (plan.festival, plan.late))
            .collect::<Vec<_>>(),
        [(Festival::Spring, true)]
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
        .map(Festival::official_name)
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
    let fixture = Fixture::new();
    let (unknown, published) = (WorkingCalendar::shipped(), with_2027());
    let mut exist = BTreeSet::new();
    let ahead = days("2026-11-20", "2026-12-10");
    let first = run(&fixture, &unknown, ahead, &mut exist);
    assert_eq!(
        rows_of(&first),
        [row(
            Festival::NewYear,
            "2027-01-01",
            "2026-12-01",
            false,
            false
        )]
    );
    assert!(first[0].is_provisional() && !of_festival(&first[0]).replanned);

    // The file arrives: on the next working day each planner is notified once more, which is not
    // late.
    let afterwards = days("2026-12-12", "2027-01-10");
    let again = run(&fixture, &published, afterwards, &mut exist);
    let new_year: Vec<Reminder> = again
        .into_iter()
        .filter(|one| of_festival(one).festival == Festival::NewYear)
        .collect();
    assert_eq!(
        rows_of(&new_year),
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

    // It is taken away again: nobody is notified again.
    assert!(
        run(
            &fixture,
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
        &Fixture::new(),
        &with_2027(),
        days("2026-11-20", "2027-01-01"),
        &mut BTreeSet::new(),
    );
    let new_year: Vec<_> = rows_of(&all)
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
    let mut fixture = Fixture::new();
    let planners_of = |fixture: &Fixture| {
        planners(&staff(fixture, day("2026-09-01")))
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(planners_of(&fixture), ["wang"], "the others have no group");
    fixture.group("G2", |group| group.manager_id = super::manager_id("li"));
    fixture.group("G3", |group| {
        (group.manager_id, group.closed) = (super::manager_id("zhao"), true)
    });
    fixture.group("G4", |group| group.manager_id = super::manager_id("nobody"));
    assert_eq!(planners_of(&fixture), ["li", "wang"]);
    let all = run(
        &fixture,
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
    fixture.manager("wang", |manager| {
        manager.away_until = Some(day("2026-09-30"))
    });
    assert_eq!(planners_of(&fixture), ["li", "wang"]);
    fixture.manager("wang", |manager| manager.active = false);
    fixture.manager("li", |manager| manager.email = "无".into());
    assert!(planners_of(&fixture).is_empty());
}

#[test]
fn who_gets_his_first_group_within_the_month_still_plans_late() {
    let (mut fixture, calendar, mut exist) =
        (Fixture::new(), WorkingCalendar::shipped(), BTreeSet::new());
    run(
        &fixture,
        &calendar,
        days("2026-08-20", "2026-09-10"),
        &mut exist,
    );
    fixture.group("G2", |group| group.manager_id = super::manager_id("li"));
    let all = run(&fixture, &calendar, [day("2026-09-11")], &mut exist);
    assert!(all.iter().all(|one| one.late && one.assignee == to("li")) && !all.is_empty());
}
