//! Hands one message to a relay, or writes it into a folder, and returns the outcome.
//!
//! Only this module uses SMTP. Each phase of the dialogue has a deadline and an outcome of its own;
//! after any error or timeout the connection is dropped and never used again, so that a late reply
//! can never be taken for another mail's.
//!
//! ```text
//!   reply (octets → code and text)  ◀── connection (TCP, TLS) ◀── smtp (the phases)  ◀── dispatch
//!                                        tls (which certificates hold)  login (AUTH)      folder
//! ```
//!
//! It knows neither the outbox nor what becomes of a mail afterwards.

mod answers;
mod connection;
mod dialogue;
mod dispatch;
mod folder;
mod login;
mod relay;
mod reply;
mod smtp;
mod tls;

pub use dispatch::Carrier;
pub use dispatch::Leave;
pub use dispatch::Letter;
pub use dispatch::Mailer;
pub(crate) use folder::FolderMailer;
pub use relay::Credentials;
pub use relay::Deadlines;
pub use relay::Relay;
pub use smtp::SmtpMailer;

#[cfg(test)]
mod tests;
