//! `sisan backup` and `sisan restore`: one committed state in one file, and a store that goes on
//! from it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::cases::Case;
use crate::deployment::Deployment;

fn write_lines(deployment: &Deployment, file: &str, lines: &[Vec<u8>]) {
    std::fs::write(
        deployment.path("events").join(file),
        [lines.join(&b'\n'), b"\n".to_vec()].concat(),
    )
    .expect("a file of events");
}

/// The rows of a list, less the operators' notices and the columns `without`, which may differ
/// after a restore.
fn list(deployment: &Deployment, name: &str, without: &[&str]) -> Vec<Value> {
    let mut rows = deployment.json(&[name, "list"]);
    rows.retain(|row| row["kind"] != "ops_notice");
    for row in rows.iter_mut().filter_map(Value::as_object_mut) {
        without.iter().for_each(|column| drop(row.remove(*column)));
    }
    rows
}

fn states(deployment: &Deployment) -> BTreeSet<String> {
    deployment
        .json(&["outbox", "list"])
        .iter()
        .map(|mail| mail["state"].as_str().expect("a state").to_owned())
        .collect()
}

fn mails(deployment: &Deployment) -> usize {
    std::fs::read_dir(deployment.path("mails")).map_or(0, Iterator::count)
}

/// Runs a command that must be refused; returns its standard error.
fn refused(deployment: &Deployment, arguments: &[&str]) -> String {
    let output = deployment.run_with(arguments, &[]);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8(output.stderr).expect("UTF-8")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn a_restored_store_goes_on_to_the_same_end_and_sends_nothing_before_it_is_told() {
    const MAIL: &[&str] = &["state", "attempts", "sent_at", "last_reply"];
    let lines = Case {
        name: "ordered-small",
    }
    .lines();
    let (first, second) = lines.split_at(lines.len() * 2 / 3);
    let (whole, mut restored) = (Deployment::new(), Deployment::new());
    write_lines(&whole, "1.jsonl", first);
    whole.drain();
    let backup = whole.path("store.backup");
    whole.run(&["backup", text(&backup)]);
    assert!(
        refused(&whole, &["backup", text(&backup)]).contains("E_TARGET_EXISTS"),
        "nothing is written over"
    );
    assert!(
        refused(&whole, &["restore", text(&backup)]).contains("E_TARGET_EXISTS"),
        "not even an old store"
    );
    write_lines(&whole, "2.jsonl", second);
    whole.drain();

    // The restored worker has files of the same names, and folders of its own.
    write_lines(&restored, "1.jsonl", first);
    write_lines(&restored, "2.jsonl", second);
    restored.set(
        "STORE__URL",
        format!("sqlite:{}", text(&restored.path("elsewhere/sisan.db"))),
    );
    restored.run(&["restore", text(&backup)]);
    let before = restored.json(&["outbox", "list"]).len();
    restored.drain();
    for name in ["alerts", "tasks", "reminders", "sources"] {
        assert_eq!(
            list(&restored, name, &["epoch"]),
            list(&whole, name, &["epoch"]),
            "{name}"
        );
    }
    assert_eq!(
        list(&restored, "outbox", MAIL),
        list(&whole, "outbox", MAIL)
    );
    assert!(
        restored.json(&["outbox", "list"]).len() > before && states(&restored).contains("held"),
        "mails came, and are held"
    );
    assert_eq!(
        mails(&restored),
        1,
        "none went out, but that mails are held"
    );
    restored.run(&["outbox", "release"]);
    restored.drain();
    assert!(
        mails(&restored) > 1 && !states(&restored).contains("held"),
        "{:?}",
        states(&restored)
    );
}

#[test]
fn a_backup_whose_content_was_changed_or_that_is_none_leaves_no_store() {
    let deployment = Deployment::new();
    let lines = Case { name: "odd-shapes" }.lines();
    write_lines(&deployment, "1.jsonl", &lines);
    deployment.drain();
    let (backup, changed) = (
        deployment.path("store.backup"),
        deployment.path("changed.backup"),
    );
    deployment.run(&["backup", text(&backup)]);
    let bytes = std::fs::read(&backup).expect("a backup");
    let mut elsewhere = Deployment::new();
    elsewhere.set(
        "STORE__URL",
        format!("sqlite:{}", text(&elsewhere.path("store/sisan.db"))),
    );
    // A byte of every fifth page or so: of the database, of runs and of the write-ahead log. Pages
    // have room that means nothing.
    let (mut tried, mut unnoticed) = (0, 0);
    for at in (2_000..bytes.len()).step_by(20_000) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        std::fs::write(&changed, damaged).expect("a changed backup");
        let output = elsewhere.run_with(&["restore", text(&changed)], &[]);
        if output.status.success() {
            assert_eq!(
                list(&elsewhere, "alerts", &[]),
                list(&deployment, "alerts", &[]),
                "changed at {at}"
            );
            std::fs::remove_dir_all(elsewhere.path("store")).expect("a store");
            unnoticed += 1;
        } else {
            assert!(
                String::from_utf8_lossy(&output.stderr).contains("E_BACKUP"),
                "changed at {at}"
            );
        }
        assert!(
            !elsewhere.path("store/sisan.db").exists()
                && !elsewhere.path("store/sisan.runs").exists()
        );
        tried += 1;
    }
    assert!(
        tried >= 10 && unnoticed * 5 <= tried,
        "{unnoticed} of {tried} changes were not noticed"
    );
    std::fs::write(&changed, &bytes[..bytes.len() / 2]).expect("half a backup");
    assert!(
        refused(&elsewhere, &["restore", text(&changed)]).contains("E_BACKUP"),
        "cut"
    );
    assert!(
        refused(&elsewhere, &["restore", text(&deployment.path("sisan.db"))]).contains("E_BACKUP"),
        "a store is no backup"
    );
    elsewhere.run(&["restore", text(&backup)]);
    elsewhere.run(&["sources", "list"]);
}

/// Changes eight bytes of a file.
fn damage(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).expect("a file");
    bytes[at..at + 8].fill(0xff);
    std::fs::write(path, bytes).expect("a damaged file");
}

fn run_file(deployment: &Deployment) -> std::path::PathBuf {
    let files = std::fs::read_dir(deployment.path("sisan.runs"))
        .expect("the folder")
        .map(|file| file.expect("a file").path());
    files
        .into_iter()
        .find(|path| path.extension().is_some_and(|end| end == "run"))
        .expect("a run")
}

#[test]
fn a_damaged_store_is_found_by_the_daily_check_and_before_the_worker_starts() {
    let mut deployment = Deployment::new();
    deployment.set("STORE__UNWRITTEN_MB", "0");
    write_lines(&deployment, "1.jsonl", &Case { name: "odd-shapes" }.lines());
    deployment.drain();
    deployment.set("CLOCK__MODE", "wall");
    deployment.run(&["job", "run", "check_store"]);
    let run = run_file(&deployment);
    let whole = std::fs::read(&run).expect("a run");
    damage(&run, 40);
    let said = refused(&deployment, &["job", "run", "check_store"]);
    assert!(
        said.contains("a block is not what was written") && said.contains("sisan restore"),
        "{said}"
    );
    let jobs = deployment.json(&["job", "list"]);
    let check = jobs
        .iter()
        .find(|job| job["name"] == "check_store")
        .expect("the job");
    assert!(
        check["outcome"]
            .as_str()
            .is_some_and(|outcome| outcome.starts_with("failed")),
        "{check}"
    );
    assert!(
        refused(&deployment, &["backup", "damaged.backup"])
            .contains("a block is not what was written")
    );
    assert!(!deployment.path("damaged.backup").exists());

    std::fs::write(&run, whole).expect("the run as it was");
    deployment.run(&["job", "run", "check_store"]);
    // The head of the first page behind the schema's.
    damage(&deployment.path("sisan.db"), 4_096);
    let said = refused(&deployment, &["run", "--drain"]);
    assert!(
        said.contains("sisan restore") || said.contains("malformed"),
        "{said}"
    );
}

#[test]
fn two_backups_asked_for_within_a_second_are_both_made() {
    let mut deployment = Deployment::new();
    deployment.set("BACKUP__DIR", deployment.path("kept").display().to_string());
    deployment.set("CLOCK__MODE", "wall");
    write_lines(
        &deployment,
        "1.jsonl",
        &Case {
            name: "ordered-small",
        }
        .lines(),
    );
    deployment.drain();
    for _ in 0..3 {
        deployment.run(&["job", "run", "backup"]);
        let jobs = deployment.json(&["job", "list"]);
        let backup = jobs
            .iter()
            .find(|job| job["name"] == "backup")
            .expect("a job");
        assert!(
            backup["outcome"]
                .as_str()
                .is_some_and(|said| said.contains("all of them checked")),
            "{backup}"
        );
    }
    let copies = std::fs::read_dir(deployment.path("kept"))
        .expect("a folder")
        .count();
    assert_eq!(copies, 1, "of a day the newest is kept");
}

#[test]
fn a_store_that_cannot_be_copied_so_is_refused_before_anything_is_made() {
    let deployment = Deployment::new();
    deployment.drain();
    let (from, to) = (
        format!("sqlite:{}", text(&deployment.path("sisan.db"))),
        format!("sqlite:{}", text(&deployment.path("other.db"))),
    );
    let output = deployment.run_with(&["store", "copy", "--from", &from, "--to", &to], &[]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!deployment.path("other.db").exists());
}
