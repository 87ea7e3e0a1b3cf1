//! The table `[parameters]` of a job file, as its action takes it.
//!
//! It may not know what an action does with it. Invariant: a key that the action does not have, or
//! a value that it may not have, gives no job.

use chrono::TimeDelta;
use serde::de::{Deserialize, Deserializer, Error};
use toml::Table;

use super::duration::parse_duration;
use crate::domain::job_action::JobAction;

/// The parameters of a job's action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobParameters {
    /// The action has none.
    None,
    DailyReport(DailyReportParameters),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DailyReportParameters {
    /// How long the report of a day waits for input that was not read past its midnight.
    #[serde(deserialize_with = "time_delta")]
    pub wait_max: TimeDelta,
}

impl Default for DailyReportParameters {
    fn default() -> Self {
        Self {
            wait_max: TimeDelta::minutes(60),
        }
    }
}

/// Takes no key.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NoParameters {}

impl JobParameters {
    /// Reads the table of an action.
    ///
    /// # Errors
    /// What is wrong with it, with a hint.
    pub(super) fn parse(action: JobAction, table: Table) -> Result<Self, String> {
        let read = match action {
            JobAction::DailyReport => table.try_into().map(Self::DailyReport),
            JobAction::DailyBrief
            | JobAction::KeyDateReminders
            | JobAction::HolidayPlans
            | JobAction::EscalateTasks
            | JobAction::CloseMonth
            | JobAction::CheckStore
            | JobAction::PruneHistory
            | JobAction::Backup => table.try_into().map(|NoParameters {}| Self::None),
        };
        let hint = match action {
            JobAction::DailyReport => "takes wait_max, such as wait_max = \"60m\"",
            _ => "takes none: leave [parameters] out",
        };
        read.map_err(|error: toml::de::Error| {
            let (what, action) = (error.message(), action.name());
            format!("{what}; hint: the action {action} {hint}")
        })
    }
}

fn time_delta<'de, D: Deserializer<'de>>(reader: D) -> Result<TimeDelta, D::Error> {
    let text = String::deserialize(reader)?;
    parse_duration(&text)
        .map(|span| TimeDelta::from_std(span).expect("ten years are in range"))
        .map_err(D::Error::custom)
}
