//! A scenario's file → what is delivered when, what people do, and what is expected.
//!
//! A table of `given` or of a step has keys of its own, and words, whose items are events. Invariant:
//! the steps come in the order of their times.

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Table;

use super::act::{self, Act, Said};
use super::expectation::{self, Expectation};
use super::faults::Faults;
use super::fields::List;
use super::time::{After, When, show};
use super::words::{event_words, is_event_word};
use super::writing::{EventWriter, Message};
use crate::config::{ConfigDocument, Problem};
use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;

#[derive(Debug)]
pub(crate) struct Scenario {
    /// What it shows, in a sentence.
    pub name: String,
    /// When the worker begins.
    pub begins_at: Timestamp,
    /// What it finds then.
    pub given: Vec<Message>,
    /// What happens after that, in time order.
    pub steps: Vec<ScenarioStep>,
    /// Whether one of its expectations is about rejected deliveries.
    pub expects_rejects: bool,
}

/// What happens and holds at an instant.
#[derive(Debug)]
pub(crate) struct ScenarioStep {
    pub at: Timestamp,
    /// Its place in the file, for people.
    pub place: String,
    /// Whether the mail relay is out of reach from then on, if that is given.
    pub relay_down: Option<bool>,
    /// What is delivered then.
    pub messages: Vec<Message>,
    /// What people do after that.
    pub acts: Vec<Act>,
    /// What holds after that.
    pub expectations: Vec<Expectation>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ScenarioKeys {
    name: String,
    #[serde(rename = "rule")]
    _rule: String,
    #[serde(rename = "config")]
    _taken_out: IgnoredAny,
    given: Table,
    step: Vec<Table>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct GivenKeys {
    begins: Option<When>,
    since: Option<When>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StepKeys {
    at: Option<When>,
    after: Option<After>,
    relay_down: Option<bool>,
    act: Vec<Said>,
    expect: Table,
}

/// A step as it is written: where, its own keys, and its words.
struct Written {
    key: String,
    keys: StepKeys,
    events: Table,
}

/// Reads a scenario whose `[config]` was taken out; local times are of `zone`.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn read_scenario(
    document: &ConfigDocument,
    zone: Zone,
) -> Result<Scenario, Vec<Problem>> {
    let mut faults = Faults::in_document(document);
    let file: ScenarioKeys = faults.deserialize(document.table().clone(), "", &[]);
    if file.name.trim().is_empty() {
        faults.refuse(
            "name",
            "is missing; hint: say in a sentence what the scenario shows",
        );
    }
    let (events, own) = split(file.given, is_event_word);
    let given: GivenKeys = faults.deserialize(own, "given", &event_words());
    let begins = given.begins.map(|begins| begins.at(zone));
    let steps = file.step.into_iter().enumerate();
    let steps: Vec<Written> = steps
        .map(|(n, step)| written(step, n, &mut faults))
        .collect();
    let scenario = times_of(begins, &steps, zone, &mut faults).map(|(begins_at, times)| {
        let mut writer = EventWriter::new(zone);
        let month_before = zone.day_of(begins_at).month().plus(-1).first_day();
        let since = given
            .since
            .map_or(zone.start_of(month_before), |since| since.at(zone));
        let given = writer.write_messages(events, "given", since, &mut faults);
        let steps: Vec<ScenarioStep> = (1..)
            .zip(steps.into_iter().zip(times))
            .map(|(n, (step, at))| one_step(step, n, at, zone, &mut writer, &mut faults))
            .collect();
        let expects_rejects = steps
            .iter()
            .flat_map(|step| &step.expectations)
            .any(|one| one.list == List::Rejects);
        Scenario {
            name: file.name,
            begins_at,
            given,
            steps,
            expects_rejects,
        }
    });
    faults.none_or(scenario)
}

/// The part of a table whose names satisfy `is_so`, and the rest.
pub(super) fn split(table: Table, is_so: impl Fn(&str) -> bool) -> (Table, Table) {
    table.into_iter().partition(|(name, _)| is_so(name))
}

fn written(step: Table, n: usize, faults: &mut Faults<'_>) -> Written {
    let key = format!("step[{n}]");
    let (events, own) = split(step, is_event_word);
    let keys = faults.deserialize(own, &key, &event_words());
    Written { key, keys, events }
}

/// When the worker begins, and when each step is. Without another word it begins with the day of
/// the first step.
fn times_of(
    begins: Option<Timestamp>,
    steps: &[Written],
    zone: Zone,
    faults: &mut Faults<'_>,
) -> Option<(Timestamp, Vec<Timestamp>)> {
    let mut last = begins;
    let mut times = Vec::new();
    for Written { key, keys, .. } in steps {
        let at = match (keys.at, keys.after, last) {
            (Some(at), None, _) => at.at(zone),
            (None, Some(after), Some(last)) => after.later(last),
            _ => {
                let is_refused = |name: &str| faults.has(&format!("{key}.{name}"));
                if !is_refused("at") && !is_refused("after") {
                    faults.refuse(key, "says not when; hint: at = \"2026-09-03 10:00\", or after the step before: after = \"5m\"");
                }
                return None;
            }
        };
        if let Some(last) = last.filter(|last| at < *last) {
            faults.refuse(
                &format!("{key}.at"),
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
    step: Written,
    n: usize,
    at: Timestamp,
    zone: Zone,
    writer: &mut EventWriter,
    faults: &mut Faults<'_>,
) -> ScenarioStep {
    let Written { key, keys, events } = step;
    let messages = writer.write_messages(events, &key, at, faults);
    let acts = keys.act.into_iter().enumerate();
    let acts = acts
        .filter_map(|(n, act_keys)| {
            act::read_act(act_keys, &format!("{key}.act[{n}]"), zone, faults)
        })
        .collect();
    ScenarioStep {
        at,
        place: format!("step {n} at {}", show(at, zone)),
        relay_down: keys.relay_down,
        messages,
        acts,
        expectations: expectation::read_expectation(
            keys.expect,
            &format!("{key}.expect"),
            zone,
            faults,
        ),
    }
}
