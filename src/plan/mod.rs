//! Deciding: values in, every row to write out. No async, no clock, no I/O; `pipeline` loads before
//! and saves after.
//!
//! It may not know the store, Kafka, SMTP or metrics.
//! Invariant: the same values give the same plan, so the whole worker can be run in a simulator.

mod apply;
mod checks;
mod classify;
mod group_signals;
mod incremental;
mod judged;
mod look;
mod movements;
mod news;
mod rows;
mod signal_look;

pub use apply::{ApplyRules, Effects, apply, apply_billed_line, by_timeline};
pub use classify::{Arrival, Fate, Target, classify, target_digest};
pub use group_signals::{Leavers, group_signal_ended, wanted_by_figures, wanted_by_groups};
pub use incremental::{Incremental, Touched};
pub use judged::Judged;
pub use look::{Picture, judged_months, wanted_by_indicators};
pub use movements::{grown, left_of_own_will};
pub use news::news_of_groups;
pub use rows::daily_rows;
pub use signal_look::SignalLook;
