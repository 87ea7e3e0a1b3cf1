//! Plans for holidays of mornings that were missed, and of notices that come late.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;

use super::holidays::{days, of_festival, row, rows_of, run};
use super::{Fixture, day};
use crate::domain::festival::Festival;
use crate::follow_up::calendar::{WorkingCalendar, days_from};
use crate::follow_up::holidays::festival_day;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn with_any_mornings_missed_each_festival_is_planned_once_unless_all_its_mornings_were(
        up in prop::collection::vec(prop::bool::weighted(0.5), 400), start in 0u64..3_000, arrives in 0usize..400,
    ) {
        let fixture = Fixture::new();
        let first = day("2024-01-01").checked_add_days(Days::new(start)).expect("in range");
        let (before, after) = (WorkingCalendar::default(), WorkingCalendar::shipped());
        let mut exist = BTreeSet::new();
        let mut all = Vec::new();
        for (at, today) in days_from(first).take(400).enumerate().filter(|(at, _)| up[*at]) {
            all.extend(run(&fixture, if at < arrives { &before } else { &after }, [today], &mut exist));
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
        // A job that ran on any working day of the 25 days before has sent the reminder.
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

#[test]
fn a_missed_plan_is_caught_up_marked_late_while_the_festival_is_not_past() {
    let (fixture, calendar) = (Fixture::new(), WorkingCalendar::shipped());
    let national = |days: Vec<NaiveDate>| {
        let all = run(&fixture, &calendar, days, &mut BTreeSet::new());
        rows_of(&all)
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
