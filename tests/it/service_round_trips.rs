//! The services themselves: whether what the other tests lean on is really there.

use std::time::Duration;

use lettre::message::{MultiPart, SinglePart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::response::Response;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use mail_parser::MessageParser;
use mailparse::MailHeaderMap;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::{Message as _, Offset, TopicPartitionList};

use crate::services::{Mailbox, Place, TestMessage, TestTopic, kafka_brokers, smtp_address, smtp_ca_file};

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
    assert_eq!(explicit.iter().map(|place| place.0).collect::<Vec<_>>(), [2, 0, 2]);
    assert_eq!(keyed[0].0, keyed[1].0, "one key, one partition");

    let at = |(place, sent): (&Place, &TestMessage)| (*place, TestMessage { partition: Some(place.0), ..sent.clone() });
    let mut expected: Vec<_> = places.iter().zip(&messages).map(at).collect();
    let mut seen = read(&topic, 3, messages.len());
    expected.sort_by_key(|read| read.0);
    seen.sort_by_key(|read| read.0);
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_topic_can_be_made_and_filled_inside_an_async_test() {
    assert_eq!(TestTopic::create("async", 1).produce(&[TestMessage::keyed("k", "v")]), [(0, 0)]);
}

#[tokio::test]
async fn a_mail_sent_over_starttls_is_read_back_alike_by_two_parsers() {
    let mailbox = Mailbox::fresh();
    let (from, to) = ("sisan@operator.test", mailbox.address("anna"));
    let body = MultiPart::alternative()
        .singlepart(SinglePart::plain("集团客户 G-1 离网率超限".to_owned()))
        .singlepart(SinglePart::html("<p>集团客户 G-1 离网率超限</p>".to_owned()));
    let mail = Message::builder()
        .from(from.parse().expect("an address"))
        .to(to.parse().expect("an address"))
        .subject("预警：离网率 churn")
        .multipart(body)
        .expect("a mail");
    relay(Some(ca())).send(mail).await.expect("the server takes the mail");

    let received = mailbox.wait_for(1, AT_MOST);
    let [arrived] = received.as_slice() else { panic!("one mail, not {received:?}") };
    assert_eq!((arrived.sender.as_str(), arrived.recipients.as_slice(), arrived.authenticated), (from, &[to][..], false));

    let first = MessageParser::default().parse(&arrived.bytes).expect("mail-parser reads it");
    let second = mailparse::parse_mail(&arrived.bytes).expect("mailparse reads it");
    assert_eq!(first.subject(), Some("预警：离网率 churn"));
    assert_eq!(second.headers.get_first_value("Subject").as_deref(), first.subject());
    assert_eq!(first.body_text(0).as_deref(), Some("集团客户 G-1 离网率超限"));
    assert_eq!(second.subparts[0].get_body().expect("a decodable part"), "集团客户 G-1 离网率超限");
    assert_eq!(second.subparts[1].get_body().expect("a decodable part"), first.body_html(0).expect("an HTML part"));
}

#[tokio::test]
async fn without_its_authority_the_mail_servers_certificate_is_refused() {
    let mailbox = Mailbox::fresh();
    let error = relay(None).send(plain_mail(&mailbox.address("anna"))).await.expect_err("an unknown authority");
    assert!(error.is_tls() || error.to_string().to_lowercase().contains("certificate"), "{error:?}");
    assert_eq!(mailbox.mails(), []);
}

#[tokio::test]
async fn without_tls_the_mail_server_takes_nothing() {
    let mailbox = Mailbox::fresh();
    let plain = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1").port(smtp_address().port()).build();
    let error = plain.send(plain_mail(&mailbox.address("anna"))).await.expect_err("no STARTTLS");
    assert_eq!(code(Err(error)), "530");
    assert_eq!(mailbox.mails(), []);
}

#[tokio::test]
async fn a_login_is_checked() {
    let mailbox = Mailbox::fresh();
    let login = |password: &str| builder(Some(ca())).credentials(Credentials::new("sisan".to_owned(), password.to_owned())).build();
    let refused: AsyncSmtpTransport<Tokio1Executor> = login("wrong");
    assert_eq!(code(refused.send(plain_mail(&mailbox.address("anna"))).await), "535");
    let accepted: AsyncSmtpTransport<Tokio1Executor> = login("test only");
    assert_eq!(code(accepted.send(plain_mail(&mailbox.address("anna"))).await), "250");
    assert_eq!(mailbox.wait_for(1, AT_MOST).iter().map(|mail| mail.authenticated).collect::<Vec<_>>(), [true]);
}

#[tokio::test]
async fn a_recipient_can_ask_the_mail_server_for_trouble() {
    let mailbox = Mailbox::fresh();
    let relay = relay(Some(ca()));
    for (local_part, expected) in [
        ("refuse+a", "550"),
        ("defer+a", "450"),
        ("defer+a", "450"),
        ("defer-once+a", "450"),
        ("defer-once+a", "250"),
        ("refuse-data+a", "554"),
    ] {
        assert_eq!(code(relay.send(plain_mail(&mailbox.address(local_part))).await), expected, "{local_part}");
    }
    let error = relay.send(plain_mail(&mailbox.address("drop+a"))).await.expect_err("no reply to the final dot");
    assert_eq!((error.status(), mailbox.mails().len()), (None, 2), "kept all the same: {error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recipient_can_make_the_mail_server_hang_after_the_final_dot() {
    let mailbox = Mailbox::fresh();
    let mail = plain_mail(&mailbox.address("hang+a"));
    let sending = tokio::spawn(async move { relay(Some(ca())).send(mail).await });
    assert_eq!(mailbox.wait_for(1, AT_MOST).len(), 1);
    assert!(!sending.is_finished(), "kept, but not answered");
    sending.abort();
}

/// That many messages, read from the beginning of every partition.
fn read(topic: &TestTopic, partitions: i32, count: usize) -> Vec<(Place, TestMessage)> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", kafka_brokers())
        .set("group.id", "unused: the partitions are assigned")
        .create()
        .expect("the consumer's settings are valid");
    let mut assignment = TopicPartitionList::new();
    for partition in 0..partitions {
        assignment.add_partition_offset(topic.name(), partition, Offset::Beginning).expect("a valid offset");
    }
    consumer.assign(&assignment).expect("an assignment");
    (0..count)
        .map(|index| {
            let message = consumer.poll(AT_MOST).unwrap_or_else(|| panic!("message {index} of {count} did not come"));
            let message = message.expect("a message, not an error");
            let (key, payload) = (message.key().map(<[u8]>::to_vec), message.payload().expect("a payload").to_vec());
            ((message.partition(), message.offset()), TestMessage { partition: Some(message.partition()), key, payload })
        })
        .collect()
}

fn ca() -> Certificate {
    Certificate::from_pem(&std::fs::read(smtp_ca_file()).expect("the file that tests/run made")).expect("a certificate")
}

fn builder(authority: Option<Certificate>) -> lettre::transport::smtp::AsyncSmtpTransportBuilder {
    let parameters = TlsParameters::builder("127.0.0.1".to_owned());
    let parameters = authority.into_iter().fold(parameters, |parameters, root| parameters.add_root_certificate(root));
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(smtp_address().port())
        .timeout(Some(AT_MOST))
        .tls(Tls::Required(parameters.build().expect("valid TLS settings")))
}

fn relay(authority: Option<Certificate>) -> AsyncSmtpTransport<Tokio1Executor> {
    builder(authority).build()
}

fn plain_mail(to: &str) -> Message {
    Message::builder()
        .from("sisan@operator.test".parse().expect("an address"))
        .to(to.parse().expect("an address"))
        .body("Test".to_owned())
        .expect("a mail")
}

/// The reply's code, of an acceptance or a refusal.
fn code(outcome: Result<Response, Error>) -> String {
    match outcome {
        Ok(response) => response.code().to_string(),
        Err(error) => error.status().unwrap_or_else(|| panic!("a reply with a code, not {error:?}")).to_string(),
    }
}
