//! The ways out: a relay, a folder, or whoever else takes messages.

use super::folder::FolderMailer;
use super::smtp::SmtpMailer;
use crate::domain::mail::Mail;
use crate::notify::mime::Sender;
use crate::notify::retry::Outcome;

/// One message on its way.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// The mail that the message was made of.
    pub mail: &'a Mail,
    pub from: &'a Sender,
    /// Its bytes: ASCII, CRLF, no dot-stuffing.
    pub message: &'a [u8],
}

/// Asked right before the end of a message is written, after which nobody can say that it was not
/// taken. Whoever says yes has made sure that this is known after a crash; after a no the end is
/// not written.
pub type Leave<'a> = &'a mut dyn FnMut() -> bool;

/// Where messages go: `mail.kind`.
pub enum Mailer {
    Smtp(Box<SmtpMailer>),
    /// Into a folder, one `.eml` each.
    Folder(FolderMailer),
    Given(Box<dyn Carrier>),
}

/// Somebody else who takes messages, for tryouts.
pub trait Carrier: Send {
    /// As [`Mailer::send`].
    fn carry(&mut self, letter: Letter<'_>, leave: Leave<'_>) -> Outcome;
}

impl Mailer {
    /// The same mailer, which keeps what the relay and we say from now on.
    #[must_use]
    pub fn recorded(self) -> Self {
        match self {
            Self::Smtp(smtp) => Self::Smtp(Box::new(smtp.recorded())),
            other => other,
        }
    }

    /// What was said, line by line, without credentials, addresses and messages; empty where
    /// nothing is recorded.
    #[must_use]
    pub fn dialogue(&self) -> &[String] {
        match self {
            Self::Smtp(smtp) => smtp.dialogue(),
            Self::Folder(_) | Self::Given(_) => &[],
        }
    }

    /// Hands a message over. Never fails: what goes wrong is the outcome. A folder asks no leave:
    /// writing the same mail again changes nothing.
    pub async fn send(&mut self, letter: Letter<'_>, leave: Leave<'_>) -> Outcome {
        match self {
            Self::Smtp(smtp) => smtp.send(letter, leave).await,
            Self::Folder(folder) => {
                let file = (folder.file_name(letter.mail), letter.message.to_vec());
                folder.write(vec![file]).await.remove(0)
            }
            Self::Given(carrier) => carrier.carry(letter, leave),
        }
    }

    /// Ends a batch: takes leave of the relay, if a connection is open.
    pub async fn close(&mut self) {
        match self {
            Self::Smtp(smtp) => smtp.close().await,
            Self::Folder(_) | Self::Given(_) => {}
        }
    }
}
