//! The services themselves: whether what the other tests lean on is really there.

use std::time::Duration;

use lettre::Message;
use lettre::message::{MultiPart, SinglePart};
use mail_parser::MessageParser;
use mailparse::MailHeaderMap;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::{Message as _, Offset, TopicPartitionList};
use sisan::domain::last_reply::Phase;
use sisan::domain::locale::Locale;
use sisan::domain::mail::{Mail, MailKind};
use sisan::domain::relay_security::RelaySecurity;
use sisan::domain::secret::Secret;
use sisan::notify::mailer::{Credentials, Deadlines, Letter, Relay, SmtpMailer};
use sisan::notify::mime::Sender;
use sisan::notify::retry::Outcome;
use sisan::notify::samples;

use crate::services::{
    Mailbox, Place, TestMessage, TestTopic, kafka_brokers, smtp_address, smtp_ca_file,
};

const AT_MOST: Duration = Duration::from_secs(20);

#[test]
fn messages_come_back_from_kafka_at_the_offsets_that_were_confirmed() {
    let topic = TestTopic::create("round-trip", 3);
    let messages = [
        TestMessage::to_partition(2, "first of 2"),
        TestMessage::to_partition(0, vec![0, 0xff, b'\n']),
        TestMessage::to_partition(2, "second of 2"),
        TestMessage::keyed("s-1", "one of a subscriber"),
        TestMessage::keyed("s-1", "the next of the same subscriber"),
    ];
    let places = topic.produce(&messages);
    let (explicit, keyed) = places.split_at(3);
    assert_eq!(
        explicit.iter().map(|place| place.0).collect::<Vec<_>>(),
        [2, 0, 2]
    );
    assert_eq!(keyed[0].0, keyed[1].0, "one key, one partition");

    let at = |(place, sent): (&Place, &TestMessage)| {
        (
            *place,
            TestMessage {
                partition: Some(place.0),
                ..sent.clone()
            },
        )
    };
    let mut expected: Vec<_> = places.iter().zip(&messages).map(at).collect();
    let mut seen = read_messages(&topic, 3, messages.len());
    expected.sort_by_key(|read| read.0);
    seen.sort_by_key(|read| read.0);
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_topic_can_be_made_and_filled_inside_an_async_test() {
    assert_eq!(
        TestTopic::create("async", 1).produce(&[TestMessage::keyed("k", "v")]),
        [(0, 0)]
    );
}

#[test]
fn a_mail_sent_over_starttls_is_read_back_alike_by_two_parsers() {
    let mailbox = Mailbox::fresh();
    let to = mailbox.address("anna");
    let body = MultiPart::alternative()
        .singlepart(SinglePart::plain("集团客户 G-1 离网率超限".to_owned()))
        .singlepart(SinglePart::html(
            "<p>集团客户 G-1 离网率超限</p>\n.\n..\n".to_owned(),
        ));
    let mail = Message::builder()
        .from(FROM.parse().expect("an address"))
        .to(to.parse().expect("an address"))
        .subject("预警：离网率 churn")
        .multipart(body)
        .expect("a mail");
    let outcome = sent(relay(Some(ca())), &to, &mail.formatted());
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");

    let received = mailbox.wait_for(1, AT_MOST);
    let [arrived] = received.as_slice() else {
        panic!("one mail, not {received:?}")
    };
    assert_eq!(
        (
            arrived.sender.as_str(),
            arrived.recipients.as_slice(),
            arrived.authenticated
        ),
        (FROM, &[to][..], false)
    );

    let first = MessageParser::default()
        .parse(&arrived.bytes)
        .expect("mail-parser reads it");
    let second = mailparse::parse_mail(&arrived.bytes).expect("mailparse reads it");
    assert_eq!(first.subject(), Some("预警：离网率 churn"));
    assert_eq!(
        second.headers.get_first_value("Subject").as_deref(),
        first.subject()
    );
    assert_eq!(
        first.body_text(0).as_deref(),
        Some("集团客户 G-1 离网率超限")
    );
    assert_eq!(
        second.subparts[0].get_body().expect("a decodable part"),
        "集团客户 G-1 离网率超限"
    );
    assert_eq!(
        second.subparts[1].get_body().expect("a decodable part"),
        first.body_html(0).expect("an HTML part")
    );
}

#[test]
fn without_its_authority_the_mail_servers_certificate_is_refused() {
    let mailbox = Mailbox::fresh();
    let outcome = sent_plain(relay(None), &mailbox.address("anna"));
    assert!(
        matches!(&outcome, Outcome::RelayRefused { phase: Phase::StartTls, reply } if reply.contains("certificate")),
        "{outcome:?}"
    );
    let elsewhere = Relay {
        host: "127.0.0.2".to_owned(),
        ..relay(Some(ca()))
    };
    let outcome = sent_plain(elsewhere, &mailbox.address("anna"));
    assert!(
        !matches!(outcome, Outcome::Accepted { .. }),
        "its certificate does not name this host: {outcome:?}"
    );
    assert_eq!(mailbox.mails(), []);
}

#[test]
fn without_tls_the_mail_server_takes_nothing() {
    let mailbox = Mailbox::fresh();
    let plain = Relay::new(
        "127.0.0.1",
        smtp_address().port(),
        RelaySecurity::Plaintext,
        true,
    )
    .expect("a relay");
    let outcome = sent_plain(plain, &mailbox.address("anna"));
    assert!(
        matches!(&outcome, Outcome::RelayRefused { phase: Phase::MailFrom, reply } if reply.starts_with("530")),
        "{outcome:?}"
    );
    assert_eq!(mailbox.mails(), []);
}

#[test]
fn a_login_is_checked() {
    let mailbox = Mailbox::fresh();
    let login = |password: &str| {
        let credentials = Some(Credentials {
            user: "sisan".to_owned(),
            password: Secret::new(password),
        });
        sent_plain(
            Relay {
                credentials,
                ..relay(Some(ca()))
            },
            &mailbox.address("anna"),
        )
    };
    let refused = login("wrong");
    assert!(
        matches!(&refused, Outcome::RelayRefused { phase: Phase::Auth, reply } if reply.starts_with("535")),
        "{refused:?}"
    );
    assert!(matches!(login("test only"), Outcome::Accepted { .. }));
    assert_eq!(
        mailbox
            .wait_for(1, AT_MOST)
            .iter()
            .map(|mail| mail.authenticated)
            .collect::<Vec<_>>(),
        [true]
    );
}

#[test]
fn a_recipient_can_ask_the_mail_server_for_trouble() {
    let mailbox = Mailbox::fresh();
    for (local_part, expected) in [
        ("refuse+a", "550"),
        ("defer+a", "RCPT TO: 450"),
        ("defer+a", "RCPT TO: 450"),
        ("defer-once+a", "RCPT TO: 450"),
        ("defer-once+a", "250"),
        ("refuse-data+a", "554"),
        ("drop+a", "no reply to the final dot: "),
    ] {
        let outcome = sent_plain(relay(Some(ca())), &mailbox.address(local_part));
        assert!(
            outcome.reply().to_string().starts_with(expected),
            "{local_part}: {outcome:?}"
        );
    }
    assert_eq!(mailbox.mails().len(), 2, "one of them without a reply");
}

#[test]
fn a_recipient_can_make_the_mail_server_hang_after_the_final_dot() {
    let mailbox = Mailbox::fresh();
    let deadlines = Deadlines {
        body: Duration::from_secs(1),
        ..Deadlines::default()
    };
    let outcome = sent_plain(
        Relay {
            deadlines,
            ..relay(Some(ca()))
        },
        &mailbox.address("hang+a"),
    );
    assert!(matches!(outcome, Outcome::Uncertain { .. }), "{outcome:?}");
    assert_eq!(
        mailbox.wait_for(1, AT_MOST).len(),
        1,
        "kept, but not answered"
    );
}

/// That many messages, read from the beginning of every partition.
fn read_messages(topic: &TestTopic, partitions: i32, count: usize) -> Vec<(Place, TestMessage)> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", kafka_brokers())
        .set("group.id", "unused: the partitions are assigned")
        .create()
        .expect("the consumer's settings are valid");
    let mut assignment = TopicPartitionList::new();
    for partition in 0..partitions {
        assignment
            .add_partition_offset(topic.name(), partition, Offset::Beginning)
            .expect("a valid offset");
    }
    consumer.assign(&assignment).expect("an assignment");
    (0..count)
        .map(|index| {
            let message = consumer
                .poll(AT_MOST)
                .unwrap_or_else(|| panic!("message {index} of {count} did not come"));
            let message = message.expect("a message, not an error");
            let (key, payload) = (
                message.key().map(<[u8]>::to_vec),
                message.payload().expect("a payload").to_vec(),
            );
            (
                (message.partition(), message.offset()),
                TestMessage {
                    partition: Some(message.partition()),
                    key,
                    payload,
                },
            )
        })
        .collect()
}

const FROM: &str = "sisan@operator.test";

fn ca() -> Vec<u8> {
    std::fs::read(smtp_ca_file()).expect("the file that tests/run made")
}

fn relay(authority: Option<Vec<u8>>) -> Relay {
    let relay = Relay::new(
        "127.0.0.1",
        smtp_address().port(),
        RelaySecurity::StartTls,
        false,
    )
    .expect("a relay");
    Relay {
        ca_pem: authority,
        ..relay
    }
}

fn sent(relay: Relay, to: &str, message: &[u8]) -> Outcome {
    let mail = Mail {
        recipient: to.to_owned(),
        ..samples::mail(MailKind::OpsNotice, Locale::En).expect("a sample")
    };
    let (from, mut mailer) = (
        Sender::parse(FROM).expect("a sender"),
        SmtpMailer::new(relay).expect("a mailer"),
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let outcome = mailer
            .send(
                Letter {
                    mail: &mail,
                    from: &from,
                    message,
                },
                &mut || true,
            )
            .await;
        mailer.close().await;
        outcome
    })
}

fn sent_plain(relay: Relay, to: &str) -> Outcome {
    sent(
        relay,
        to,
        format!("From: {FROM}\r\nTo: {to}\r\n\r\nTest\r\n").as_bytes(),
    )
}
