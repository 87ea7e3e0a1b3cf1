//! A synthetic city for `demo`, `generate` and benches: believable events with incidents planted in
//! them.
//!
//! It uses the domain only and may not know the worker: what its incidents must raise is computed
//! here independently, so that a demo compares two results. Invariant: one configuration gives the
//! same bytes on every machine.
//!
//! ```text
//! layout ─► plan ─► world, day by day ────────────────► log ─► events ─► judge ─► incidents with their alerts
//!           (what   noise  billing  service  staff            │
//!           where)  plant                                     └► deliveries (late, twice) ─► json ─► files
//! ```

mod bench;
mod billing;
mod city;
mod city_state;
mod days;
mod fields;
mod files;
mod guard;
mod incident;
mod json;
mod judge;
mod layout;
mod log;
mod names;
mod noise;
mod plan;
mod plant;
mod rng;
mod roster;
mod screen;
mod service;
mod staff;
mod story;
mod tails;
mod tally;
mod work;

#[cfg(test)]
mod tests;

pub use bench::BenchKey;
pub use bench::bench_events;
pub use bench::bench_members;
pub use bench::bench_reference;
pub use city::City;
pub use city::CityConfig;
pub use city::build;
pub use files::write_files;
#[cfg(test)]
pub(crate) use incident::IncidentKind;
pub use json::to_json_line;
pub use rng::Rng;
pub(crate) use story::{OpenedAlert, ReportLine, Story, Totals};
pub(crate) use work::{MonthOfWork, ShareOf, WorkTotals};
