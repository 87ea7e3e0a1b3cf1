//! Sums of fen that 64 bits do not hold: nothing fails, and what is shown is marked.

use proptest::prelude::*;

use super::*;
use crate::domain::counters::{Counter, Counts};
use crate::domain::daily_row::DailyRow;
use crate::domain::local_day::LocalDay;
use crate::domain::trust::{Trust, TrustReason};
use crate::evaluate::stake::at_stake_fen;
use crate::plan::daily_rows;

/// As many fen as a group may have had billed by some 500,000 bills.
const MANY: i128 = 5_000_000_000_000_000_000;

fn day(text: &str) -> LocalDay {
    LocalDay::from_date(text.parse().expect("a date"))
}

impl TestCity {
    fn add(&mut self, group: &str, day: LocalDay, counter: Counter, n: i128) {
        let mut counts = Counts::default();
        counts.add(counter, n);
        add_to_group(
            &mut self.series,
            &GroupId::parse(group).expect("id"),
            day,
            &counts,
        );
    }

    fn rows(&self, day: LocalDay) -> Vec<DailyRow> {
        let (reference, feeds, series, complaints) =
            (&self.reference, &self.feeds, &self.series, &self.complaints);
        let inputs = FigureInputs {
            reference,
            feeds,
            series,
            complaints,
            rules: &self.rules,
        };
        daily_rows(inputs, day, at("2026-09-30 12:00"), false, &BTreeMap::new())
    }
}

#[test]
fn a_report_shows_the_end_of_the_range_and_says_what_the_sum_is() {
    let mut city = TestCity::new();
    for group in ["GA", "GB"] {
        city.add(group, day("2026-09-10"), Counter::BilledFen, MANY);
    }
    let rows = city.rows(day("2026-09-20"));
    let of = |scope: &str| {
        rows.iter()
            .find(|row| row.scope.id() == scope)
            .expect("a row")
    };
    assert_eq!(
        (of("GA").figures.billed_fen, of("GA").trust),
        (MANY, Trust::Ok)
    );
    for scope in ["U1", "company"] {
        let row = of(scope);
        assert_eq!(
            (row.figures.billed_fen, row.trust),
            (i64::MAX.into(), Trust::Failed),
            "{scope}"
        );
        assert_eq!(
            row.trust_reasons[0],
            TrustReason::Beyond64Bits {
                figure: "billed_fen".to_owned(),
                sum: "10000000000000000000".to_owned()
            }
        );
    }
    // What is taken back makes it exact again: no sum was cut on the way.
    city.add("GB", day("2026-09-11"), Counter::BilledFen, -MANY);
    let company = city.rows(day("2026-09-20")).pop().expect("the company");
    assert_eq!(
        (
            company.figures.billed_fen,
            company.trust,
            company.trust_reasons.len()
        ),
        (MANY, Trust::Ok, 0)
    );
}

#[test]
fn signals_and_what_is_at_stake_go_by_the_exact_sums() {
    let mut city = TestCity::new();
    for (month, fen) in [
        ("2026-04", 4 * MANY),
        ("2026-05", 4 * MANY),
        ("2026-06", 4 * MANY),
        ("2026-07", 3 * MANY),
    ] {
        city.add("GA", day(&format!("{month}-28")), Counter::BilledFen, fen);
    }
    city.add("GB", day("2026-08-04"), Counter::UnpaidUnified, 1);
    city.add("GB", day("2026-08-04"), Counter::UnpaidUnifiedFen, 4 * MANY);
    assert_eq!(
        city.evaluate("2026-08-11 00:00"),
        ["arrears GB", "revenue_drop GA"]
    );
    assert_eq!(city.last(Signal::Arrears).explanation.fen, Some(i64::MAX));
    let drop = city.last(Signal::RevenueDrop).explanation;
    assert_eq!((drop.value, drop.fen), (Some(0.25), Some(MANY as i64)));
    let series = &city.series[&GroupId::parse("GA").expect("id")];
    assert_eq!(
        at_stake_fen(series, Month::from_year_month(2026, 8)),
        Some(i64::MAX)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_bills_whatever_they_add_up_to_stop_a_look_or_a_report(
        bills in prop::collection::vec((0..4_usize, 0..120_i32, -MANY..MANY, 0..4_usize), 0..60),
    ) {
        let counters = [Counter::BilledFen, Counter::UnpaidUnifiedFen, Counter::UnpaidSubscribersFen, Counter::UnpaidUnified];
        let mut city = TestCity::new();
        for (group, after, fen, counter) in &bills {
            let counter = counters[*counter];
            let n = if counter == Counter::UnpaidUnified { 1 } else { fen * 1_000 };
            city.add(["GA", "GB", "GC", "GD"][*group], day("2026-05-01").plus(*after), counter, n);
        }
        city.evaluate("2026-08-11 00:00");
        for row in city.rows(day("2026-08-11")) {
            let sum: i128 = row.figures.billed_fen;
            prop_assert!(i64::try_from(sum).is_ok(), "{sum}");
        }
    }
}
