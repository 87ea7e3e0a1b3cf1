//! When a drain stops: what is the relay's fault and not that of a mail.

use super::retry::{deferred, refused};
use crate::domain::last_reply::Phase;
use crate::domain::mail::MailState;
use crate::notify::fixtures::{mail, now, queued};
use crate::notify::retry::{self, Outcome, Streak, StreakAdvice, next};

/// Notes the outcome of a first attempt for a new mail to each recipient; gives the last advice.
fn noted(streak: &mut Streak, recipients: &[&str], outcome: &Outcome) -> StreakAdvice {
    let mut advice = StreakAdvice::Continue;
    for recipient in recipients {
        let mail = mail(recipient);
        let (after, _) = next(&queued(), outcome, &mail, now());
        advice = streak.note(&mail, &after, outcome, now());
    }
    advice
}

#[test]
fn five_refusals_of_different_recipients_in_a_row_are_the_relays_and_not_theirs() {
    let mut streak = Streak::default();
    assert_eq!(
        noted(
            &mut streak,
            &["a@x.cn", "b@x.cn", "c@x.cn", "d@x.cn", "d@x.cn"],
            &refused()
        ),
        StreakAdvice::Continue,
        "four recipients"
    );
    let StreakAdvice::RefusesAll(given_back) = noted(&mut streak, &["e@x.cn"], &refused()) else {
        panic!("five recipients")
    };
    assert_eq!(given_back.len(), 6);
    for (mail_id, delivery) in given_back {
        let at = now().plus(retry::pause(&mail_id, 1));
        assert_eq!(
            (delivery.state, delivery.attempts, delivery.next_attempt_at),
            (MailState::Deferred, 0, at)
        );
    }
}

#[test]
fn one_accepted_mail_ends_a_row_of_refusals() {
    let mut streak = Streak::default();
    noted(
        &mut streak,
        &["a@x.cn", "b@x.cn", "c@x.cn", "d@x.cn"],
        &refused(),
    );
    noted(
        &mut streak,
        &["ok@x.cn"],
        &Outcome::Accepted {
            reply: "250".into(),
        },
    );
    assert_eq!(
        noted(
            &mut streak,
            &["e@x.cn", "f@x.cn", "g@x.cn", "h@x.cn"],
            &refused()
        ),
        StreakAdvice::Continue
    );
}

#[test]
fn three_connections_in_a_row_that_lead_nowhere_mean_that_the_relay_is_down() {
    let down = Outcome::Deferred {
        phase: Phase::Connect,
        reply: "connection refused".into(),
    };
    let mut streak = Streak::default();
    assert_eq!(
        noted(&mut streak, &["a@x.cn", "b@x.cn"], &down),
        StreakAdvice::Continue
    );
    noted(&mut streak, &["c@x.cn"], &deferred());
    assert_eq!(
        noted(&mut streak, &["d@x.cn", "e@x.cn"], &down),
        StreakAdvice::Continue
    );
    assert_eq!(
        noted(&mut streak, &["f@x.cn"], &down),
        StreakAdvice::RelayDown
    );
}
