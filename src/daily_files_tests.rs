//! Parquet files of published days, as their readers have them: the columns of `views`, written by
//! `report`.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use polars::prelude::{
    ArrowDataType, DataFrame, DataType, ParquetReader, SerReader, TimeUnit, TimeZone,
};
use polars_parquet::write::schema_to_metadata_key;
use tempfile::tempdir;

use crate::access::Access;
use crate::domain::daily_row::ShownRow;
use crate::domain::indicator::Verdict;
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::sum::narrow;
use crate::report::frame::write_frame;
use crate::report::parquet::{self, PublishOutcome, PublishedFile, ReportVersion};
use crate::report::{Reader, ReportError};
use crate::views::daily::{DAILY, daily_table};
use crate::views::tests::{DAY, group, hostile_rows, plain_rows, row, shown};

/// Of a version: all but day and version, which are in the path, and the exact sum of scores.
fn columns() -> usize {
    DAILY.len() - 2 + 1
}

fn read_parquet(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).unwrap())
        .finish()
        .unwrap()
}

fn publish(
    dir: &Path,
    (day, version): (LocalDay, u32),
    rows: &[ShownRow],
) -> Result<PublishedFile, ReportError> {
    parquet::publish(
        dir,
        Access::PRIVATE,
        (day, version),
        ReportVersion::Version(version),
        daily_table(rows, Reader::default()),
    )
}

fn path(dir: &Path, day: LocalDay, version: u32) -> PathBuf {
    ReportVersion::Version(version).path(dir, day)
}

fn names(path: &Path) -> Vec<String> {
    let names = fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

fn reads_back(frame: &DataFrame, at: usize, shown: &ShownRow) {
    let row = &shown.row;
    let text = |name: &str| {
        frame
            .column(name)
            .unwrap()
            .str()
            .unwrap()
            .get(at)
            .map(str::to_owned)
    };
    let int = |name: &str| frame.column(name).unwrap().i64().unwrap().get(at).unwrap();
    let float = |name: &str| frame.column(name).unwrap().f64().unwrap().get(at);
    assert_eq!(text("name").unwrap(), row.name);
    assert_eq!(
        (
            text("scope").unwrap().as_str(),
            text("scope_id").unwrap().as_str()
        ),
        (row.scope.name(), row.scope.id())
    );
    assert_eq!(text("unit_id"), row.unit_id);
    assert_eq!(
        (int("opening"), int("billed_fen")),
        (row.figures.opening, narrow(row.figures.billed_fen))
    );
    assert_eq!(
        (int("churned"), int("restated")),
        (row.figures.churned(), i64::from(shown.restated))
    );
    assert_eq!(
        int("survey_score_sum_thousandths"),
        row.figures.survey_score_thousandths
    );
    assert_eq!(float("churn_rate"), row.indicators[0].value);
    assert_eq!(
        text("verdict_satisfaction").unwrap(),
        row.indicators[3].verdict.name()
    );
}

#[test]
fn a_published_day_reads_back_typed_and_exact() {
    let dir = tempdir().unwrap();
    let rows: Vec<ShownRow> = plain_rows().into_iter().chain(hostile_rows()).collect();
    let published = publish(dir.path(), (DAY, 2), &rows).unwrap();
    assert_eq!(published.placed, PublishOutcome::New);
    assert_eq!(
        published.path,
        dir.path()
            .join("daily/date=2026-05-31/version=2/part-0.parquet")
    );
    let frame = read_parquet(&published.path);
    assert_eq!((frame.height(), frame.width()), (rows.len(), columns()));
    let dtype = |name: &str| frame.column(name).unwrap().dtype().clone();
    assert!(
        frame.column("date").is_err() && frame.column("version").is_err(),
        "they stand in the path"
    );
    assert_eq!(
        dtype("as_of"),
        DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
    );
    assert_eq!(dtype("trust_reasons"), DataType::String);
    assert_eq!(
        (dtype("restated"), dtype("abnormal_churn_rate")),
        (DataType::Int64, DataType::Int64)
    );
    assert_eq!(
        (dtype("billed_fen"), dtype("at_stake_fen"), dtype("risk")),
        (DataType::Int64, DataType::Int64, DataType::Float64)
    );
    for (at, shown) in rows.iter().enumerate() {
        reads_back(&frame, at, shown);
    }
    assert_eq!(
        frame.column("trust_reasons").unwrap().str().unwrap().get(0),
        Some("未读过零点的数据源：boss-3; 平衡法离网率与成员流失率相差 3.2 个百分点")
    );
    let instant = frame
        .column("as_of")
        .unwrap()
        .datetime()
        .unwrap()
        .phys
        .get(0);
    assert_eq!(instant, Some(1_780_333_200_500_000));
}

#[test]
fn a_file_says_nothing_to_readers_that_an_old_one_does_not_know() {
    let dir = tempdir().unwrap();
    let published = publish(dir.path(), (DAY, 2), &plain_rows()).unwrap();
    let mut reader = ParquetReader::new(File::open(&published.path).unwrap());
    let metadata = reader
        .get_metadata()
        .unwrap()
        .key_value_metadata
        .clone()
        .unwrap();
    let mut schema = (*reader.schema().unwrap()).clone();
    let types: BTreeSet<String> = schema
        .iter_values()
        .map(|field| format!("{:?}", field.dtype))
        .collect();
    assert_eq!(
        types.into_iter().collect::<Vec<_>>(),
        [
            "Float64",
            "Int64",
            "Timestamp(Microsecond, Some(\"UTC\"))",
            "Utf8View"
        ]
    );
    // Views are polars' own reading: the schema in the file has plain texts.
    for field in schema
        .iter_values_mut()
        .filter(|field| field.dtype == ArrowDataType::Utf8View)
    {
        field.dtype = ArrowDataType::Utf8;
    }
    assert_eq!(metadata, [schema_to_metadata_key(&schema)]);
}

#[test]
fn publishing_again_changes_no_byte_and_another_content_replaces_the_file() {
    let dir = tempdir().unwrap();
    let rows = plain_rows();
    let first = publish(dir.path(), (DAY, 2), &rows).unwrap();
    let (before, written) = (
        fs::read(&first.path).unwrap(),
        fs::metadata(&first.path).unwrap().modified().unwrap(),
    );
    let again = publish(dir.path(), (DAY, 2), &rows).unwrap();
    assert_eq!(again.placed, PublishOutcome::Same);
    assert_eq!(
        (
            fs::read(&again.path).unwrap(),
            fs::metadata(&again.path).unwrap().modified().unwrap()
        ),
        (before, written)
    );
    assert_eq!(
        publish(dir.path(), (DAY, 2), &rows[1..]).unwrap().placed,
        PublishOutcome::Replaced
    );
    assert_eq!(
        (read_parquet(&first.path).height(), names(&first.path)),
        (rows.len() - 1, vec!["part-0.parquet".to_owned()])
    );
}

#[test]
fn what_a_killed_run_left_is_removed_and_other_files_stay() {
    let dir = tempdir().unwrap();
    let target = path(dir.path(), DAY, 2);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::write(
        target.with_file_name(".part-0.parquet.00ab.tmp"),
        b"PAR1 cut short",
    )
    .unwrap();
    fs::write(target.with_file_name("_SUCCESS"), b"").unwrap();
    publish(dir.path(), (DAY, 2), &plain_rows()).unwrap();
    let mut left = names(&target);
    left.sort();
    assert_eq!(left, ["_SUCCESS", "part-0.parquet"]);
}

#[test]
fn a_day_without_rows_is_a_file_with_all_columns() {
    let dir = tempdir().unwrap();
    let frame = read_parquet(&publish(dir.path(), (DAY, 1), &[]).unwrap().path);
    assert_eq!((frame.height(), frame.width()), (0, columns()));
}

#[test]
fn a_hundred_thousand_rows_take_several_row_groups_and_read_back() {
    let dir = tempdir().unwrap();
    let rows: Vec<ShownRow> = (0..100_000_i64)
        .map(|n| {
            shown(row(
                group(&format!("G{n:06}")),
                "成都天府软件园有限公司",
                n,
                Verdict::Ok,
            ))
        })
        .collect();
    let published = publish(dir.path(), (DAY, 2), &rows).unwrap();
    let frame = read_parquet(&published.path);
    assert_eq!(
        frame
            .column("opening")
            .unwrap()
            .i64()
            .unwrap()
            .iter()
            .flatten()
            .sum::<i64>(),
        99_999 * 50_000
    );
    assert_eq!(
        frame.column("scope_id").unwrap().str().unwrap().get(70_000),
        Some("G070000")
    );
    assert_eq!(
        publish(dir.path(), (DAY, 2), &rows).unwrap().placed,
        PublishOutcome::Same
    );
}

#[test]
fn rows_of_another_day_or_version_are_refused_before_anything_is_written() {
    let dir = tempdir().unwrap();
    let mut unpublished = plain_rows();
    unpublished[1].version = None;
    for (day, version, rows) in [
        (DAY.plus(1), 2, plain_rows()),
        (DAY, 3, plain_rows()),
        (DAY, 2, unpublished),
    ] {
        assert!(matches!(
            publish(dir.path(), (day, version), &rows),
            Err(ReportError::ForeignRow { .. })
        ));
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn the_newest_version_of_a_day_stands_in_its_place_whichever_it_is() {
    let dir = tempdir().unwrap();
    let in_english = Reader {
        locale: Locale::En,
        ..Reader::default()
    };
    let put = |version: u32, rows: Vec<ShownRow>| {
        let rows: Vec<ShownRow> = rows
            .into_iter()
            .map(|row| ShownRow {
                version: Some(version),
                ..row
            })
            .collect();
        parquet::publish(
            dir.path(),
            Access::PRIVATE,
            (DAY, version),
            ReportVersion::Current,
            daily_table(&rows, in_english),
        )
        .unwrap()
    };
    let first = put(1, plain_rows());
    let second = put(2, plain_rows()[..2].to_vec());
    assert_eq!(
        (&first.path, second.placed),
        (&second.path, PublishOutcome::Replaced)
    );
    assert_eq!(
        second.path,
        dir.path()
            .join("daily_current/date=2026-05-31/part-0.parquet")
    );
    let frame = read_parquet(&second.path);
    assert_eq!((frame.height(), frame.width()), (2, columns() + 1));
    assert_eq!(
        frame.column("version").unwrap().i64().unwrap().get(1),
        Some(2)
    );
    let reasons =
        "not read past midnight: boss-3; balance formula and counted loss differ by 3.2 points";
    assert_eq!(
        frame.column("trust_reasons").unwrap().str().unwrap().get(0),
        Some(reasons)
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named_with_a_hint() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("daily"), b"a file where a folder must be").unwrap();
    let error = publish(dir.path(), (DAY, 2), &plain_rows())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("create ")
            && error.contains("version=2")
            && error.contains("hint: check that `report.dir`"),
        "{error}"
    );
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
    let rows = plain_rows();
    for room in [0, 3, 4, 500, 2_000] {
        let table = daily_table(&rows, Reader::default());
        let error = write_frame(table, &[], Full(room)).unwrap_err();
        let kind = |error: &ReportError| match error {
            ReportError::Output { source, .. } => Some(source.kind()),
            _ => None,
        };
        assert_eq!(
            kind(&error),
            Some(std::io::ErrorKind::StorageFull),
            "{room}: {error:?}"
        );
    }
}
