//! What is never sent in the open: passwords without security, addresses in what is recorded.

use std::sync::Arc;

use super::server::*;
use crate::domain::last_reply::Phase;
use crate::domain::relay_security::RelaySecurity;
use crate::notify::mailer::{Relay, SmtpMailer};
use crate::notify::retry::Outcome;

/// The outcome of a mail at a relay with these answers to EHLO and to STARTTLS; nothing is sent in
/// the open.
fn starttls(ehlo: &'static str, answer: Answer) -> Outcome {
    run(async move {
        let script: Script = Arc::new(move |at, _| match at {
            At::Ehlo => Some(Answer::Say(ehlo)),
            At::StartTls => Some(answer.clone()),
            _ => None,
        });
        let (port, received) = server(script);
        let relay = Relay {
            host: "127.0.0.1".into(),
            port,
            deadlines: deadlines(true),
            ..Relay::new("127.0.0.1", 587, RelaySecurity::StartTls, false).expect("a relay")
        };
        let outcome = send_one(&mut SmtpMailer::new(relay).expect("a mailer"), "a@x.cn").await;
        let commands = received.lock().expect("not poisoned").commands.clone();
        assert!(
            !commands
                .iter()
                .any(|command| command.starts_with("AUTH") || command.starts_with("MAIL")),
            "{commands:?}"
        );
        outcome
    })
}

#[test]
fn starttls_that_is_not_offered_or_refused_is_never_done_without() {
    let offered = "250-relay.example.cn\r\n250 STARTTLS";
    assert!(matches!(
        starttls("250 relay.example.cn", Answer::Say("220")),
        Outcome::RelayRefused {
            phase: Phase::StartTls,
            ..
        }
    ));
    assert!(matches!(
        starttls(offered, Answer::Say("554 no TLS here")),
        Outcome::RelayRefused {
            phase: Phase::StartTls,
            ..
        }
    ));
    assert!(matches!(
        starttls(offered, Answer::Say("454 later")),
        Outcome::Deferred {
            phase: Phase::StartTls,
            ..
        }
    ));
    assert!(matches!(
        starttls(offered, Answer::Silence),
        Outcome::Deferred {
            phase: Phase::StartTls,
            ..
        }
    ));
    // Replies put behind the go-ahead are not taken for replies of the encrypted dialogue: the
    // handshake breaks on them.
    let injected = starttls(
        offered,
        Answer::Say(
            "220 go ahead\r\n250-relay.example.cn\r\n250 AUTH PLAIN\r\n235 welcome\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued",
        ),
    );
    assert!(
        matches!(
            injected,
            Outcome::RelayRefused {
                phase: Phase::StartTls,
                ..
            }
        ),
        "{injected:?}"
    );
}

#[test]
fn no_outcome_shows_the_password_or_an_address() {
    let refused = says(
        At::Auth,
        "535 5.7.8 <sisan@gz.example.cn> AGdlaGVpbQ== bad password",
    );
    let reply = refused.reply().to_string();
    assert!(
        reply.starts_with("AUTH: 535") && !reply.contains('@') && !reply.contains("geheim"),
        "{reply}"
    );
}

#[test]
fn what_was_said_is_recorded_on_request_without_credentials_addresses_or_message() {
    run(async {
        let (port, _) = server(Arc::new(|_, _| None));
        let mut mailer = mailer(port, false).recorded();
        assert!(matches!(
            send_one(&mut mailer, "wang.fang@gz.example.cn").await,
            Outcome::Accepted { .. }
        ));
        mailer.close().await;
        let lines = mailer.dialogue();
        assert!(
            lines[0].starts_with(&format!(
                "> connect to 127.0.0.1 port {port}, in the clear, within this machine; EHLO "
            )),
            "{lines:?}"
        );
        assert!(lines[1].starts_with("< relay.example.cn with"), "{lines:?}");
        let after = [
            "> AUTH (user and password not shown)",
            "< 235 welcome",
            "> MAIL FROM (address)",
            "< 250 2.1.0 ok",
            "> RCPT TO (address)",
        ];
        assert_eq!(lines[2..7], after);
        let last = ["< 250 2.1.5 ok", "> DATA", "< 354 go ahead"];
        assert_eq!(lines[7..10], last);
        assert!(
            lines[10].starts_with("> (a message of ")
                && lines[11..] == ["< 250 2.0.0 queued as 4711", "> QUIT"],
            "{lines:?}"
        );
        let all = lines.join("\n");
        assert!(
            !all.contains('@') && !all.contains("geheim") && !all.contains("c2lzYW4"),
            "{all}"
        );
    });
}

#[test]
fn a_recorded_dialogue_ends_with_what_went_wrong() {
    run(async {
        let (port, _) = server(Arc::new(|at, _| {
            (at == At::Rcpt).then_some(Answer::Say("550 5.1.1 <wang.fang@gz.example.cn> unknown"))
        }));
        let mut mailer = mailer(port, false).recorded();
        let outcome = send_one(&mut mailer, "wang.fang@gz.example.cn").await;
        assert!(
            matches!(outcome, Outcome::RecipientRefused { code: 550, .. }),
            "{outcome:?}"
        );
        assert_eq!(
            mailer.dialogue().last().map(String::as_str),
            Some("< 550 5.1.1 (address) unknown")
        );
    });
}
