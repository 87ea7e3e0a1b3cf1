//! A disk that is full: the worker says so and ends, and goes on once there is room.

use std::path::PathBuf;
use std::process::Command;

use crate::cases::Case;
use crate::deployment::Deployment;

/// The library that makes a disk full.
fn full_disk(deployment: &Deployment) -> PathBuf {
    let library = deployment.path("full_disk.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/services/full_disk.c");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status().expect("a C compiler");
    assert!(built.success());
    library
}

#[test]
fn a_full_disk_ends_the_worker_with_a_name_and_it_comes_to_the_same_end_once_there_is_room() {
    let case = Case { name: "odd-shapes" };
    let whole = Deployment::with_events_of(&case.events_dir());
    whole.drain();
    let deployment = Deployment::with_events_of(&case.events_dir());
    let library = full_disk(&deployment);
    let preload = library.to_str().expect("UTF-8");
    let mut stopped = 0;
    for bytes in [0, 100, 20_000, 60_000, 100_000, 300_000, 600_000] {
        let output = deployment.run_with(&["run", "--drain"], &[("LD_PRELOAD", preload), ("FULL_DISK_AFTER", &bytes.to_string())]);
        if output.status.success() {
            continue;
        }
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(75), "{bytes} bytes: {said}");
        assert!(said.contains("E_DISK") && said.contains("hint: "), "{bytes} bytes: {said}");
        stopped += 1;
    }
    assert!(stopped >= 4, "it stopped {stopped} times");
    deployment.drain();
    assert_eq!(deployment.visible(), whole.visible());
}

#[test]
fn a_backup_to_a_full_disk_leaves_nothing() {
    let deployment = Deployment::with_events_of(&Case { name: "odd-shapes" }.events_dir());
    deployment.drain();
    let library = full_disk(&deployment);
    let variables = [("LD_PRELOAD", library.to_str().expect("UTF-8")), ("FULL_DISK_AFTER", "100000")];
    std::fs::create_dir(deployment.path("backups")).expect("a folder");
    let output = deployment.run_with(&["backup", "backups/one"], &variables);
    assert_eq!(output.status.code(), Some(75), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("E_DISK"));
    assert_eq!(std::fs::read_dir(deployment.path("backups")).expect("the folder").count(), 0);
}
