//! Job files: TOML text → [`JobSpec`], with all that is wrong in one go.
//!
//! It may not know what an action does. Invariant: a file with a fault gives no job.

use std::time::Duration;

use chrono::TimeDelta;
use toml::{Table, Value};

use super::cron::Cron;
use super::duration::parse_duration;
use super::job::{CalendarRule, JobName, JobSpec, OnMissed, Schedule};
use super::parameters::JobParameters;
use crate::domain::job_action::JobAction;
use crate::domain::zone::Zone;

/// Keys that a job file may have, to be named when another is used.
const KEYS: &str =
    "name, schedule, every, timezone, action, calendar, on_missed, timeout, parameters";

/// What is wrong with job files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JobError {
    /// The file or folder cannot be read.
    #[error("read jobs from {path}: {what}")]
    Unreadable {
        path: String,
        /// Why, with a hint.
        what: String,
    },
    /// The file is no TOML.
    #[error("read job file {file}:{line}: is no TOML: {what}")]
    Syntax {
        file: String,
        /// Line, from 1.
        line: usize,
        /// The parser's message.
        what: String,
    },
    /// A key is missing, unknown or has a value that it may not have.
    #[error("read job file {file}: {key}: {what}")]
    Key {
        file: String,
        /// Key; `comment` for the comment before the first.
        key: String,
        /// What is wrong, with a hint.
        what: String,
    },
    /// Two files name the same job.
    #[error(
        "read job file {file}: name: `{name}` is also in {other}; hint: give one of them another name"
    )]
    Duplicate {
        file: String,
        other: String,
        name: JobName,
    },
}

/// Reads a job file; `file` is its name for messages.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn parse_job(file: &str, text: &str) -> Result<JobSpec, Vec<JobError>> {
    let mut reader = JobFileReader::new(file, text).map_err(|error| vec![error])?;
    let why = reader.why(text);
    let name = reader.named("name", |t| {
        JobName::parse(t)
            .ok_or_else(|| format!("`{t}` is no name; hint: use 1 to 64 of a-z, 0-9 and _"))
    });
    let schedule = reader.schedule();
    let zone = |t: &str| {
        Zone::parse(t).ok_or_else(|| {
            format!("`{t}` is no zone of the tz database; hint: write it like Asia/Shanghai")
        })
    };
    let timezone = reader.optional("timezone", zone);
    let action = reader.named("action", |t| {
        JobAction::parse(t).ok_or_else(|| unknown(t, &JobAction::ALL.map(JobAction::name)))
    });
    let calendar = reader.named("calendar", |t| {
        CalendarRule::parse(t).ok_or_else(|| unknown(t, &CalendarRule::ALL.map(CalendarRule::name)))
    });
    let on_missed = reader.named("on_missed", |t| {
        OnMissed::parse(t).ok_or_else(|| unknown(t, &OnMissed::ALL.map(OnMissed::name)))
    });
    let timeout = reader.named("timeout", |t| {
        parse_duration(t)
            .and_then(|d| within(d, t, Duration::from_secs(1), Duration::from_secs(86_400)))
    });
    let parameters = reader.parameters(action);
    reader.refuse_the_rest();
    match (
        name, schedule, action, calendar, on_missed, timeout, parameters,
    ) {
        (
            Some(name),
            Some(schedule),
            Some(action),
            Some(calendar),
            Some(on_missed),
            Some(timeout),
            Some(parameters),
        ) if reader.errors.is_empty() => Ok(JobSpec {
            name,
            why,
            schedule,
            timezone,
            action,
            calendar,
            on_missed,
            timeout,
            parameters,
        }),
        _ => Err(reader.errors),
    }
}

fn unknown(text: &str, known: &[&str]) -> String {
    format!("`{text}` is unknown; hint: use {}", known.join(", "))
}

fn within(span: Duration, text: &str, least: Duration, most: Duration) -> Result<Duration, String> {
    if (least..=most).contains(&span) {
        Ok(span)
    } else {
        Err(format!("`{text}` is not within {least:?} to {most:?}"))
    }
}

/// A file's keys that are not read yet, and what is wrong so far.
struct JobFileReader<'a> {
    file: &'a str,
    table: Table,
    errors: Vec<JobError>,
}

impl<'a> JobFileReader<'a> {
    fn new(file: &'a str, text: &str) -> Result<Self, JobError> {
        let table = text.parse::<Table>().map_err(|error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.matches('\n').count() + 1);
            JobError::Syntax {
                file: file.into(),
                line,
                what: error.message().into(),
            }
        })?;
        Ok(Self {
            file,
            table,
            errors: Vec::new(),
        })
    }

    fn wrong(&mut self, key: &str, what: impl Into<String>) {
        self.errors.push(JobError::Key {
            file: self.file.into(),
            key: key.into(),
            what: what.into(),
        });
    }

    fn optional<T>(&mut self, key: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        match self.table.remove(key)? {
            Value::String(text) => parse(&text).map_err(|what| self.wrong(key, what)).ok(),
            other => {
                self.wrong(
                    key,
                    format!(
                        "is of type {}, expected a text; hint: put it between quotes",
                        other.type_str()
                    ),
                );
                None
            }
        }
    }

    fn named<T>(&mut self, key: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        if !self.table.contains_key(key) {
            self.wrong(key, "is missing");
        }
        self.optional(key, parse)
    }

    fn schedule(&mut self) -> Option<Schedule> {
        let both = (
            self.table.contains_key("schedule"),
            self.table.contains_key("every"),
        );
        let cron = self.optional("schedule", |t| {
            Cron::parse(t)
                .map(Schedule::Cron)
                .map_err(|fault| format!("`{t}` {fault}"))
        });
        let every = self.optional("every", |t| {
            let span = parse_duration(t).and_then(|d| {
                within(
                    d,
                    t,
                    Duration::from_secs(1),
                    Duration::from_secs(31 * 86_400),
                )
            })?;
            Ok(Schedule::Every(
                TimeDelta::from_std(span).expect("31 days are in range"),
            ))
        });
        match both {
            (true, true) => self.wrong(
                "every",
                "is given beside schedule; hint: keep one of the two",
            ),
            (false, false) => self.wrong(
                "schedule",
                "is missing; hint: write cron's five fields, or `every`",
            ),
            _ => {}
        }
        cron.or(every)
    }

    /// The table of an action's parameters; nothing where it is not known which those are.
    fn parameters(&mut self, action: Option<JobAction>) -> Option<JobParameters> {
        let table = match self.table.remove("parameters") {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(other) => {
                let what = format!(
                    "is of type {}, expected a table; hint: begin it with [parameters]",
                    other.type_str()
                );
                self.wrong("parameters", what);
                return None;
            }
        };
        JobParameters::parse(action?, table)
            .map_err(|what| self.wrong("parameters", what))
            .ok()
    }

    /// The comment that the file begins with.
    fn why(&mut self, text: &str) -> String {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text
            .lines()
            .map_while(|line| line.strip_prefix('#'))
            .map(str::trim);
        let why = lines
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let why = why.strip_prefix("Why:").unwrap_or(&why).trim().to_owned();
        if why.is_empty() {
            self.wrong(
                "comment",
                "is missing; hint: begin the file with a comment that says why the job exists",
            );
        }
        why
    }

    fn refuse_the_rest(&mut self) {
        for key in std::mem::take(&mut self.table).keys() {
            self.wrong(
                key,
                format!("is no key of a job file; hint: there are {KEYS}"),
            );
        }
    }
}
