//! What lists look like to whoever reads them on a terminal: every list of the program, as its own
//! help names them.

use std::process::{Command, Stdio};

use crate::deployment::Deployment;
use crate::said::worked;

/// Commands that show one thing, or a whole report, and so have no limit.
const DOCUMENTS: [&str; 6] = [
    "report daily",
    "alerts explain",
    "tasks show",
    "groups show",
    "outbox show",
    "mail render",
];

/// The names below `Commands:` in a help.
fn commands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .filter(|name| name != "help")
        .collect()
}

/// Every command that lists something, by the program's own help, with what it must be given.
fn lists() -> Vec<String> {
    let help = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_sisan"))
            .args(arguments)
            .arg("--help")
            .output()
            .expect("the program starts");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let mut lists = Vec::new();
    for command in commands(&help(&[])) {
        for subcommand in commands(&help(&[&command])) {
            let (name, help) = (
                format!("{command} {subcommand}"),
                help(&[&command, &subcommand]),
            );
            if !help.contains("--format") || DOCUMENTS.contains(&&*name) {
                continue;
            }
            assert!(help.contains("--limit <N>"), "{name} has no limit");
            lists.push(match &*name {
                "report changes" => format!("{name} --date today"),
                _ => name,
            });
        }
    }
    assert!(lists.len() >= 10, "{lists:?}");
    lists
}

#[test]
fn every_list_says_when_there_is_more_than_it_shows() {
    let deployment = worked();
    let mut cut = 0;
    for list in lists() {
        let list: Vec<&str> = list.split(' ').collect();
        let all = deployment.json(&list).len();
        for (limit, is_cut) in [(all.max(1), false), (all.max(2) - 1, all > 1)] {
            let limit = ["--limit", &limit.to_string()].map(str::to_owned);
            let arguments: Vec<&str> = list
                .iter()
                .copied()
                .chain(limit.iter().map(String::as_str))
                .collect();
            let output = deployment.run_with(&arguments, &[]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(
                said.contains("另有 1 条未列"),
                is_cut,
                "{arguments:?}: {said}"
            );
            cut += usize::from(is_cut);
            let json = deployment.run_with(&[&arguments[..], &["--format", "json"]].concat(), &[]);
            assert!(
                !String::from_utf8_lossy(&json.stderr).contains("未列"),
                "programs know what they asked for"
            );
        }
    }
    assert!(cut >= 4, "{cut} lists were cut");
}

/// What a command shows on a terminal of 80 columns.
fn on_a_terminal(deployment: &Deployment, arguments: &str, pager: &str, locale: &str) -> String {
    let command = format!(
        "stty cols 80 rows 24 && {} {arguments} 2>/dev/null",
        env!("CARGO_BIN_EXE_sisan")
    );
    let output = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .env_clear()
        .envs(deployment.variables())
        .env("PAGER", pager)
        .env("SISAN__LOCALE", locale)
        .stdin(Stdio::null())
        .output()
        .expect("`script` of bsdutils");
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "{shown}");
    shown
}

#[test]
fn a_table_on_a_terminal_is_paged_and_as_wide_as_the_terminal_at_most() {
    let deployment = worked();
    let daily = ["report daily --date today"];
    for list in lists().iter().map(String::as_str).chain(daily) {
        let english = on_a_terminal(&deployment, list, "sed s/^/paged:/", "en");
        let paged = on_a_terminal(&deployment, list, "sed s/^/paged:/", "zh-CN");
        for line in english.lines() {
            assert!(line.starts_with("paged:"), "{list}: {line}");
            let cells = console::measure_text_width(line) - "paged:".len();
            assert!(cells <= 80, "{list}: {cells}: {line}");
        }
        for line in paged.lines() {
            let line = line
                .strip_prefix("paged:")
                .unwrap_or_else(|| panic!("{list}: {line}"));
            assert!(console::measure_text_width(line) <= 80, "{list}: {line}");
        }
        for none in ["", "no-such-pager"] {
            assert_eq!(
                on_a_terminal(&deployment, list, none, "zh-CN"),
                paged.replace("paged:", ""),
                "{list} with `{none}`"
            );
        }
    }
    assert!(
        !on_a_terminal(
            &deployment,
            "alerts list --format json",
            "sed s/^/paged:/",
            "zh-CN"
        )
        .contains("paged:"),
        "programs read it"
    );
}

/// The names of the closed lists, as the snapshot of them has them; what names a job, a setting, a
/// format or a language is typed, not read.
fn codes() -> Vec<String> {
    const TYPED: [&str; 5] = [
        "JobAction",
        "Setting",
        "ReportFormat",
        "Locale",
        "ScopeKind",
    ];
    let lists = include_str!(
        "../../src/snapshots/sisan__names_tests__a_list_keeps_its_names_and_their_order.snap"
    )
    .lines()
    .skip_while(|line| !line.starts_with("StepKind: "))
    .filter_map(|line| line.split_once(": "))
    .flat_map(|(list, names)| names.split(", ").map(move |name| (list, name)));
    let (typed, read): (Vec<_>, Vec<_>) = lists.partition(|(list, _)| TYPED.contains(list));
    read.into_iter()
        .map(|(_, name)| name)
        // The tier `A` reads as it is, and relays say `ok`.
        .filter(|name| name.len() > 2)
        .filter(|name| typed.iter().all(|(_, other)| other != name))
        .map(str::to_owned)
        .collect()
}

#[test]
fn no_list_and_no_file_shows_a_code_to_a_chinese_reader() {
    let (deployment, codes) = (worked(), codes());
    assert!(
        codes.iter().any(|code| code == "port_out") && codes.len() > 150,
        "{codes:?}"
    );
    let ids = |list: &str, field: &str| -> Vec<String> {
        let rows = deployment.json(&[list, "list"]);
        let ids = rows.iter().filter_map(|row| row[field].as_str());
        ids.map(str::to_owned).collect()
    };
    let shown = |command: &str, ids: Vec<String>| {
        let shown = ids.into_iter().step_by(3).take(8);
        shown
            .map(move |id| format!("{command} {id}"))
            .collect::<Vec<_>>()
    };
    let files = [
        shown("tasks show", ids("tasks", "task_id")),
        shown("alerts explain", ids("alerts", "alert_id")),
        shown("groups show", ids("reminders", "group_id")),
        shown("outbox show", ids("outbox", "mail_id")),
    ];
    let all = lists().into_iter().chain(files.into_iter().flatten());
    for command in all.chain(["report daily --date today".to_owned()]) {
        let text = deployment.run(&command.split(' ').collect::<Vec<_>>());
        let word = |c: char| c.is_ascii_alphanumeric() || "_@.-/".contains(c);
        let code = text
            .split(|c| !word(c))
            .find(|said| codes.iter().any(|code| code == said));
        assert_eq!(code, None, "sisan {command}:\n{text}");
    }
}
