//! Killed at any point and started again: the same end, no mail lost, at most the mail in flight
//! sent twice with one Message-ID. Each test kills the worker at one point of the pipeline, several
//! times over its run.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;
use sisan::domain::zone::Zone;
use sisan::simulate::{CityConfig, build, write_files};

use crate::deployment::{Deployment, assert_same};

/// `abort`, which is what a fault point does.
const SIGABRT: i32 = 6;

fn city() -> &'static Path {
    static CITY: OnceLock<tempfile::TempDir> = OnceLock::new();
    let dir = CITY.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let zone = Zone::parse("Asia/Shanghai").expect("a zone");
        let last_day = "2026-10-12".parse().expect("a date");
        let config = CityConfig {
            seed: 7,
            groups: 24,
            members: 600,
            days: 40,
            last_day,
            zone,
        };
        write_files(&build(config), dir.path(), 2_000).expect("files of events");
        dir
    });
    dir.path()
}

fn deployment() -> Deployment {
    let mut deployment = Deployment::with_events_of(city());
    deployment.set("BATCH__EVENTS_MAX", "500");
    deployment
}

/// What a run that nobody kills comes to.
fn without_faults() -> &'static BTreeMap<String, Vec<Value>> {
    static SEEN: OnceLock<BTreeMap<String, Vec<Value>>> = OnceLock::new();
    SEEN.get_or_init(|| {
        let deployment = deployment();
        deployment.drain();
        deployment.visible()
    })
}

fn killed_at(point: &str, passes: &[u32]) {
    let mut deployment = deployment();
    // Runs are made after every commit, so that every point is met in the middle of it.
    deployment.set("STORE__UNWRITTEN_MB", "0");
    for pass in passes {
        let output = deployment.run_with(
            &["run", "--drain"],
            &[("SISAN_FAULT_POINT", &format!("{point}:{pass}"))],
        );
        assert_eq!(
            output.status.signal(),
            Some(SIGABRT),
            "{point} was not passed {pass} times: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    deployment.drain();
    assert_same(&deployment.visible(), without_faults());
}

macro_rules! kills {
    ($($(#[$doc:meta])* $name:ident: $point:literal, $passes:expr;)*) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            killed_at($point, &$passes);
        }
    )*};
}

kills! {
    killed_when_a_batch_has_begun_it_ends_the_same: "batch_begun", [1, 9];
    killed_between_timelines_and_counters_it_ends_the_same: "timelines_saved", [1, 7];
    killed_before_a_batch_commits_it_ends_the_same: "before_commit", [2, 5];
    killed_after_a_batch_has_committed_it_ends_the_same: "after_commit", [1, 6];
    killed_when_alerts_are_judged_it_ends_the_same: "alerts_judged", [1, 20];
    killed_before_a_look_commits_it_ends_the_same: "before_evaluation_commit", [3, 30];
    killed_after_a_look_it_ends_the_same: "after_evaluation", [1, 15];
    killed_when_a_job_is_claimed_it_ends_the_same: "job_claimed", [1, 10];
    killed_when_a_job_is_done_it_ends_the_same: "job_done", [2, 12];
    killed_when_reports_are_recorded_it_ends_the_same: "reports_recorded", [1, 8];
    killed_when_a_report_is_written_it_ends_the_same: "report_written", [1, 6];
    killed_between_mail_and_notice_it_ends_the_same: "mails_queued", [1, 3];
    killed_after_composing_it_ends_the_same: "after_compose", [1, 4];
    killed_when_a_mail_is_claimed_it_ends_the_same: "mail_claimed", [1, 3];
    killed_when_a_mail_was_sent_and_not_recorded_it_ends_the_same: "mail_sent", [1, 2];
}

#[test]
fn two_drains_of_one_folder_come_to_the_same() {
    let deployment = deployment();
    deployment.drain();
    assert_eq!(&deployment.visible(), without_faults());
    assert!(
        !without_faults()["outbox"].is_empty() && !without_faults()["tasks"].is_empty(),
        "the city makes tasks and mails"
    );
}

#[test]
fn batches_of_another_size_come_to_the_same() {
    let mut other = deployment();
    other.set("BATCH__EVENTS_MAX", "77");
    other.drain();
    let (mut actual, mut expected) = (other.visible(), without_faults().clone());
    for visible in [&mut actual, &mut expected] {
        visible.remove("sources");
    }
    assert_eq!(actual, expected);
}
