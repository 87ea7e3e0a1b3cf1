//! What becomes of a mail after an attempt: pure functions of its delivery, the outcome and now.
//!
//! ```text
//!  queued ─▶ sending ─▶ sent                        (250 to the final dot)
//!    ▲          ├─────▶ deferred ─▶ sending …        (4xx, 421, connection trouble: 1 2 5 15 30 60 min, then hourly)
//!    │          ├─────▶ uncertain ─▶ sending         (reply to the final dot lost: once more, same Message-ID)
//!    │          ├─────▶ dead                         (5xx at RCPT or from DATA on; no message to be made; or 5 days old)
//!    │          └─────▶ expired                      (no attempt left before `useful_until`)
//!    ├── the relay refuses us as such: no attempt burnt, the drain stops
//!    └── the process died before the end of the message was written: as if it had not been claimed
//! ```
//!
//! It does not know SMTP, nor what time it is. Invariants: a mail that may have been taken is sent
//! at most once more; a refusal of the relay itself costs no mail anything.

use chrono::TimeDelta;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::clean;
use crate::domain::alert::MailId;
use crate::domain::last_reply::{LastReply, Phase};
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Mail, MailDelivery, MailState, NEVER};

/// Minutes to wait after the first, second, … attempt; then the last again and again.
pub(crate) const DELAYS_MINUTES: [i64; 6] = [1, 2, 5, 15, 30, 60];
/// The part of a pause by which it may be shorter: a tenth.
const SHORTER_BY_PART: i32 = 10;
/// Steps in which it may be.
const CHANCES: i32 = 1_000;
/// Days after queuing from which a mail is not tried again.
pub(crate) const DAYS_MAX: i64 = 5;
/// No mail waits for longer than this, by any pause between attempts: one that would was queued
/// while the clock was ahead.
const WAITS_MAX: TimeDelta = TimeDelta::hours(2);
/// Refusals of different recipients in a row that stop a drain: then it is the relay.
pub(crate) const REFUSED_IN_ROW_MAX: usize = 5;
/// Connections in a row that brought nothing that stop a drain: the relay is down.
pub(crate) const TROUBLE_IN_ROW_MAX: u32 = 3;
/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 250 to the final dot.
    Accepted {
        /// The relay's reply.
        reply: String,
    },
    /// 5xx at RCPT or from DATA on: this mail will never be taken.
    RecipientRefused {
        /// Reply code, 500–599.
        code: u16,
        /// The relay's reply.
        reply: String,
    },
    /// No message can be made of it, or no command of its address, here: nobody was asked.
    Unfit { reply: String },
    /// 4xx, 421, or connection trouble before the final dot: later.
    Deferred {
        phase: Phase,
        /// The relay's reply, or the error.
        reply: String,
    },
    /// The reply to the final dot was lost: the mail may have been taken.
    Uncertain { reply: String },
    /// 5xx at greeting, EHLO, STARTTLS, AUTH or MAIL FROM, or TLS that cannot be: the relay refuses
    /// us, not this mail.
    RelayRefused {
        phase: Phase,
        /// The relay's reply, or the error.
        reply: String,
    },
}

impl Outcome {
    /// What is kept as the mail's last reply: no address in it.
    #[must_use]
    pub fn reply(&self) -> LastReply {
        match self {
            Self::Accepted { reply } => LastReply::Relay(clean::reply(reply)),
            Self::RecipientRefused { code, reply } => {
                LastReply::Relay(clean::reply(&format!("{code} {reply}")))
            }
            Self::Deferred { phase, reply } | Self::RelayRefused { phase, reply } => {
                LastReply::During(*phase, clean::reply(reply))
            }
            Self::Unfit { reply } => LastReply::NotSent(clean::reply(reply)),
            Self::Uncertain { reply } => LastReply::NoFinalReply(clean::reply(reply)),
        }
    }
}

/// Whether a drain continues with the next mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DrainAdvice {
    Continue,
    /// Leave the rest for later; notify the operators.
    Stop,
}

/// The pause of a mail after so many attempts (at least 1): by the table, and up to a tenth
/// shorter, never longer, so that mails that were put off together do not all come back together.
/// By how much is a digest's chance: the same in every run.
#[must_use]
pub(crate) fn pause(mail_id: &MailId, attempts: u32) -> TimeDelta {
    let at = usize::try_from(attempts.saturating_sub(1))
        .unwrap_or(usize::MAX)
        .min(DELAYS_MINUTES.len() - 1);
    let longest = TimeDelta::minutes(DELAYS_MINUTES[at]);
    let chance = (xxh3_64_with_seed(mail_id.as_str().as_bytes(), u64::from(attempts))
        % (CHANCES as u64 + 1)) as i32;
    let most = longest / SHORTER_BY_PART;
    longest - most * chance / CHANCES
}

/// After one more attempt that ended so; its state is still to be decided.
fn tried(delivery: &MailDelivery, reply: LastReply) -> MailDelivery {
    MailDelivery {
        attempts: delivery.attempts + 1,
        last_reply: Some(reply),
        in_flight: false,
        ..delivery.clone()
    }
}

/// The delivery of a mail after an attempt. `delivery` is the one before it: queued, deferred or
/// uncertain.
#[must_use]
pub(crate) fn next(
    delivery: &MailDelivery,
    outcome: &Outcome,
    mail: &Mail,
    now: Timestamp,
) -> (MailDelivery, DrainAdvice) {
    let tried = tried(delivery, outcome.reply());
    match outcome {
        Outcome::Accepted { .. } => (
            MailDelivery {
                state: MailState::Sent,
                next_attempt_at: NEVER,
                sent_at: Some(now),
                ..tried
            },
            DrainAdvice::Continue,
        ),
        Outcome::RecipientRefused { .. } | Outcome::Unfit { .. } => {
            (ended(tried, MailState::Dead), DrainAdvice::Continue)
        }
        Outcome::Deferred { .. } => (later(tried, mail, now), DrainAdvice::Continue),
        Outcome::Uncertain { .. } => (uncertain(tried, mail, now), DrainAdvice::Continue),
        Outcome::RelayRefused { .. } => (
            MailDelivery {
                attempts: delivery.attempts,
                ..tried
            },
            DrainAdvice::Stop,
        ),
    }
}

/// The delivery of a mail that was found in `sending`: the process ended between its claim and the
/// record of an outcome. One that was not in flight gets its state before the claim.
#[must_use]
pub fn after_crash(delivery: &MailDelivery, mail: &Mail, now: Timestamp) -> MailDelivery {
    if !delivery.in_flight {
        let state = match (delivery.lost_replies, delivery.attempts) {
            (0, 0) => MailState::Queued,
            (0, _) => MailState::Deferred,
            (_, _) => MailState::Uncertain,
        };
        return MailDelivery {
            state,
            ..delivery.clone()
        };
    }
    uncertain(tried(delivery, LastReply::ProcessEnded), mail, now)
}

/// The same where mails follow a clock that the wall's is `clock_offset` ahead of. One that was not
/// in flight waits for no other time than before.
#[must_use]
pub(crate) fn after_crash_by_offset(
    delivery: &MailDelivery,
    mail: &Mail,
    now: Timestamp,
    clock_offset: TimeDelta,
) -> MailDelivery {
    let after = after_crash(delivery, mail, now);
    if delivery.in_flight {
        with_clock_offset(after, clock_offset)
    } else {
        after
    }
}

/// The pauses between attempts follow the wall clock, which is `clock_offset` ahead of the one that
/// mails follow.
pub(crate) fn with_clock_offset(delivery: MailDelivery, clock_offset: TimeDelta) -> MailDelivery {
    match delivery.state {
        MailState::Deferred | MailState::Uncertain if delivery.next_attempt_at != NEVER => {
            MailDelivery {
                next_attempt_at: delivery.next_attempt_at.plus(clock_offset),
                ..delivery
            }
        }
        _ => delivery,
    }
}

/// The latest instant for which a mail waits at `now`.
pub(crate) fn waits_at_most_until(now: Timestamp) -> Timestamp {
    now.plus(WAITS_MAX)
}

/// Whether a mail has ended without anybody knowing that it was sent: `dead`, `expired`, or
/// `uncertain` and not tried again.
#[must_use]
pub(crate) fn is_lost(delivery: &MailDelivery) -> bool {
    match delivery.state {
        MailState::Dead | MailState::Expired => true,
        MailState::Uncertain => delivery.next_attempt_at == NEVER,
        _ => false,
    }
}

/// The delivery of a mail that is too old to be tried at all; none if it may be tried.
#[must_use]
pub(crate) fn too_old(
    delivery: &MailDelivery,
    mail: &Mail,
    now: Timestamp,
) -> Option<MailDelivery> {
    let state = if mail.is_past_use(now) {
        MailState::Expired
    } else if now >= last_day(mail) {
        MailState::Dead
    } else {
        return None;
    };
    Some(unsent(delivery.clone(), state))
}

fn last_day(mail: &Mail) -> Timestamp {
    mail.queued_at.plus(TimeDelta::days(DAYS_MAX))
}

fn later(tried: MailDelivery, mail: &Mail, now: Timestamp) -> MailDelivery {
    let at = now.plus(pause(&mail.mail_id(), tried.attempts));
    if mail.is_past_use(at) {
        return unsent(tried, MailState::Expired);
    }
    if at >= last_day(mail) {
        return unsent(tried, MailState::Dead);
    }
    MailDelivery {
        state: MailState::Deferred,
        next_attempt_at: at,
        ..tried
    }
}

/// Only the first lost reply is followed by another attempt, whatever came between.
fn uncertain(tried: MailDelivery, mail: &Mail, now: Timestamp) -> MailDelivery {
    let (at, lost_replies) = (
        now.plus(pause(&mail.mail_id(), tried.attempts)),
        tried.lost_replies + 1,
    );
    let once_more = lost_replies == 1 && at < last_day(mail) && !mail.is_past_use(at);
    MailDelivery {
        state: MailState::Uncertain,
        lost_replies,
        next_attempt_at: if once_more { at } else { NEVER },
        ..tried
    }
}

/// A mail for which time has run out. What may have been taken is not called expired or dead: it
/// stays uncertain.
fn unsent(tried: MailDelivery, state: MailState) -> MailDelivery {
    let state = if tried.lost_replies > 0 {
        MailState::Uncertain
    } else {
        state
    };
    ended(tried, state)
}

fn ended(tried: MailDelivery, state: MailState) -> MailDelivery {
    MailDelivery {
        state,
        next_attempt_at: NEVER,
        ..tried
    }
}

/// Counts what went wrong in a row, over one drain.
#[derive(Debug, Default)]
pub(crate) struct Streak {
    refused: Vec<Refused>,
    troubles: u32,
}

#[derive(Debug)]
struct Refused {
    mail_id: MailId,
    recipient: String,
    after: MailDelivery,
}

/// The advice that follows from a streak.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum StreakAdvice {
    Continue,
    /// No connection to the relay leads anywhere.
    RelayDown,
    /// The relay refuses everybody. These mails are not dead: record them so, their attempts are
    /// given back.
    RefusesAll(Vec<(MailId, MailDelivery)>),
}

impl Streak {
    /// Notes an outcome, with the delivery that [`next`] made of it.
    pub(crate) fn note(
        &mut self,
        mail: &Mail,
        after: &MailDelivery,
        outcome: &Outcome,
        now: Timestamp,
    ) -> StreakAdvice {
        match outcome {
            Outcome::Deferred { phase, .. } if phase.is_before_mail() => self.troubles += 1,
            Outcome::Unfit { .. } => {}
            _ => self.troubles = 0,
        }
        match outcome {
            Outcome::RecipientRefused { .. } => {
                self.refused.push(Refused {
                    mail_id: mail.mail_id(),
                    recipient: mail.recipient.clone(),
                    after: after.clone(),
                });
            }
            Outcome::Deferred { phase, .. } if phase.is_before_mail() => {}
            Outcome::Unfit { .. } => {}
            _ => self.refused.clear(),
        }
        if self.troubles >= TROUBLE_IN_ROW_MAX {
            return StreakAdvice::RelayDown;
        }
        let mut recipients: Vec<&str> = self
            .refused
            .iter()
            .map(|one| one.recipient.as_str())
            .collect();
        recipients.sort_unstable();
        recipients.dedup();
        if recipients.len() < REFUSED_IN_ROW_MAX {
            return StreakAdvice::Continue;
        }
        let given_back = std::mem::take(&mut self.refused).into_iter().map(|one| {
            let after = give_back(&one.mail_id, one.after, now);
            (one.mail_id, after)
        });
        StreakAdvice::RefusesAll(given_back.collect())
    }
}

/// A refusal that was the relay's and not the recipient's: tried again with the next delay, so that
/// other mails go first.
fn give_back(mail_id: &MailId, after: MailDelivery, now: Timestamp) -> MailDelivery {
    let attempts = after.attempts.saturating_sub(1);
    MailDelivery {
        state: MailState::Deferred,
        attempts,
        next_attempt_at: now.plus(pause(mail_id, attempts + 1)),
        ..after
    }
}
