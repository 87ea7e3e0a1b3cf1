//! SMTP, phase by phase, each with its own deadline and its own outcome.
//!
//! The library's own send() is not used: it bounds nothing after the connection is made, and tells MAIL from RCPT by
//! nothing. It does not know what becomes of a mail. Invariants: a connection outlives only mails that were accepted;
//! an outcome says "not taken" only where the final dot cannot have been sent or was answered.

use std::sync::atomic::{AtomicBool, Ordering};

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials as Login, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::dialogue::Dialogue;
use super::dispatch::Letter;
use super::relay::{Encryption, Relay, RelayError};
use super::reply::{classify, said, silence, within};
use super::wire::Wire;
use crate::notify::retry::{Outcome, Phase};

/// Most mails over one connection.
const MAILS_PER_CONNECTION: u32 = 50;
/// AUTH mechanisms, the preferred first; both send the password, so only ever under TLS or within this machine.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// Sends to one relay, over one connection at a time.
pub struct SmtpMailer {
    relay: Relay,
    tls: Option<TlsParameters>,
    hello: ClientId,
    open: Option<Open>,
    dialogue: Dialogue,
}

struct Open {
    smtp: AsyncSmtpConnection,
    mails: u32,
}

impl std::fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpMailer").field("relay", &self.relay).field("connected", &self.open.is_some()).finish_non_exhaustive()
    }
}

impl SmtpMailer {
    /// Reads certificates and sets TLS up; connects when the first mail comes.
    ///
    /// # Errors
    /// [`RelayError`] when the CA file, TLS or the name for EHLO is not usable.
    pub fn new(relay: Relay) -> Result<Self, RelayError> {
        let hello = match &relay.hello_name {
            None => ClientId::default(),
            Some(name) if is_domain(name) => ClientId::Domain(name.clone()),
            Some(name) => return Err(RelayError::HelloName { name: name.clone() }),
        };
        let tls = match relay.encryption {
            Encryption::Plaintext => None,
            Encryption::StartTls | Encryption::Implicit => Some(tls_parameters(&relay)?),
        };
        Ok(Self { relay, tls, hello, open: None, dialogue: Dialogue::default() })
    }

    /// The same mailer, which keeps what is said from now on.
    #[must_use]
    pub fn recorded(mut self) -> Self {
        self.dialogue = Dialogue::recorded();
        self
    }

    /// What was said, if it is recorded.
    #[must_use]
    pub fn dialogue(&self) -> &[String] {
        self.dialogue.lines()
    }

    /// Sends a message, over the open connection if there is one.
    pub async fn send(&mut self, letter: Letter<'_>) -> Outcome {
        let to: Address = match letter.mail.recipient.parse() {
            Ok(to) => to,
            Err(e) => return Outcome::RecipientRefused { code: 553, reply: format!("not an address: {e}") },
        };
        let mut open = match self.open.take() {
            Some(open) => open,
            None => match self.connect().await {
                Ok(smtp) => Open { smtp, mails: 0 },
                Err(outcome) => return self.ended(outcome),
            },
        };
        match self.say(&mut open.smtp, letter, to).await {
            Ok(reply) => {
                open.mails += 1;
                let full = open.mails >= MAILS_PER_CONNECTION;
                self.open = Some(open);
                if full {
                    self.close().await;
                }
                Outcome::Accepted { reply }
            }
            Err(outcome) => self.ended(outcome),
        }
    }

    fn ended(&mut self, outcome: Outcome) -> Outcome {
        self.dialogue.relay(&outcome.reply());
        outcome
    }

    /// Says QUIT, if a connection is open, and drops it.
    pub async fn close(&mut self) {
        if let Some(mut open) = self.open.take() {
            // Every mail on it has its reply already: whether QUIT gets one changes nothing.
            self.dialogue.we("QUIT");
            drop(timeout(self.relay.deadlines.quit, open.smtp.quit()).await);
        }
    }

    /// Connects, is greeted and logs in, if there is a password, and leaves: no mail is sent.
    ///
    /// # Errors
    /// What a mail would end with.
    pub async fn try_out(&mut self) -> Result<(), Outcome> {
        let smtp = self.connect().await?;
        self.open = Some(Open { smtp, mails: 0 });
        self.close().await;
        Ok(())
    }

    async fn connect(&mut self) -> Result<AsyncSmtpConnection, Outcome> {
        let how = match self.relay.encryption {
            Encryption::Implicit => "TLS from the first octet",
            Encryption::StartTls => "STARTTLS required",
            Encryption::Plaintext => "in the clear, within this machine",
        };
        self.dialogue.we(&format!("connect to {} port {}, {how}; EHLO {}", self.relay.host, self.relay.port, self.hello));
        let mut smtp = self.greeted().await?;
        self.dialogue.relay(&smtp.server_info().to_string());
        if self.relay.encryption != Encryption::Plaintext && !smtp.is_encrypted() {
            return Err(Outcome::RelayRefused { phase: Phase::StartTls, reply: "the connection is not encrypted".to_owned() });
        }
        if let Some(credentials) = &self.relay.credentials {
            self.dialogue.we("AUTH (user and password not shown)");
            let login = Login::new(credentials.user.clone(), credentials.password.expose().to_owned());
            let welcome = within(self.relay.deadlines.auth, Phase::Auth, smtp.auth(&MECHANISMS, &login)).await?;
            self.dialogue.relay(&said(&welcome));
        }
        Ok(smtp)
    }

    /// A connection on which the relay has said what it can do, encrypted as it must be.
    async fn greeted(&self) -> Result<AsyncSmtpConnection, Outcome> {
        let (wait, relay) = (&self.relay.deadlines, &self.relay);
        match (relay.encryption, &self.tls) {
            (Encryption::Implicit, Some(tls)) => {
                let address = (relay.host.as_str(), relay.port);
                let all = wait.connect + wait.starttls + wait.greeting;
                let connecting = AsyncSmtpConnection::connect_tokio1(address, Some(wait.connect), &self.hello, Some(tls.clone()), None);
                within(all, Phase::Connect, connecting).await
            }
            (Encryption::StartTls, Some(tls)) => {
                let wire = Box::new(Wire::new(self.tcp().await?));
                let mut smtp =
                    within(wait.greeting, Phase::Greeting, AsyncSmtpConnection::connect_with_transport(wire, &self.hello)).await?;
                within(wait.starttls, Phase::StartTls, smtp.starttls(tls.clone(), &self.hello)).await?;
                Ok(smtp)
            }
            (_, _) => {
                let wire = Box::new(Wire::new(self.tcp().await?));
                within(wait.greeting, Phase::Greeting, AsyncSmtpConnection::connect_with_transport(wire, &self.hello)).await
            }
        }
    }

    async fn tcp(&self) -> Result<TcpStream, Outcome> {
        let failed = |reply: String| Outcome::Deferred { phase: Phase::Connect, reply };
        let connecting = async {
            let found = tokio::net::lookup_host((self.relay.host.as_str(), self.relay.port)).await?;
            // What a hosts file calls localhost need not be this machine.
            let allowed: Vec<_> =
                found.filter(|address| self.relay.encryption != Encryption::Plaintext || address.ip().is_loopback()).collect();
            TcpStream::connect(allowed.as_slice()).await
        };
        match timeout(self.relay.deadlines.connect, connecting).await {
            Err(_) => Err(failed(silence(self.relay.deadlines.connect))),
            Ok(Err(e)) => Err(failed(e.to_string())),
            Ok(Ok(tcp)) => Ok(tcp),
        }
    }

    /// MAIL, RCPT, DATA, message. What it returns as `Ok` is the reply to the final dot.
    async fn say(&mut self, smtp: &mut AsyncSmtpConnection, letter: Letter<'_>, to: Address) -> Result<String, Outcome> {
        let wait = self.relay.deadlines;
        let from = MailFrom::new(Some(letter.from.address().clone()), Vec::new());
        self.dialogue.we("MAIL FROM (address)");
        let reply = within(wait.mail, Phase::MailFrom, smtp.command(from)).await?;
        self.heard(Phase::MailFrom, 250..=259, &reply)?;
        self.dialogue.we("RCPT TO (address)");
        let reply = within(wait.rcpt, Phase::RcptTo, smtp.command(Rcpt::new(to, Vec::new()))).await?;
        self.heard(Phase::RcptTo, 250..=259, &reply)?;
        self.dialogue.we("DATA");
        let reply = within(wait.data, Phase::Data, smtp.command(Data)).await?;
        self.heard(Phase::Data, 354..=354, &reply)?;
        self.dialogue.we(&format!("(a message of {} octets)", letter.message.len()));

        // The library asks for another piece once the last is written and flushed, right before it sends the dot.
        let dot_is_next = AtomicBool::new(false);
        let pieces = std::iter::once(letter.message).chain(std::iter::from_fn(|| {
            dot_is_next.store(true, Ordering::Relaxed);
            None
        }));
        let sent = timeout(wait.body, smtp.message_iter(pieces)).await;
        match sent {
            Ok(Ok(response)) if (200..300).contains(&u16::from(response.code())) => {
                self.dialogue.relay(&said(&response));
                Ok(said(&response))
            }
            Ok(Ok(response)) => Err(Outcome::Uncertain { reply: format!("unexpected {}", said(&response)) }),
            Ok(Err(e)) if e.status().is_some() => Err(classify(Phase::Body, &e)),
            Ok(Err(e)) if dot_is_next.load(Ordering::Relaxed) => Err(Outcome::Uncertain { reply: e.to_string() }),
            Ok(Err(e)) => Err(Outcome::Deferred { phase: Phase::Body, reply: e.to_string() }),
            Err(_) if dot_is_next.load(Ordering::Relaxed) => Err(Outcome::Uncertain { reply: silence(wait.body) }),
            Err(_) => Err(Outcome::Deferred { phase: Phase::Body, reply: silence(wait.body) }),
        }
    }

    /// Takes a positive reply; one that is not the one that belongs here means that the dialogue is out of step.
    fn heard(&mut self, phase: Phase, codes: std::ops::RangeInclusive<u16>, response: &Response) -> Result<(), Outcome> {
        if codes.contains(&u16::from(response.code())) {
            self.dialogue.relay(&said(response));
            return Ok(());
        }
        Err(Outcome::Deferred { phase, reply: format!("unexpected {}", said(response)) })
    }
}

fn is_domain(name: &str) -> bool {
    !name.is_empty() && name.len() <= 253 && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

fn tls_parameters(relay: &Relay) -> Result<TlsParameters, RelayError> {
    let mut builder = TlsParameters::builder(relay.host.clone());
    if let Some(pem) = &relay.ca_pem {
        builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(RelayError::Certificates)?);
    }
    builder.build_rustls().map_err(|source| RelayError::Tls { host: relay.host.clone(), source })
}
