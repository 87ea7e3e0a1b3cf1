//! When a day gets a new version.

use proptest::prelude::*;

use super::*;
use crate::domain::locale::Locale;
use crate::report::publish::changes;
use crate::report::{Options, ReportFormat, as_they_stand, changes_of, next_version};

fn rows() -> Vec<DailyRow> {
    plain_rows().into_iter().map(|shown| shown.row).collect()
}

#[test]
fn the_first_version_is_1_and_the_same_rows_in_another_order_make_none() {
    let rows = rows();
    assert_eq!(
        (next_version(None, &rows), next_version(None, &[])),
        (Some(1), Some(1))
    );
    let turned: Vec<DailyRow> = rows.iter().rev().cloned().collect();
    assert_eq!(next_version(Some((4, &rows)), &turned), None);
}

#[test]
fn names_reasons_limits_and_the_last_bit_of_a_quotient_make_no_version() {
    let before = rows();
    let mut now = before.clone();
    now[3].name = "改名".to_owned();
    now[0].trust_reasons.clear();
    let value = now[3].indicators[0].value.unwrap();
    now[3].indicators[0].value = Some(f64::from_bits(value.to_bits() + 1));
    now[3].indicators[0].limit = Some(0.03);
    assert_eq!(next_version(Some((1, &before)), &now), None);
}

/// A late event changed a group's row, and a later one took another group away.
fn three_versions() -> Vec<(u32, Vec<DailyRow>)> {
    let first = rows();
    let mut second = first.clone();
    second[3].figures.complaints += 1;
    second[3].indicators[0].verdict = Verdict::Watch;
    second[3].unit_id = None;
    second[3].trust = Trust::Failed;
    let mut third = second.clone();
    third.remove(4);
    vec![(1, first), (2, second), (3, third)]
}

#[test]
fn a_late_event_makes_a_version_and_so_does_a_row_that_appears_or_goes() {
    let versions = three_versions();
    let [(_, first), (_, second), (_, third)] = versions.as_slice() else {
        panic!("three")
    };
    assert_eq!(
        (
            next_version(Some((1, first)), second),
            next_version(Some((2, second)), third)
        ),
        (Some(2), Some(3))
    );
    assert_eq!(changes(first, second).len(), 4);
    assert!(
        changes(second, third)
            .iter()
            .all(|one| one.scope == &second[4].scope && one.after.is_none())
    );
    assert!(
        changes(third, second)
            .iter()
            .all(|one| one.before.is_none())
    );
}

#[test]
fn changes_are_listed_cell_by_cell_exact_for_programs_and_in_words_for_people() {
    let mut versions = three_versions();
    versions.truncate(2);
    let text = |format, locale| {
        let mut out = Vec::new();
        changes_of(&versions, locale)
            .write_listing(
                format,
                &Options {
                    byte_order_mark: false,
                    ..Options::default()
                },
                &mut out,
            )
            .unwrap();
        String::from_utf8(out).unwrap()
    };
    insta::assert_snapshot!("changes_for_programs", text(ReportFormat::Json, None));
    insta::assert_snapshot!(
        "changes_for_people",
        text(ReportFormat::Table, Some(Locale::ZhCn))
    );
}

#[test]
fn rows_as_they_stand_say_which_of_them_differ_from_the_last_version() {
    let before = rows();
    let mut now = before.clone();
    now[0].figures.billed += 1;
    now.push(row(group("G0009"), "新集团", 10, Verdict::Ok));
    let shown = as_they_stand(Some((2, &before)), now.clone(), AS_OF);
    assert_eq!(
        shown.iter().map(|s| s.restated).collect::<Vec<_>>(),
        [true, false, false, false, false, true]
    );
    assert!(
        shown
            .iter()
            .all(|s| s.version == Some(2) && s.as_of == AS_OF)
    );
    assert!(
        as_they_stand(None, now, AS_OF)
            .iter()
            .all(|s| s.version.is_none() && !s.restated)
    );
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
        prop_assert_eq!(next_version(Some((1, &before)), &now).is_none(), step == 0);
        let restated = as_they_stand(Some((1, &before)), now, AS_OF).iter().filter(|s| s.restated).count();
        prop_assert_eq!(restated, usize::from(step != 0));
    }
}
