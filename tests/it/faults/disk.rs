//! A disk that is full or fails: the worker ends with an error, and goes on once the disk is well.

use crate::cases::Case;
use crate::deployment::{Deployment, assert_same};
use crate::services::preload;

/// One that has taken all its events, and one that is to take the same.
fn both() -> (Deployment, Deployment) {
    let [whole, deployment] =
        [(); 2].map(|()| Deployment::with_events_of(&Case { name: "odd-shapes" }.events_dir()));
    whole.drain();
    (whole, deployment)
}

#[test]
fn a_full_disk_ends_the_worker_with_a_name_and_it_comes_to_the_same_end_once_there_is_room() {
    let (whole, deployment) = both();
    let scratch = tempfile::tempdir().expect("a folder");
    let library = preload(&scratch).display().to_string();
    let mut stopped = 0;
    for bytes in [0, 100, 20_000, 60_000, 100_000, 300_000, 600_000] {
        let output = deployment.run_with(
            &["run", "--drain"],
            &[
                ("LD_PRELOAD", &library),
                ("FULL_DISK_AFTER", &bytes.to_string()),
            ],
        );
        if output.status.success() {
            continue;
        }
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(75), "{bytes} bytes: {said}");
        assert!(
            said.contains("E_DISK") && said.contains("hint: "),
            "{bytes} bytes: {said}"
        );
        stopped += 1;
    }
    assert!(stopped >= 4, "it stopped {stopped} times");
    deployment.drain();
    assert_same(&deployment.visible(), &whole.visible());
}

#[test]
fn a_backup_to_a_full_disk_leaves_nothing() {
    let (deployment, _) = both();
    let scratch = tempfile::tempdir().expect("a folder");
    let variables = [
        ("LD_PRELOAD", &*preload(&scratch).display().to_string()),
        ("FULL_DISK_AFTER", "100000"),
    ];
    std::fs::create_dir(deployment.path("backups")).expect("a folder");
    let output = deployment.run_with(&["backup", "backups/one"], &variables);
    assert_eq!(
        output.status.code(),
        Some(75),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(String::from_utf8_lossy(&output.stderr).contains("E_DISK"));
    assert_eq!(
        std::fs::read_dir(deployment.path("backups"))
            .expect("the folder")
            .count(),
        0
    );
}

#[test]
fn a_disk_that_does_not_keep_what_is_written_ends_the_worker_and_it_comes_to_the_same_end() {
    let (whole, deployment) = both();
    let scratch = tempfile::tempdir().expect("a folder");
    let library = preload(&scratch).display().to_string();
    for syncs in [0, 1, 5, 20, 60] {
        let output = deployment.run_with(
            &["run", "--drain"],
            &[
                ("LD_PRELOAD", &library),
                ("SYNC_FAILS_AFTER", &syncs.to_string()),
            ],
        );
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && said.contains("error: "),
            "after {syncs} syncs: {} {said}",
            output.status
        );
    }
    deployment.drain();
    let compared = |deployment: &Deployment| {
        let mut visible = deployment.visible();
        // A report that could not be kept raises a notice to the operators, and is written later
        // than it would have been.
        visible
            .get_mut("outbox")
            .expect("mails")
            .retain(|mail| mail["kind"] != "ops_notice");
        visible.retain(|what, _| what != "mails" && what != "reports");
        visible
    };
    assert_same(&compared(&deployment), &compared(&whole));
    let days = |deployment: &Deployment| {
        std::fs::read_dir(deployment.path("reports/daily"))
            .expect("reports")
            .count()
    };
    assert_eq!(days(&deployment), days(&whole));
}

#[test]
fn a_full_report_folder_fails_the_report_by_name_and_all_else_goes_on() {
    let (whole, deployment) = both();
    let scratch = tempfile::tempdir().expect("a folder");
    let variables = [
        ("LD_PRELOAD", &*preload(&scratch).display().to_string()),
        ("FULL_DISK_AFTER", "0"),
        ("FULL_DISK_IN", "/reports/"),
    ];
    let output = deployment.run_with(&["run", "--drain"], &variables);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let jobs = deployment.json(&["job", "list"]);
    let report = jobs
        .iter()
        .find(|job| job["name"] == "daily_report")
        .expect("it has run");
    assert!(
        report["outcome"]
            .as_str()
            .is_some_and(|said| said.contains("E_DISK")),
        "{report}"
    );
    assert_eq!(deployment.applied(), whole.applied());
}

#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    let (whole, deployment) = both();
    for arguments in [
        &["run", "--drain"][..],
        &["outbox", "hold"],
        &["check-config"],
    ] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("a device");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sisan"));
        command
            .args(arguments)
            .env_clear()
            .envs(deployment.variables())
            .stdout(std::process::Stdio::null())
            .stderr(full);
        let status = command.status().expect("it ran");
        assert!(status.success(), "{arguments:?}: {status}");
    }
    assert_eq!(deployment.applied(), whole.applied());
}
