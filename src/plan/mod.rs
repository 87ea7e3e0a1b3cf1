//! Deciding: values in, every row to write out. No async, no clock, no I/O; `pipeline` loads before
//! and saves after.
//!
//! It may not know the store, Kafka, SMTP or metrics.
//! Invariant: the same values give the same plan, so the whole worker can be run in a simulator.

mod apply;
mod brief_hints;
mod checks;
mod classify;
mod group_signals;
mod incremental;
mod indicators;
mod judged_subjects;
mod movements;
mod rows;
mod signal_evaluation;

pub use apply::{ApplyRules, Effects, apply, apply_billed_subscriber, by_timeline};
pub use brief_hints::hints_of_groups;
pub use classify::{Arrival, Fate, Target, classify, target_digest};
pub use group_signals::{Leavers, group_signal_ended, wanted_by_figures, wanted_by_groups};
pub use incremental::{Incremental, Touched};
pub use indicators::{FigureInputs, judged_months, wanted_by_indicators};
pub use judged_subjects::JudgedSubjects;
pub use movements::{grown, left_of_own_will};
pub use rows::daily_rows;
pub use signal_evaluation::SignalEvaluation;
