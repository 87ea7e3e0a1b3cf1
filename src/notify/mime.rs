//! A mail as the bytes that travel: headers, text, HTML and calendar in MIME.
//!
//! Chinese readers' mail servers judge a mail by its headers, so Date, Message-ID and RFC 2047 in
//! every header that needs it are always there. It does not know how the bytes travel. Invariants:
//! pure ASCII with short lines, so that no server needs 8BITMIME; one recipient; the same mail
//! gives the same bytes.

use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};

use super::clean;
use crate::domain::alert::MailId;
use crate::domain::mail::Mail;

/// File name of the calendar part.
const CALENDAR_FILE: &str = "key-dates.ics";

/// Longest line with an encoded word in it.
const ENCODED_LINE_MAX: usize = 76;

/// Why a mail has no bytes.
#[derive(Debug, thiserror::Error)]
pub enum MimeError {
    /// The sender is not a mail address.
    #[error("read `mail.from`; hint: write it as `name <address@domain>`")]
    Sender(#[source] lettre::address::AddressError),
    /// The recipient is not a mail address.
    #[error("address mail {mail_id}; hint: correct `email` in the manager's `crm.manager.v1`")]
    Recipient {
        mail_id: MailId,
        /// What is wrong with it.
        #[source]
        source: lettre::address::AddressError,
    },
    /// The parts do not make a message.
    #[error("build the message of mail {mail_id}")]
    Build {
        mail_id: MailId,
        /// What is wrong with it.
        #[source]
        source: lettre::error::Error,
    },
    /// A header could not be made ASCII.
    #[error("encode mail {mail_id}: the message holds characters beyond ASCII")]
    NotAscii { mail_id: MailId },
}

/// Who the mails are from: `mail.from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    name: String,
    address: Address,
}

impl Sender {
    /// A sender by display name (may be empty) and address.
    ///
    /// # Errors
    /// [`MimeError::Sender`] when the address is none.
    pub(crate) fn new(name: &str, address: &str) -> Result<Self, MimeError> {
        Ok(Self {
            name: clean::header(name, clean::NAME_CHARS_MAX),
            address: address.trim().parse().map_err(MimeError::Sender)?,
        })
    }

    /// Reads `name <address>` or a bare address.
    ///
    /// # Errors
    /// [`MimeError::Sender`] when the address is none.
    pub fn parse(text: &str) -> Result<Self, MimeError> {
        match text
            .trim()
            .strip_suffix('>')
            .and_then(|rest| rest.rsplit_once('<'))
        {
            Some((name, address)) => Self::new(name.trim().trim_matches('"'), address),
            None => Self::new("", text),
        }
    }

    /// The address, as the envelope needs it.
    #[must_use]
    pub(crate) const fn address(&self) -> &Address {
        &self.address
    }

    /// The domain of the address: the right-hand side of ids.
    #[must_use]
    pub(crate) fn domain(&self) -> &str {
        self.address.domain()
    }

    fn mailbox(&self) -> Mailbox {
        Mailbox::new(display_name(&self.name), self.address.clone())
    }
}

/// The Message-ID of a mail; fixed when it is queued and the same for every attempt.
#[must_use]
pub(crate) fn message_id(mail_id: &MailId, from: &Sender) -> String {
    format!("<{mail_id}@{}>", from.domain())
}

/// The mail's bytes. `list_id` is a domain-like name, e.g. `sisan.gz.example.cn`; the kind is put
/// before it.
///
/// # Errors
/// [`MimeError`] when the recipient is no address, or the parts make no message.
pub(crate) fn to_message(
    mail: &Mail,
    from: &Sender,
    list_id: &str,
    message_id: &str,
) -> Result<Vec<u8>, MimeError> {
    let mail_id = mail.mail_id();
    let to = mail
        .recipient
        .parse()
        .map_err(|source| MimeError::Recipient {
            mail_id: mail_id.clone(),
            source,
        })?;
    let raw = |name: &'static str, value: String| {
        HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
    };
    let message = Message::builder()
        .from(from.mailbox())
        .to(Mailbox::new(
            display_name(&clean::header(&mail.recipient_name, clean::NAME_CHARS_MAX)),
            to,
        ))
        .subject(clean::header(&mail.subject, clean::SUBJECT_CHARS_MAX))
        .date(date(mail))
        .message_id(Some(message_id.to_owned()))
        .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(raw(
            "List-Id",
            format!("<{}.{}>", mail.kind.name(), clean::line(list_id)),
        ))
        .multipart(parts(mail, &mail_id))
        .map_err(|source| MimeError::Build {
            mail_id: mail_id.clone(),
            source,
        })?;
    match String::from_utf8(message.formatted()) {
        Ok(text) if text.is_ascii() => Ok(fold_addresses(&text).into_bytes()),
        _ => Err(MimeError::NotAscii { mail_id }),
    }
}

/// A line with an encoded word has at most 76 characters (RFC 2047 §2); the library does not fold
/// before an address.
fn fold_addresses(message: &str) -> String {
    let (head, body) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
    let fold = |line: &str| {
        if line.len() > ENCODED_LINE_MAX {
            line.replacen("?= <", "?=\r\n <", 1)
        } else {
            line.to_owned()
        }
    };
    let head: Vec<String> = head.split("\r\n").map(fold).collect();
    format!("{}\r\n\r\n{body}", head.join("\r\n"))
}

fn display_name(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

fn date(mail: &Mail) -> SystemTime {
    SystemTime::UNIX_EPOCH
        + Duration::from_micros(u64::try_from(mail.queued_at.micros()).unwrap_or(0))
}

/// `multipart/alternative` of text and HTML; with a calendar, `multipart/mixed` around both.
fn parts(mail: &Mail, mail_id: &MailId) -> MultiPart {
    let boundary = |part: &str| format!("sisan-{mail_id}-{part}");
    let readable = MultiPart::alternative()
        .boundary(boundary("alternative"))
        .singlepart(part(&mail.text, "text/plain; charset=utf-8"))
        .singlepart(part(&mail.html, "text/html; charset=utf-8"));
    let Some(calendar) = &mail.calendar else {
        return readable;
    };
    let attached = SinglePart::builder()
        .header(content_type("text/calendar; charset=utf-8; method=PUBLISH"))
        .header(ContentDisposition::attachment(CALENDAR_FILE))
        .body(base64(calendar));
    MultiPart::mixed()
        .boundary(boundary("mixed"))
        .multipart(readable)
        .singlepart(attached)
}

fn part(text: &str, of_type: &'static str) -> SinglePart {
    SinglePart::builder()
        .header(content_type(of_type))
        .body(base64(text))
}

fn content_type(text: &'static str) -> ContentType {
    ContentType::parse(text).expect("a literal content type")
}

/// Base64 always: Chinese text needs it, and no relay may rewrap, trim or dot-stuff what is in it.
fn base64(text: &str) -> Body {
    Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::Base64)
        .unwrap_or_else(|text| Body::new(String::from_utf8_lossy(&text).into_owned()))
}
