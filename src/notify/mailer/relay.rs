//! How a relay is reached: address, security, credentials, deadlines. Read and checked once, at
//! the start.
//!
//! Invariant: a mail leaves this machine encrypted, or not at all.

use std::net::IpAddr;
use std::time::Duration;

use crate::domain::relay_security::RelaySecurity;
use crate::domain::secret::Secret;

/// User and password for AUTH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    pub user: String,
    pub password: Secret,
}

/// The longest wait for each phase of the dialogue (RFC 5321 §4.5.3.2 where that gives one).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Name lookup and TCP connection.
    pub connect: Duration,
    pub greeting: Duration,
    /// STARTTLS, TLS handshake, second EHLO; for `smtps://` the handshake alone.
    pub starttls: Duration,
    pub auth: Duration,
    pub mail: Duration,
    pub rcpt: Duration,
    pub data: Duration,
    /// Message and reply to the final dot: a short one makes duplicates (RFC 1047).
    pub body: Duration,
    /// QUIT; its reply does not matter.
    pub quit: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(30),
            greeting: seconds(60),
            starttls: seconds(30),
            auth: seconds(60),
            mail: seconds(300),
            rcpt: seconds(300),
            data: seconds(120),
            body: seconds(600),
            quit: seconds(5),
        }
    }
}

/// Why a relay cannot be used as configured.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// Plaintext that was not asked for by name, or that would leave this machine.
    #[error("mail.url: send to {host} without security: {problem}; hint: use smtp+starttls://")]
    Plaintext { host: String, problem: &'static str },
    /// The name for EHLO is none.
    #[error("say EHLO as `{name}` (`mail.hello_name`); hint: use this host's full domain name")]
    HelloName { name: String },
    /// The extra CA file holds no certificate.
    #[error(
        "read the certificates of `mail.ca_file`: {problem}; hint: it must be a PEM file of CA certificates"
    )]
    Certificates { problem: String },
    /// TLS cannot be set up.
    #[error("set up TLS for {host}")]
    Tls {
        host: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// Name or address; an IPv6 address without brackets.
    pub host: String,
    pub port: u16,
    /// How the connection is encrypted.
    pub security: RelaySecurity,
    /// For AUTH; none: no AUTH.
    pub credentials: Option<Credentials>,
    /// PEM of extra CA certificates, for a private relay.
    pub ca_pem: Option<Vec<u8>>,
    /// The name sent with EHLO; none: an address literal.
    pub hello_name: Option<String>,
    /// How long to wait.
    pub deadlines: Deadlines,
}

impl Relay {
    /// A relay without credentials yet. In plaintext only with `insecure_plaintext`, and towards
    /// this machine.
    ///
    /// # Errors
    /// [`RelayError::Plaintext`] for plaintext that is not allowed.
    pub fn new(
        host: &str,
        port: u16,
        security: RelaySecurity,
        insecure_plaintext: bool,
    ) -> Result<Self, RelayError> {
        let plain = |problem| RelayError::Plaintext {
            host: host.to_owned(),
            problem,
        };
        if security == RelaySecurity::Plaintext {
            if !insecure_plaintext {
                return Err(plain("`mail.insecure_plaintext` is not set"));
            }
            if !names_this_machine(host) {
                return Err(plain("the host is not this machine"));
            }
        }
        let host = host.to_owned();
        Ok(Self {
            host,
            port,
            security,
            credentials: None,
            ca_pem: None,
            hello_name: None,
            deadlines: Deadlines::default(),
        })
    }
}

fn names_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_never_leaves_this_machine_in_the_clear() {
        let plain = |host, asked_for| Relay::new(host, 25, RelaySecurity::Plaintext, asked_for);
        for host in ["mail.gz.example.cn", "10.0.0.1", "localhost.example.cn"] {
            assert!(
                matches!(plain(host, true), Err(RelayError::Plaintext { .. })),
                "{host}"
            );
        }
        assert!(matches!(
            plain("localhost", false),
            Err(RelayError::Plaintext { .. })
        ));
        for host in ["localhost", "127.8.0.1", "::1"] {
            assert!(plain(host, true).is_ok(), "{host}");
        }
    }

    #[test]
    fn no_debug_print_shows_the_password() {
        let mut relay =
            Relay::new("mail.example.cn", 465, RelaySecurity::Tls, false).expect("a relay");
        relay.credentials = Some(Credentials {
            user: "wang".into(),
            password: Secret::new("geheim"),
        });
        assert!(!format!("{relay:?}").contains("geheim"));
    }
}
