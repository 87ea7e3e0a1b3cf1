//! What becomes of due times that were missed.

use chrono::TimeDelta;

use super::due::{ANY, job, local, zone};
use crate::schedule::*;

#[test]
fn what_is_missed_is_run_each_or_once_or_not() {
    let z = zone("Asia/Shanghai");
    let at = |text: &str| z.at(local(text));
    let runs = |on_missed: &str, since: &str, now: &str| {
        let due = due_runs(
            &job("0 1 * * *", "any", on_missed),
            at(since),
            at(now),
            z,
            ANY,
        );
        due.runs
            .iter()
            .map(|t| z.local(*t).format("%d").to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        runs("run_each", "2026-10-01 01:00", "2026-10-05 00:59"),
        "02 03 04"
    );
    assert_eq!(
        runs("run_each", "2026-10-01 01:00", "2026-10-05 01:00"),
        "02 03 04 05"
    );
    assert_eq!(
        runs("run_once", "2026-10-01 01:00", "2026-10-05 00:59"),
        "04"
    );
    assert_eq!(runs("run_once", "2026-10-04 01:00", "2026-10-05 00:59"), "");
    assert_eq!(runs("skip", "2026-10-01 01:00", "2026-10-05 00:59"), "");
    assert_eq!(runs("skip", "2026-10-01 01:00", "2026-10-05 01:05"), "05");
    assert_eq!(runs("skip", "2026-10-01 01:00", "2026-10-05 01:06"), "");
    // A clock that went back, and a store that began this moment.
    for on_missed in ["run_each", "run_once", "skip"] {
        assert_eq!(runs(on_missed, "2026-10-05 01:00", "2026-10-04 01:00"), "");
        assert_eq!(runs(on_missed, "2026-10-05 12:00", "2026-10-05 12:00"), "");
    }
    // Years of silence.
    assert_eq!(
        runs("run_once", "2018-10-05 01:00", "2026-10-05 12:00"),
        "05"
    );
    let yearly = due_runs(
        &job("0 0 29 2 *", "any", "run_once"),
        at("2000-01-01 00:00"),
        at("2027-12-31 00:00"),
        z,
        ANY,
    );
    assert_eq!(yearly.runs, [at("2024-02-29 00:00")]);
}

#[test]
fn more_runs_than_the_maximum_come_in_several_calls_and_none_is_lost() {
    let z = zone("Asia/Shanghai");
    let hourly = job("0 * * * *", "any", "run_each");
    let (mut since, now) = (
        z.at(local("2026-01-01 00:00")),
        z.at(local("2026-03-31 00:00")),
    );
    let (mut all, mut calls) = (Vec::new(), 0);
    loop {
        let due = due_runs(&hourly, since, now, z, ANY);
        calls += 1;
        assert!(due.runs.len() <= RUNS_MAX);
        since = *due.runs.last().expect("runs");
        all.extend(due.runs);
        if !due.more {
            break;
        }
    }
    assert_eq!((calls, all.len()), (3, 89 * 24));
    assert!(
        all.windows(2)
            .all(|pair| pair[1].since(pair[0]) == TimeDelta::hours(1))
    );
}

#[test]
fn jobs_come_together_in_due_order_and_none_overtakes_one_that_was_cut() {
    let z = zone("Asia/Shanghai");
    let named = |name: &str, schedule: &str| JobSpec {
        name: JobName::parse(name).expect("a name"),
        ..job(schedule, "any", "run_each")
    };
    let (daily, monthly, minutes) = (
        named("daily", "0 1 * * *"),
        named("closing", "0 1 10 * *"),
        named("minutes", "*/10 * * * *"),
    );
    let (since, now) = (
        z.at(local("2026-10-08 12:00")),
        z.at(local("2026-10-11 12:00")),
    );
    let due = due_together([(&daily, since), (&monthly, since)], now, z, ANY);
    let order: Vec<String> = due
        .runs
        .iter()
        .map(|(t, job)| format!("{} {}", z.local(*t).format("%d"), job.name))
        .collect();
    assert_eq!(order, ["09 daily", "10 closing", "10 daily", "11 daily"]);
    let long = due_together(
        [(&daily, since), (&minutes, since)],
        now.plus(TimeDelta::days(10)),
        z,
        ANY,
    );
    assert!(long.more);
    let last = long.runs.last().expect("runs").0;
    let cut = z
        .at(local("2026-10-08 12:00"))
        .plus(TimeDelta::minutes(10 * RUNS_MAX as i64));
    assert_eq!(last, cut);
    assert_eq!(
        long.runs
            .iter()
            .filter(|(_, job)| job.name.as_str() == "daily")
            .count(),
        7
    );
}
