//! When a day gets a new version.

use proptest::prelude::*;

use super::*;
use crate::report::{CellChange, Publication, as_they_stand, publication};

fn rows() -> Vec<DailyRow> {
    plain_rows().into_iter().map(|shown| shown.row).collect()
}

fn change(column: &'static str, before: Option<&str>, after: Option<&str>) -> CellChange {
    CellChange { scope: group("G0001"), column: column.into(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
}

#[test]
fn the_first_version_is_1_and_the_same_rows_in_another_order_make_none() {
    let rows = rows();
    assert_eq!(publication(None, &rows), Publication::New { version: 1, changed: Vec::new() });
    assert_eq!(publication(None, &[]), Publication::New { version: 1, changed: Vec::new() });
    let turned: Vec<DailyRow> = rows.iter().rev().cloned().collect();
    assert_eq!(publication(Some((4, &rows)), &turned), Publication::Unchanged);
}

#[test]
fn names_reasons_and_the_last_bit_of_a_quotient_make_no_version() {
    let before = rows();
    let mut now = before.clone();
    now[3].name = "改名".to_owned();
    now[0].trust_reasons.clear();
    let value = now[3].indicators[0].value.unwrap();
    now[3].indicators[0].value = Some(f64::from_bits(value.to_bits() + 1));
    assert_eq!(publication(Some((1, &before)), &now), Publication::Unchanged);
}

#[test]
fn a_late_event_makes_a_version_that_lists_what_changed() {
    let before = rows();
    let mut now = before.clone();
    now[3].figures.complaints += 1;
    now[3].indicators[0].verdict = Verdict::Watch;
    now[3].unit_id = None;
    now[3].trust = Trust::Failed;
    let changed = vec![
        change("unit_id", Some("U01"), Some("")),
        change("complaints", Some("6"), Some("7")),
        change("trust", Some("ok"), Some("failed")),
        change("verdict_churn_rate", Some("breach"), Some("watch")),
    ];
    assert_eq!(publication(Some((1, &before)), &now), Publication::New { version: 2, changed });
}

#[test]
fn a_row_that_appears_or_goes_makes_a_version() {
    let (before, mut now) = (rows(), rows());
    let gone = now.remove(3);
    let Publication::New { version: 3, changed } = publication(Some((2, &before)), &now) else { panic!("no version") };
    assert!(changed.contains(&change("lost", Some("11"), None)));
    assert!(changed.iter().all(|change| change.scope == gone.scope && change.after.is_none()));
    let Publication::New { changed, .. } = publication(Some((2, &now)), &before) else { panic!("no version") };
    assert!(changed.contains(&change("survey_score_sum", None, Some("250.125"))));
}

#[test]
fn rows_as_they_stand_say_which_of_them_differ_from_the_last_version() {
    let before = rows();
    let mut now = before.clone();
    now[0].figures.billed += 1;
    now.push(row(group("G0009"), "新集团", 10, Verdict::Ok));
    let shown = as_they_stand(Some((2, &before)), now.clone(), "2026-06-02T00:00:00Z");
    assert_eq!(shown.iter().map(|s| s.restated).collect::<Vec<_>>(), [true, false, false, false, false, true]);
    assert!(shown.iter().all(|s| s.version == Some(2) && s.as_of == "2026-06-02T00:00:00Z"));
    assert!(as_they_stand(None, now, "x").iter().all(|s| s.version.is_none() && !s.restated));
}

proptest! {
    #[test]
    fn a_version_comes_exactly_when_a_figure_changed(field in 0_usize..16, step in -3_i64..=3, at in 0_usize..5) {
        let before = rows();
        let mut now = before.clone();
        let mut fields = serde_json::to_value(now[at].figures).unwrap();
        let value = fields.as_object_mut().unwrap().values_mut().nth(field).unwrap();
        *value = (value.as_i64().unwrap() + step).into();
        now[at].figures = serde_json::from_value(fields).unwrap();
        let made = publication(Some((1, &before)), &now);
        prop_assert_eq!(made == Publication::Unchanged, step == 0);
        let restated = as_they_stand(Some((1, &before)), now, "x").iter().filter(|s| s.restated).count();
        prop_assert_eq!(restated, usize::from(step != 0));
    }
}
