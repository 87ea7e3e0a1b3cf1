//! The real services that `tests/run` starts: where they are, and what a test does with them.
//!
//! Knows nothing of sisan. Tests run side by side on the same broker and mail server, so each takes
//! a [`TestTopic`], a [`TestDatabase`] and a [`Mailbox`] of its own, whose names nobody else has.
//! Everything here blocks, and every wait has a deadline.

mod disk;
mod kafka;
mod mailbox;
mod postgres;
mod proxy;

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::path::PathBuf;

pub use disk::preload;
pub use kafka::{OwnBroker, Place, TestMessage, TestTopic};
pub use mailbox::{Mailbox, ReceivedMail};
pub use postgres::{OwnServer, TestDatabase};
pub use proxy::Proxy;

/// How often something is tried: by every run of the suite, or by `tests/run --all`.
#[expect(
    clippy::disallowed_methods,
    reason = "how thorough to be is no setting of the program"
)]
pub fn times(usually: usize, in_all: usize) -> usize {
    if std::env::var_os("SISAN_TEST_ALL").is_some() {
        in_all
    } else {
        usually
    }
}

/// The broker's address, as `host:port` for `bootstrap.servers` or `source.kafka.brokers`.
pub fn kafka_brokers() -> String {
    variable("SISAN_TEST_KAFKA")
}

/// The mail server's address; it demands STARTTLS, and `tests/services/smtp_server.py` describes
/// the rest of its behaviour.
pub fn smtp_address() -> SocketAddr {
    variable("SISAN_TEST_SMTP")
        .parse()
        .expect("tests/run sets SISAN_TEST_SMTP to an address and a port")
}

/// The PEM file of the authority that signed the mail server's certificate (for `localhost` and
/// 127.0.0.1).
pub fn smtp_ca_file() -> PathBuf {
    variable("SISAN_TEST_SMTP_CA").into()
}

/// A name that no other test and no other run has: `stem-` and 16 hexadecimal digits.
pub fn unique(stem: &str) -> String {
    format!("{stem}-{:016x}", RandomState::new().hash_one(stem))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the services' addresses are no setting of the program"
)]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("the variable {name} is set by tests/run, which starts the services; hint: run tests/run, or tests/run --services-only and export what it prints")
    })
}
