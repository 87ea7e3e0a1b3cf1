//! The retry table.

use chrono::TimeDelta;
use proptest::prelude::*;

use crate::domain::last_reply::{LastReply, Phase};
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Mail, MailDelivery, MailState, NEVER};
use crate::notify::fixtures::{self, mail, minutes, now, queued};
use crate::notify::retry::{self, DAYS_MAX, DELAYS_MINUTES, DrainAdvice, Outcome, next};

pub(super) fn deferred() -> Outcome {
    Outcome::Deferred {
        phase: Phase::RcptTo,
        reply: "450 busy".into(),
    }
}

pub(super) fn refused() -> Outcome {
    Outcome::RecipientRefused {
        code: 550,
        reply: "5.1.1 <wang.fang@gz.example.cn> unknown".into(),
    }
}

fn lost() -> Outcome {
    Outcome::Uncertain {
        reply: "connection reset".into(),
    }
}

fn to_wang() -> Mail {
    mail("wang.fang@gz.example.cn")
}

/// Whether pauses are as many minutes long, or up to a tenth shorter.
fn are(pauses: &[TimeDelta], of_table: &[i64]) -> bool {
    let is = |(pause, most): (&TimeDelta, &i64)| {
        *pause <= minutes(*most) && *pause * 10 >= minutes(*most) * 9
    };
    pauses.len() == of_table.len() && pauses.iter().zip(of_table).all(is)
}

/// The time of the next attempt after so many.
fn after_pause(mail: &Mail, attempts: u32) -> Timestamp {
    now().plus(retry::pause(&mail.mail_id(), attempts))
}

/// Tries until the mail has ended; gives the pauses between attempts and the last delivery.
fn tried_out(mail: &Mail, outcome: &Outcome) -> (Vec<TimeDelta>, MailDelivery, Timestamp) {
    let (mut delivery, mut at, mut pauses) = (queued(), now(), Vec::new());
    loop {
        let (after, advice) = next(&delivery, outcome, mail, at);
        assert_eq!(advice, DrainAdvice::Continue);
        if after.next_attempt_at == NEVER {
            return (pauses, after, at);
        }
        pauses.push(after.next_attempt_at.since(at));
        (delivery, at) = (after.clone(), after.next_attempt_at);
    }
}

#[test]
fn a_deferred_mail_is_tried_by_the_table_for_five_days_and_then_dead() {
    let (pauses, last, at) = tried_out(&to_wang(), &deferred());
    assert!(
        are(&pauses[..9], &[1, 2, 5, 15, 30, 60, 60, 60, 60]),
        "{pauses:?}"
    );
    assert!(pauses[6..].iter().all(|pause| are(&[*pause], &[60])));
    let days = at.since(now());
    assert!(
        days < chrono::TimeDelta::days(DAYS_MAX)
            && days + minutes(60) >= chrono::TimeDelta::days(DAYS_MAX),
        "{days}"
    );
    assert_eq!(
        (last.state, last.attempts as usize),
        (MailState::Dead, pauses.len() + 1)
    );
}

#[test]
fn mails_that_were_put_off_together_come_back_spread_over_a_tenth_of_the_pause_and_alike_in_every_run()
 {
    let pauses = |attempts| {
        (0..200).map(move |n| retry::pause(&mail(&format!("m{n}@x.cn")).mail_id(), attempts))
    };
    for (attempts, most) in (1..).zip(DELAYS_MINUTES) {
        let spread = pauses(attempts).max().expect("some") - pauses(attempts).min().expect("some");
        assert!(
            spread * 100 > minutes(most) * 9 && spread * 10 <= minutes(most),
            "{spread} of {most} min"
        );
        assert!(pauses(attempts).all(|pause| are(&[pause], &[most])));
        assert!(pauses(attempts).eq(pauses(attempts)));
    }
}

#[test]
fn a_mail_expires_when_no_attempt_is_left_before_it_is_useless() {
    let useless_soon = Mail {
        useful_until: Some(now().plus(minutes(10))),
        ..to_wang()
    };
    let (pauses, last, _) = tried_out(&useless_soon, &deferred());
    assert!(
        are(&pauses, &[1, 2, 5]) && last.state == MailState::Expired,
        "{pauses:?} {last:?}"
    );
    let too_late = now().plus(minutes(11));
    assert_eq!(
        retry::too_old(&queued(), &useless_soon, too_late).map(|one| one.state),
        Some(MailState::Expired)
    );
    assert_eq!(retry::too_old(&queued(), &useless_soon, now()), None);
    assert_eq!(
        retry::too_old(
            &queued(),
            &to_wang(),
            now().plus(chrono::TimeDelta::days(5))
        )
        .map(|one| one.state),
        Some(MailState::Dead)
    );
}

#[test]
fn an_accepted_mail_is_sent_and_a_refused_one_dead_at_once() {
    let (sent, advice) = next(
        &queued(),
        &Outcome::Accepted {
            reply: "250 queued as 4711".into(),
        },
        &to_wang(),
        now(),
    );
    assert_eq!(
        (sent.state, sent.sent_at, sent.attempts, advice),
        (MailState::Sent, Some(now()), 1, DrainAdvice::Continue)
    );
    let (dead, advice) = next(&queued(), &refused(), &to_wang(), now());
    assert_eq!(
        (dead.state, dead.next_attempt_at, advice),
        (MailState::Dead, NEVER, DrainAdvice::Continue)
    );
    assert_eq!(
        dead.last_reply,
        Some(LastReply::Relay("550 5.1.1 (address) unknown".to_owned())),
        "no address is kept"
    );
}

#[test]
fn a_mail_whose_outcome_is_lost_is_tried_once_more_and_then_left_to_an_operator() {
    let (first, _) = next(&queued(), &lost(), &to_wang(), now());
    assert_eq!(
        (first.state, first.next_attempt_at, first.attempts),
        (MailState::Uncertain, after_pause(&to_wang(), 1), 1)
    );
    let (second, advice) = next(&first, &lost(), &to_wang(), first.next_attempt_at);
    assert_eq!(
        (
            second.state,
            second.next_attempt_at,
            second.attempts,
            advice
        ),
        (MailState::Uncertain, NEVER, 2, DrainAdvice::Continue)
    );
    let (sent, _) = next(
        &first,
        &Outcome::Accepted {
            reply: "250".into(),
        },
        &to_wang(),
        first.next_attempt_at,
    );
    assert_eq!(sent.state, MailState::Sent);
}

#[test]
fn a_mail_found_in_flight_after_a_crash_is_uncertain() {
    let in_flight = MailDelivery {
        state: MailState::Sending,
        in_flight: true,
        ..queued()
    };
    let after = retry::after_crash(&in_flight, &to_wang(), now());
    assert_eq!(
        (after.state, after.next_attempt_at, after.in_flight),
        (MailState::Uncertain, after_pause(&to_wang(), 1), false)
    );
}

#[test]
fn a_mail_found_claimed_after_a_crash_stands_as_before_however_often_it_happens() {
    for before in [
        queued(),
        MailDelivery {
            state: MailState::Deferred,
            attempts: 2,
            next_attempt_at: now().plus(minutes(5)),
            ..queued()
        },
        MailDelivery {
            state: MailState::Uncertain,
            attempts: 1,
            lost_replies: 1,
            ..queued()
        },
    ] {
        let mut after = before.clone();
        for _ in 0..5 {
            after = retry::after_crash(
                &MailDelivery {
                    state: MailState::Sending,
                    ..after
                },
                &to_wang(),
                now(),
            );
        }
        assert_eq!(after, before);
    }
}

#[test]
fn only_a_mail_in_flight_at_a_crash_waits_by_the_wall_clock() {
    let waits = |in_flight| {
        let found = MailDelivery {
            state: MailState::Sending,
            attempts: 1,
            in_flight,
            ..queued()
        };
        let behind = retry::after_crash_by_offset(&found, &to_wang(), now(), minutes(90));
        let along = retry::after_crash(&found, &to_wang(), now());
        behind.next_attempt_at.since(along.next_attempt_at)
    };
    assert_eq!(waits(true), minutes(90));
    assert_eq!(waits(false), minutes(0));
}

#[test]
fn an_attempt_that_never_comes_is_put_off_by_no_clock() {
    let never = MailDelivery {
        state: MailState::Uncertain,
        next_attempt_at: NEVER,
        ..queued()
    };
    assert_eq!(retry::with_clock_offset(never.clone(), minutes(90)), never);
    assert_eq!(retry::with_clock_offset(queued(), minutes(90)), queued());
}

#[test]
fn no_pause_between_attempts_is_longer_than_a_mail_may_wait() {
    let longest = DELAYS_MINUTES.into_iter().max().expect("delays");
    assert!(now().plus(minutes(longest)) < retry::waits_at_most_until(now()));
}

#[test]
fn a_mail_is_of_use_until_the_instant_that_it_gives() {
    let until = |at| Mail {
        useful_until: at,
        ..to_wang()
    };
    assert!(!until(Some(now())).is_past_use(now()));
    assert!(until(Some(now().plus(-minutes(1)))).is_past_use(now()));
    assert!(!until(None).is_past_use(Timestamp::MAX));
}

#[test]
fn an_uncertain_mail_that_is_too_old_stays_uncertain() {
    let uncertain = MailDelivery {
        state: MailState::Uncertain,
        lost_replies: 1,
        ..queued()
    };
    let old = retry::too_old(
        &uncertain,
        &to_wang(),
        now().plus(chrono::TimeDelta::days(6)),
    )
    .expect("too old");
    assert_eq!(
        (old.state, old.next_attempt_at),
        (MailState::Uncertain, NEVER)
    );
}

#[test]
fn a_second_lost_reply_is_the_last_whatever_came_between() {
    let (first, _) = next(&queued(), &lost(), &to_wang(), now());
    assert_ne!(first.next_attempt_at, NEVER);
    let (busy, _) = next(&first, &deferred(), &to_wang(), first.next_attempt_at);
    assert_eq!((busy.state, busy.lost_replies), (MailState::Deferred, 1));
    let (second, _) = next(&busy, &lost(), &to_wang(), busy.next_attempt_at);
    assert_eq!(
        (second.state, second.lost_replies, second.next_attempt_at),
        (MailState::Uncertain, 2, NEVER)
    );
    let old =
        retry::too_old(&busy, &to_wang(), now().plus(chrono::TimeDelta::days(6))).expect("too old");
    assert_eq!(
        old.state,
        MailState::Uncertain,
        "it may have been taken the first time"
    );
}

#[test]
fn a_refusal_of_the_relay_burns_no_attempt_and_stops_the_drain() {
    for phase in [
        Phase::Greeting,
        Phase::StartTls,
        Phase::Auth,
        Phase::MailFrom,
    ] {
        let before = MailDelivery {
            state: MailState::Deferred,
            attempts: 3,
            ..queued()
        };
        let (after, advice) = next(
            &before,
            &Outcome::RelayRefused {
                phase,
                reply: "535 no".into(),
            },
            &to_wang(),
            now(),
        );
        assert_eq!(
            (after.state, after.attempts, after.next_attempt_at, advice),
            (before.state, 3, before.next_attempt_at, DrainAdvice::Stop)
        );
    }
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(deferred()),
        Just(lost()),
        Just(Outcome::RelayRefused {
            phase: Phase::Auth,
            reply: String::new()
        })
    ]
}

proptest! {
    #[test]
    fn whatever_happens_a_mail_ends_and_every_pause_is_the_tables_or_up_to_a_tenth_shorter(outcomes in prop::collection::vec(any_outcome(), 1..40)) {
        let (mut delivery, mut at) = (queued(), now());
        for outcome in outcomes.iter().cycle().take(400) {
            if delivery.next_attempt_at == NEVER {
                break;
            }
            at = at.max(delivery.next_attempt_at);
            let (after, _) = next(&delivery, outcome, &fixtures::mail("a@x.cn"), at);
            let counted = u32::from(!matches!(outcome, Outcome::RelayRefused { .. }));
            prop_assert_eq!(after.attempts, delivery.attempts + counted);
            if counted == 1 && after.next_attempt_at != NEVER {
                let pause = after.next_attempt_at.since(at);
                let most = DELAYS_MINUTES[(after.attempts as usize - 1).min(DELAYS_MINUTES.len() - 1)];
                prop_assert!(are(&[pause], &[most]), "{}", pause);
            }
            if counted == 0 {
                at = at.plus(minutes(60));
            }
            delivery = retry::too_old(&after, &fixtures::mail("a@x.cn"), at).unwrap_or(after);
        }
        prop_assert_eq!(delivery.next_attempt_at, NEVER);
    }
}
