//! What the program writes is for its own user alone, but for what is made for others; what comes
//! from elsewhere does nothing to a terminal.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::cases::Case;
use crate::deployment::Deployment;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777
}

/// A folder and everything in it.
fn all_of(path: &Path) -> Vec<PathBuf> {
    let mut all = vec![path.to_owned()];
    if path.is_dir() {
        std::fs::read_dir(path)
            .expect("a folder")
            .for_each(|entry| all.extend(all_of(&entry.expect("an entry").path())));
    }
    all
}

fn assert_modes(path: &Path, file: u32, folder: u32) {
    for path in all_of(path) {
        assert_eq!(
            format!("{:o}", mode(&path)),
            format!("{:o}", if path.is_dir() { folder } else { file }),
            "{}",
            path.display()
        );
    }
}

fn drained(deployment: &Deployment) {
    let lines = Case {
        name: "ordered-small",
    }
    .lines();
    std::fs::write(
        deployment.path("events/1.jsonl"),
        [lines.join(&b'\n'), b"\n".to_vec()].concat(),
    )
    .expect("a file of events");
    deployment.drain();
}

#[test]
fn whatever_the_worker_and_the_commands_write_is_for_their_user_alone() {
    let mut deployment = Deployment::new();
    let store = deployment.path("state/of/sisan.db");
    deployment.set("STORE__URL", format!("sqlite:{}", store.display()));
    deployment.set("STORE__UNWRITTEN_MB", "0");
    deployment.set(
        "BACKUP__DIR",
        deployment.path("backups").display().to_string(),
    );
    drained(&deployment);
    deployment.run(&["job", "run", "backup"]);
    deployment.run(&["alerts", "list", "--format", "csv", "-o", "alerts.csv"]);
    deployment.run(&[
        "report",
        "daily",
        "--date",
        "today",
        "--format",
        "xlsx",
        "-o",
        "today.xlsx",
    ]);
    deployment.run(&["mail", "render", "ops_notice", "-o", "mail.txt"]);
    // The log and its index are there while a connection is.
    let open = rusqlite::Connection::open(&store).expect("the store");
    open.query_row("SELECT count(*) FROM outbox", [], |_| Ok(()))
        .expect("a count");
    assert!(
        all_of(&deployment.path("state")).len() > 5,
        "{:?}",
        all_of(&deployment.path("state"))
    );
    for written in [
        "state",
        "backups",
        "mails",
        "reports",
        "alerts.csv",
        "today.xlsx",
        "mail.txt",
    ] {
        assert_modes(&deployment.path(written), 0o600, 0o700);
    }
    drop(open);
    let backup = all_of(&deployment.path("backups")).pop().expect("a backup");
    deployment.set(
        "STORE__URL",
        format!("sqlite:{}", deployment.path("again/sisan.db").display()),
    );
    deployment.run(&["restore", backup.to_str().expect("UTF-8")]);
    assert_modes(&deployment.path("again"), 0o600, 0o700);
}

#[test]
fn reports_are_for_whom_they_are_made_for() {
    let mut deployment = Deployment::new();
    deployment.set("REPORT__MODE", "0640");
    deployment.set("TASKS__CLOSED_MODE", "0640");
    deployment.set(
        "TASKS__CLOSED_DIR",
        deployment.path("closed").display().to_string(),
    );
    drained(&deployment);
    let open = deployment
        .json(&["tasks", "list"])
        .into_iter()
        .find(|task| task["state"] == "open")
        .expect("an open task");
    let task = open["task_id"].as_str().expect("an id");
    deployment.run(&["tasks", "accept", task]);
    deployment.run(&["tasks", "start", task]);
    let done = [
        "--result",
        "retained",
        "--note",
        "客户同意再留一年，已经谈妥",
        "--summary",
        "谈妥",
        "--report-up",
        "none",
    ];
    deployment.run(&[&["tasks", "close", task][..], &done].concat());
    deployment.drain();
    assert_modes(&deployment.path("closed"), 0o640, 0o750);
    assert!(
        all_of(&deployment.path("closed")).len() > 1,
        "a closed task is written to a file"
    );
    assert_modes(&deployment.path("reports"), 0o640, 0o750);
    deployment.set("REPORT__MODE", "0666");
    let refused = deployment.run_with(&["run", "--drain"], &[]);
    let said = String::from_utf8(refused.stderr).expect("UTF-8");
    assert!(
        refused.status.code() == Some(2) && said.contains("report.mode") && said.contains("hint"),
        "{said}"
    );
}

#[test]
fn a_secret_that_others_may_read_is_warned_of_at_every_start_and_one_of_blanks_is_refused() {
    let mut deployment = Deployment::new();
    let secret = deployment.path("secret");
    deployment.set("MAIL__PASSWORD_FILE", secret.display().to_string());
    deployment.set("MAIL__USER", "sisan");
    let run = |text: &str, mode: u32| {
        std::fs::write(&secret, text).expect("a file");
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(mode)).expect("a mode");
        let output = deployment.run_with(&["run", "--drain"], &[]);
        (
            output.status.code(),
            String::from_utf8(output.stderr).expect("UTF-8"),
        )
    };
    for _ in 0..2 {
        for (mode, warned) in [(0o644, true), (0o640, true), (0o600, false), (0o400, false)] {
            let (code, said) = run("sesame\n", mode);
            assert_eq!(
                (code, said.contains("mail.password_file: others may read")),
                (Some(0), warned),
                "{mode:o}: {said}"
            );
            assert!(!said.contains("sesame"), "{said}");
        }
    }
    for blank in [
        "",
        "\n",
        "   \n",
        "\t\n",
        "\u{feff}",
        "\u{feff}\n",
        "\u{3000}\n",
    ] {
        let (code, said) = run(blank, 0o600);
        assert!(
            code == Some(2) && said.contains("mail.password_file"),
            "{blank:?}: {code:?} {said}"
        );
    }
}

#[test]
fn a_database_that_is_gone_while_its_runs_are_there_is_not_begun_anew() {
    let mut deployment = Deployment::new();
    deployment.set("STORE__UNWRITTEN_MB", "0");
    drained(&deployment);
    let (database, away) = (deployment.path("sisan.db"), deployment.path("away.db"));
    std::fs::rename(&database, &away).expect("moved away");
    let runs = all_of(&deployment.path("sisan.runs"));
    for emptied in [false, true] {
        if emptied {
            std::fs::write(&database, "").expect("an empty file");
        }
        for command in [
            ["run", "--drain"].as_slice(),
            &["migrate"],
            &["check-config", "--connect"],
        ] {
            if emptied && command[0] == "check-config" {
                continue;
            }
            let output = deployment.run_with(command, &[]);
            let said = String::from_utf8(output.stderr).expect("UTF-8");
            assert!(
                output.status.code() == Some(1)
                    && said.contains("E_STORE_GONE")
                    && said.contains("hint"),
                "{command:?}: {said}"
            );
        }
        assert_eq!(
            all_of(&deployment.path("sisan.runs")),
            runs,
            "nothing was deleted"
        );
    }
    std::fs::rename(&away, &database).expect("put back");
    deployment.drain();
    let output = deployment.run_with(&["check-config", "--connect"], &[]);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    let answers: Vec<&str> = said
        .lines()
        .filter(|line| line.contains(": ok: "))
        .collect();
    assert!(
        output.status.success() && answers.len() == 4,
        "input, store, relay and folders: {said}"
    );
}

#[test]
fn what_came_from_elsewhere_does_nothing_to_a_terminal() {
    let deployment = Deployment::new();
    let line = "{\"id\":\"\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\",\r\"a\":\u{202e}\u{8}\u{0}1}\n";
    std::fs::write(deployment.path("events/1.jsonl"), line).expect("a file of events");
    deployment.drain();
    let shown = deployment.run(&["rejects", "show", "1"]);
    assert!(
        shown.contains("]0;owned"),
        "it is shown as far as it can be: {shown:?}"
    );
    let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!shown.contains(acts), "{shown:?}");
    for arguments in [
        ["rejects", "list"].as_slice(),
        &["report", "daily", "--date", "\u{1b}[2J2026"],
        &["job", "run", "\u{1b}[2J"],
    ] {
        let output = deployment.run_with(arguments, &[]);
        let said = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
            .concat();
        assert!(!said.contains(acts), "{arguments:?}: {said:?}");
    }
}
