//! Job files: what ships, what is refused.

use std::path::Path;

use crate::domain::job_action::JobAction;
use crate::schedule::shipped::SHIPPED;
use crate::schedule::*;

const GOOD: &str = "# Why: to try.\nname = \"a\"\nschedule = \"0 1 * * *\"\naction = \"backup\"\ncalendar = \"any\"\non_missed = \"skip\"\ntimeout = \"5m\"\n";

#[test]
fn every_file_in_jobs_ships_and_can_be_read() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/jobs");
    let from_folder = load_jobs(Some(Path::new(dir))).expect("good files");
    let built_in = load_jobs(None).expect("good files");
    let names = |jobs: &[JobSpec]| {
        jobs.iter()
            .map(|job| job.name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&from_folder), names(&built_in));
    let shipped = [
        "backup",
        "check_store",
        "close_month",
        "daily_brief",
        "daily_report",
        "escalate_tasks",
        "holiday_plans",
        "key_date_reminders",
        "prune_history",
    ];
    assert_eq!(names(&built_in), shipped);
    for ((file, _), job) in SHIPPED.iter().zip(&built_in) {
        assert_eq!(*file, format!("{}.toml", job.name));
        assert!(
            job.why.len() > 40 && job.timezone.is_none(),
            "{file}: {}",
            job.why
        );
    }
    let missed: Vec<OnMissed> = built_in.iter().map(|job| job.on_missed).collect();
    let (once, each) = (OnMissed::RunOnce, OnMissed::RunEach);
    assert_eq!(
        missed,
        [once, once, each, once, each, once, once, once, once]
    );
    let on_working_days = built_in
        .iter()
        .filter(|job| job.calendar == CalendarRule::WorkingDays);
    assert_eq!(
        on_working_days
            .map(|job| job.name.as_str())
            .collect::<Vec<_>>(),
        ["daily_brief", "escalate_tasks"]
    );
    assert!(
        built_in
            .iter()
            .all(|job| matches!(job.calendar, CalendarRule::Any | CalendarRule::WorkingDays))
    );
}

#[test]
fn a_job_file_says_all() {
    let text = format!(
        "{}timezone = \"Europe/London\"\n[parameters]\nwait_max = \"5m\"\n",
        GOOD.replace("schedule = \"0 1 * * *\"", "every = \"90s\"")
            .replace("\"backup\"", "\"daily_report\"")
    );
    let job = parse_job("a.toml", &text).expect("good");
    assert_eq!(
        (job.name.as_str(), job.why.as_str(), job.action),
        ("a", "to try.", JobAction::DailyReport)
    );
    assert_eq!(job.timezone.map(|zone| zone.name()), Some("Europe/London"));
    assert!(matches!(job.schedule, Schedule::Every(span) if span.num_seconds() == 90));
    assert_eq!(job.timeout.as_secs(), 300);
    let wait = |job: &JobSpec| match job.parameters {
        JobParameters::DailyReport(DailyReportParameters { wait_max }) => wait_max.num_minutes(),
        JobParameters::None => panic!("it has none"),
    };
    assert_eq!(wait(&job), 5);
    let silent = text.replace("wait_max = \"5m\"", "");
    assert_eq!(wait(&parse_job("a.toml", &silent).expect("good")), 60);
    let backup = parse_job("a.toml", GOOD).expect("good");
    assert_eq!(backup.parameters, JobParameters::None);
}

/// What is replaced in a good file and by what, and the message about it.
const REPLACED: &[(&str, &str, &str)] = &[
    ("# Why: to try.\n", "", "comment: is missing"),
    ("# Why: to try.", "# Why:", "comment: is missing"),
    ("name = \"a\"", "", "name: is missing"),
    (
        "name = \"a\"",
        "name = \"Täglich\"",
        "name: `Täglich` is no name",
    ),
    ("name = \"a\"", "name = 1", "name: is of type integer"),
    ("schedule = \"0 1 * * *\"", "", "schedule: is missing"),
    (
        "0 1 * * *",
        "0 0 1 * * *",
        "schedule: `0 0 1 * * *` has 6 fields",
    ),
    (
        "0 1 * * *",
        "0 1 L * *",
        "schedule: `0 1 L * *` has `L` as day of month",
    ),
    (
        "0 1 * * *",
        "0 25 * * *",
        "schedule: `0 25 * * *` cannot be read",
    ),
    (
        "schedule = \"0 1 * * *\"",
        "every = \"0s\"",
        "every: `0s` is not within 1s",
    ),
    (
        "schedule = \"0 1 * * *\"",
        "every = \"often\"",
        "every: `often` is no duration",
    ),
    ("action = \"backup\"", "", "action: is missing"),
    (
        "action = \"backup\"",
        "action = \"rm -rf\"",
        "action: `rm -rf` is unknown; hint: use daily_report, daily_brief, key_date_reminders, holiday_plans, escalate_tasks, close_month, check_store, prune_history, backup",
    ),
    (
        "\"any\"",
        "\"sundays\"",
        "calendar: `sundays` is unknown; hint: use any, working_days",
    ),
    (
        "\"skip\"",
        "\"never\"",
        "on_missed: `never` is unknown; hint: use run_each, run_once, skip",
    ),
    ("\"5m\"", "\"0s\"", "timeout: `0s` is not within"),
    ("\"5m\"", "300", "timeout: is of type integer"),
];

/// What is added to a good file, and the message about it.
const ADDED: &[(&str, &str)] = &[
    ("every = \"1h\"", "every: is given beside schedule"),
    ("timezone = \"Mars\"", "timezone: `Mars` is no zone"),
    ("parameters = 1", "parameters: is of type integer"),
    ("retries = 1", "retries: is no key of a job file"),
    (
        "[parameters]\nwait_max = \"5m\"",
        "parameters: unknown field `wait_max`, there are no fields; hint: the action backup takes none",
    ),
];

#[test]
fn what_is_wrong_is_said_by_file_and_key() {
    let replaced = REPLACED
        .iter()
        .map(|(from, to, message)| (GOOD.replace(from, to), message));
    let added = ADDED
        .iter()
        .map(|(line, message)| (format!("{GOOD}{line}\n"), message));
    for (text, message) in replaced.chain(added) {
        let errors = parse_job("a.toml", &text).expect_err(message);
        assert_eq!(errors.len(), 1, "{errors:?}");
        let shown = errors[0].to_string();
        assert!(
            shown.starts_with("read job file a.toml: ") && shown.contains(message),
            "{shown}\nlacks\n{message}"
        );
    }
    for (parameters, message) in [
        ("wait = \"5m\"", "unknown field `wait`, expected `wait_max`"),
        ("wait_max = \"soon\"", "`soon` is no duration"),
        (
            "wait_max = 5",
            "invalid type: integer `5`, expected a string",
        ),
    ] {
        let good = GOOD.replace("\"backup\"", "\"daily_report\"");
        let errors =
            parse_job("a.toml", &format!("{good}[parameters]\n{parameters}\n")).expect_err(message);
        assert_eq!(errors.len(), 1, "{errors:?}");
        let shown = errors[0].to_string();
        assert!(
            shown.starts_with("read job file a.toml: parameters: ")
                && shown.contains(message)
                && shown.ends_with("takes wait_max, such as wait_max = \"60m\""),
            "{shown}"
        );
    }
    let errors = parse_job("a.toml", "# x\nname = \"a\n").expect_err("no TOML");
    assert!(
        errors[0]
            .to_string()
            .starts_with("read job file a.toml:2: is no TOML"),
        "{}",
        errors[0]
    );
    assert_eq!(parse_job("a.toml", "colour = 1").expect_err("all").len(), 8);
}

#[test]
fn a_folder_replaces_all_that_is_built_in() {
    let dir = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).expect("a file");
    let empty = load_jobs(Some(dir.path())).expect_err("no files");
    assert!(
        empty[0].to_string().contains("there is no job file"),
        "{}",
        empty[0]
    );
    put("b.toml", GOOD);
    put("README.md", "not a job");
    let jobs = load_jobs(Some(dir.path())).expect("good");
    assert_eq!(
        jobs.iter().map(|job| job.name.as_str()).collect::<Vec<_>>(),
        ["a"]
    );
    put("c.toml", GOOD);
    put("d.toml", "colour = 1");
    let errors = load_jobs(Some(dir.path())).expect_err("twice");
    assert!(
        errors
            .iter()
            .any(|error| matches!(error, JobError::Duplicate { file, other, .. } if file.ends_with("c.toml") && other.ends_with("b.toml")))
    );
    assert!(
        errors
            .iter()
            .any(|error| error.to_string().contains("d.toml: colour"))
    );
    let missing = load_jobs(Some(Path::new("/nowhere/jobs"))).expect_err("no folder");
    assert!(
        missing[0]
            .to_string()
            .starts_with("read jobs from /nowhere/jobs: "),
        "{}",
        missing[0]
    );
}
