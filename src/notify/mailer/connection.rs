//! One connection to a relay: the commands sent over it, and the replies.
//!
//! An attacker on the way may put replies behind the relay's `220 ready` in the clear; a client
//! that kept them would take them for replies of the encrypted dialogue. So a reply that was read
//! in the clear without a command ends the connection, and what was not read yet breaks the TLS
//! handshake. Invariants: one reply answers one command; a connection on which anything went wrong
//! is not used again; never more is kept of what the relay sends than a reply may have.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

use super::reply::{Reading, Reply, hold_reply};

/// Octets read at once.
const READ_OCTETS: usize = 4096;

/// Until when something is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    at: Instant,
    wait: Duration,
}

impl Deadline {
    /// So long from now on.
    pub(crate) fn after(wait: Duration) -> Self {
        Self {
            at: Instant::now() + wait,
            wait,
        }
    }
}

/// Why a connection is of no use any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// No reply came within the deadline.
    #[error("no answer within {} s{}", .wait.as_secs_f32(), it_said(.noise))]
    Silence {
        /// How long it was waited.
        wait: Duration,
        /// What was received instead of a reply.
        noise: Option<String>,
    },
    /// The relay has closed the connection.
    #[error("the relay has closed the connection{}", it_said(.noise))]
    Closed {
        /// What was received instead of a reply.
        noise: Option<String>,
    },
    /// The connection has broken.
    #[error("{0}")]
    Broken(#[from] io::Error),
    /// A reply without an end.
    #[error("the relay says more than a relay has to say")]
    TooMuch,
    /// A reply that was not asked for: the next one would be taken for another command's.
    #[error("the relay says what it was not asked for")]
    OutOfStep,
}

fn it_said(noise: &Option<String>) -> String {
    noise
        .as_ref()
        .map_or_else(String::new, |noise| format!("; it said: {noise}"))
}

/// Why a connection could not be encrypted.
#[derive(Debug)]
pub(crate) enum NotEncrypted {
    /// It cannot be: waiting does not mend it.
    Refused(String),
    /// It was not, this time.
    Trouble(Trouble),
}

enum RelayStream {
    Clear(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl RelayStream {
    async fn read_octets(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        let read = match self {
            Self::Clear(tcp) => tcp.read(octets).await,
            Self::Encrypted(tls) => tls.read(octets).await,
        };
        // An end of the stream without TLS's close_notify is an end all the same: the reply's code
        // shows whether anything is missing.
        read.or_else(|e| {
            if e.kind() == io::ErrorKind::UnexpectedEof {
                Ok(0)
            } else {
                Err(e)
            }
        })
    }

    async fn write_octets(&mut self, octets: &[u8]) -> io::Result<()> {
        match self {
            Self::Clear(tcp) => tcp.write_all(octets).await,
            Self::Encrypted(tls) => {
                tls.write_all(octets).await?;
                tls.flush().await
            }
        }
    }
}

pub(crate) struct Connection {
    line: RelayStream,
    unread: VecDeque<u8>,
    reading: Reading,
    /// The error behind a reply that was complete up to its code.
    spoilt: Option<Trouble>,
}

impl Connection {
    /// In the clear for now.
    ///
    /// # Errors
    /// When the connection has broken already.
    pub(crate) fn new(tcp: TcpStream) -> io::Result<Self> {
        // The end of a message follows in a packet of its own.
        tcp.set_nodelay(true)?;
        Ok(Self {
            line: RelayStream::Clear(tcp),
            unread: VecDeque::new(),
            reading: Reading::default(),
            spoilt: None,
        })
    }

    /// Whether another mail may be sent over it.
    pub(crate) const fn is_good(&self) -> bool {
        self.spoilt.is_none()
    }

    /// Sends a command and waits for the reply.
    ///
    /// # Errors
    /// [`Trouble`], which ends the connection.
    pub(crate) async fn ask(&mut self, command: &str, until: Deadline) -> Result<Reply, Trouble> {
        self.say(format!("{command}\r\n").as_bytes(), until).await?;
        self.hear(until).await
    }

    /// Sends octets.
    ///
    /// # Errors
    /// [`Trouble`], which ends the connection.
    pub(crate) async fn say(&mut self, octets: &[u8], until: Deadline) -> Result<(), Trouble> {
        if let Some(trouble) = self.spoilt.take() {
            return Err(trouble);
        }
        if hold_reply(self.unread.make_contiguous()) {
            return Err(Trouble::OutOfStep);
        }
        match timeout_at(until.at, self.line.write_octets(octets)).await {
            Ok(written) => Ok(written?),
            Err(_) => Err(Trouble::Silence {
                wait: until.wait,
                noise: None,
            }),
        }
    }

    /// Waits for a reply.
    ///
    /// # Errors
    /// [`Trouble`], which ends the connection, unless the reply's code came before it.
    pub(crate) async fn hear(&mut self, until: Deadline) -> Result<Reply, Trouble> {
        let heard = timeout_at(until.at, self.whole_reply()).await;
        let mut reading = std::mem::take(&mut self.reading);
        let noise = || reading.noise().map(ToOwned::to_owned);
        let trouble = match heard {
            Ok(Ok(reply)) => return Ok(reply),
            Ok(Err(Trouble::Closed { .. })) => Trouble::Closed { noise: noise() },
            Ok(Err(trouble)) => trouble,
            Err(_) => Trouble::Silence {
                wait: until.wait,
                noise: noise(),
            },
        };
        match reading.cut_short() {
            Some(reply) => {
                self.spoilt = Some(trouble);
                Ok(reply)
            }
            None => Err(trouble),
        }
    }

    /// May be dropped at any point: what was read is kept.
    async fn whole_reply(&mut self) -> Result<Reply, Trouble> {
        loop {
            while let Some(octet) = self.unread.pop_front() {
                if let Some(reply) = self.reading.take(octet) {
                    return Ok(reply);
                }
                if self.reading.is_too_much() {
                    return Err(Trouble::TooMuch);
                }
            }
            let mut octets = [0; READ_OCTETS];
            match self.line.read_octets(&mut octets).await? {
                0 => return Err(Trouble::Closed { noise: None }),
                n => self.unread.extend(&octets[..n]),
            }
        }
    }

    /// The same connection, encrypted from now on.
    ///
    /// # Errors
    /// [`NotEncrypted`]; the connection is gone.
    pub(crate) async fn encrypted(
        self,
        tls: &TlsConnector,
        name: ServerName<'static>,
        until: Deadline,
    ) -> Result<Self, NotEncrypted> {
        let RelayStream::Clear(tcp) = self.line else {
            return Ok(self);
        };
        if !self.unread.is_empty() {
            return Err(NotEncrypted::Refused(Trouble::OutOfStep.to_string()));
        }
        match timeout_at(until.at, tls.connect(name, tcp)).await {
            Ok(Ok(tls)) => Ok(Self {
                line: RelayStream::Encrypted(Box::new(tls)),
                ..self
            }),
            Ok(Err(e)) if is_refusal(&e) => Err(NotEncrypted::Refused(e.to_string())),
            Ok(Err(e)) => Err(NotEncrypted::Trouble(e.into())),
            Err(_) => Err(NotEncrypted::Trouble(Trouble::Silence {
                wait: until.wait,
                noise: None,
            })),
        }
    }
}

/// The TLS library reports what it does not accept as invalid data; a broken connection is another
/// kind.
fn is_refusal(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData && error.get_ref().is_some()
}
