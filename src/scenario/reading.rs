//! A scenario's file → what is delivered when, what people do, and what is expected.
//!
//! Each key is read by hand rather than as one struct, since a struct's reader stops at its first
//! fault. Invariant: the steps come in the order of their times.

use toml::{Table, Value};

use super::act::{self, Act};
use super::expectation::{self, Expectation};
use super::fields::List;
use super::time::{EXPECTED, instant, show};
use super::words::WORDS;
use super::writing::{self, Message, Writer};
use crate::config::{Document, Problem};
use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;
use crate::schedule::parse_duration;

#[derive(Debug)]
pub struct Scenario {
    /// What it shows, in a sentence.
    pub name: String,
    /// When the worker begins.
    pub begins_at: Timestamp,
    /// What it finds then.
    pub given: Vec<Message>,
    /// What happens after that, in time order.
    pub steps: Vec<Step>,
    /// Whether it says itself which deliveries are rejected.
    pub expects_rejects: bool,
}

/// What happens and holds at an instant.
#[derive(Debug)]
pub struct Step {
    pub at: Timestamp,
    /// Where it stands, for people.
    pub place: String,
    /// Whether the mail relay is out of reach from then on, if it says.
    pub relay_down: Option<bool>,
    /// What is delivered then.
    pub messages: Vec<Message>,
    /// What people do after that.
    pub acts: Vec<Act>,
    /// What holds after that.
    pub expectations: Vec<Expectation>,
}

/// What is wrong with a file.
pub(super) struct Faults<'a> {
    document: &'a Document,
    pub(super) problems: Vec<Problem>,
}

impl Faults<'_> {
    pub(super) fn refuse(&mut self, key: &str, text: impl AsRef<str>) {
        self.problems
            .push(self.document.problem(key, text.as_ref()));
    }

    /// Where a key stands, for people.
    pub(super) fn place(&self, key: &str) -> String {
        format!("{}: {key}", self.document.origin(key))
    }

    /// The instant at a name of a table, if it is there.
    pub(super) fn instant(
        &mut self,
        table: &Table,
        name: &str,
        key: &str,
        zone: Zone,
    ) -> Option<Timestamp> {
        let value = table.get(name)?;
        let read = instant(value, zone);
        if read.is_none() {
            self.refuse(&under(key, name), EXPECTED);
        }
        read
    }

    /// A number from 0 at a name of a table, if it is there.
    pub(super) fn count(&mut self, table: &Table, name: &str, key: &str) -> Option<u64> {
        let value = table.get(name)?;
        let read = value.as_integer().and_then(|n| u64::try_from(n).ok());
        if read.is_none() {
            self.refuse(&under(key, name), "expected a number from 0");
        }
        read
    }

    /// Yes or no at a name of a table, if it is there.
    pub(super) fn yes_or_no(&mut self, table: &Table, name: &str, key: &str) -> Option<bool> {
        let value = table.get(name)?;
        if value.as_bool().is_none() {
            self.refuse(&under(key, name), "expected true or false");
        }
        value.as_bool()
    }

    /// Which members a name of a table names, counted from 1.
    pub(super) fn places(
        &mut self,
        table: &Table,
        name: &str,
        key: &str,
        members: usize,
    ) -> Vec<usize> {
        let values = match table.get(name) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items.clone(),
            Some(one) => vec![one.clone()],
        };
        let place = |value: &Value| {
            value
                .as_integer()
                .and_then(|n| usize::try_from(n).ok())
                .filter(|n| (1..=members).contains(n))
        };
        let places: Vec<usize> = values.iter().filter_map(place).collect();
        if places.len() < values.len() {
            self.refuse(
                &under(key, name),
                format!("expected which of the {members} members, counted from 1"),
            );
        }
        places
    }

    /// The tables or other items at a name of a table.
    pub(super) fn items<'t>(&mut self, table: &'t Table, name: &str, key: &str) -> &'t [Value] {
        match table.get(name) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.refuse(&under(key, name), "expected a list");
                &[]
            }
        }
    }

    /// The text at a name of a table, if it is there.
    pub(super) fn text(&mut self, table: &Table, name: &str, key: &str) -> Option<String> {
        let value = table.get(name)?;
        if value.as_str().is_none() {
            self.refuse(&under(key, name), "expected a text");
        }
        value.as_str().map(str::to_owned)
    }

    /// Refuses every key of a table that is not one of these.
    pub(super) fn only(&mut self, table: &Table, key: &str, known: &[&str]) {
        for name in table.keys().filter(|name| !known.contains(&name.as_str())) {
            self.refuse(
                &under(key, name),
                format!("is no key here; hint: one of {}", known.join(", ")),
            );
        }
    }
}

pub(super) fn under(key: &str, name: &str) -> String {
    if key.is_empty() {
        name.to_owned()
    } else {
        format!("{key}.{name}")
    }
}

/// Reads a scenario whose `[config]` was taken out; local times are of `zone`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(document: &Document, zone: Zone) -> Result<Scenario, Vec<Problem>> {
    let mut faults = Faults {
        document,
        problems: Vec::new(),
    };
    let table = document.table();
    faults.only(table, "", &["name", "rule", "config", "given", "step"]);
    let name = faults.text(table, "name", "").unwrap_or_default();
    if name.trim().is_empty() {
        faults.refuse(
            "name",
            "is missing; hint: say in a sentence what the scenario shows",
        );
    }
    faults.text(table, "rule", "");
    let empty = Table::new();
    let steps = faults.items(table, "step", "");
    let times = times_of(table, steps, zone, &mut faults);
    let given = match table.get("given") {
        None => &empty,
        Some(Value::Table(given)) => given,
        Some(_) => {
            faults.refuse("given", "expected a table");
            &empty
        }
    };
    let scenario = times.map(|(begins_at, times)| {
        let mut writer = Writer::new(zone);
        let month_before = zone.day_of(begins_at).month().plus(-1).first_day();
        let since = faults
            .instant(given, "since", "given", zone)
            .unwrap_or(zone.start_of(month_before));
        let given = happenings(
            given,
            "given",
            since,
            &["since", "begins"],
            &mut writer,
            &mut faults,
        );
        let steps: Vec<Step> = (0..)
            .zip(steps.iter().filter_map(Value::as_table))
            .zip(times)
            .map(|((n, step), at)| one_step(step, n, at, zone, &mut writer, &mut faults))
            .collect();
        let expects_rejects = steps
            .iter()
            .flat_map(|step| &step.expectations)
            .any(|one| one.list == List::Rejects);
        Scenario {
            name,
            begins_at,
            given,
            steps,
            expects_rejects,
        }
    });
    match scenario {
        Some(scenario) if faults.problems.is_empty() => Ok(scenario),
        _ => Err(faults.problems),
    }
}

/// When the worker begins, and when each step is. Without another word it begins with the day of
/// the first step.
fn times_of(
    table: &Table,
    steps: &[Value],
    zone: Zone,
    faults: &mut Faults<'_>,
) -> Option<(Timestamp, Vec<Timestamp>)> {
    let begins = table
        .get("given")
        .and_then(Value::as_table)
        .and_then(|given| faults.instant(given, "begins", "given", zone));
    let mut last = begins;
    let mut times = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        let key = format!("step[{n}]");
        let Some(step) = step.as_table() else {
            faults.refuse(&key, "expected a table; hint: begin each with [[step]]");
            return None;
        };
        let at = match (
            step.get("at"),
            step.get("after")
                .and_then(Value::as_str)
                .map(parse_duration),
            last,
        ) {
            (Some(_), None, _) => faults.instant(step, "at", &key, zone)?,
            (None, Some(Ok(after)), Some(last)) => {
                last.plus(chrono::TimeDelta::from_std(after).unwrap_or_default())
            }
            _ => {
                faults.refuse(&key, "says not when; hint: at = \"2026-09-03 10:00\", or after the step before: after = \"5m\"");
                return None;
            }
        };
        if let Some(last) = last.filter(|last| at < *last) {
            faults.refuse(
                &under(&key, "at"),
                format!(
                    "is before {}, when the step before it is; hint: put the steps in time order",
                    show(last, zone)
                ),
            );
        }
        last = Some(at);
        times.push(at);
    }
    let Some(first) = times.first() else {
        faults.refuse(
            "step",
            "is missing; hint: a scenario has at least one [[step]], with what is expected then",
        );
        return None;
    };
    Some((begins.unwrap_or(zone.start_of(zone.day_of(*first))), times))
}

fn one_step(
    step: &Table,
    n: usize,
    at: Timestamp,
    zone: Zone,
    writer: &mut Writer,
    faults: &mut Faults<'_>,
) -> Step {
    let key = format!("step[{n}]");
    let messages = happenings(
        step,
        &key,
        at,
        &["at", "after", "relay_down", "act", "expect"],
        writer,
        faults,
    );
    let relay_down = faults.yes_or_no(step, "relay_down", &key);
    let acts = faults.items(step, "act", &key);
    let acts = acts
        .iter()
        .enumerate()
        .filter_map(|(n, act)| act::read(act, &format!("{key}.act[{n}]"), zone, faults))
        .collect();
    let expectations = match step.get("expect") {
        None => Vec::new(),
        Some(Value::Table(expect)) => {
            expectation::read(expect, &format!("{key}.expect"), zone, faults)
        }
        Some(_) => {
            faults.refuse(&under(&key, "expect"), "expected a table");
            Vec::new()
        }
    };
    let place = format!("step {} at {}", n + 1, show(at, zone));
    Step {
        at,
        place,
        relay_down,
        messages,
        acts,
        expectations,
    }
}

/// What the words of a table say, in the order of the words.
fn happenings(
    table: &Table,
    key: &str,
    at: Timestamp,
    beside: &[&str],
    writer: &mut Writer,
    faults: &mut Faults<'_>,
) -> Vec<Message> {
    let names = WORDS
        .iter()
        .map(|word| word.name)
        .chain(["retract", "events", "raw"]);
    let known: Vec<&str> = beside.iter().copied().chain(names).collect();
    faults.only(table, key, &known);
    let mut messages = Vec::new();
    for word in WORDS {
        let items = faults.items(table, word.name, key);
        messages.extend(writer.say(word, items, &under(key, word.name), at, faults));
    }
    let items = faults.items(table, "retract", key);
    messages.extend(writer.retract(items, &under(key, "retract"), at, faults));
    let items = faults.items(table, "events", key);
    messages.extend(writer.events(items, &under(key, "events"), at, faults));
    let items = faults.items(table, "raw", key);
    messages.extend(writing::raw(items, &under(key, "raw"), faults));
    messages
}
