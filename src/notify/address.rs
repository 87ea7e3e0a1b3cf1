//! Who gets a mail: the assignee where he has a usable address, else the configured fallback.
//!
//! Invariant: a recipient's address is plain ASCII that an SMTP command can carry; his name is clean.

use super::clean;
use super::locale::Locale;
use crate::domain::reference::Reference;
use crate::domain::task::Assignee;

/// Most octets of a path in SMTP (RFC 5321 §4.5.3.1.3), less the angle brackets.
const ADDRESS_BYTES_MAX: usize = 254;

/// Where mails go whose assignee has no usable address; `fallback.*` in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FallbackAddress {
    /// Manager id to show.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Mail address.
    pub address: String,
}

/// One reader.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipient {
    /// Where to.
    pub address: String,
    /// His name, cleaned; empty where none is known.
    pub name: String,
    /// His language.
    pub locale: Locale,
    /// Whom the mail was for, where it goes to the fallback instead.
    pub instead_of: Option<String>,
}

/// Whether a text can be the one recipient of a mail.
#[must_use]
pub fn is_usable(text: &str) -> bool {
    text.is_ascii()
        && text.len() <= ADDRESS_BYTES_MAX
        && !text.bytes().any(|b| b.is_ascii_control() || b == b' ')
        && text.parse::<lettre::Address>().is_ok()
}

/// The reader of what is for `assignee`.
#[must_use]
pub fn recipient(assignee: &Assignee, reference: &Reference, fallback: &FallbackAddress, default_locale: Locale) -> Recipient {
    let instead = |whom: Option<String>| Recipient {
        address: fallback.address.clone(),
        name: clean::header(&fallback.name, clean::NAME_CHARS_MAX),
        locale: default_locale,
        instead_of: whom,
    };
    let Assignee::Manager(id) = assignee else { return instead(None) };
    match reference.manager(id) {
        Some(manager) if is_usable(&manager.email) => Recipient {
            address: manager.email.to_string(),
            name: clean::header(&manager.name, clean::NAME_CHARS_MAX),
            locale: manager.locale.as_deref().and_then(Locale::parse).unwrap_or(default_locale),
            instead_of: None,
        },
        Some(manager) => instead(Some(format!("{} {}", clean::name(&manager.name), clean::name(id.as_str())))),
        None => instead(Some(clean::name(id.as_str()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_smtp_can_carry_is_usable() {
        for good in ["wang@gz.example.cn", "a.b+c@x.cn", "a@[127.0.0.1]"] {
            assert!(is_usable(good), "{good}");
        }
        let long = format!("{}@example.cn", "a".repeat(260));
        for bad in [
            "",
            "wang",
            "@x.cn",
            "a@",
            "a b@x.cn",
            "a@x.cn\r\nRCPT TO:<b@x.cn>",
            "张@x.cn",
            "a@例子.cn",
            "<a@x.cn>",
            "a@x.cn, b@x.cn",
            "a@x.cn>",
            &long,
        ] {
            assert!(!is_usable(bad), "{bad:?}");
        }
    }
}
