//! `sisan test`: scenarios, each run through the whole worker on a store in memory, with a clock of
//! its own.
//!
//! It may not know what a scenario means: `scenario` reads and judges it.

mod command;
mod run;
mod scenario_runner;
mod show;
#[cfg(test)]
mod tests;

pub(crate) use command::{FORMAT, TestArgs, test};
