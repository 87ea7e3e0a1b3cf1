//! Additive day counters: what every figure of a group customer is summed from.
//!
//! It may not know how a counter is derived: `timeline` does that, nor what is a breach: `evaluate`
//! decides that. Invariant: all counters are sums over subscribers, complaints, answers and bills,
//! so adding the differences that an event makes gives the same as a full count, in any order and
//! from any number of workers.

mod counter;
mod counts;
mod figures;
mod series;

pub use counter::Counter;
pub(crate) use counter::{COUNTERS, Span};
pub use counts::Counts;
pub(crate) use figures::Figures;
pub use series::DayCount;
pub(crate) use series::DaySeries;
pub use series::SeriesByGroup;
pub use series::add_to_group;
