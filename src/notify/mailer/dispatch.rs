//! The ways out: a relay, a folder, or another carrier of messages.

use super::folder::FolderMailer;
use super::smtp::SmtpMailer;
use crate::domain::mail::Mail;
use crate::notify::mime::Sender;
use crate::notify::retry::Outcome;

/// One message to send.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// The mail that the message was made of.
    pub mail: &'a Mail,
    pub from: &'a Sender,
    /// Its bytes: ASCII, CRLF, no dot-stuffing.
    pub message: &'a [u8],
}

/// Called right before the end of a message is written, after which the message may have been
/// taken. It returns true once that is committed, so that it is known after a crash; after false
/// the end is not written.
pub type Leave<'a> = &'a mut dyn FnMut() -> bool;

/// Where messages go: `mail.kind`.
pub enum Mailer {
    Smtp(Box<SmtpMailer>),
    /// Into a folder, one `.eml` each.
    Folder(FolderMailer),
    Given(Box<dyn Carrier>),
}

/// Another carrier of messages, for tryouts.
pub trait Carrier: Send {
    /// As [`Mailer::send`].
    fn carry(&mut self, letter: Letter<'_>, leave: Leave<'_>) -> Outcome;
}

impl Mailer {
    /// The same mailer, which records the dialogue with the relay from now on.
    #[must_use]
    pub(crate) fn recorded(self) -> Self {
        match self {
            Self::Smtp(smtp) => Self::Smtp(Box::new(smtp.recorded())),
            other => other,
        }
    }

    /// The recorded dialogue, line by line, without credentials, addresses and messages; empty
    /// where nothing is recorded.
    #[must_use]
    pub(crate) fn dialogue(&self) -> &[String] {
        match self {
            Self::Smtp(smtp) => smtp.dialogue(),
            Self::Folder(_) | Self::Given(_) => &[],
        }
    }

    /// Hands a message over. Never fails: an error is part of the outcome. A folder does not call
    /// `leave`: writing the same mail again changes nothing.
    pub(crate) async fn send(&mut self, letter: Letter<'_>, leave: Leave<'_>) -> Outcome {
        match self {
            Self::Smtp(smtp) => smtp.send(letter, leave).await,
            Self::Folder(folder) => {
                let file = (folder.file_name(letter.mail), letter.message.to_vec());
                folder.write_mails(vec![file]).await.remove(0)
            }
            Self::Given(carrier) => carrier.carry(letter, leave),
        }
    }

    /// Ends a batch: sends QUIT to the relay, if a connection is open.
    pub(crate) async fn close(&mut self) {
        match self {
            Self::Smtp(smtp) => smtp.close().await,
            Self::Folder(_) | Self::Given(_) => {}
        }
    }
}
