//! `mail.*`: how mail leaves.
//!
//! It may not know SMTP. Invariant: where mail goes to SMTP there is a relay, a fallback person,
//! and TLS unless plain text was asked for; production does not write to a folder unless that is
//! set.

use std::path::PathBuf;

use chrono::TimeDelta;
use serde::{Deserialize, Deserializer};

use super::base::Environment;
use super::check::ConfigCheck;
use super::{Config, value};
use crate::domain::relay_security::RelaySecurity;
use crate::domain::secret::Secret;
use crate::small_file;

/// `mail.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Mail {
    pub kind: MailTo,
    /// The relay; set with [`MailTo::Smtp`].
    pub url: Option<RelayUrl>,
    /// User at the relay.
    pub user: Option<String>,
    /// The relay's password, from whichever key gave it.
    pub password: Option<Secret>,
    /// A file with the password.
    pub password_file: Option<PathBuf>,
    /// An additional certificate authority, PEM; it was readable at start.
    pub ca_file: Option<PathBuf>,
    /// Whether a dialogue without TLS is allowed.
    pub insecure_plaintext: bool,
    /// Folder for [`MailTo::Folder`].
    pub folder: PathBuf,
    /// Whether production may use the folder.
    pub folder_in_production: bool,
    /// Sender's address.
    #[serde(deserialize_with = "value::address")]
    pub from: String,
    /// Sender's name.
    pub from_name: String,
    /// Operators' addresses; empty: the fallback's address.
    #[serde(deserialize_with = "value::addresses")]
    pub ops: Vec<String>,
    /// The List-Id header, without brackets.
    pub list_id: String,
    /// How long mails about a group customer wait for further ones.
    #[serde(deserialize_with = "value::time_delta")]
    pub group_wait: TimeDelta,
    /// How long the relay may be unreachable before the operators are notified.
    #[serde(deserialize_with = "value::time_delta")]
    pub relay_down_after: TimeDelta,
    /// After a longer outage of the relay, the waiting mails go out as digests.
    #[serde(deserialize_with = "value::time_delta")]
    pub digest_after: TimeDelta,
    /// Most mails that are sent within a minute.
    pub per_minute_max: u32,
    /// Most mails that a person gets within an hour.
    pub per_person_per_hour_max: u32,
}

/// The destination of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTo {
    /// To a relay.
    Smtp,
    /// Into a folder.
    Folder,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayUrl {
    /// How the connection is encrypted.
    pub security: RelaySecurity,
    /// Host name or address, without the brackets of IPv6.
    pub host: String,
    /// The port; by default 465, 587 or 25.
    pub port: u16,
}

impl<'de> Deserialize<'de> for RelayUrl {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        value::text(
            reader,
            "a URL such as \"smtps://relay.example.com\"",
            parse_relay,
        )
    }
}

/// The error does not repeat the URL: it may hold a password.
fn parse_relay(text: &str) -> Result<RelayUrl, String> {
    let bad = || {
        "is no relay; hint: write smtps://HOST, smtp+starttls://HOST or smtp+plaintext://HOST, and :PORT if it is another than usual"
            .to_owned()
    };
    let (scheme, rest) = text.split_once("://").ok_or_else(bad)?;
    let (security, usual) = match scheme {
        "smtps" => (RelaySecurity::Tls, 465),
        "smtp+starttls" => (RelaySecurity::StartTls, 587),
        "smtp" | "smtp+plaintext" => (RelaySecurity::Plaintext, 25),
        _ => return Err(bad()),
    };
    if rest.contains('@') {
        return Err(
            "holds a user; hint: use mail.user and mail.password or mail.password_file".into(),
        );
    }
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => v6
            .split_once(']')
            .filter(|(host, _)| host.parse::<std::net::Ipv6Addr>().is_ok())
            .ok_or_else(bad)?,
        None => authority
            .find(':')
            .map_or((authority, ""), |at| authority.split_at(at)),
    };
    let port = match port.strip_prefix(':') {
        Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or_else(bad)?,
        None if port.is_empty() => usual,
        None => return Err(bad()),
    };
    let plain = |c: char| c.is_alphanumeric() || "-._".contains(c);
    if host.is_empty() || !authority.starts_with('[') && !host.chars().all(plain) {
        return Err(bad());
    }
    Ok(RelayUrl {
        security,
        host: host.to_owned(),
        port,
    })
}

pub(super) fn check(root: &Config, check: &mut ConfigCheck<'_>) {
    let mail = &root.mail;
    for (key, text) in [
        ("mail.from_name", &mail.from_name),
        ("mail.list_id", &mail.list_id),
    ] {
        check.line_of_text(key, text);
    }
    if mail
        .list_id
        .contains(|c: char| c.is_whitespace() || "<>@".contains(c))
    {
        check.wrong(
            "mail.list_id",
            "is no list identifier; hint: write it like sisan.example.com",
        );
    }
    check.within("mail.per_minute_max", mail.per_minute_max, 1, 100_000);
    check.within(
        "mail.per_person_per_hour_max",
        mail.per_person_per_hour_max,
        1,
        100_000,
    );
    if mail.folder.as_os_str().is_empty() {
        check.wrong(
            "mail.folder",
            "is empty; hint: write . for the working directory",
        );
    }
    if let Some(path) = &mail.ca_file {
        match small_file::read_small(path, small_file::TEXT_BYTES_MAX) {
            Err(error) => check.unreadable(
                "mail.ca_file",
                &format!("{} cannot be read: {error}", path.display()),
            ),
            Ok(pem) if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") => {
                check.wrong("mail.ca_file", "holds no certificate; hint: name a PEM file, which begins with -----BEGIN CERTIFICATE-----");
            }
            Ok(_) => {}
        }
    }
    match mail.kind {
        MailTo::Smtp => check_smtp(root, check),
        MailTo::Folder
            if root.environment == Environment::Production && !mail.folder_in_production =>
        {
            let text = "writes mail to a folder in production, where nobody reads it; hint: use smtp, or say mail.folder_in_production = true";
            check.wrong("mail.kind", text);
        }
        MailTo::Folder => {}
    }
}

fn check_smtp(root: &Config, check: &mut ConfigCheck<'_>) {
    let mail = &root.mail;
    root.fallback.check_given(check);
    match &mail.url {
        None => check.missing(
            "mail.url",
            "mail.kind",
            "mail goes to SMTP; hint: name the relay, e.g. smtp+starttls://relay.example.com",
        ),
        Some(url) if url.security == RelaySecurity::Plaintext && !mail.insecure_plaintext => {
            let text = "goes without TLS, so that everybody on the way can read the mails; hint: use smtps:// or smtp+starttls://, or say mail.insecure_plaintext = true";
            check.wrong("mail.url", text);
        }
        Some(_) => {}
    }
    if mail.user.is_some() && mail.password.is_none() && mail.password_file.is_none() {
        check.missing(
            "mail.password",
            "mail.user",
            "mail.user is given; hint: give it in the environment, or name a file in mail.password_file",
        );
    }
    if root.environment == Environment::Production && mail.from.ends_with("@localhost") {
        check.wrong("mail.from", "is at localhost, for which no relay may send; hint: give an address of your own domain");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_has_a_scheme_a_host_and_perhaps_a_port() {
        let of = |text: &str| parse_relay(text).map(|url| (url.security, url.host, url.port));
        assert_eq!(
            of("smtps://relay.example.com"),
            Ok((RelaySecurity::Tls, "relay.example.com".into(), 465))
        );
        assert_eq!(
            of("smtp+starttls://10.0.0.1:2525/"),
            Ok((RelaySecurity::StartTls, "10.0.0.1".into(), 2525))
        );
        assert_eq!(
            of("smtp://[::1]:1025"),
            Ok((RelaySecurity::Plaintext, "::1".into(), 1025))
        );
        assert_eq!(
            of("smtp+plaintext://localhost"),
            Ok((RelaySecurity::Plaintext, "localhost".into(), 25))
        );
        assert_eq!(
            of("smtp://[::1]"),
            Ok((RelaySecurity::Plaintext, "::1".into(), 25))
        );
        for bad in [
            "",
            "relay",
            "smtp:relay",
            "http://relay",
            "smtps://",
            "smtps://:25",
            "smtps://a:0",
            "smtps://a:99999",
            "smtps://a b",
            "smtps://a/b",
            "smtps://[::1",
            "smtps://[::1]x",
            "smtps://a?x=1",
        ] {
            assert!(parse_relay(bad).is_err(), "{bad}");
        }
        let error = parse_relay("smtps://sisan:hunter2@relay").expect_err("a user");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
