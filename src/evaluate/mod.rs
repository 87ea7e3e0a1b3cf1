//! Counters → figures → indicators → verdicts → which alerts must be open; signals.
//!
//! Pure: values in, values out; `now` is an argument. It may not know the store, other stages or
//! any client. Invariant: which indicator alerts fire depends on the set of events and on `now`
//! alone, never on the order of arrival.

pub mod alerts;
pub mod feeds;
pub mod figures;
pub mod firing;
pub mod indicators;
pub mod rules;
pub mod signals;
pub mod stake;
pub mod tails;
pub mod trust;
pub mod unit_series;
