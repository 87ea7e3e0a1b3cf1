//! The demo as people run it: its screen is the README's, and a month of its mails reads as in the
//! snapshots.

use std::fmt::Write;
use std::path::Path;

use console::measure_text_width;
use mail_parser::MessageParser;
use serde_json::Value;

use crate::demo_truth::untruths;
use crate::deployment::Deployment;

/// Whose mails are kept as snapshots, all of one unit: by the beginning of the mailbox's domain
/// part.
const READERS: [(&str, &str); 3] = [
    ("manager", ".am013@"),
    ("supervisor", ".sv05@"),
    ("unit_head", ".hd05@"),
];
/// Columns of a terminal, which the screen fits.
const COLUMNS: usize = 80;
/// The month of which they are, as the names of mail files begin.
const MONTH: &str = "202610";

#[test]
fn the_demo_tells_a_month_of_work_and_its_mails_read_as_they_should() {
    let deployment = Deployment::new();
    let printed = deployment.run(&["demo", "--exit"]);
    let readme = include_str!("../../README.md");
    let screen = printed
        .find("四三 sisan")
        .zip(printed.find("\n! "))
        .map(|(from, to)| printed[from..to].trim_end());
    let screen = screen.unwrap_or_else(|| panic!("a screen: {printed}"));
    assert!(
        readme.contains(screen),
        "the README shows another screen; this is what the demo says now:\n{screen}"
    );
    for line in printed.lines() {
        let is_whole = measure_text_width(line) <= COLUMNS && !line.ends_with('…');
        assert!(is_whole, "too wide: {line}");
    }
    let in_breach = groups_in_breach(&deployment);
    assert!(!in_breach.is_empty());
    for name in in_breach {
        assert!(screen.contains(&name), "{name} is missing: {screen}");
    }
    let retained: i64 = results(&deployment)
        .iter()
        .map(|row| row["retained"].as_i64().expect("a count"))
        .sum();
    assert!(screen.contains(&format!("({retained}/")), "{screen}");
    let untruths = untruths(&deployment.path("sisan-demo"));
    untruths
        .iter()
        .for_each(|(what, which)| println!("{}: {what}", which.len()));
    assert!(untruths.values().all(Vec::is_empty), "{untruths:#?}");
    let mails = deployment.path("sisan-demo/mails");
    for (reader, mailbox) in READERS {
        let month = month_of(&mails, mailbox);
        assert!(!month.is_empty(), "{reader} of {mailbox} got no mail");
        insta::assert_snapshot!(reader, month);
    }
}

/// `tasks results` of the month, on the demo's store.
fn results(deployment: &Deployment) -> Vec<Value> {
    rows(deployment, &["tasks", "results", "--month", "2026-10"])
}

/// The names of the groups with a breach in the report of the demo's last day.
fn groups_in_breach(deployment: &Deployment) -> Vec<String> {
    let report = [
        "report",
        "daily",
        "--date",
        "2026-10-31",
        "--scope",
        "group",
    ];
    let is_in_breach = |row: &&Value| {
        let verdicts = row["verdicts"].as_object().expect("verdicts");
        verdicts.values().any(|verdict| verdict == "breach")
    };
    rows(deployment, &report)
        .iter()
        .filter(is_in_breach)
        .map(|row| row["name"].as_str().expect("a name").to_owned())
        .collect()
}

/// What a list of the demo's store says as JSON.
fn rows(deployment: &Deployment, command: &[&str]) -> Vec<Value> {
    let store = format!(
        "sqlite:{}",
        deployment.path("sisan-demo/sisan.db").display()
    );
    let arguments = [command, &["--format", "json"]].concat();
    let variables = [
        ("SISAN__STORE__URL", &*store),
        ("SISAN__CLOCK__MODE", "event"),
    ];
    let output = deployment.run_with(&arguments, &variables);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// Subject and text of every mail that a reader got in the month, in order of time.
fn month_of(mails: &Path, mailbox: &str) -> String {
    let mut names: Vec<String> = std::fs::read_dir(mails)
        .expect("a folder of mails")
        .map(|file| {
            file.expect("a file")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .filter(|name| name.starts_with(MONTH))
        .collect();
    names.sort();
    let mut month = String::new();
    for name in names {
        let bytes = std::fs::read(mails.join(&name)).expect("a mail");
        let mail = MessageParser::default()
            .parse(&bytes)
            .expect("a mail that can be read");
        let to = mail
            .to()
            .and_then(|to| to.first())
            .and_then(|to| to.address())
            .expect("a recipient");
        if to.contains(mailbox) {
            // The file name ends with a digest that is not part of what is compared.
            let when = name.rsplit_once('-').map_or(&*name, |(when, _)| when);
            let (subject, text) = (
                mail.subject().expect("a subject"),
                mail.body_text(0).expect("a text"),
            );
            let calendar = if mail.attachments().count() > 0 {
                " + calendar"
            } else {
                ""
            };
            let text = text
                .lines()
                .map(str::trim_end)
                .collect::<Vec<_>>()
                .join("\n");
            write!(
                month,
                "──── {when}{calendar}\n{subject}\n\n{}\n\n",
                text.trim()
            )
            .expect("a string takes all text");
        }
    }
    month
}
