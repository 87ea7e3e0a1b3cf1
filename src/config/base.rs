//! Topics with a few keys each that configure the run itself: clock, log, batches, events,
//! rejections, open months.
//!
//! It may not know how the worker uses them. Invariant: `config/default.toml` has every field's
//! unit and default.

use std::time::Duration;

use chrono::TimeDelta;
use serde::Deserialize;

use crate::domain::clock_mode::ClockMode;

use super::check::ConfigCheck;
use super::value;

/// The kind of deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Trying out.
    Development,
    /// For real.
    Production,
}

/// `clock.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Clock {
    /// The clock that defines "now".
    pub mode: ClockMode,
}

/// `log.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Log {
    /// A level or a filter by module.
    pub filter: String,
    /// The format of log lines.
    pub format: LogFormat,
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For a collector.
    Json,
}

/// `batch.*`: when a batch is closed.
#[derive(Debug, Clone, Deserialize)]
pub struct Batch {
    /// Most deliveries, 1 to a million.
    pub events_max: usize,
    /// Most payload bytes, at least one event's.
    pub bytes_max: usize,
    /// Longest wait after its first delivery, above 0, at most a minute.
    #[serde(deserialize_with = "value::duration")]
    pub wait: Duration,
}

/// `events.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Events {
    /// Largest event in bytes, 1 KiB to 16 MiB.
    pub bytes_max: usize,
    /// How far an event's time may be ahead of the wall clock.
    #[serde(deserialize_with = "value::time_delta")]
    pub ahead_max: TimeDelta,
}

/// `rejects.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Rejects {
    /// Share of rejections above which a partition is paused; above 0, at most 1.
    pub pause_share: f64,
    /// The number of deliveries that the share is computed over, at least 1.
    pub pause_window: usize,
}

/// `stop.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Stop {
    /// How long the worker may take to end after a stop signal, a tenth of a second to an hour.
    #[serde(deserialize_with = "value::duration")]
    pub within: Duration,
    /// How long the worker's loop may make no progress, a second to a day.
    #[serde(deserialize_with = "value::duration")]
    pub stalled_after: Duration,
}

/// `history.*`
#[derive(Debug, Clone, Deserialize)]
pub struct History {
    /// Full months before the running one that stay open, 1 to 24.
    pub open_months: u32,
    /// How far the clock, and the last closing, may be from the newest accepted event when months
    /// are closed, a day to a year.
    #[serde(deserialize_with = "value::time_delta")]
    pub close_ahead_max: TimeDelta,
}

pub(super) fn check(root: &super::Config, check: &mut ConfigCheck<'_>) {
    let batch = &root.batch;
    check.within("batch.events_max", batch.events_max, 1, 1_000_000);
    check.within(
        "batch.bytes_max",
        batch.bytes_max,
        root.events.bytes_max,
        1 << 30,
    );
    check.within_span(
        "batch.wait",
        batch.wait,
        Duration::from_millis(1),
        Duration::from_secs(60),
    );
    check.within("events.bytes_max", root.events.bytes_max, 1 << 10, 16 << 20);
    check.within_float("rejects.pause_share", root.rejects.pause_share, 1.0);
    check.within(
        "rejects.pause_window",
        root.rejects.pause_window,
        1,
        1_000_000,
    );
    check.within_span(
        "stop.stalled_after",
        root.stop.stalled_after,
        Duration::from_secs(1),
        Duration::from_secs(86_400),
    );
    check.within_span(
        "stop.within",
        root.stop.within,
        Duration::from_millis(100),
        Duration::from_secs(3_600),
    );
    check.within("history.open_months", root.history.open_months, 1, 24);
    if !(TimeDelta::days(1)..=TimeDelta::days(366)).contains(&root.history.close_ahead_max) {
        check.wrong("history.close_ahead_max", "is not within 1d to 366d");
    }
    check.line_of_text("log.filter", &root.log.filter);
}
