//! SMTP, phase by phase, each with its own deadline and its own outcome.
//!
//! The dialogue is ours, and not the library's that makes the messages: that one takes a reply for
//! text and gives up on one without a blank or in another encoding, and does not report when the
//! end of a message is written. What is left to do is small, since messages and addresses are
//! ASCII: no extension but STARTTLS and AUTH is ever needed. It does not know what becomes of a
//! mail. Invariants: a connection outlives only mails that were accepted; the final dot is written
//! only after `leave` allowed it; an outcome is "not taken" only where the dot was not written or
//! was answered.

use lettre::Address;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::answers::{DONE, GO_AHEAD, done, expected, failed};
use super::connection::{Connection, Deadline, NotEncrypted, Trouble};
use super::dialogue::Dialogue;
use super::dispatch::{Leave, Letter};
use super::login::Offers;
use super::relay::{Relay, RelayError};
use super::tls::Tls;
use crate::domain::last_reply::Phase;
use crate::domain::relay_security::RelaySecurity;
use crate::notify::retry::Outcome;

/// Most mails over one connection.
const MAILS_PER_CONNECTION: u32 = 50;
/// The name sent with EHLO where none is configured.
const THIS_MACHINE: &str = "[127.0.0.1]";
/// The relay asks for more of a login.
const GO_ON: u16 = 334;

/// Sends to one relay, over one connection at a time.
pub struct SmtpMailer {
    relay: Relay,
    tls: Option<Tls>,
    hello: String,
    open: Option<Open>,
    dialogue: Dialogue,
}

struct Open {
    relay: Connection,
    mails: u32,
}

impl std::fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpMailer")
            .field("relay", &self.relay)
            .field("connected", &self.open.is_some())
            .finish_non_exhaustive()
    }
}

impl SmtpMailer {
    /// Reads certificates and sets TLS up; connects when the first mail comes.
    ///
    /// # Errors
    /// [`RelayError`] when the CA file, TLS or the name for EHLO is not usable.
    pub fn new(relay: Relay) -> Result<Self, RelayError> {
        let hello = match &relay.hello_name {
            None => THIS_MACHINE.to_owned(),
            Some(name) if is_domain(name) => name.clone(),
            Some(name) => return Err(RelayError::HelloName { name: name.clone() }),
        };
        let tls = match relay.security {
            RelaySecurity::Plaintext => None,
            RelaySecurity::StartTls | RelaySecurity::Tls => Some(Tls::new(&relay)?),
        };
        Ok(Self {
            relay,
            tls,
            hello,
            open: None,
            dialogue: Dialogue::default(),
        })
    }

    /// The same mailer, which records the dialogue from now on.
    #[must_use]
    pub(crate) fn recorded(mut self) -> Self {
        self.dialogue = Dialogue::recorded();
        self
    }

    /// The dialogue, if it is recorded.
    #[must_use]
    pub(crate) fn dialogue(&self) -> &[String] {
        self.dialogue.lines()
    }

    /// Sends a message, over the open connection if there is one.
    pub async fn send(&mut self, letter: Letter<'_>, leave: Leave<'_>) -> Outcome {
        let to: Address = match letter.mail.recipient.parse() {
            Ok(to) => to,
            Err(e) => {
                return Outcome::Unfit {
                    reply: format!("not an address: {e}"),
                };
            }
        };
        let mut open = match self.open.take() {
            Some(open) => open,
            None => match self.connect().await {
                Ok(relay) => Open { relay, mails: 0 },
                Err(outcome) => return self.ended(outcome),
            },
        };
        match self.hand_over(&mut open.relay, letter, &to, leave).await {
            Ok(reply) => {
                open.mails += 1;
                let full = open.mails >= MAILS_PER_CONNECTION;
                self.open = open.relay.is_good().then_some(open);
                if full {
                    self.close().await;
                }
                Outcome::Accepted { reply }
            }
            Err(outcome) => self.ended(outcome),
        }
    }

    fn ended(&mut self, outcome: Outcome) -> Outcome {
        self.dialogue.relay(&outcome.reply().to_string());
        outcome
    }

    /// Sends QUIT, if a connection is open, and drops it.
    pub async fn close(&mut self) {
        if let Some(mut open) = self.open.take() {
            self.dialogue.we("QUIT");
            // Every mail on it has its reply already: whether QUIT gets one changes nothing.
            drop(
                open.relay
                    .ask("QUIT", Deadline::after(self.relay.deadlines.quit))
                    .await,
            );
        }
    }

    /// Connects, is greeted and logs in, if there is a password, and leaves: no mail is sent.
    ///
    /// # Errors
    /// What a mail would end with.
    pub(crate) async fn try_out(&mut self) -> Result<(), Outcome> {
        let relay = self.connect().await?;
        self.open = Some(Open { relay, mails: 0 });
        self.close().await;
        Ok(())
    }

    /// A connection over which mails may be sent: encrypted as it must be, logged in if need be.
    async fn connect(&mut self) -> Result<Connection, Outcome> {
        let how = match self.relay.security {
            RelaySecurity::Tls => "TLS from the first octet",
            RelaySecurity::StartTls => "STARTTLS required",
            RelaySecurity::Plaintext => "in the clear, within this machine",
        };
        self.dialogue.we(&format!(
            "connect to {} port {}, {how}; EHLO {}",
            self.relay.host, self.relay.port, self.hello
        ));
        let wait = self.relay.deadlines;
        let mut relay =
            Connection::new(self.tcp().await?).map_err(|e| failed(Phase::Connect, e.into()))?;
        if self.relay.security == RelaySecurity::Tls {
            relay = self
                .encrypted(relay, Deadline::after(wait.starttls))
                .await?;
        }
        let until = Deadline::after(wait.greeting);
        let greeting = relay.hear(until).await;
        done(Phase::Greeting, greeting)?;
        let mut offers = self.greet(&mut relay, Phase::Greeting, until).await?;
        if self.relay.security == RelaySecurity::StartTls {
            let until = Deadline::after(wait.starttls);
            if !offers.has("STARTTLS") {
                return Err(Outcome::RelayRefused {
                    phase: Phase::StartTls,
                    reply: "the relay does not offer STARTTLS".to_owned(),
                });
            }
            done(Phase::StartTls, relay.ask("STARTTLS", until).await)?;
            relay = self.encrypted(relay, until).await?;
            offers = self.greet(&mut relay, Phase::StartTls, until).await?;
        }
        self.dialogue.relay(&offers.one_line());
        self.log_in(&mut relay, &offers).await?;
        Ok(relay)
    }

    async fn tcp(&self) -> Result<TcpStream, Outcome> {
        let wait = self.relay.deadlines.connect;
        let connecting = async {
            let found =
                tokio::net::lookup_host((self.relay.host.as_str(), self.relay.port)).await?;
            // What a hosts file calls localhost need not be this machine.
            let allowed: Vec<_> = found
                .filter(|address| {
                    self.relay.security != RelaySecurity::Plaintext || address.ip().is_loopback()
                })
                .collect();
            TcpStream::connect(allowed.as_slice()).await
        };
        match timeout(wait, connecting).await {
            Err(_) => Err(failed(
                Phase::Connect,
                Trouble::Silence { wait, noise: None },
            )),
            Ok(Err(e)) => Err(failed(Phase::Connect, e.into())),
            Ok(Ok(tcp)) => Ok(tcp),
        }
    }

    async fn encrypted(&self, relay: Connection, until: Deadline) -> Result<Connection, Outcome> {
        let refused = |reply| Outcome::RelayRefused {
            phase: Phase::StartTls,
            reply,
        };
        let Some(tls) = &self.tls else {
            return Err(refused("TLS is not set up".to_owned()));
        };
        relay
            .encrypted(&tls.connector, tls.name.clone(), until)
            .await
            .map_err(|e| match e {
                NotEncrypted::Refused(reply) => refused(reply),
                NotEncrypted::Trouble(trouble) => failed(Phase::StartTls, trouble),
            })
    }

    async fn greet(
        &self,
        relay: &mut Connection,
        phase: Phase,
        until: Deadline,
    ) -> Result<Offers, Outcome> {
        let reply = relay.ask(&format!("EHLO {}", self.hello), until).await;
        done(phase, reply).map(Offers::from_reply)
    }

    async fn log_in(&mut self, relay: &mut Connection, offers: &Offers) -> Result<(), Outcome> {
        let Some(credentials) = &self.relay.credentials else {
            return Ok(());
        };
        let Some(steps) = offers.login(credentials) else {
            let reply =
                "the relay offers no login by user and password (AUTH PLAIN or LOGIN)".to_owned();
            return Err(Outcome::RelayRefused {
                phase: Phase::Auth,
                reply,
            });
        };
        self.dialogue.we("AUTH (user and password not shown)");
        let until = Deadline::after(self.relay.deadlines.auth);
        let mut reply = Err(Trouble::OutOfStep);
        for step in steps {
            reply = relay.ask(&step, until).await;
            if !matches!(&reply, Ok(reply) if reply.code == GO_ON) {
                break;
            }
        }
        let welcome = done(Phase::Auth, reply)?;
        self.dialogue.relay(&welcome.one_line());
        Ok(())
    }

    /// MAIL, RCPT, DATA, message. What it returns as `Ok` is the reply to the final dot.
    async fn hand_over(
        &mut self,
        relay: &mut Connection,
        letter: Letter<'_>,
        to: &Address,
        leave: Leave<'_>,
    ) -> Result<String, Outcome> {
        let wait = self.relay.deadlines;
        self.dialogue.we("MAIL FROM (address)");
        let reply = relay
            .ask(
                &format!("MAIL FROM:<{}>", letter.from.address()),
                Deadline::after(wait.mail),
            )
            .await;
        self.dialogue
            .relay(&done(Phase::MailFrom, reply)?.one_line());
        self.dialogue.we("RCPT TO (address)");
        let reply = relay
            .ask(&format!("RCPT TO:<{to}>"), Deadline::after(wait.rcpt))
            .await;
        self.dialogue.relay(&done(Phase::RcptTo, reply)?.one_line());
        self.dialogue.we("DATA");
        let reply = relay.ask("DATA", Deadline::after(wait.data)).await;
        self.dialogue
            .relay(&expected(GO_AHEAD, Phase::Data, reply)?.one_line());

        let until = Deadline::after(wait.body);
        self.dialogue
            .we(&format!("(a message of {} octets)", letter.message.len()));
        relay
            .say(&stuffed(letter.message), until)
            .await
            .map_err(|trouble| failed(Phase::Body, trouble))?;
        if !leave() {
            return Err(Outcome::Deferred {
                phase: Phase::Body,
                reply: "given up before its end".to_owned(),
            });
        }
        let lost = |trouble: Trouble| Outcome::Uncertain {
            reply: trouble.to_string(),
        };
        relay.say(b".\r\n", until).await.map_err(lost)?;
        let reply = relay.hear(until).await.map_err(lost)?;
        let text = match reply.class() {
            DONE | 4 | 5 => done(Phase::Body, Ok(reply))?.one_line(),
            _ => {
                return Err(Outcome::Uncertain {
                    reply: format!("unexpected {}", reply.one_line()),
                });
            }
        };
        self.dialogue.relay(&text);
        Ok(text)
    }
}

/// A message as it is sent, without the final dot: a dot that begins a line is doubled (RFC 5321
/// §4.5.2), the last line has an end.
fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 64 + 2);
    for line in message.split_inclusive(|octet| *octet == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn is_domain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 253
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::stuffed;

    #[test]
    fn a_dot_that_begins_a_line_is_doubled_and_the_last_line_has_an_end() {
        for (message, wire) in [
            ("a\r\n", "a\r\n"),
            (".\r\n..b\r\nc.\r\n", "..\r\n...b\r\nc.\r\n"),
            ("no end", "no end\r\n"),
            ("", "\r\n"),
            ("a\n.\nb\r\n", "a\n..\nb\r\n"),
        ] {
            assert_eq!(
                String::from_utf8_lossy(&stuffed(message.as_bytes())),
                wire,
                "{message:?}"
            );
        }
    }
}
