//! A scripted server on this machine, and mails sent to it.

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::domain::last_reply::Phase;
use crate::domain::relay_security::RelaySecurity;
use crate::domain::secret::Secret;
use crate::notify::fixtures;
use crate::notify::mailer::{Credentials, Deadlines, Leave, Letter, Relay, SmtpMailer};
use crate::notify::retry::Outcome;

/// When the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum At {
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
pub(super) enum Answer {
    Say(&'static str),
    /// These octets as they are.
    Octets(&'static [u8]),
    /// These octets, and then closes the connection.
    Last(&'static [u8]),
    /// Nothing, until the client closes the connection.
    Silence,
    Cut,
    /// These bytes, again and again, at this pace, and never a whole reply.
    Endless(&'static [u8], Duration),
}

pub(super) type Script = Arc<dyn Fn(At, usize) -> Option<Answer> + Send + Sync>;

/// What the server received.
#[derive(Debug, Default)]
pub(super) struct Received {
    pub(super) connections: usize,
    pub(super) commands: Vec<String>,
    pub(super) messages: Vec<Vec<u8>>,
}

/// A server that follows the script, and where that has no answer, the protocol. `usize` counts
/// connections from 1.
pub(super) fn server(script: Script) -> (u16, Arc<Mutex<Received>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let received = Arc::new(Mutex::new(Received::default()));
    let shared = Arc::clone(&received);
    thread::spawn(move || {
        for tcp in listener.incoming() {
            let connection = {
                let mut received = shared.lock().expect("not poisoned");
                received.connections += 1;
                received.connections
            };
            let (script, received) = (Arc::clone(&script), Arc::clone(&shared));
            // Whatever the client does to the connection is the client's to report.
            thread::spawn(move || {
                drop(serve(
                    tcp.expect("a connection"),
                    &script,
                    connection,
                    &received,
                ))
            });
        }
    });
    (port, received)
}

/// Answers as scripted; an error where the dialogue is over.
fn answer(
    tcp: &mut BufReader<TcpStream>,
    script: &Script,
    at: At,
    connection: usize,
    usual: &'static str,
) -> io::Result<()> {
    match script(at, connection).unwrap_or(Answer::Say(usual)) {
        Answer::Say(text) => tcp.get_mut().write_all(format!("{text}\r\n").as_bytes()),
        Answer::Octets(octets) => tcp.get_mut().write_all(octets),
        Answer::Last(octets) => tcp
            .get_mut()
            .write_all(octets)
            .and(Err(io::ErrorKind::ConnectionAborted.into())),
        Answer::Cut => Err(io::ErrorKind::ConnectionAborted.into()),
        Answer::Endless(bytes, pace) => loop {
            tcp.get_mut().write_all(bytes)?;
            thread::sleep(pace);
        },
        Answer::Silence => tcp
            .read_to_end(&mut Vec::new())
            .and(Err(io::ErrorKind::TimedOut.into())),
    }
}

/// A message with its final dot; none if the client went away before.
fn read_message(tcp: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut message = Vec::new();
    while !message.ends_with(b"\r\n.\r\n") {
        if tcp.read_until(b'\n', &mut message)? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(message))
}

fn serve(
    tcp: TcpStream,
    script: &Script,
    connection: usize,
    received: &Mutex<Received>,
) -> io::Result<()> {
    let mut tcp = BufReader::new(tcp);
    answer(
        &mut tcp,
        script,
        At::Greeting,
        connection,
        "220 relay.example.cn ESMTP",
    )?;
    let mut line = String::new();
    while tcp.read_line(&mut line)? > 0 {
        let command = std::mem::take(&mut line).trim_end().to_owned();
        received
            .lock()
            .expect("not poisoned")
            .commands
            .push(command.clone());
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
            "EHLO" => (
                At::Ehlo,
                "250-relay.example.cn\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 10000000",
            ),
            "STARTTLS" => (At::StartTls, "220 go ahead"),
            "AUTH" => (At::Auth, "235 welcome"),
            "MAIL" => (At::Mail, "250 2.1.0 ok"),
            "RCPT" => (At::Rcpt, "250 2.1.5 ok"),
            "DATA" => (At::Data, "354 go ahead"),
            _ => return tcp.get_mut().write_all(b"221 bye\r\n"),
        };
        answer(&mut tcp, script, at, connection, usual)?;
        if at == At::Data {
            let Some(message) = read_message(&mut tcp)? else {
                return Ok(());
            };
            received
                .lock()
                .expect("not poisoned")
                .messages
                .push(message);
            answer(
                &mut tcp,
                script,
                At::Dot,
                connection,
                "250 2.0.0 queued as 4711",
            )?;
        }
    }
    Ok(())
}

pub(super) fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

/// Deadlines that a silent server reaches at once, and a local one never.
pub(super) fn deadlines(quick: bool) -> Deadlines {
    let wait = if quick {
        Duration::from_millis(150)
    } else {
        Duration::from_secs(20)
    };
    Deadlines {
        connect: wait,
        greeting: wait,
        starttls: wait,
        auth: wait,
        mail: wait,
        rcpt: wait,
        data: wait,
        body: wait,
        quit: wait,
    }
}

pub(super) fn relay(port: u16) -> Relay {
    Relay::new("127.0.0.1", port, RelaySecurity::Plaintext, true).expect("a relay")
}

pub(super) fn mailer(port: u16, quick: bool) -> SmtpMailer {
    let credentials = Some(Credentials {
        user: "sisan".into(),
        password: Secret::new("geheim"),
    });
    SmtpMailer::new(Relay {
        credentials,
        deadlines: deadlines(quick),
        ..relay(port)
    })
    .expect("a mailer")
}

pub(super) async fn send_one(mailer: &mut SmtpMailer, to: &str) -> Outcome {
    send_if(mailer, to, &mut || true).await
}

pub(super) async fn send_if(mailer: &mut SmtpMailer, to: &str, leave: Leave<'_>) -> Outcome {
    let (mail, sender) = (fixtures::mail(to), fixtures::sender());
    let message = crate::notify::tests::bytes_of(&mail);
    mailer
        .send(
            Letter {
                mail: &mail,
                from: &sender,
                message: &message,
            },
            leave,
        )
        .await
}

/// The outcome of one mail to a server that follows `script`.
pub(super) fn outcome(
    quick: bool,
    script: impl Fn(At, usize) -> Option<Answer> + Send + Sync + 'static,
) -> Outcome {
    run(async {
        let (port, _) = server(Arc::new(script));
        send_one(&mut mailer(port, quick), "wang.fang@gz.example.cn").await
    })
}

pub(super) fn says(at: At, text: &'static str) -> Outcome {
    outcome(false, move |now, _| {
        (now == at).then_some(Answer::Say(text))
    })
}

pub(super) const EACH: [(At, Phase); 6] = [
    (At::Greeting, Phase::Greeting),
    (At::Ehlo, Phase::Greeting),
    (At::Auth, Phase::Auth),
    (At::Mail, Phase::MailFrom),
    (At::Rcpt, Phase::RcptTo),
    (At::Data, Phase::Data),
];
