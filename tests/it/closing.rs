//! Closing trusts no single clock, and what was closed wrongly is put right from a backup, as
//! `docs/operate.md` describes.

use chrono::TimeDelta;
use serde_json::Value;
use sisan::clock::wall_now;
use sisan::domain::job_outcome::JobOutcome;
use sisan::store::{Setting, Store, StoreAt};

use crate::deployment::Deployment;
use crate::loading::{clock, joined, members, status, take};

pub const SOURCE: &str = "/boss/old";

/// A subscriber that joins in January 2026 and is seen until the first of February; loaded.
pub fn loaded() -> Deployment {
    let deployment = Deployment::new();
    let first = joined(
        SOURCE,
        "1",
        "13800000001",
        "G1",
        "2026-01-05T09:00:00+08:00",
    ) + &clock("2", "2026-02-01T09:00:00+08:00");
    take(&deployment, "1", &first);
    deployment.run(&["load", "done"]);
    deployment
}

pub fn notices_about(deployment: &Deployment, words: &str) -> usize {
    let mails = deployment.json(&["outbox", "list"]);
    let about = |mail: &&Value| {
        mail["kind"] == "ops_notice"
            && mail["subject"]
                .as_str()
                .is_some_and(|subject| subject.contains(words))
    };
    mails.iter().filter(about).count()
}

/// Runs a job that must not be run; returns its standard error.
fn refused(deployment: &Deployment, arguments: &[&str], code: i32) -> String {
    let output = deployment.run_with(&[&["job", "run"], arguments].concat(), &[]);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    said
}

pub fn too_late(deployment: &Deployment) -> usize {
    deployment
        .json(&["rejects", "list"])
        .iter()
        .filter(|row| row["class"] == "too_late")
        .count()
}

#[test]
fn an_event_clock_that_leaps_closes_nothing_and_the_operators_are_told_once() {
    let deployment = loaded();
    take(&deployment, "2", &clock("3", "2026-06-11T09:00:00+08:00"));
    // January is closed; then an event of a producer with a wrong clock comes, and a day after it
    // another.
    take(&deployment, "3", &clock("4", "2026-09-11T09:00:00+08:00"));
    assert_eq!(notices_about(&deployment, "暂缓关账"), 1);
    take(&deployment, "4", &clock("5", "2026-09-12T09:00:00+08:00"));
    assert_eq!(
        notices_about(&deployment, "暂缓关账"),
        1,
        "once, not every run"
    );
    take(
        &deployment,
        "5",
        &joined(
            SOURCE,
            "6",
            "13800000002",
            "G1",
            "2026-03-20T09:00:00+08:00",
        ),
    );
    assert_eq!(too_late(&deployment), 0, "March is open");
    take(
        &deployment,
        "6",
        &joined(
            SOURCE,
            "7",
            "13800000003",
            "G1",
            "2026-01-20T09:00:00+08:00",
        ),
    );
    assert_eq!(too_late(&deployment), 1, "January is not");
    let said = refused(&deployment, &["close_month"], 1);
    assert!(
        said.contains("E_CLOSING_WAITS") && said.contains("months were last closed at 2026-06-11"),
        "{said}"
    );
    deployment.run(&["job", "run", "close_month", "--confirm"]);
    take(
        &deployment,
        "7",
        &joined(
            SOURCE,
            "8",
            "13800000004",
            "G1",
            "2026-03-21T09:00:00+08:00",
        ),
    );
    assert_eq!(
        too_late(&deployment),
        2,
        "confirmed by hand it is closed all the same"
    );
}

#[test]
fn by_hand_too_a_clock_far_from_the_newest_event_closes_nothing_and_no_time_beyond_now_is_taken() {
    let mut deployment = loaded();
    // The newest event lies some 300 days back.
    deployment.set("CLOCK__MODE", "wall");
    let said = refused(&deployment, &["close_month"], 1);
    assert!(
        said.contains("E_CLOSING_WAITS: no month is closed: the clock says")
            && said.contains("--confirm"),
        "{said}"
    );
    for job in ["close_month", "daily_report"] {
        let said = refused(&deployment, &[job, "--at", "9999-12-31T00:00:00Z"], 2);
        assert!(said.contains("lies after now"), "{said}");
    }
    assert!(
        refused(
            &deployment,
            &["close_month", "--at", "9999-12-31T00:00:00Z", "--confirm"],
            2
        )
        .contains("lies after now")
    );
    assert!(
        refused(&deployment, &["daily_report", "--confirm"], 2).contains("nothing to be confirmed")
    );
    let close = deployment
        .json(&["job", "list"])
        .into_iter()
        .find(|job| job["name"] == "close_month")
        .expect("the job");
    assert!(
        close["outcome"].is_null() || close["outcome"] == "waits until the input is drained",
        "no run is recorded: {close}"
    );
    deployment.set("CLOCK__MODE", "event");
    take(
        &deployment,
        "2",
        &joined(
            SOURCE,
            "3",
            "13800000002",
            "G1",
            "2026-01-06T09:00:00+08:00",
        ),
    );
    assert_eq!(too_late(&deployment), 0);
}

#[test]
fn what_a_start_with_the_clock_ahead_left_behind_closes_nothing_and_holds_up_no_job_once_the_clock_is_right()
 {
    let mut deployment = Deployment::new();
    deployment.set("CLOCK__MODE", "wall");
    let (now, ahead) = (wall_now(), wall_now().plus(TimeDelta::days(400)));
    let joins = |n: &str, ago: TimeDelta| {
        let (line, at) = (format!("1380000000{n}"), now.plus(-ago).to_string());
        take(&deployment, n, &joined(SOURCE, n, &line, "G1", &at));
    };
    joins("1", TimeDelta::days(3));
    deployment.run(&["load", "done"]);
    let jobs = [
        "close_month",
        "daily_report",
        "prune_history",
        "check_store",
    ];
    let store = Store::open(&StoreAt::Sqlite {
        path: deployment.path("sisan.db"),
        memtable_bytes_max: 1 << 20,
    })
    .expect("a store");
    store
        .write_tx("act as with that clock", |tx| {
            tx.set(Setting::BeganAt, now.plus(-TimeDelta::days(2)).micros())?;
            tx.set(Setting::EvaluatedAt, ahead.micros())?;
            for job in jobs {
                tx.claim_job_run(job, ahead)?;
                tx.finish_job_run(job, ahead, ahead, &JobOutcome::NoEventYet)?;
            }
            // One that was killed in it.
            tx.claim_job_run("close_month", ahead.plus(TimeDelta::days(1)))
        })
        .expect("written");
    drop(store);
    joins("2", TimeDelta::hours(1));
    joins("3", TimeDelta::minutes(1));
    assert_eq!(too_late(&deployment), 0, "nothing was closed");
    let store = Store::open(&StoreAt::Sqlite {
        path: deployment.path("sisan.db"),
        memtable_bytes_max: 1 << 20,
    })
    .expect("a store");
    for job in &jobs[1..] {
        let runs = store
            .read_tx("read", |tx| tx.job_runs(job, now, 9))
            .expect("runs");
        assert!(
            !runs.is_empty() && runs.iter().all(|run| run.finished_at.is_some()),
            "{job} ran when it was due: {runs:?}"
        );
    }
}

#[test]
fn a_clock_that_is_ahead_forgets_nothing_and_publishes_no_day_to_come() {
    let mut deployment = Deployment::new();
    deployment.set("CLOCK__MODE", "wall");
    // To the newest event the clock is 300 days ahead.
    let event = wall_now().plus(-TimeDelta::days(300));
    take(
        &deployment,
        "1",
        &joined(SOURCE, "1", "13800000001", "G1", &event.to_string()),
    );
    deployment.run(&["load", "done"]);
    let said = refused(&deployment, &["prune_history"], 1);
    assert!(
        said.contains("E_CLOCK_AHEAD: nothing is forgotten") && said.contains("hint: "),
        "{said}"
    );
    deployment.run(&["job", "run", "daily_report"]);
    let newest = std::fs::read_dir(deployment.path("reports/daily"))
        .expect("reports")
        .filter_map(|day| day.ok()?.file_name().into_string().ok())
        .max();
    let until = event.plus(TimeDelta::days(46)).to_string();
    assert!(
        newest.is_none_or(|day| *day <= *format!("date={}", &until[..10])),
        "up to {until}"
    );
}

/// The report of a day, but for when it was made.
fn figures(deployment: &Deployment, date: &str) -> Vec<Value> {
    let mut rows = deployment.json(&["report", "daily", "--date", date]);
    rows.iter_mut()
        .filter_map(Value::as_object_mut)
        .for_each(|row| drop(row.remove("as_of")));
    rows
}

#[test]
fn a_wrong_closing_is_put_right_from_the_nightly_backup() {
    let mut deployment = loaded();
    let backups = deployment.path("backups");
    deployment.set("BACKUP__DIR", backups.to_str().expect("UTF-8"));
    deployment.run(&["job", "run", "backup"]);
    deployment.set("CLOCK__MODE", "wall");
    let closed = deployment.run_with(&["job", "run", "close_month", "--confirm"], &[]);
    let said = String::from_utf8(closed.stderr).expect("UTF-8");
    assert!(
        closed.status.success() && said.contains("closed until 20"),
        "{said}"
    );
    deployment.set("CLOCK__MODE", "event");
    let february = status(
        SOURCE,
        "3",
        "13800000001",
        "suspended",
        "2026-02-03T09:00:00+08:00",
    ) + &joined(
        SOURCE,
        "4",
        "13800000002",
        "G1",
        "2026-02-04T09:00:00+08:00",
    ) + &clock("5", "2026-02-06T09:00:00+08:00");
    take(&deployment, "2", &february);
    assert_eq!(too_late(&deployment), 3, "every real event comes too late");

    // docs/operate.md, step by step.
    for of_the_store in ["sisan.db", "sisan.runs"] {
        std::fs::rename(
            deployment.path(of_the_store),
            deployment.path(&format!("wrong-{of_the_store}")),
        )
        .expect("moved away");
    }
    let backup = std::fs::read_dir(&backups)
        .expect("the folder")
        .next()
        .expect("a backup")
        .expect("a backup")
        .path();
    deployment.run(&["restore", backup.to_str().expect("UTF-8")]);
    deployment.drain();
    deployment.run(&["outbox", "release"]);
    deployment.drain();
    assert_eq!(too_late(&deployment), 0);
    let untouched = loaded();
    take(&untouched, "2", &february);
    for date in ["2026-01-31", "2026-02-05"] {
        assert_eq!(
            figures(&deployment, date),
            figures(&untouched, date),
            "{date}"
        );
    }
    assert_eq!(
        members(&deployment, "G1", "2026-02-05"),
        (1.into(), 2.into())
    );
}
