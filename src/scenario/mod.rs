//! Scenarios: tests of one's own limits, playbooks, status maps and calendars, in TOML.
//!
//! ```text
//! file ─ reading ─┬─ words ─→ writing: events as they would be delivered, at their times
//!                 ├─ act ───→ what people do with tasks
//!                 └─ fields → what is expected of the columns that `views` has for each list
//!                                   │ the runner shows what there is, by the same columns (shown)
//!                                   └─ matching ─→ faults ─ telling ─→ text, JUnit; coverage
//! ```
//!
//! Pure but for `runner`: it asks no store and no clock. Invariant: a key that nobody knows is
//! refused, so that no expectation holds because of a typing error.

mod act;
mod coverage;
mod event_keys;
mod expectation;
mod faults;
mod fields;
mod junit;
mod matching;
mod reading;
pub(crate) mod runner;
mod snapshot;
mod subscribers;
mod telling;
#[cfg(test)]
mod tests;
mod time;
mod words;
mod writing;

pub(crate) use act::Act;
pub(crate) use coverage::{Coverage, Touched};
pub(crate) use expectation::Expectation;
pub(crate) use fields::List;
pub(crate) use junit::write_junit;
pub(crate) use matching::judge;
pub(crate) use reading::{Scenario, ScenarioStep, read_scenario};
pub(crate) use snapshot::{ListedItem, Snapshot};
pub(crate) use telling::{FailedExpectation, ScenarioOutcome, summary};
pub(crate) use writing::Message;
