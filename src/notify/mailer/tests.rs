//! The dialogue against a scripted server on this machine: every phase, every way to go wrong.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::{Credentials, Deadlines, Encryption, Leave, Letter, Relay, Secret, SmtpMailer};
use crate::notify::fixtures;
use crate::notify::retry::{Outcome, Phase};

/// When the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum At {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Dot,
}

/// How the server answers.
#[derive(Debug, Clone)]
enum Answer {
    Say(&'static str),
    /// These octets as they are.
    Octets(&'static [u8]),
    /// These octets, and then closes the connection.
    Last(&'static [u8]),
    /// Nothing, until the client goes.
    Silence,
    /// Closes the connection.
    Cut,
    /// These bytes, again and again, at this pace, and never a whole reply.
    Endless(&'static [u8], Duration),
}

type Script = Arc<dyn Fn(At, usize) -> Option<Answer> + Send + Sync>;

/// What the server saw.
#[derive(Debug, Default)]
struct Seen {
    connections: usize,
    commands: Vec<String>,
    messages: Vec<Vec<u8>>,
}

/// A server that follows the script, and where that says nothing, the protocol. `usize` counts connections from 1.
fn server(script: Script) -> (u16, Arc<Mutex<Seen>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let seen = Arc::new(Mutex::new(Seen::default()));
    let shared = Arc::clone(&seen);
    thread::spawn(move || {
        for tcp in listener.incoming() {
            let connection = {
                let mut seen = shared.lock().expect("not poisoned");
                seen.connections += 1;
                seen.connections
            };
            let (script, seen) = (Arc::clone(&script), Arc::clone(&shared));
            // Whatever the client does to the connection is the client's to report.
            thread::spawn(move || drop(serve(tcp.expect("a connection"), &script, connection, &seen)));
        }
    });
    (port, seen)
}

/// Answers as scripted; an error where the dialogue is over.
fn answer(tcp: &mut BufReader<TcpStream>, script: &Script, at: At, connection: usize, usual: &'static str) -> io::Result<()> {
    match script(at, connection).unwrap_or(Answer::Say(usual)) {
        Answer::Say(text) => tcp.get_mut().write_all(format!("{text}\r\n").as_bytes()),
        Answer::Octets(octets) => tcp.get_mut().write_all(octets),
        Answer::Last(octets) => tcp.get_mut().write_all(octets).and(Err(io::ErrorKind::ConnectionAborted.into())),
        Answer::Cut => Err(io::ErrorKind::ConnectionAborted.into()),
        Answer::Endless(bytes, pace) => loop {
            tcp.get_mut().write_all(bytes)?;
            thread::sleep(pace);
        },
        Answer::Silence => tcp.read_to_end(&mut Vec::new()).and(Err(io::ErrorKind::TimedOut.into())),
    }
}

fn serve(tcp: TcpStream, script: &Script, connection: usize, seen: &Mutex<Seen>) -> io::Result<()> {
    let mut tcp = BufReader::new(tcp);
    answer(&mut tcp, script, At::Greeting, connection, "220 relay.example.cn ESMTP")?;
    let mut line = String::new();
    while tcp.read_line(&mut line)? > 0 {
        let command = std::mem::take(&mut line).trim_end().to_owned();
        seen.lock().expect("not poisoned").commands.push(command.clone());
        let (at, usual) = match command.split([' ', ':']).next().unwrap_or_default() {
            "AUTH" if command == "AUTH LOGIN" => {
                tcp.get_mut().write_all(b"334 VXNlcm5hbWU6\r\n")?;
                continue;
            }
            "c2lzYW4=" => {
                tcp.get_mut().write_all(b"334\r\n")?;
                continue;
            }
            "Z2VoZWlt" => (At::Auth, "235 welcome"),
            "EHLO" => (At::Ehlo, "250-relay.example.cn\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 10000000"),
            "STARTTLS" => (At::StartTls, "220 go ahead"),
            "AUTH" => (At::Auth, "235 welcome"),
            "MAIL" => (At::Mail, "250 2.1.0 ok"),
            "RCPT" => (At::Rcpt, "250 2.1.5 ok"),
            "DATA" => (At::Data, "354 go ahead"),
            _ => return tcp.get_mut().write_all(b"221 bye\r\n"),
        };
        answer(&mut tcp, script, at, connection, usual)?;
        if at == At::Data {
            let mut message = Vec::new();
            while !message.ends_with(b"\r\n.\r\n") {
                if tcp.read_until(b'\n', &mut message)? == 0 {
                    return Ok(());
                }
            }
            seen.lock().expect("not poisoned").messages.push(message);
            answer(&mut tcp, script, At::Dot, connection, "250 2.0.0 queued as 4711")?;
        }
    }
    Ok(())
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

/// Deadlines that a silent server reaches at once, and a local one never.
fn deadlines(quick: bool) -> Deadlines {
    let wait = if quick { Duration::from_millis(150) } else { Duration::from_secs(20) };
    Deadlines { connect: wait, greeting: wait, starttls: wait, auth: wait, mail: wait, rcpt: wait, data: wait, body: wait, quit: wait }
}

fn relay(port: u16) -> Relay {
    Relay::new("127.0.0.1", port, Encryption::Plaintext, true).expect("a relay")
}

fn mailer(port: u16, quick: bool) -> SmtpMailer {
    let credentials = Some(Credentials { user: "sisan".into(), password: Secret::new("geheim") });
    SmtpMailer::new(Relay { credentials, deadlines: deadlines(quick), ..relay(port) }).expect("a mailer")
}

async fn send_one(mailer: &mut SmtpMailer, to: &str) -> Outcome {
    send_if(mailer, to, &mut || true).await
}

async fn send_if(mailer: &mut SmtpMailer, to: &str, leave: Leave<'_>) -> Outcome {
    let (mail, sender) = (fixtures::mail(to), fixtures::sender());
    let message = crate::notify::tests::bytes_of(&mail);
    mailer.send(Letter { mail: &mail, from: &sender, message: &message }, leave).await
}

/// The outcome of one mail to a server that follows `script`.
fn outcome(quick: bool, script: impl Fn(At, usize) -> Option<Answer> + Send + Sync + 'static) -> Outcome {
    run(async {
        let (port, _) = server(Arc::new(script));
        send_one(&mut mailer(port, quick), "wang.fang@gz.example.cn").await
    })
}

fn says(at: At, text: &'static str) -> Outcome {
    outcome(false, move |now, _| (now == at).then_some(Answer::Say(text)))
}

const EACH: [(At, Phase); 6] = [
    (At::Greeting, Phase::Greeting),
    (At::Ehlo, Phase::Greeting),
    (At::Auth, Phase::Auth),
    (At::Mail, Phase::MailFrom),
    (At::Rcpt, Phase::RcptTo),
    (At::Data, Phase::Data),
];

#[test]
fn a_mail_that_the_relay_takes_is_accepted_and_arrives_whole() {
    run(async {
        let (port, seen) = server(Arc::new(|_, _| None));
        let mut mailer = mailer(port, false);
        let outcome = send_one(&mut mailer, "wang.fang@gz.example.cn").await;
        assert_eq!(outcome, Outcome::Accepted { reply: "250 2.0.0 queued as 4711".into() });
        mailer.close().await;
        let seen = seen.lock().expect("not poisoned");
        let verbs: Vec<&str> = seen.commands.iter().map(|command| command.split(' ').next().unwrap_or_default()).collect();
        assert_eq!(verbs, ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]);
        assert_eq!(seen.commands[2..4], ["MAIL FROM:<sisan@gz.example.cn>", "RCPT TO:<wang.fang@gz.example.cn>"]);
        let message = crate::notify::tests::bytes_of(&fixtures::mail("wang.fang@gz.example.cn"));
        assert!(seen.messages[0].starts_with(&message));
    });
}

#[test]
fn a_connection_is_used_for_the_next_mail_and_renewed_after_fifty() {
    run(async {
        let (port, seen) = server(Arc::new(|_, _| None));
        let mut mailer = mailer(port, false);
        for n in 0..51 {
            assert!(matches!(send_one(&mut mailer, &format!("m{n}@x.cn")).await, Outcome::Accepted { .. }));
        }
        assert_eq!(seen.lock().expect("not poisoned").connections, 2);
    });
}

#[test]
fn a_4xx_at_any_phase_defers() {
    for (at, phase) in EACH {
        for text in ["450 4.2.0 busy", "421 4.3.2 closing"] {
            assert!(matches!(says(at, text), Outcome::Deferred { phase: p, reply } if p == phase && reply.contains(&text[..3])), "{at:?}");
        }
    }
    assert!(matches!(says(At::Dot, "451 4.3.0 try later"), Outcome::Deferred { phase: Phase::Body, .. }));
}

#[test]
fn a_5xx_about_the_mail_is_the_recipients_and_a_5xx_before_it_the_relays() {
    for (at, phase) in EACH {
        let outcome = says(at, "550 5.7.1 refused");
        match phase {
            Phase::RcptTo | Phase::Data => assert!(matches!(outcome, Outcome::RecipientRefused { code: 550, .. }), "{at:?} {outcome:?}"),
            _ => assert!(matches!(outcome, Outcome::RelayRefused { phase: p, .. } if p == phase), "{at:?} {outcome:?}"),
        }
    }
    assert!(matches!(says(At::Dot, "554 5.6.0 spam"), Outcome::RecipientRefused { code: 554, .. }));
}

#[test]
fn silence_before_the_final_dot_defers_and_after_it_leaves_the_outcome_uncertain() {
    for (at, phase) in EACH {
        let outcome = outcome(true, move |now, _| (now == at).then_some(Answer::Silence));
        assert!(
            matches!(&outcome, Outcome::Deferred { phase: p, reply } if *p == phase && reply.contains("no answer within")),
            "{at:?} {outcome:?}"
        );
    }
    let outcome = outcome(true, |now, _| (now == At::Dot).then_some(Answer::Silence));
    assert!(matches!(outcome, Outcome::Uncertain { .. }), "{outcome:?}");
}

#[test]
fn a_cut_before_the_final_dot_defers_and_after_it_leaves_the_outcome_uncertain() {
    for (at, phase) in EACH {
        let outcome = outcome(false, move |now, _| (now == at).then_some(Answer::Cut));
        assert!(matches!(&outcome, Outcome::Deferred { phase: p, .. } if *p == phase), "{at:?} {outcome:?}");
    }
    for answer in [Answer::Cut, Answer::Say("25"), Answer::Say("354 what"), Answer::Say("nonsense")] {
        let scripted = answer.clone();
        let outcome = outcome(true, move |now, _| (now == At::Dot).then_some(scripted.clone()));
        assert!(matches!(outcome, Outcome::Uncertain { .. }), "{answer:?} {outcome:?}");
    }
}

#[test]
fn a_relay_that_drips_floods_or_babbles_costs_little_time_and_memory() {
    let endless = |quick, bytes, pace, expected: &str| {
        let outcome = outcome(quick, move |now, _| (now == At::Rcpt).then_some(Answer::Endless(bytes, pace)));
        assert!(matches!(&outcome, Outcome::Deferred { reply, .. } if reply.contains(expected)), "{outcome:?}");
    };
    endless(true, b"2", Duration::from_millis(20), "no answer within");
    endless(false, &[b'2'; 100_000], Duration::ZERO, "more than a relay has to say");
    endless(true, b"250-ok\r\n", Duration::from_millis(1), "no answer within");
    endless(true, b"\x7f\x01 nonsense\r\n", Duration::from_millis(1), "no answer within");
}

#[test]
fn a_positive_reply_that_does_not_belong_there_is_no_go_ahead() {
    assert!(matches!(says(At::Rcpt, "354 go ahead"), Outcome::Deferred { phase: Phase::RcptTo, .. }));
    assert!(matches!(says(At::Data, "250 ok"), Outcome::Deferred { phase: Phase::Data, .. }));
}

#[test]
fn nothing_is_sent_over_a_connection_on_which_something_went_wrong() {
    run(async {
        let script: Script = Arc::new(|at, connection| (at == At::Rcpt && connection == 1).then_some(Answer::Say("550 no such user")));
        let (port, seen) = server(script);
        let mut mailer = mailer(port, false);
        assert!(matches!(send_one(&mut mailer, "a@x.cn").await, Outcome::RecipientRefused { .. }));
        assert!(matches!(send_one(&mut mailer, "b@x.cn").await, Outcome::Accepted { .. }));
        assert_eq!(seen.lock().expect("not poisoned").connections, 2);
    });
}

#[test]
fn a_relay_that_is_not_there_defers() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let outcome = run(async { send_one(&mut mailer(port, false), "a@x.cn").await });
    assert!(matches!(outcome, Outcome::Deferred { phase: Phase::Connect, .. }), "{outcome:?}");
}

#[test]
fn starttls_that_is_not_offered_or_refused_is_never_done_without() {
    let starttls = |ehlo: &'static str, answer: Answer| {
        run(async move {
            let script: Script = Arc::new(move |at, _| match at {
                At::Ehlo => Some(Answer::Say(ehlo)),
                At::StartTls => Some(answer.clone()),
                _ => None,
            });
            let (port, seen) = server(script);
            let relay = Relay {
                host: "127.0.0.1".into(),
                port,
                deadlines: deadlines(true),
                ..Relay::new("127.0.0.1", 587, Encryption::StartTls, false).expect("a relay")
            };
            let outcome = send_one(&mut SmtpMailer::new(relay).expect("a mailer"), "a@x.cn").await;
            let commands = seen.lock().expect("not poisoned").commands.clone();
            assert!(!commands.iter().any(|command| command.starts_with("AUTH") || command.starts_with("MAIL")), "{commands:?}");
            outcome
        })
    };
    let offered = "250-relay.example.cn\r\n250 STARTTLS";
    assert!(matches!(starttls("250 relay.example.cn", Answer::Say("220")), Outcome::RelayRefused { phase: Phase::StartTls, .. }));
    assert!(matches!(starttls(offered, Answer::Say("554 no TLS here")), Outcome::RelayRefused { phase: Phase::StartTls, .. }));
    assert!(matches!(starttls(offered, Answer::Say("454 later")), Outcome::Deferred { phase: Phase::StartTls, .. }));
    assert!(matches!(starttls(offered, Answer::Silence), Outcome::Deferred { phase: Phase::StartTls, .. }));
    // Replies put behind the go-ahead are not taken for replies of the encrypted dialogue: the handshake breaks on them.
    let injected = starttls(
        offered,
        Answer::Say("220 go ahead\r\n250-relay.example.cn\r\n250 AUTH PLAIN\r\n235 welcome\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued"),
    );
    assert!(matches!(injected, Outcome::RelayRefused { phase: Phase::StartTls, .. }), "{injected:?}");
}

#[test]
fn no_outcome_shows_the_password_or_an_address() {
    let refused = says(At::Auth, "535 5.7.8 <sisan@gz.example.cn> AGdlaGVpbQ== bad password");
    let reply = refused.reply();
    assert!(reply.starts_with("AUTH: 535") && !reply.contains('@') && !reply.contains("geheim"), "{reply}");
}

#[test]
fn what_was_said_is_recorded_on_request_without_credentials_addresses_or_message() {
    run(async {
        let (port, _) = server(Arc::new(|_, _| None));
        let mut mailer = mailer(port, false).recorded();
        assert!(matches!(send_one(&mut mailer, "wang.fang@gz.example.cn").await, Outcome::Accepted { .. }));
        mailer.close().await;
        let lines = mailer.dialogue();
        assert!(
            lines[0].starts_with(&format!("> connect to 127.0.0.1 port {port}, in the clear, within this machine; EHLO ")),
            "{lines:?}"
        );
        assert!(lines[1].starts_with("< relay.example.cn with"), "{lines:?}");
        let after =
            ["> AUTH (user and password not shown)", "< 235 welcome", "> MAIL FROM (address)", "< 250 2.1.0 ok", "> RCPT TO (address)"];
        assert_eq!(lines[2..7], after);
        let last = ["< 250 2.1.5 ok", "> DATA", "< 354 go ahead"];
        assert_eq!(lines[7..10], last);
        assert!(lines[10].starts_with("> (a message of ") && lines[11..] == ["< 250 2.0.0 queued as 4711", "> QUIT"], "{lines:?}");
        let all = lines.join("\n");
        assert!(!all.contains('@') && !all.contains("geheim") && !all.contains("c2lzYW4"), "{all}");
    });
}

#[test]
fn a_recorded_dialogue_ends_with_what_went_wrong() {
    run(async {
        let (port, _) = server(Arc::new(|at, _| (at == At::Rcpt).then_some(Answer::Say("550 5.1.1 <wang.fang@gz.example.cn> unknown"))));
        let mut mailer = mailer(port, false).recorded();
        let outcome = send_one(&mut mailer, "wang.fang@gz.example.cn").await;
        assert!(matches!(outcome, Outcome::RecipientRefused { code: 550, .. }), "{outcome:?}");
        assert_eq!(mailer.dialogue().last().map(String::as_str), Some("< 550 5.1.1 (address) unknown"));
    });
}

/// What is usual at each phase, with this text.
fn usual(at: At, text: &[u8]) -> &'static [u8] {
    let code: &[u8] = match at {
        At::Greeting | At::StartTls => b"220",
        At::Ehlo => b"250-relay.example.cn\r\n250-AUTH PLAIN\r\n250",
        At::Auth => b"235",
        At::Data => b"354",
        At::Mail | At::Rcpt | At::Dot => b"250",
    };
    Box::leak([code, text].concat().into_boxed_slice())
}

/// "用户不存在" in GBK.
const NO_SUCH_USER: &[u8] = b"550 \xd3\xc3\xbb\xa7\xb2\xbb\xb4\xe6\xd4\xda\r\n";

#[test]
fn a_reply_without_text_or_carriage_return_or_in_another_encoding_is_understood_at_every_phase() {
    for text in [b"\r\n".as_slice(), b"\n", b" \r\n", b" ok\n", b" \xb3\xc9\xb9\xa6\r\n", b" \xff\xff\r\n"] {
        let taken = outcome(false, move |at, _| Some(Answer::Octets(usual(at, text))));
        assert!(matches!(taken, Outcome::Accepted { .. }), "{}: {taken:?}", text.escape_ascii());
        for at in [At::Greeting, At::Ehlo, At::Auth, At::Mail, At::Rcpt, At::Data, At::Dot] {
            let taken = outcome(false, move |now, _| (now == at).then(|| Answer::Octets(usual(at, text))));
            assert!(matches!(taken, Outcome::Accepted { .. }), "{at:?} {}: {taken:?}", text.escape_ascii());
        }
    }
}

#[test]
fn a_refusal_in_another_encoding_is_the_recipients_and_the_next_mail_goes() {
    run(async {
        let script: Script = Arc::new(|at, connection| (at == At::Rcpt && connection == 1).then_some(Answer::Octets(NO_SUCH_USER)));
        let (port, _) = server(script);
        let mut mailer = mailer(port, false);
        let refused = send_one(&mut mailer, "a@x.cn").await;
        assert_eq!(refused, Outcome::RecipientRefused { code: 550, reply: "用户不存在".into() });
        assert!(matches!(send_one(&mut mailer, "b@x.cn").await, Outcome::Accepted { .. }));
    });
}

#[test]
fn after_the_final_dot_a_code_decides_though_the_end_of_its_line_never_comes() {
    let endless: &'static [u8] = Box::leak([b"250 ".as_slice(), &[b'x'; 1 << 20]].concat().into_boxed_slice());
    for answer in [Answer::Last(b"250 queu"), Answer::Octets(b"250 queu"), Answer::Octets(endless)] {
        run(async {
            let scripted = answer.clone();
            let script: Script = Arc::new(move |at, connection| (at == At::Dot && connection == 1).then_some(scripted.clone()));
            let (port, seen) = server(script);
            let mut mailer = mailer(port, true);
            let taken = send_one(&mut mailer, "a@x.cn").await;
            assert!(matches!(taken, Outcome::Accepted { .. }), "{taken:?}");
            assert!(matches!(send_one(&mut mailer, "b@x.cn").await, Outcome::Accepted { .. }));
            assert_eq!(seen.lock().expect("not poisoned").connections, 2, "the first is not used again");
        });
    }
    let refused = outcome(true, |now, _| (now == At::Dot).then_some(Answer::Last(b"554 spam")));
    assert!(matches!(refused, Outcome::RecipientRefused { code: 554, .. }), "{refused:?}");
}

#[test]
fn a_megabyte_in_a_line_and_lines_without_end_are_given_up_at_every_phase() {
    let line: &'static [u8] = Box::leak(vec![b'x'; 1 << 20].into_boxed_slice());
    for flood in [line, b"250-and so on\r\n".as_slice()] {
        for (at, phase) in EACH {
            let outcome = outcome(false, move |now, _| (now == at).then_some(Answer::Endless(flood, Duration::ZERO)));
            let is_too_much = |reply: &str| reply.contains("more than a relay has to say");
            assert!(matches!(&outcome, Outcome::Deferred { phase: p, reply } if *p == phase && is_too_much(reply)), "{at:?} {outcome:?}");
        }
        let outcome = outcome(false, move |now, _| (now == At::Dot).then_some(Answer::Endless(flood, Duration::ZERO)));
        assert!(matches!(outcome, Outcome::Uncertain { .. }), "{outcome:?}");
    }
}

#[test]
fn a_reply_that_was_not_asked_for_is_never_taken_for_the_next_commands() {
    for (at, phase) in [(At::Greeting, Phase::Greeting), (At::Ehlo, Phase::Auth), (At::Mail, Phase::RcptTo), (At::Rcpt, Phase::Data)] {
        let outcome = outcome(true, move |now, _| (now == at).then(|| Answer::Octets(usual(at, b" ok\r\n250 ok\r\n"))));
        assert!(matches!(&outcome, Outcome::Deferred { phase: p, .. } if *p == phase), "{at:?} {outcome:?}");
    }
}

#[test]
fn leave_is_asked_once_and_only_when_all_but_the_final_dot_is_written() {
    let asked = |quick, script: Script| {
        run(async {
            let (port, seen) = server(script);
            let mut asked = 0;
            let mut leave = || {
                asked += 1;
                let seen = seen.lock().expect("not poisoned");
                assert!(seen.messages.is_empty() && seen.commands.last().is_some_and(|command| command == "DATA"), "{seen:?}");
                true
            };
            drop(send_if(&mut mailer(port, quick), "a@x.cn", &mut leave).await);
            asked
        })
    };
    for (at, _) in EACH {
        for answer in [Answer::Silence, Answer::Say("450 later"), Answer::Cut] {
            let scripted = answer.clone();
            assert_eq!(asked(true, Arc::new(move |now, _| (now == at).then_some(scripted.clone()))), 0, "{at:?} {answer:?}");
        }
    }
    assert_eq!(asked(false, Arc::new(|_, _| None)), 1);
}

#[test]
fn without_leave_the_message_is_not_ended() {
    run(async {
        let (port, seen) = server(Arc::new(|_, _| None));
        let mut mailer = mailer(port, false);
        let outcome = send_if(&mut mailer, "a@x.cn", &mut || false).await;
        assert!(matches!(outcome, Outcome::Deferred { phase: Phase::Body, .. }), "{outcome:?}");
        assert!(matches!(send_one(&mut mailer, "b@x.cn").await, Outcome::Accepted { .. }));
        assert_eq!(seen.lock().expect("not poisoned").messages.len(), 1, "the first was not taken");
    });
}

#[test]
fn a_relay_that_knows_login_alone_is_told_user_and_password_one_after_the_other() {
    run(async {
        let script: Script = Arc::new(|at, _| (at == At::Ehlo).then_some(Answer::Say("250-relay.example.cn\r\n250 AUTH LOGIN")));
        let (port, seen) = server(script);
        assert!(matches!(send_one(&mut mailer(port, false), "a@x.cn").await, Outcome::Accepted { .. }));
        let seen = seen.lock().expect("not poisoned");
        assert_eq!(seen.commands[1..4], ["AUTH LOGIN", "c2lzYW4=", "Z2VoZWlt"]);
    });
}
