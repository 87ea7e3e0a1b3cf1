//! From pending notices to a mail that the relay has taken.
//!
//! ```text
//!   pending notices ──compose──▶ mails (outbox) ──deliver──▶ mime ──mailer──▶ relay or folder
//!        pure, in the plan          committed       retry decides what becomes of each (pure)
//! ```
//!  Composing and retrying are pure: values and `now` in, values out. Only [`deliver`] and
//! [`mailer`] wait for anything. A further kind of mail is a folder under `templates/`, a struct
//! under `kinds/` with a pure `render()`, its words in both languages, an envelope in [`compose`]
//! and what goes into it in `parts`. It may not know Kafka, indicators' rules, or SQL. Invariants:
//! text from outside is inert in every part and header; no phone number is in a mail; the same mail
//! has the same bytes in every run.

pub(crate) mod address;
pub(crate) mod breaker;
pub(crate) mod calendar_part;
pub(crate) mod clean;
pub(crate) mod compose;
pub(crate) mod deliver;
pub(crate) mod digest;
mod facts;
pub(crate) mod kinds;
pub mod mailer;
pub mod mime;
mod parts;
mod pending;
pub(crate) mod relay_watch;
pub mod retry;
pub(crate) mod room;
pub mod samples;
pub(crate) mod template;
pub(crate) mod words;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;
