//! Hands one message to a relay, or writes it into a folder, and says how that ended.
//!
//! Only here is SMTP spoken. Each phase of the dialogue has a deadline and an outcome of its own; after any error or
//! timeout the connection is dropped and never used again, so that a late reply can never be taken for another mail's.
//! For log filters: the SMTP library writes every line of the dialogue, AUTH among them, to `tracing` at DEBUG if its
//! feature `tracing` is on. It is off in this build; keep `lettre=info` in the filter all the same.
//! It knows neither the outbox nor what becomes of a mail afterwards.

mod dialogue;
mod dispatch;
mod folder;
mod relay;
mod reply;
mod secret;
mod smtp;
mod wire;

pub use dispatch::{Carrier, Letter, Mailer};
pub use folder::FolderMailer;
pub use relay::{Credentials, Deadlines, Encryption, Relay, RelayError};
pub use secret::Secret;
pub use smtp::SmtpMailer;

#[cfg(test)]
mod tests;
