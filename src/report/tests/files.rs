//! Parquet files of published days.

use std::fs::{self, File};
use std::path::Path;

use polars::prelude::{DataFrame, DataType, ParquetReader, SerReader, TimeUnit, TimeZone};
use tempfile::tempdir;

use super::*;
use crate::access::Access;
use crate::domain::sum::narrow;
use crate::report::parquet::{Placed, path, publish};
use crate::report::{ReportError, columns::DAILY};

fn read(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).unwrap()).finish().unwrap()
}

fn names(path: &Path) -> Vec<String> {
    let names = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

#[test]
fn a_published_day_reads_back_typed_and_exact() {
    let dir = tempdir().unwrap();
    let rows: Vec<ShownRow> = plain_rows().into_iter().chain(hostile_rows()).collect();
    let published = publish(dir.path(), Access::PRIVATE, (DAY, 2), &rows).unwrap();
    assert_eq!(published.placed, Placed::New);
    assert_eq!(published.path, dir.path().join("daily/date=2026-05-31/version=2/part-0.parquet"));
    let frame = read(&published.path);
    assert_eq!((frame.height(), frame.width()), (rows.len(), DAILY.len() + 1));
    let dtype = |name: &str| frame.column(name).unwrap().dtype().clone();
    assert_eq!(dtype("date"), DataType::Date);
    assert_eq!(dtype("as_of"), DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)));
    assert_eq!(dtype("trust_reasons"), DataType::List(Box::new(DataType::String)));
    assert_eq!((dtype("billed_fen"), dtype("at_stake_fen"), dtype("risk")), (DataType::Int64, DataType::Int64, DataType::Float64));
    for (at, shown) in rows.iter().enumerate() {
        let row = &shown.row;
        let text = |name: &str| frame.column(name).unwrap().str().unwrap().get(at).map(str::to_owned);
        let int = |name: &str| frame.column(name).unwrap().i64().unwrap().get(at).unwrap();
        let float = |name: &str| frame.column(name).unwrap().f64().unwrap().get(at);
        assert_eq!(text("name").unwrap(), row.name);
        assert_eq!((text("scope").unwrap().as_str(), text("scope_id").unwrap().as_str()), (row.scope.name(), row.scope.id()));
        assert_eq!(text("unit_id"), row.unit_id);
        assert_eq!((int("opening"), int("billed_fen")), (row.figures.opening, narrow(row.figures.billed_fen)));
        assert_eq!((int("churned"), int("version")), (row.figures.churned(), 2));
        assert_eq!(int("survey_score_sum_thousandths"), row.figures.survey_score_thousandths);
        assert_eq!(float("churn_rate"), row.indicators[0].value);
        assert_eq!(text("verdict_satisfaction").unwrap(), row.indicators[3].verdict.name());
    }
    let instant = frame.column("as_of").unwrap().datetime().unwrap().phys.get(0);
    assert_eq!(instant, Some(1_780_333_200_500_000));
}

#[test]
fn publishing_again_changes_no_byte_and_another_content_replaces_the_file() {
    let dir = tempdir().unwrap();
    let rows = plain_rows();
    let first = publish(dir.path(), Access::PRIVATE, (DAY, 2), &rows).unwrap();
    let (before, written) = (fs::read(&first.path).unwrap(), fs::metadata(&first.path).unwrap().modified().unwrap());
    let again = publish(dir.path(), Access::PRIVATE, (DAY, 2), &rows).unwrap();
    assert_eq!(again.placed, Placed::Same);
    assert_eq!((fs::read(&again.path).unwrap(), fs::metadata(&again.path).unwrap().modified().unwrap()), (before, written));
    assert_eq!(publish(dir.path(), Access::PRIVATE, (DAY, 2), &rows[1..]).unwrap().placed, Placed::Replaced);
    assert_eq!((read(&first.path).height(), names(&first.path)), (rows.len() - 1, vec!["part-0.parquet".to_owned()]));
}

#[test]
fn what_a_killed_run_left_is_removed_and_other_files_stay() {
    let dir = tempdir().unwrap();
    let target = path(dir.path(), DAY, 2);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::write(target.with_file_name(".part-0.parquet.00ab.tmp"), b"PAR1 cut short").unwrap();
    fs::write(target.with_file_name("_SUCCESS"), b"").unwrap();
    publish(dir.path(), Access::PRIVATE, (DAY, 2), &plain_rows()).unwrap();
    let mut left = names(&target);
    left.sort();
    assert_eq!(left, ["_SUCCESS", "part-0.parquet"]);
}

#[test]
fn a_day_without_rows_is_a_file_with_all_columns() {
    let dir = tempdir().unwrap();
    let frame = read(&publish(dir.path(), Access::PRIVATE, (DAY, 1), &[]).unwrap().path);
    assert_eq!((frame.height(), frame.width()), (0, DAILY.len() + 1));
}

#[test]
fn a_hundred_thousand_rows_take_several_row_groups_and_read_back() {
    let dir = tempdir().unwrap();
    let rows: Vec<ShownRow> =
        (0..100_000_i64).map(|n| shown(row(group(&format!("G{n:06}")), "成都天府软件园有限公司", n, Verdict::Ok))).collect();
    let published = publish(dir.path(), Access::PRIVATE, (DAY, 2), &rows).unwrap();
    let frame = read(&published.path);
    assert_eq!(frame.column("opening").unwrap().i64().unwrap().iter().flatten().sum::<i64>(), 99_999 * 50_000);
    assert_eq!(frame.column("scope_id").unwrap().str().unwrap().get(70_000), Some("G070000"));
    assert_eq!(publish(dir.path(), Access::PRIVATE, (DAY, 2), &rows).unwrap().placed, Placed::Same);
}

#[test]
fn rows_of_another_day_or_version_are_refused_before_anything_is_written() {
    let dir = tempdir().unwrap();
    let mut unpublished = plain_rows();
    unpublished[1].version = None;
    for (day, version, rows) in [(DAY.plus(1), 2, plain_rows()), (DAY, 3, plain_rows()), (DAY, 2, unpublished)] {
        assert!(matches!(publish(dir.path(), Access::PRIVATE, (day, version), &rows), Err(ReportError::ForeignRow { .. })));
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn an_as_of_that_is_no_instant_leaves_no_file() {
    let dir = tempdir().unwrap();
    let mut rows = plain_rows();
    rows[3].as_of = "yesterday".to_owned();
    let error = publish(dir.path(), Access::PRIVATE, (DAY, 2), &rows).unwrap_err();
    assert_eq!(error.to_string(), "read `yesterday` as an RFC 3339 instant in column `as_of`");
    assert_eq!(names(&path(dir.path(), DAY, 2)), Vec::<String>::new());
}

#[test]
fn a_folder_that_cannot_be_made_is_named_with_a_hint() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("daily"), b"a file where a folder must be").unwrap();
    let error = publish(dir.path(), Access::PRIVATE, (DAY, 2), &plain_rows()).unwrap_err().to_string();
    assert!(error.starts_with("create ") && error.contains("version=2") && error.contains("hint: check that `report.dir`"), "{error}");
}

/// A disk with little room.
struct Full(usize);

impl std::io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() > self.0 {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_as_what_it_is_wherever_it_fills_up() {
    for room in [0, 3, 4, 500, 2_000] {
        let error = crate::report::frame::write(&plain_rows(), Full(room)).unwrap_err();
        let kind = |error: &ReportError| match error {
            ReportError::Output { source, .. } => Some(source.kind()),
            _ => None,
        };
        assert_eq!(kind(&error), Some(std::io::ErrorKind::StorageFull), "{room}: {error:?}");
    }
}
