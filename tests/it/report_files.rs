//! Published reports as files, and what differs between their versions.

use std::fs;
use std::path::PathBuf;

use sisan::store::{Setting, Store, StoreAt, Tx};

use crate::deployment::Deployment;
use crate::loading::{clock, joined, status, take};

const SOURCE: &str = "/boss/gz";
const DAY: &str = "2026-06-10";

/// A group of two subscribers, published up to the day before yesterday; then comes what one of
/// them did on a day before.
fn restated() -> Deployment {
    let deployment = Deployment::new();
    let lines: String = ["13800000001", "13800000002"]
        .iter()
        .map(|line| {
            joined(
                SOURCE,
                &format!("j{line}"),
                line,
                "G1",
                "2026-05-20T09:00:00+08:00",
            )
        })
        .collect();
    take(
        &deployment,
        "1",
        &(lines + &clock("c1", "2026-06-12T09:00:00+08:00")),
    );
    let late = status(
        SOURCE,
        "late",
        "13800000001",
        "cancelled_voluntary",
        "2026-06-10T10:00:00+08:00",
    );
    take(
        &deployment,
        "2",
        &(late + &clock("c2", "2026-06-13T09:00:00+08:00")),
    );
    deployment
}

fn file(deployment: &Deployment, path: &str) -> PathBuf {
    deployment.path(&format!("reports/{path}/part-0.parquet"))
}

#[test]
fn each_version_has_its_file_and_the_newest_of_a_day_stands_alone_beside_them() {
    let deployment = restated();
    let [first, second] =
        [1, 2].map(|version| file(&deployment, &format!("daily/date={DAY}/version={version}")));
    let current = file(&deployment, &format!("daily_current/date={DAY}"));
    assert!(first.exists() && second.exists() && current.exists());
    let days = |folder: &str| {
        fs::read_dir(deployment.path(&format!("reports/{folder}")))
            .expect("a folder")
            .count()
    };
    assert_eq!(days("daily"), days("daily_current"), "one file of a day");
    let (newest, was) = (
        fs::read(&current).expect("bytes"),
        fs::read(&second).expect("bytes"),
    );

    // A folder that was removed is written again, and a file that is there is not touched.
    fs::remove_dir_all(deployment.path("reports/daily_current")).expect("removed");
    fs::write(&first, b"not touched").expect("written");
    take(&deployment, "3", &clock("c3", "2026-06-14T09:00:00+08:00"));
    assert_eq!(
        (
            fs::read(&current).expect("bytes"),
            fs::read(&second).expect("bytes")
        ),
        (newest.clone(), was)
    );
    assert_eq!(fs::read(&first).expect("bytes"), b"not touched");

    // Files of a program with other columns are written anew, all of them.
    fs::write(&current, b"of another form").expect("written");
    let at = StoreAt::Sqlite {
        path: deployment.path("sisan.db"),
        memtable_bytes_max: 1 << 20,
    };
    let forget = |tx: &Tx<'_>| tx.set(Setting::ReportForm, 1);
    Store::open(&at)
        .expect("a store")
        .write_tx("forget the form", forget)
        .expect("written");
    take(&deployment, "4", &clock("c4", "2026-06-15T09:00:00+08:00"));
    assert_eq!(fs::read(&current).expect("bytes"), newest);
    assert!(fs::read(&first).expect("bytes").starts_with(b"PAR1"));
}

#[test]
fn what_changed_between_two_versions_is_listed_for_programs_and_for_people() {
    let deployment = restated();
    let changes = deployment.json(&["report", "changes", "--date", DAY]);
    let churned = changes
        .iter()
        .find(|one| one["scope"] == "company" && one["field"] == "churned")
        .expect("a change");
    let said = [
        ("from_version", 1.into()),
        ("version", 2.into()),
        ("was", 0.into()),
        ("now", 1.into()),
        ("scope_id", "company".into()),
    ];
    assert!(
        said.iter()
            .all(|(field, value): &(&str, serde_json::Value)| &churned[*field] == value),
        "{churned}"
    );
    assert!(churned["events"].is_null() && churned.as_object().is_some_and(|one| one.len() == 8));
    let table = deployment.run(&["report", "changes", "--date", DAY]);
    assert!(
        table.contains("公司") && table.contains("主动离网") && !table.contains("churned"),
        "{table}"
    );
    let csv = deployment.run(&[
        "report",
        "changes",
        "--date",
        DAY,
        "--format",
        "csv",
        "--headers",
        "zh-CN",
    ]);
    assert!(
        csv.starts_with("\u{feff}原版本,版本,层级,编号,字段,原值,现值,事件\r\n1,2,公司,company,"),
        "{csv}"
    );

    assert!(
        deployment
            .json(&["report", "changes", "--date", "2026-06-12"])
            .is_empty(),
        "published once"
    );
    let refused = deployment.run_with(&["report", "changes", "--date", "2026-06-30"], &[]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        refused.status.code() == Some(2) && said.contains("lies after today"),
        "{said}"
    );
}

#[test]
fn times_are_local_to_people_and_universal_to_programs() {
    let deployment = restated();
    let report = |arguments: &[&str]| {
        deployment.run(
            &[
                &["report", "daily", "--date", DAY, "--version", "1"],
                arguments,
            ]
            .concat(),
        )
    };
    assert!(
        report(&[]).contains("取数时间 2026-06-11 01:00 北京时间"),
        "{}",
        report(&[])
    );
    assert!(report(&["--format", "json"]).contains("\"as_of\":\"2026-06-10T17:00:00Z\""));
    assert!(report(&["--format", "csv"]).contains(",2026-06-10T17:00:00Z,"));
    assert!(
        report(&["--format", "csv", "--headers", "en"])
            .contains(",2026-06-11 01:00 Asia/Shanghai,")
    );
}
