//! The bytes of each kind, read back by two readers that have nothing in common with the writer.

use mail_parser::{MessageParser, MimeHeaders, PartType};
use mailparse::MailHeaderMap;

use crate::domain::locale::Locale;
use crate::domain::mail::{Mail, MailKind};
use crate::notify::fixtures;
use crate::notify::mime::{MimeError, Sender, message_id, to_message};
use crate::notify::samples;

/// List-Id of the tests.
const LIST: &str = "sisan.gz.example.cn";

pub(crate) fn bytes_of(mail: &Mail) -> Vec<u8> {
    to_message(
        mail,
        &fixtures::sender(),
        LIST,
        &message_id(&mail.mail_id(), &fixtures::sender()),
    )
    .expect("a message")
}

fn each_kind() -> Vec<Mail> {
    let each = |locale| MailKind::ALL.map(|kind| samples::mail(kind, locale).expect("rendered"));
    Locale::ALL.into_iter().flat_map(each).collect()
}

/// What a reader sees; parts with LF only.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    subject: String,
    from: (String, String),
    to: (String, String),
    date: i64,
    message_id: String,
    auto_submitted: String,
    list_id: String,
    text: String,
    html: String,
    calendar: Option<(String, String)>,
}

fn lf(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn expected(mail: &Mail) -> Read {
    Read {
        subject: mail.subject.clone(),
        from: ("四三集团客户维系系统".into(), "sisan@gz.example.cn".into()),
        to: (mail.recipient_name.clone(), mail.recipient.clone()),
        date: mail.queued_at.micros() / 1_000_000,
        message_id: format!("{}@gz.example.cn", mail.mail_id()),
        auto_submitted: "auto-generated".into(),
        list_id: format!("<{}.{LIST}>", mail.kind.name()),
        text: lf(&mail.text),
        html: lf(&mail.html),
        calendar: mail
            .calendar
            .as_deref()
            .map(|text| ("PUBLISH".to_owned(), lf(text))),
    }
}

fn by_mail_parser(bytes: &[u8]) -> Read {
    let message = MessageParser::default().parse(bytes).expect("parsed");
    let address = |list: Option<&mail_parser::Address<'_>>| {
        let list = list.expect("an address").clone().into_list();
        assert_eq!(list.len(), 1, "one address a header");
        (
            list[0].name().unwrap_or_default().to_owned(),
            list[0].address().unwrap_or_default().to_owned(),
        )
    };
    let header = |name: &str| {
        message
            .header_raw(name)
            .expect("the header")
            .trim()
            .to_owned()
    };
    let calendar = message.attachments().next().map(|part| {
        let method = part
            .content_type()
            .and_then(|of| of.attribute("method"))
            .expect("a method")
            .to_owned();
        assert_eq!(part.attachment_name(), Some("key-dates.ics"));
        let PartType::Text(text) = &part.body else {
            panic!("a text part")
        };
        (method, lf(text))
    });
    Read {
        subject: message.subject().expect("a subject").to_owned(),
        from: address(message.from()),
        to: address(message.to()),
        date: message.date().expect("a date").to_timestamp(),
        message_id: message.message_id().expect("an id").to_owned(),
        auto_submitted: header("Auto-Submitted"),
        list_id: header("List-Id"),
        text: lf(&message.body_text(0).expect("text")),
        html: lf(&message.body_html(0).expect("html")),
        calendar,
    }
}

fn by_mailparse(bytes: &[u8]) -> Read {
    let message = mailparse::parse_mail(bytes).expect("parsed");
    let header = |name: &str| message.headers.get_first_value(name).expect("the header");
    let address = |name: &str| {
        let single = mailparse::addrparse_header(
            message.headers.get_first_header(name).expect("the header"),
        )
        .expect("an address");
        let single = single.extract_single_info().expect("one address a header");
        (single.display_name.unwrap_or_default(), single.addr)
    };
    let leaves: Vec<_> = message
        .parts()
        .filter(|part| part.subparts.is_empty())
        .collect();
    let part = |kind: &str| leaves.iter().find(|part| part.ctype.mimetype == kind);
    let body = |kind: &str| lf(&part(kind).expect(kind).get_body().expect("decoded"));
    Read {
        subject: header("Subject"),
        from: address("From"),
        to: address("To"),
        date: mailparse::dateparse(&header("Date")).expect("a date"),
        message_id: header("Message-ID").trim_matches(['<', '>']).to_owned(),
        auto_submitted: header("Auto-Submitted"),
        list_id: header("List-Id"),
        text: body("text/plain"),
        html: body("text/html"),
        calendar: part("text/calendar")
            .map(|part| (part.ctype.params["method"].clone(), body("text/calendar"))),
    }
}

#[test]
fn two_independent_readers_see_what_was_written() {
    let mails = each_kind();
    assert_eq!(mails.len(), 2 * MailKind::ALL.len());
    for mail in mails {
        let bytes = bytes_of(&mail);
        assert_eq!(by_mail_parser(&bytes), expected(&mail), "mail-parser");
        assert_eq!(by_mailparse(&bytes), expected(&mail), "mailparse");
    }
}

#[test]
fn a_long_chinese_subject_and_name_are_folded_into_whole_encoded_words() {
    let mail = Mail {
        subject: "用户离网率".repeat(29),
        recipient_name: "欧阳".repeat(30),
        ..fixtures::mail("wang.fang@gz.example.cn")
    };
    let bytes = bytes_of(&mail);
    assert_eq!(
        (by_mail_parser(&bytes).subject, by_mailparse(&bytes).subject),
        (mail.subject.clone(), mail.subject.clone())
    );
    assert_eq!(by_mail_parser(&bytes).to.0, mail.recipient_name);
    let text = String::from_utf8(bytes).expect("ASCII");
    let head = text.split("\r\n\r\n").next().expect("a head");
    let words: Vec<&str> = head
        .split_whitespace()
        .filter(|word| word.starts_with("=?"))
        .collect();
    assert!(words.len() > 10);
    for word in words {
        assert!(
            word.len() <= 75
                && word.to_lowercase().starts_with("=?utf-8?b?")
                && word.ends_with("?="),
            "{word}"
        );
    }
}

#[test]
fn a_message_is_ascii_with_short_lines_and_the_same_every_time() {
    for mail in each_kind() {
        let bytes = bytes_of(&mail);
        assert!(bytes.is_ascii());
        let text = String::from_utf8(bytes.clone()).expect("ASCII");
        for line in text.split("\r\n") {
            assert!(line.len() <= 76 && !line.contains(['\r', '\n']), "{line:?}");
        }
        assert!(text.matches("Content-Transfer-Encoding: base64").count() >= 2);
        assert_eq!(bytes_of(&mail), bytes);
    }
}

#[test]
fn a_mail_to_no_address_and_a_sender_without_one_are_refused_by_name() {
    let mail = fixtures::mail("not an address");
    let error = to_message(&mail, &fixtures::sender(), LIST, "<x@y>").expect_err("no address");
    assert!(
        matches!(&error, MimeError::Recipient { mail_id, .. } if *mail_id == mail.mail_id()),
        "{error}"
    );
    assert!(matches!(
        Sender::parse("四三 <nobody>"),
        Err(MimeError::Sender(_))
    ));
    assert_eq!(Sender::parse("a@b.cn").expect("a sender").domain(), "b.cn");
}
