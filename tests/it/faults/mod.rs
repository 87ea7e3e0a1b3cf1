//! Faults, each a named test on real services; `tests/faults.md` says which fault of the catalogue
//! is tried where.
//!
//! Whatever goes wrong, nothing may be lost or doubled, the worker says by name what it stops at,
//! and it goes on by itself unless the name says what to do.

mod broker;
mod catalogue;
mod database;
mod disk;
pub mod input;
mod limits;
mod mails;
mod quiet;
mod workers;
