//! How a relay is reached: address, encryption, credentials, deadlines. Read and checked once, at the start.
//!
//! Invariant: a mail leaves this machine encrypted, or not at all.

use std::net::IpAddr;
use std::time::Duration;

use super::secret::Secret;

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// `smtp+starttls://`: in the clear until STARTTLS, which is required; port 587 unless told.
    StartTls,
    /// `smtps://`: TLS from the first byte; port 465 unless told.
    Implicit,
    /// `smtp+plaintext://`: none; towards this machine only; port 25 unless told.
    Plaintext,
}

/// User and password for AUTH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// User name.
    pub user: String,
    /// Password.
    pub password: Secret,
}

/// The longest wait for each phase of the dialogue (RFC 5321 §4.5.3.2 where it says one).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Name lookup and TCP connection.
    pub connect: Duration,
    /// Greeting and EHLO.
    pub greeting: Duration,
    /// STARTTLS, TLS handshake, second EHLO.
    pub starttls: Duration,
    /// AUTH.
    pub auth: Duration,
    /// MAIL FROM.
    pub mail: Duration,
    /// RCPT TO.
    pub rcpt: Duration,
    /// DATA.
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
    /// Not one of the three forms.
    #[error("read `mail.url` `{url}`: {problem}; hint: write smtp+starttls://host:587 or smtps://host:465")]
    Url {
        /// As configured, without what may be a password.
        url: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// Plaintext that was not asked for by name, or that would leave this machine.
    #[error("use `mail.url` `{url}` without encryption: {problem}; hint: use smtp+starttls://")]
    Plaintext {
        /// As configured.
        url: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// The name for EHLO is none.
    #[error("say EHLO as `{name}` (`mail.hello_name`); hint: use this host's full domain name")]
    HelloName {
        /// As configured.
        name: String,
    },
    /// The extra CA file holds no certificate.
    #[error("read the certificates of `mail.ca_file`; hint: it must be a PEM file of CA certificates")]
    Certificates(#[source] lettre::transport::smtp::Error),
    /// TLS cannot be set up.
    #[error("set up TLS for {host}")]
    Tls {
        /// The relay.
        host: String,
        /// What is wrong.
        #[source]
        source: lettre::transport::smtp::Error,
    },
}

/// A relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// Name or address; an IPv6 address without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// For AUTH; none: no AUTH.
    pub credentials: Option<Credentials>,
    /// PEM of extra CA certificates, for a private relay.
    pub ca_pem: Option<Vec<u8>>,
    /// What EHLO says; none: an address literal.
    pub hello_name: Option<String>,
    /// How long to wait.
    pub deadlines: Deadlines,
}

impl Relay {
    /// Reads `smtp+starttls://host[:port]`, `smtps://host[:port]` or, with `insecure_plaintext` and towards this machine
    /// only, `smtp+plaintext://host[:port]`. No credentials yet.
    ///
    /// # Errors
    /// [`RelayError::Url`] for any other text, [`RelayError::Plaintext`] for plaintext that is not allowed.
    pub fn parse(url: &str, insecure_plaintext: bool) -> Result<Self, RelayError> {
        let wrong = |problem| RelayError::Url { url: without_user(url), problem };
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("no scheme"))?;
        let (encryption, port) = match scheme {
            "smtp+starttls" => (Encryption::StartTls, 587),
            "smtps" => (Encryption::Implicit, 465),
            "smtp+plaintext" => (Encryption::Plaintext, 25),
            "smtp" => return Err(wrong("`smtp://` leaves encryption to chance")),
            _ => return Err(wrong("unknown scheme")),
        };
        if rest.contains('@') {
            return Err(wrong("user and password do not belong into it, they are keys of their own"));
        }
        let (host, port) = host_and_port(rest.strip_suffix('/').unwrap_or(rest), port).ok_or_else(|| wrong("no host, or a bad port"))?;
        let plain = |problem| RelayError::Plaintext { url: url.to_owned(), problem };
        if encryption == Encryption::Plaintext {
            if !insecure_plaintext {
                return Err(plain("`mail.insecure_plaintext` is not set"));
            }
            if !names_this_machine(&host) {
                return Err(plain("the host is not this machine"));
            }
        }
        Ok(Self { host, port, encryption, credentials: None, ca_pem: None, hello_name: None, deadlines: Deadlines::default() })
    }
}

fn without_user(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}

fn host_and_port(text: &str, default_port: u16) -> Option<(String, u16)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, after.strip_prefix(':').map_or_else(|| after.is_empty().then_some(None), |port| Some(Some(port)))?)
        }
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if host.is_empty() || !host.chars().all(is_name) {
        return None;
    }
    let port = port.map_or(Some(default_port), |port| port.parse().ok().filter(|port| *port > 0))?;
    Some((host.to_owned(), port))
}

fn names_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_read_with_their_ports() {
        let read = |url| Relay::parse(url, true).map(|relay| (relay.host, relay.port, relay.encryption)).expect(url);
        assert_eq!(read("smtp+starttls://mail.gz.example.cn"), ("mail.gz.example.cn".into(), 587, Encryption::StartTls));
        assert_eq!(read("smtps://10.1.2.3:4465/"), ("10.1.2.3".into(), 4465, Encryption::Implicit));
        assert_eq!(read("smtp+plaintext://[::1]:2525"), ("::1".into(), 2525, Encryption::Plaintext));
        assert_eq!(read("smtp+plaintext://127.8.0.1"), ("127.8.0.1".into(), 25, Encryption::Plaintext));
    }

    #[test]
    fn a_mail_never_leaves_this_machine_in_the_clear() {
        for url in ["smtp+plaintext://mail.gz.example.cn", "smtp+plaintext://10.0.0.1", "smtp+plaintext://localhost.example.cn"] {
            assert!(matches!(Relay::parse(url, true), Err(RelayError::Plaintext { .. })), "{url}");
        }
        assert!(matches!(Relay::parse("smtp+plaintext://localhost", false), Err(RelayError::Plaintext { .. })));
        assert!(matches!(Relay::parse("smtp://localhost", true), Err(RelayError::Url { .. })));
    }

    #[test]
    fn a_bad_url_is_refused_without_showing_its_password() {
        for url in [
            "",
            "mail.example.cn",
            "smtps://",
            "smtps://a:0",
            "smtps://a:70000",
            "smtps://a b",
            "smtps://[::1",
            "smtps://a:1:2",
            "https://a",
            "smtps://a\r\n",
        ] {
            assert!(matches!(Relay::parse(url, true), Err(RelayError::Url { .. })), "{url:?}");
        }
        let error = Relay::parse("smtps://wang:geheim@mail.example.cn", false).expect_err("a refusal").to_string();
        assert!(!error.contains("geheim") && error.contains("mail.example.cn"), "{error}");
    }

    #[test]
    fn no_debug_print_shows_the_password() {
        let mut relay = Relay::parse("smtps://mail.example.cn", false).expect("a relay");
        relay.credentials = Some(Credentials { user: "wang".into(), password: Secret::new("geheim") });
        assert!(!format!("{relay:?}").contains("geheim"));
    }
}
