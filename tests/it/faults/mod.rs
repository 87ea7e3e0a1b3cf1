//! Faults, each a named test on real services; `tests/faults.md` lists for each fault of the
//! catalogue the tests that try it.
//!
//! Whatever goes wrong, nothing may be lost or doubled, the worker names the cause when it stops,
//! and it goes on by itself unless the error gives a step for the operator.

mod broker;
mod catalogue;
mod database;
mod disk;
pub mod input;
mod limits;
mod mails;
mod quiet;
mod workers;
