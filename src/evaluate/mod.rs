//! Counters → figures → indicators → verdicts → which alerts must be open; signals.
//!
//! Pure: values in, values out; `now` is an argument. It may not know the store, other stages or
//! any client. Invariant: which indicator alerts fire depends on the set of events and on `now`
//! alone, never on the order of arrival.

pub(crate) mod alerts;
pub(crate) mod feeds;
pub(crate) mod figures;
pub(crate) mod firing;
pub(crate) mod indicators;
pub(crate) mod rules;
pub(crate) mod signals;
pub(crate) mod stake;
pub(crate) mod tails;
pub(crate) mod trust;
pub(crate) mod unit_series;
