//! Which clock the worker goes by.

use serde::Deserialize;

/// Which clock alerts, tasks and jobs go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockMode {
    Wall,
    /// The greatest accepted event time: for demo, backfill and tests.
    Event,
}
