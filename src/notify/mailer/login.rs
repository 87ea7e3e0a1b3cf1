//! What a relay offers in its answer to EHLO, and how to log in with it.
//!
//! Invariant: only mechanisms that this program implements; both send the password, so only ever
//! under TLS or within this machine.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::relay::Credentials;
use super::reply::Reply;

/// A relay's answer to EHLO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offers(Vec<String>);

impl Offers {
    pub(crate) fn from_reply(reply: Reply) -> Self {
        Self(reply.lines)
    }

    fn keywords(&self) -> impl Iterator<Item = Vec<&str>> {
        // The first line is the relay's name. `AUTH=` is the form that some relays have sent since
        // before there was a standard.
        self.0.iter().skip(1).map(|line| {
            line.split([' ', '\t', '='])
                .filter(|word| !word.is_empty())
                .collect()
        })
    }

    /// Whether something is offered.
    pub(crate) fn has(&self, keyword: &str) -> bool {
        self.keywords().any(|words| {
            words
                .first()
                .is_some_and(|word| word.eq_ignore_ascii_case(keyword))
        })
    }

    fn has_mechanism(&self, name: &str) -> bool {
        self.keywords()
            .filter(|words| {
                words
                    .first()
                    .is_some_and(|word| word.eq_ignore_ascii_case("AUTH"))
            })
            .any(|words| {
                words[1..]
                    .iter()
                    .any(|word| word.eq_ignore_ascii_case(name))
            })
    }

    /// In one line, for people.
    pub(crate) fn one_line(&self) -> String {
        let name = self
            .0
            .first()
            .and_then(|line| line.split([' ', '\t']).next())
            .unwrap_or_default();
        let offered: Vec<&str> = self
            .0
            .iter()
            .skip(1)
            .map(|line| line.trim())
            .filter(|line| !line.is_empty())
            .collect();
        if offered.is_empty() {
            name.to_owned()
        } else {
            format!("{name} with {}", offered.join(", "))
        }
    }

    /// The lines to send one after another, as long as the relay asks for more (334); none if it
    /// offers no mechanism that we implement.
    pub(crate) fn login(&self, credentials: &Credentials) -> Option<Vec<String>> {
        let (user, password) = (&credentials.user, credentials.password.expose());
        if self.has_mechanism("PLAIN") {
            let both = STANDARD.encode(format!("\0{user}\0{password}"));
            // Some want it a second time, by itself.
            return Some(vec![format!("AUTH PLAIN {both}"), both]);
        }
        self.has_mechanism("LOGIN").then(|| {
            vec![
                "AUTH LOGIN".to_owned(),
                STANDARD.encode(user),
                STANDARD.encode(password),
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Secret;

    fn offers(lines: &[&str]) -> Offers {
        Offers(lines.iter().map(|line| (*line).to_owned()).collect())
    }

    #[test]
    fn plain_is_preferred_to_login_and_nothing_else_is_spoken() {
        let credentials = Credentials {
            user: "四三".into(),
            password: Secret::new("密码"),
        };
        let first = |lines| {
            offers(lines)
                .login(&credentials)
                .map(|steps| steps[0].clone())
        };
        let plain = format!("AUTH PLAIN {}", STANDARD.encode("\0四三\0密码"));
        assert_eq!(first(&["mx", "AUTH LOGIN PLAIN"]), Some(plain.clone()));
        assert_eq!(first(&["mx", "auth=plain"]), Some(plain));
        assert_eq!(
            first(&["mx", "SIZE 1", "AUTH CRAM-MD5 LOGIN"]),
            Some("AUTH LOGIN".into())
        );
        assert_eq!(first(&["AUTH PLAIN", "AUTH XOAUTH2", "XAUTH PLAIN"]), None);
    }

    #[test]
    fn a_relay_that_offers_nothing_is_shown_by_its_name() {
        assert_eq!(
            offers(&["mx.example.cn at your service"]).one_line(),
            "mx.example.cn"
        );
        assert_eq!(offers(&["", "STARTTLS"]).one_line(), " with STARTTLS");
        assert!(
            offers(&["mx", "starttls"]).has("STARTTLS") && !offers(&["STARTTLS"]).has("STARTTLS")
        );
    }
}
