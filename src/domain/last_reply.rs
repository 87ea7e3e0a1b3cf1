//! What is kept of an attempt to send a mail: where in the dialogue with the relay it ended, and
//! what was said there.
//!
//! Invariant: a reply is quoted as it came, without addresses; where it was given is a value.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::names::names;

names! {
    /// Where in the dialogue with the relay something happened.
    pub enum Phase {
        Connect = "connect",
        Greeting = "greeting or EHLO",
        /// STARTTLS, TLS handshake, second EHLO; for `smtps://` the handshake alone.
        StartTls = "TLS",
        Auth = "AUTH",
        MailFrom = "MAIL FROM",
        RcptTo = "RCPT TO",
        Data = "DATA",
        /// Message and final dot.
        Body = "message",
    }
}

impl Phase {
    /// Before any mail is named: trouble here is the relay's, not the mail's.
    #[must_use]
    pub const fn is_before_mail(self) -> bool {
        matches!(
            self,
            Self::Connect | Self::Greeting | Self::StartTls | Self::Auth
        )
    }
}

/// How the last attempt to send a mail ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastReply {
    /// The relay's reply to the mail, with its code.
    Relay(String),
    /// The relay's reply, or the error, in one phase.
    During(Phase, String),
    /// Nobody was asked: why.
    NotSent(String),
    /// The reply to the final dot was lost: the error.
    NoFinalReply(String),
    /// The process ended before the reply to the final dot.
    ProcessEnded,
}

impl fmt::Display for LastReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relay(reply) => f.write_str(reply),
            Self::During(phase, reply) => write!(f, "{}: {reply}", phase.name()),
            Self::NotSent(why) => write!(f, "not sent: {why}"),
            Self::NoFinalReply(error) => write!(f, "no reply to the final dot: {error}"),
            Self::ProcessEnded => {
                f.write_str("no reply to the final dot: the process ended during the attempt")
            }
        }
    }
}
