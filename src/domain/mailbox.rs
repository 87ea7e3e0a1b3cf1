//! Validation of mail addresses, and their form in SMTP. The one place that does so, for tasks and
//! for mails. An address literal in brackets is no person's.
//!
//! Invariant: the result is ASCII that an SMTP command and a header can hold, and normalising it
//! again changes nothing.

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

use super::invisible::is_blank;

/// Most octets of a path in SMTP (RFC 5321 §4.5.3.1.3), less the angle brackets.
const ADDRESS_OCTETS_MAX: usize = 254;
/// Most octets of the part before the `@` (RFC 5321 §4.5.3.1.1).
const LOCAL_PART_OCTETS_MAX: usize = 64;

/// The normalised address: blanks and invisible characters at its ends removed, an
/// internationalised domain in its ASCII form. None if it cannot be used: empty, two addresses, a
/// blank or a name within, a domain that IDNA refuses.
#[must_use]
pub(crate) fn mailbox(text: &str) -> Option<String> {
    let address = text.trim_matches(is_cut);
    let (local_part, domain) = address.split_once('@')?;
    if !is_local_part(local_part) {
        return None;
    }
    let mailbox = format!("{local_part}@{}", ascii_domain(domain)?);
    (mailbox.len() <= ADDRESS_OCTETS_MAX).then_some(mailbox)
}

/// What is trimmed at the ends: blanks of any width, controls, invisible characters.
pub(crate) fn is_cut(c: char) -> bool {
    is_blank(c) || c.is_control()
}

/// Atoms with a dot between any two (RFC 5321 §4.1.2); quoted ones are refused.
fn is_local_part(text: &str) -> bool {
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    text.len() <= LOCAL_PART_OCTETS_MAX && text.split('.').all(is_atom)
}

fn ascii_domain(domain: &str) -> Option<String> {
    let is_plain = |label: &str| {
        label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.to_ascii_lowercase().starts_with("xn--")
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    if domain.split('.').all(is_plain) {
        return domain.split('.').all(is_label).then(|| domain.to_owned());
    }
    let ascii = Uts46::new().to_ascii(
        domain.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::CheckFirstLast,
        DnsLength::Verify,
    );
    ascii.ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_trimmed_and_an_internationalised_domain_is_sent_in_ascii() {
        for (text, sent) in [
            ("wang@gz.example.cn", "wang@gz.example.cn"),
            ("A.b+c@X.cn", "A.b+c@X.cn"),
            ("m1@example.com ", "m1@example.com"),
            (
                "\u{feff}\u{3000}\tm1@example.com\u{200b}\r\n",
                "m1@example.com",
            ),
            ("m1@例子.example", "m1@xn--fsqu00a.example"),
            ("m1@例子。中国", "m1@xn--fsqu00a.xn--fiqs8s"),
            ("m1@xn--fsqu00a.example", "m1@xn--fsqu00a.example"),
            ("a@localhost", "a@localhost"),
        ] {
            assert_eq!(mailbox(text).as_deref(), Some(sent), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_one_address_is_not_mailed_to() {
        let (long, long_domain) = (
            format!("{}@example.cn", "a".repeat(65)),
            format!("a@{}cn", "example.".repeat(32)),
        );
        for bad in [
            "",
            " ",
            "\u{feff}",
            "wang",
            "@x.cn",
            "a@",
            "a b@x.cn",
            "a@x .cn",
            "a@x.cn\r\nRCPT TO:<b@x.cn>",
            "张@x.cn",
            "<a@x.cn>",
            "王 <a@x.cn>",
            "a@x.cn, b@x.cn",
            "m1@example.com;m2@example.com",
            "a@x.cn b@x.cn",
            "a@b@x.cn",
            "a@x.cn>",
            "a..b@x.cn",
            ".a@x.cn",
            "a.@x.cn",
            "\"a b\"@x.cn",
            "a@x..cn",
            "a@.cn",
            "a@x.cn.",
            "a@-x.cn",
            "a@x_y.cn",
            "a@xn--a.cn",
            "a@例\u{200b} 子.cn",
            "a@\u{200d}.cn",
            "a@[x]",
            "a@[127.0.0.1]",
            "a@[fe80::1]",
            "a@[IPv6:fe80::1]",
            "a＠x.cn",
            "a\u{200b}@x.cn",
            &long,
            &long_domain,
        ] {
            assert_eq!(mailbox(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_mailed_to_is_plain_ascii_and_stays_what_it_is(text in "[a-c .@;<\r\n\u{3000}例ß-]{0,20}|[^@]{0,8}@[^@]{0,12}") {
            if let Some(mailbox) = mailbox(&text) {
                prop_assert!(mailbox.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>'), "{:?}", mailbox);
                prop_assert_eq!(super::mailbox(&mailbox), Some(mailbox.clone()));
            }
        }
    }
}
