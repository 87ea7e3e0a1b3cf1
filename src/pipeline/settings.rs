//! The configuration of the pipeline, as values.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::decode::DecodeRules;
use crate::domain::clock_mode::ClockMode;
use crate::plan::PlanSettings;
use crate::telemetry::Metrics;

/// The configuration of the pipeline.
#[derive(Debug)]
pub struct Settings {
    pub wall: Clock,
    /// Counts what is done.
    pub metrics: Arc<Metrics>,
    pub clock: ClockMode,
    /// How to read deliveries.
    pub decode: Arc<DecodeRules>,
    /// How everything is decided.
    pub plan: PlanSettings,
    /// Months that stay open behind the current one.
    pub open_months: i32,
    /// How far the clock, and the last closing, may lie from the newest accepted event when months
    /// are closed.
    pub close_ahead_max: TimeDelta,
    /// What this worker is called.
    pub worker: String,
    /// Rejected share of a partition's last deliveries above which it is paused.
    pub pause_share: f64,
    /// How many deliveries that share is of.
    pub pause_window: usize,
}
