//! The clock that the worker uses.

use serde::Deserialize;

/// The clock of alerts, tasks and jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockMode {
    Wall,
    /// The greatest accepted event time: for demo, backfill and tests.
    Event,
}
