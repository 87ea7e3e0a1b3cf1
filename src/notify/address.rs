//! Who gets a mail: the assignee, else his delegate, the unit's head or the configured fallback.
//!
//! Whether somebody can be mailed to is decided in [`mailbox`](crate::domain::mailbox). Invariant:
//! a recipient's address is plain ASCII that an SMTP command can carry; his name is clean.

use super::clean;
use crate::domain::event::Manager;
use crate::domain::indicator::Scope;
use crate::domain::locale::Locale;
use crate::domain::reference::Reference;
use crate::domain::task::Assignee;

/// The address of mails whose assignee has no usable address; `fallback.*` in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FallbackAddress {
    /// Manager id to show.
    pub id: String,
    pub name: String,
    pub address: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Recipient {
    pub address: String,
    /// His name, cleaned; empty where none is known.
    pub name: String,
    pub locale: Locale,
    /// The person that the mail was for, where it goes to the fallback instead.
    pub instead_of: Option<String>,
}

/// The reader of what is for `assignee` and about `scope`. Where the assignee is inactive or cannot
/// be mailed to, the reader is his delegate, the unit's head or the fallback, as with tasks.
#[must_use]
pub(crate) fn recipient(
    assignee: &Assignee,
    scope: Option<&Scope>,
    reference: &Reference,
    fallback: &FallbackAddress,
    default_locale: Locale,
) -> Recipient {
    let of_fallback = |whom: Option<String>| Recipient {
        address: fallback.address.clone(),
        name: clean::header(&fallback.name, clean::NAME_CHARS_MAX),
        locale: default_locale,
        instead_of: whom,
    };
    let Assignee::Manager(id) = assignee else {
        return of_fallback(None);
    };
    let manager = reference.manager(id);
    if let Some(reader) = manager.and_then(|manager| reader(manager, None, default_locale)) {
        return reader;
    }
    let whom = manager.map_or_else(
        || clean::name(id.as_str()),
        |known| format!("{} {}", clean::name(&known.name), clean::name(id.as_str())),
    );
    let delegate = manager.and_then(|known| known.delegate_id.as_ref());
    let unit = match scope {
        Some(Scope::Group(group)) => reference.group(group).map(|group| &group.unit_id),
        Some(Scope::Unit(unit)) => unit.as_ref(),
        Some(Scope::Company) | None => None,
    };
    let head = unit.and_then(|unit| reference.unit(unit)?.head_manager_id.as_ref());
    let stand_ins = [delegate, head]
        .into_iter()
        .flatten()
        .filter_map(|one| reference.manager(one));
    let found = stand_ins
        .filter_map(|one| reader(one, Some(whom.clone()), default_locale))
        .next();
    found.unwrap_or_else(|| of_fallback(Some(whom.clone())))
}

fn reader(
    manager: &Manager,
    instead_of: Option<String>,
    default_locale: Locale,
) -> Option<Recipient> {
    let address = manager.mailbox().filter(|_| manager.active)?;
    Some(Recipient {
        address,
        name: clean::header(&manager.name, clean::NAME_CHARS_MAX),
        locale: manager
            .locale
            .as_deref()
            .and_then(Locale::parse)
            .unwrap_or(default_locale),
        instead_of,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::EventData;
    use crate::domain::mailbox::mailbox;
    use crate::notify::fixtures::{SampleCity, group_id, manager_id, put_event};
    use proptest::prelude::*;

    /// The city, where M003 has this address and this delegate.
    fn city(email: &str, delegate: Option<&str>, active: bool) -> SampleCity {
        let mut city = SampleCity::new();
        let mut manager = city
            .reference
            .manager(&manager_id("M003"))
            .expect("he is there")
            .clone();
        (manager.email, manager.delegate_id, manager.active) =
            (email.into(), delegate.map(manager_id), active);
        put_event(&mut city.reference, "m3", EventData::Manager(manager));
        city
    }

    /// The address to which a mail for M003 about a group of unit U01 goes, and instead of whom.
    fn read_by(city: &SampleCity) -> (String, Option<String>) {
        let (whom, scope) = (
            Assignee::Manager(manager_id("M003")),
            Scope::Group(group_id("G00001")),
        );
        let reader = recipient(
            &whom,
            Some(&scope),
            &city.reference,
            &city.fallback,
            Locale::ZhCn,
        );
        (reader.address, reader.instead_of)
    }

    #[test]
    fn whoever_cannot_be_mailed_to_is_stood_in_for_by_delegate_head_and_fallback_in_this_order() {
        let instead = |address: &str| (address.to_owned(), Some("赵强 M003".to_owned()));
        for unusable in [
            "",
            " ",
            "m1@example.com;m2@example.com",
            "无",
            "张@x.cn",
            "a@例\u{200b} 子.cn",
        ] {
            assert_eq!(
                read_by(&city(unusable, Some("M002"), true)),
                instead("li.wei@gz.example.cn"),
                "{unusable:?}"
            );
            assert_eq!(
                read_by(&city(unusable, None, true)),
                instead("wang.fang@gz.example.cn"),
                "{unusable:?}"
            );
        }
        assert_eq!(
            read_by(&city("a@x.cn", Some("M002"), false)),
            instead("li.wei@gz.example.cn"),
            "he is inactive"
        );
        let mut nobody = city("", Some("M003"), true);
        let head = Manager {
            active: false,
            ..nobody
                .reference
                .manager(&manager_id("M001"))
                .expect("the head")
                .clone()
        };
        put_event(&mut nobody.reference, "m1", EventData::Manager(head));
        assert_eq!(read_by(&nobody), instead("duty@gz.example.cn"));
        for (usable, sent) in [
            ("m3@example.com\u{3000}", "m3@example.com"),
            ("m3@例子.example", "m3@xn--fsqu00a.example"),
        ] {
            assert_eq!(
                read_by(&city(usable, Some("M002"), true)),
                (sent.to_owned(), None)
            );
        }
    }

    proptest! {
        #[test]
        fn whoever_can_be_mailed_to_can_be_written_into_a_message(
            text in "[a-c.!'*-]{1,12}@[a-c0-9.例-]{1,20}|[^@]{0,8}@[^@]{0,12}|[a-c]{1,3}@\\[([0-9]{1,3}[.]){0,4}[0-9]{0,3}(::)?[0-9a-f]{0,4}\\]",
        ) {
            if let Some(mailbox) = mailbox(&text) {
                let address = mailbox.parse::<lettre::Address>();
                prop_assert!(address.is_ok(), "{}", mailbox);
                let to = lettre::message::Mailbox::new(None, address.expect("it is one"));
                let message = lettre::Message::builder().from(to.clone()).to(to).body(String::new());
                prop_assert!(message.is_ok(), "{}", mailbox);
            }
        }
    }
}
