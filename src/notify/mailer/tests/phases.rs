//! The errors of each phase, and their outcomes for the mail.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use super::server::*;
use crate::domain::last_reply::Phase;
use crate::notify::fixtures;
use crate::notify::retry::Outcome;

#[test]
fn a_mail_that_the_relay_takes_is_accepted_and_arrives_whole() {
    run(async {
        let (port, received) = server(Arc::new(|_, _| None));
        let mut mailer = mailer(port, false);
        let outcome = send_one(&mut mailer, "wang.fang@gz.example.cn").await;
        assert_eq!(
            outcome,
            Outcome::Accepted {
                reply: "250 2.0.0 queued as 4711".into()
            }
        );
        mailer.close().await;
        let received = received.lock().expect("not poisoned");
        let verbs: Vec<&str> = received
            .commands
            .iter()
            .map(|command| command.split(' ').next().unwrap_or_default())
            .collect();
        assert_eq!(verbs, ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]);
        assert_eq!(
            received.commands[2..4],
            [
                "MAIL FROM:<sisan@gz.example.cn>",
                "RCPT TO:<wang.fang@gz.example.cn>"
            ]
        );
        let message = crate::notify::tests::bytes_of(&fixtures::mail("wang.fang@gz.example.cn"));
        assert!(received.messages[0].starts_with(&message));
    });
}

#[test]
fn a_connection_is_used_for_the_next_mail_and_renewed_after_fifty() {
    run(async {
        let (port, received) = server(Arc::new(|_, _| None));
        let mut mailer = mailer(port, false);
        for n in 0..51 {
            assert!(matches!(
                send_one(&mut mailer, &format!("m{n}@x.cn")).await,
                Outcome::Accepted { .. }
            ));
        }
        assert_eq!(received.lock().expect("not poisoned").connections, 2);
    });
}

#[test]
fn a_4xx_at_any_phase_defers() {
    for (at, phase) in EACH {
        for text in ["450 4.2.0 busy", "421 4.3.2 closing"] {
            assert!(
                matches!(says(at, text), Outcome::Deferred { phase: p, reply } if p == phase && reply.contains(&text[..3])),
                "{at:?}"
            );
        }
    }
    assert!(matches!(
        says(At::Dot, "451 4.3.0 try later"),
        Outcome::Deferred {
            phase: Phase::Body,
            ..
        }
    ));
}

#[test]
fn a_5xx_about_the_mail_is_the_recipients_and_a_5xx_before_it_the_relays() {
    for (at, phase) in EACH {
        let outcome = says(at, "550 5.7.1 refused");
        match phase {
            Phase::RcptTo | Phase::Data => assert!(
                matches!(outcome, Outcome::RecipientRefused { code: 550, .. }),
                "{at:?} {outcome:?}"
            ),
            _ => assert!(
                matches!(outcome, Outcome::RelayRefused { phase: p, .. } if p == phase),
                "{at:?} {outcome:?}"
            ),
        }
    }
    assert!(matches!(
        says(At::Dot, "554 5.6.0 spam"),
        Outcome::RecipientRefused { code: 554, .. }
    ));
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
        assert!(
            matches!(&outcome, Outcome::Deferred { phase: p, .. } if *p == phase),
            "{at:?} {outcome:?}"
        );
    }
    for answer in [
        Answer::Cut,
        Answer::Say("25"),
        Answer::Say("354 what"),
        Answer::Say("nonsense"),
    ] {
        let scripted = answer.clone();
        let outcome = outcome(true, move |now, _| {
            (now == At::Dot).then_some(scripted.clone())
        });
        assert!(
            matches!(outcome, Outcome::Uncertain { .. }),
            "{answer:?} {outcome:?}"
        );
    }
}

#[test]
fn a_relay_that_drips_floods_or_babbles_costs_little_time_and_memory() {
    let endless = |quick, bytes, pace, expected: &str| {
        let outcome = outcome(quick, move |now, _| {
            (now == At::Rcpt).then_some(Answer::Endless(bytes, pace))
        });
        assert!(
            matches!(&outcome, Outcome::Deferred { reply, .. } if reply.contains(expected)),
            "{outcome:?}"
        );
    };
    endless(true, b"2", Duration::from_millis(20), "no answer within");
    endless(
        false,
        &[b'2'; 100_000],
        Duration::ZERO,
        "more than a relay has to say",
    );
    endless(
        true,
        b"250-ok\r\n",
        Duration::from_millis(1),
        "no answer within",
    );
    endless(
        true,
        b"\x7f\x01 nonsense\r\n",
        Duration::from_millis(1),
        "no answer within",
    );
}

#[test]
fn a_positive_reply_that_does_not_belong_there_is_no_go_ahead() {
    assert!(matches!(
        says(At::Rcpt, "354 go ahead"),
        Outcome::Deferred {
            phase: Phase::RcptTo,
            ..
        }
    ));
    assert!(matches!(
        says(At::Data, "250 ok"),
        Outcome::Deferred {
            phase: Phase::Data,
            ..
        }
    ));
}

#[test]
fn nothing_is_sent_over_a_connection_on_which_something_went_wrong() {
    run(async {
        let script: Script = Arc::new(|at, connection| {
            (at == At::Rcpt && connection == 1).then_some(Answer::Say("550 no such user"))
        });
        let (port, received) = server(script);
        let mut mailer = mailer(port, false);
        assert!(matches!(
            send_one(&mut mailer, "a@x.cn").await,
            Outcome::RecipientRefused { .. }
        ));
        assert!(matches!(
            send_one(&mut mailer, "b@x.cn").await,
            Outcome::Accepted { .. }
        ));
        assert_eq!(received.lock().expect("not poisoned").connections, 2);
    });
}

#[test]
fn a_relay_that_is_not_there_defers() {
    let port = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address")
        .port();
    let outcome = run(async { send_one(&mut mailer(port, false), "a@x.cn").await });
    assert!(
        matches!(
            outcome,
            Outcome::Deferred {
                phase: Phase::Connect,
                ..
            }
        ),
        "{outcome:?}"
    );
}

#[test]
fn leave_is_asked_once_and_only_when_all_but_the_final_dot_is_written() {
    let asked = |quick, script: Script| {
        run(async {
            let (port, received) = server(script);
            let mut asked = 0;
            let mut leave = || {
                asked += 1;
                let received = received.lock().expect("not poisoned");
                assert!(
                    received.messages.is_empty()
                        && received
                            .commands
                            .last()
                            .is_some_and(|command| command == "DATA"),
                    "{received:?}"
                );
                true
            };
            drop(send_if(&mut mailer(port, quick), "a@x.cn", &mut leave).await);
            asked
        })
    };
    for (at, _) in EACH {
        for answer in [Answer::Silence, Answer::Say("450 later"), Answer::Cut] {
            let scripted = answer.clone();
            assert_eq!(
                asked(
                    true,
                    Arc::new(move |now, _| (now == at).then_some(scripted.clone()))
                ),
                0,
                "{at:?} {answer:?}"
            );
        }
    }
    assert_eq!(asked(false, Arc::new(|_, _| None)), 1);
}

#[test]
fn without_leave_the_message_is_not_ended() {
    run(async {
        let (port, received) = server(Arc::new(|_, _| None));
        let mut mailer = mailer(port, false);
        let outcome = send_if(&mut mailer, "a@x.cn", &mut || false).await;
        assert!(
            matches!(
                outcome,
                Outcome::Deferred {
                    phase: Phase::Body,
                    ..
                }
            ),
            "{outcome:?}"
        );
        assert!(matches!(
            send_one(&mut mailer, "b@x.cn").await,
            Outcome::Accepted { .. }
        ));
        assert_eq!(
            received.lock().expect("not poisoned").messages.len(),
            1,
            "the first was not taken"
        );
    });
}

#[test]
fn a_relay_that_knows_login_alone_is_told_user_and_password_one_after_the_other() {
    run(async {
        let script: Script = Arc::new(|at, _| {
            (at == At::Ehlo).then_some(Answer::Say("250-relay.example.cn\r\n250 AUTH LOGIN"))
        });
        let (port, received) = server(script);
        assert!(matches!(
            send_one(&mut mailer(port, false), "a@x.cn").await,
            Outcome::Accepted { .. }
        ));
        let received = received.lock().expect("not poisoned");
        assert_eq!(
            received.commands[1..4],
            ["AUTH LOGIN", "c2lzYW4=", "Z2VoZWlt"]
        );
    });
}
