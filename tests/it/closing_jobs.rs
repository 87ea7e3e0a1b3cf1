//! Jobs that wait for a clock that can be trusted, and the operators' notices meanwhile.

use chrono::TimeDelta;
use sisan::clock::wall_now;
use sisan::domain::job_outcome::JobOutcome;
use sisan::store::{Setting, Store, StoreAt, StoreError, Tx};

use crate::closing::{SOURCE, loaded, notices_about, too_late};
use crate::deployment::Deployment;
use crate::loading::{clock, joined, take};

/// Changes the store as time would.
fn in_store(deployment: &Deployment, work: impl FnOnce(&Tx<'_>) -> Result<(), StoreError>) {
    let at = StoreAt::Sqlite {
        path: deployment.path("sisan.db"),
        memtable_bytes_max: 48 << 20,
    };
    Store::open(&at)
        .expect("the store")
        .write_tx("a test", work)
        .expect("a change");
}

#[test]
fn by_its_schedule_closing_waits_for_events_of_these_days_tells_once_and_then_goes_on_by_itself() {
    let mut deployment = loaded();
    deployment.set("CLOCK__MODE", "wall");
    let now = wall_now();
    // Nothing else is to be made up for since the newest event, some 300 days ago.
    in_store(&deployment, |tx| {
        tx.claim_job_run("daily_report", now)?;
        tx.finish_job_run("daily_report", now, now, &JobOutcome::NoEventYet)
    });
    deployment.drain();
    deployment.drain();
    assert_eq!(notices_about(&deployment, "暂缓关账"), 1);
    let outcome = |deployment: &Deployment| {
        let jobs = deployment.json(&["job", "list"]);
        jobs.iter()
            .find(|job| job["name"] == "close_month")
            .expect("the job")["outcome"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(
        !outcome(&deployment).contains("closed until"),
        "{}",
        outcome(&deployment)
    );
    take(
        &deployment,
        "2",
        &clock("3", &now.plus(-TimeDelta::minutes(5)).to_string()),
    );
    assert!(
        outcome(&deployment).contains("closed until"),
        "{}",
        outcome(&deployment)
    );
    take(
        &deployment,
        "3",
        &joined(
            SOURCE,
            "4",
            "13800000002",
            "G1",
            "2026-01-06T09:00:00+08:00",
        ),
    );
    assert_eq!(
        (
            too_late(&deployment),
            notices_about(&deployment, "暂缓关账")
        ),
        (1, 1)
    );
}

#[test]
fn the_operators_are_told_once_when_there_has_been_no_checked_backup_for_two_days() {
    let mut deployment = Deployment::new();
    deployment.set("CLOCK__MODE", "wall");
    deployment.set(
        "BACKUP__DIR",
        deployment.path("backups").display().to_string(),
    );
    let let_pass = |deployment: &Deployment| {
        in_store(deployment, |tx| {
            tx.set(
                Setting::BackedUpAt,
                wall_now().plus(-TimeDelta::hours(49)).micros(),
            )
        });
    };
    deployment.drain();
    deployment.drain();
    assert_eq!(
        notices_about(&deployment, "缺少备份"),
        0,
        "there has been no night yet"
    );
    let_pass(&deployment);
    deployment.drain();
    deployment.drain();
    assert_eq!(notices_about(&deployment, "缺少备份"), 1, "once");
    // A backup ends it; the next gap is reported again, in a mail of its own day.
    deployment.run(&["job", "run", "backup"]);
    in_store(&deployment, |tx| {
        let since = tx.setting(Setting::BackedUpAt)?.expect("since then");
        assert!(
            wall_now().micros() - since < TimeDelta::hours(1).num_microseconds().expect("in range")
        );
        assert_eq!(tx.setting(Setting::BackupMissed)?, Some(0));
        Ok(())
    });
}
