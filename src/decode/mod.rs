//! Bytes → [`Event`](crate::domain::event::Event) or
//! [`Rejection`](crate::domain::reject::Rejection).
//!
//! ```text
//! payload ─ syntax ─→ one JSON object ─ envelope ─→ id, source, type, time, data (unread text)
//!                                                        │ too far ahead? known type?
//! drop line ─ columns ─ drop_line ──────────────────────→┤
//!                                                        └ types ─ fields ─ boss, crm ─→ Event
//! ```
//!
//! Pure: no clock, no store, no async. It may not know where the bytes came from. Invariant:
//! decoding is total; every input becomes one event or one rejection with its class and reason, and
//! the checks run in the order of the contract's table, whatever the order of the fields.

mod boss;
mod columns;
mod crm;
mod drop_line;
mod envelope;
mod fields;
mod key_date;
mod mapping;
mod mapping_faults;
mod number;
mod read;
mod rfc3339;
mod rules;
mod spelling;
mod status_map;
mod syntax;
#[cfg(test)]
mod tests;
mod types;
mod when;

pub(crate) use mapping::DropMapping;
pub(crate) use read::decode;
pub(crate) use rules::{DecodeRules, Form};
pub(crate) use status_map::StatusMaps;
pub(crate) use types::known_fields;
pub(crate) use when::time_and_source;
