//! When a day gets a new version.

use proptest::prelude::*;

use super::*;
use crate::domain::locale::Locale;
use crate::domain::zone::Zone;
use crate::report::publish::{self, CellChange};
use crate::report::{Cell, Instants, Options, Reader, ReportFormat};
use crate::views::daily::{DAILY, changes_of};
use crate::views::table_words::table_words;

fn next_version(published: Option<(u32, &[DailyRow])>, now: &[DailyRow]) -> Option<u32> {
    publish::next_version(DAILY, published, now)
}

fn as_they_stand(
    published: Option<(u32, &[DailyRow])>,
    now: Vec<DailyRow>,
    as_of: Timestamp,
) -> Vec<ShownRow> {
    publish::as_they_stand(DAILY, published, now, as_of)
}

fn changes<'a>(before: &'a [DailyRow], now: &'a [DailyRow], reader: Reader) -> Vec<CellChange<'a>> {
    publish::changes(DAILY, before, now, reader)
}

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
fn names_of_units_reasons_limits_and_the_last_bit_of_a_quotient_make_no_version() {
    let before = rows();
    let mut now = before.clone();
    now[1].name = "改名".to_owned();
    now[0].trust_reasons.clear();
    let value = now[3].indicators[0].value.unwrap();
    now[3].indicators[0].value = Some(f64::from_bits(value.to_bits() + 1));
    now[3].indicators[0].limit = Some(0.03);
    assert_eq!(next_version(Some((1, &before)), &now), None);
}

#[test]
fn another_name_of_a_group_customer_on_that_day_makes_a_version() {
    let before = rows();
    let mut now = before.clone();
    now[3].name = "改名".to_owned();
    assert_eq!(next_version(Some((1, &before)), &now), Some(2));
    assert!(as_they_stand(Some((1, &before)), now, AS_OF)[3].restated);
}

/// A late event changed a group's row, and a later one took another group away.
fn three_versions() -> Vec<(u32, Vec<DailyRow>)> {
    let first = rows();
    let mut second = first.clone();
    second[3].figures.complaints += 1;
    second[3].indicators[0].verdict = Verdict::Watch;
    second[3].unit_id = None;
    second[3].name = "天府软件园".to_owned();
    second[3].trust = Trust::Failed;
    second[3].trust_reasons = vec![TrustReason::BalanceGap { tenths: 32 }];
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
    let changes = |before, now| changes(before, now, Reader::default());
    assert_eq!(changes(first, second).len(), 6);
    let gone = changes(second, third);
    assert!(
        gone.iter()
            .all(|one| one.scope == &second[4].scope && one.after == Cell::Null)
    );
    let come = changes(third, second);
    assert!(come.iter().all(|one| one.before == Cell::Null));
    // Only what the row has: it has a name, and no churn rate.
    for changed in [gone, come] {
        let columns: Vec<&str> = changed.iter().map(|one| &*one.column.column.name).collect();
        assert!(
            columns.contains(&"name") && !columns.contains(&"churn_rate"),
            "{columns:?}"
        );
        assert!(changed.iter().all(|one| one.before != one.after));
    }
}

#[test]
fn changes_are_listed_cell_by_cell_exact_for_programs_and_in_words_for_people() {
    let zone = Zone::parse("Asia/Shanghai").unwrap();
    let for_people = Instants::Local(zone, Locale::ZhCn);
    insta::assert_snapshot!(
        "changes_for_programs",
        listed_changes(ReportFormat::Json, Instants::Utc)
    );
    insta::assert_snapshot!(
        "changes_for_people",
        listed_changes(ReportFormat::Table, for_people)
    );
    assert!(
        listed_changes(ReportFormat::Csv, for_people).contains(",所属单位,U01,,"),
        "a spreadsheet has nothing where there is nothing"
    );
}

/// From the first version to the second.
fn listed_changes(format: ReportFormat, instants: Instants) -> String {
    let mut versions = three_versions();
    versions.truncate(2);
    let reader = Reader {
        locale: Locale::ZhCn,
        instants,
    };
    let options = Options {
        byte_order_mark: false,
        headers: instants.reader().map(table_words),
        ..Options::default()
    };
    let mut out = Vec::new();
    changes_of(&versions, reader)
        .write_listing(format, &options, &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
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
