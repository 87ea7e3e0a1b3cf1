//! Replies without text, without ends, in other encodings, and without a command.

use std::sync::Arc;
use std::time::Duration;

use super::server::*;
use crate::domain::last_reply::Phase;
use crate::notify::retry::Outcome;

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
    for text in [
        b"\r\n".as_slice(),
        b"\n",
        b" \r\n",
        b" ok\n",
        b" \xb3\xc9\xb9\xa6\r\n",
        b" \xff\xff\r\n",
    ] {
        let taken = outcome(false, move |at, _| Some(Answer::Octets(usual(at, text))));
        assert!(
            matches!(taken, Outcome::Accepted { .. }),
            "{}: {taken:?}",
            text.escape_ascii()
        );
        for at in [
            At::Greeting,
            At::Ehlo,
            At::Auth,
            At::Mail,
            At::Rcpt,
            At::Data,
            At::Dot,
        ] {
            let taken = outcome(false, move |now, _| {
                (now == at).then(|| Answer::Octets(usual(at, text)))
            });
            assert!(
                matches!(taken, Outcome::Accepted { .. }),
                "{at:?} {}: {taken:?}",
                text.escape_ascii()
            );
        }
    }
}

#[test]
fn a_refusal_in_another_encoding_is_the_recipients_and_the_next_mail_goes() {
    run(async {
        let script: Script = Arc::new(|at, connection| {
            (at == At::Rcpt && connection == 1).then_some(Answer::Octets(NO_SUCH_USER))
        });
        let (port, _) = server(script);
        let mut mailer = mailer(port, false);
        let refused = send_one(&mut mailer, "a@x.cn").await;
        assert_eq!(
            refused,
            Outcome::RecipientRefused {
                code: 550,
                reply: "用户不存在".into()
            }
        );
        assert!(matches!(
            send_one(&mut mailer, "b@x.cn").await,
            Outcome::Accepted { .. }
        ));
    });
}

#[test]
fn after_the_final_dot_a_code_decides_though_the_end_of_its_line_never_comes() {
    let endless: &'static [u8] = Box::leak(
        [b"250 ".as_slice(), &[b'x'; 1 << 20]]
            .concat()
            .into_boxed_slice(),
    );
    for answer in [
        Answer::Last(b"250 queu"),
        Answer::Octets(b"250 queu"),
        Answer::Octets(endless),
    ] {
        run(async {
            let scripted = answer.clone();
            let script: Script = Arc::new(move |at, connection| {
                (at == At::Dot && connection == 1).then_some(scripted.clone())
            });
            let (port, received) = server(script);
            let mut mailer = mailer(port, true);
            let taken = send_one(&mut mailer, "a@x.cn").await;
            assert!(matches!(taken, Outcome::Accepted { .. }), "{taken:?}");
            assert!(matches!(
                send_one(&mut mailer, "b@x.cn").await,
                Outcome::Accepted { .. }
            ));
            assert_eq!(
                received.lock().expect("not poisoned").connections,
                2,
                "the first is not used again"
            );
        });
    }
    let refused = outcome(true, |now, _| {
        (now == At::Dot).then_some(Answer::Last(b"554 spam"))
    });
    assert!(
        matches!(refused, Outcome::RecipientRefused { code: 554, .. }),
        "{refused:?}"
    );
}

#[test]
fn a_megabyte_in_a_line_and_lines_without_end_are_given_up_at_every_phase() {
    let line: &'static [u8] = Box::leak(vec![b'x'; 1 << 20].into_boxed_slice());
    for flood in [line, b"250-and so on\r\n".as_slice()] {
        for (at, phase) in EACH {
            let outcome = outcome(false, move |now, _| {
                (now == at).then_some(Answer::Endless(flood, Duration::ZERO))
            });
            let is_too_much = |reply: &str| reply.contains("more than a relay has to say");
            assert!(
                matches!(&outcome, Outcome::Deferred { phase: p, reply } if *p == phase && is_too_much(reply)),
                "{at:?} {outcome:?}"
            );
        }
        let outcome = outcome(false, move |now, _| {
            (now == At::Dot).then_some(Answer::Endless(flood, Duration::ZERO))
        });
        assert!(matches!(outcome, Outcome::Uncertain { .. }), "{outcome:?}");
    }
}

#[test]
fn a_reply_that_was_not_asked_for_is_never_taken_for_the_next_commands() {
    for (at, phase) in [
        (At::Greeting, Phase::Greeting),
        (At::Ehlo, Phase::Auth),
        (At::Mail, Phase::RcptTo),
        (At::Rcpt, Phase::Data),
    ] {
        let outcome = outcome(true, move |now, _| {
            (now == at).then(|| Answer::Octets(usual(at, b" ok\r\n250 ok\r\n")))
        });
        assert!(
            matches!(&outcome, Outcome::Deferred { phase: p, .. } if *p == phase),
            "{at:?} {outcome:?}"
        );
    }
}
