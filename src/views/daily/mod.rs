//! The daily report as people and programs read it: its rows, its columns, and what stands beside
//! them.

mod changes;
pub(crate) mod columns;
mod filter;
mod reasons;
mod report;
mod rows;

pub(crate) use changes::changes_of;
pub(crate) use columns::DAILY;
pub(crate) use filter::{DailyFilter, newest_day, versions_of_day};
pub(crate) use report::{daily_report, daily_table};
pub(crate) use rows::OF_SCENARIOS;
pub use rows::rows_of_day;
