//! Takes mails out of the outbox and brings each to an end or to its next attempt.
//!
//! ```text
//!   claim (commits `sending`) ─▶ message bytes ─▶ mailer ───────────────▶ retry::next ─▶ record (commits)
//!                                                    └▶ in_flight (commits), right before the final dot
//! ```
//!
//! It does not know SQL or SMTP. Invariants: a mail is `sending` in the store before a byte of it is sent, and in flight
//! before the relay can have taken it; what became of it is recorded before the next one is begun; a mail that was claimed
//! and not tried goes back as it was; whatever goes wrong with one mail, the next one is tried.

use super::mailer::{Letter, Mailer};
use super::mime::{self, Sender};
use super::retry::{self, DrainAdvice, Outcome, Streak, StreakAdvice};
use crate::domain::alert::MailId;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Delivery, Mail, MailState};

/// A mail that this worker may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Which.
    pub mail_id: MailId,
    /// The mail.
    pub mail: Mail,
    /// How it stood before the claim: queued, deferred or uncertain.
    pub delivery: Delivery,
    /// Its Message-ID, fixed when it was queued.
    pub message_id: String,
}

/// The store's side of the outbox.
pub trait Outbox {
    /// What the store fails with.
    type Error;

    /// Up to `limit` mails that are due, the most urgent first, now committed as `sending`.
    ///
    /// # Errors
    /// What the store fails with.
    fn claim(&self, now: Timestamp, limit: usize) -> Result<Vec<Claimed>, Self::Error>;

    /// Commits that the end of a claimed mail's message may have been written from now on; says whether the mail is still
    /// ours to send.
    ///
    /// # Errors
    /// What the store fails with.
    fn in_flight(&self, one: &Claimed) -> Result<bool, Self::Error>;

    /// Commits what became of a mail.
    ///
    /// # Errors
    /// What the store fails with.
    fn record(&self, mail_id: &MailId, delivery: &Delivery) -> Result<(), Self::Error>;
}

/// How much a drain takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrainLimits {
    /// Mails claimed at once.
    pub claim_mails: usize,
    /// Mails tried at most.
    pub mails_max: usize,
}

impl Default for DrainLimits {
    fn default() -> Self {
        Self { claim_mails: 1, mails_max: 1000 }
    }
}

/// Why a drain ended before the outbox was empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// The relay refuses us, whatever the mail: what it said.
    RelayRefused(String),
    /// The relay cannot be reached: what went wrong last.
    RelayDown(String),
    /// The relay refuses every recipient: what it said last.
    RefusesAll(String),
    /// [`DrainLimits::mails_max`] was reached.
    Limit,
    /// The worker is ending.
    Asked,
}

/// What a drain did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DrainReport {
    /// Taken by the relay.
    pub sent: usize,
    /// Put off.
    pub deferred: usize,
    /// Attempts whose outcome is not known: possible duplicates.
    pub uncertain: usize,
    /// Mails that ended without anybody knowing that they were sent, each worth an ops notice: `dead`, `expired`, or
    /// `uncertain` for good.
    pub ended: Vec<(MailId, MailState)>,
    /// What went wrong last before any mail was named, if it was the last thing that happened: the relay's trouble.
    pub trouble: Option<String>,
    /// Whether the relay took up any mail, be it to refuse it.
    pub reached: bool,
    /// Why it stopped early.
    pub stopped: Option<Stopped>,
}

impl DrainReport {
    /// Whether the relay refused us, or everybody.
    #[must_use]
    pub const fn refuses(&self) -> bool {
        matches!(self.stopped, Some(Stopped::RelayRefused(_) | Stopped::RefusesAll(_)))
    }

    /// How many mails were tried.
    #[must_use]
    pub fn tried(&self) -> usize {
        let uncertain_for_good = self.ended.iter().filter(|(_, state)| *state == MailState::Uncertain).count();
        self.sent + self.deferred + self.uncertain + self.ended.len() - uncertain_for_good
    }
}

/// What every drain needs.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// `mail.from`.
    pub from: &'a Sender,
    /// For List-Id.
    pub list_id: &'a str,
    /// How much.
    pub limits: DrainLimits,
}

/// Sends what is due until nothing is, the relay stops it, or `asked_to_stop`. `now` is asked before each attempt and
/// for each record.
///
/// # Errors
/// What the outbox fails with; a mail in flight then stays `sending` and is uncertain at the next start.
pub async fn drain<O: Outbox>(
    outbox: &O,
    mailer: &mut Mailer,
    post: Post<'_>,
    now: impl Fn() -> Timestamp,
    asked_to_stop: impl Fn() -> bool,
) -> Result<DrainReport, O::Error> {
    let mut report = DrainReport::default();
    let mut streak = Streak::default();
    let mut tried = 0;
    while report.stopped.is_none() {
        if asked_to_stop() || tried >= post.limits.mails_max {
            report.stopped = Some(if asked_to_stop() { Stopped::Asked } else { Stopped::Limit });
            break;
        }
        let claimed = outbox.claim(now(), post.limits.claim_mails.clamp(1, post.limits.mails_max - tried))?;
        if claimed.is_empty() {
            break;
        }
        for one in claimed {
            if report.stopped.is_some() || asked_to_stop() {
                outbox.record(&one.mail_id, &one.delivery)?;
                continue;
            }
            tried += 1;
            report.stopped = deliver_one(outbox, mailer, post, &one, &mut streak, &now, &mut report).await?;
        }
    }
    mailer.close().await;
    Ok(report)
}

async fn deliver_one<O: Outbox>(
    outbox: &O,
    mailer: &mut Mailer,
    post: Post<'_>,
    one: &Claimed,
    streak: &mut Streak,
    now: &impl Fn() -> Timestamp,
    report: &mut DrainReport,
) -> Result<Option<Stopped>, O::Error> {
    if let Some(ended) = retry::too_old(&one.delivery, &one.mail, now()) {
        record(outbox, &one.mail_id, &ended, report)?;
        return Ok(None);
    }
    let mut is_ours = Ok(true);
    let outcome = match mime::to_message(&one.mail, post.from, post.list_id, &one.message_id) {
        Ok(message) => {
            let mut leave = || {
                is_ours = outbox.in_flight(one);
                matches!(is_ours, Ok(true))
            };
            mailer.send(Letter { mail: &one.mail, from: post.from, message: &message }, &mut leave).await
        }
        // Bytes that cannot be made today cannot be made tomorrow.
        Err(e) => Outcome::Unfit { reply: e.to_string() },
    };
    if !is_ours? {
        return Ok(None);
    }
    match &outcome {
        Outcome::Deferred { phase, .. } if phase.is_before_mail() => report.trouble = Some(outcome.reply()),
        Outcome::RelayRefused { .. } | Outcome::Unfit { .. } => {}
        _ => (report.trouble, report.reached) = (None, true),
    }
    let at = now();
    let (after, advice) = retry::next(&one.delivery, &outcome, &one.mail, at);
    record(outbox, &one.mail_id, &after, report)?;
    if advice == DrainAdvice::Stop {
        return Ok(Some(Stopped::RelayRefused(outcome.reply())));
    }
    match streak.note(&one.mail, &after, &outcome, at) {
        StreakAdvice::Continue => Ok(None),
        StreakAdvice::RelayDown => Ok(Some(Stopped::RelayDown(outcome.reply()))),
        StreakAdvice::RefusesAll(given_back) => {
            for (mail_id, delivery) in &given_back {
                outbox.record(mail_id, delivery)?;
                report.ended.retain(|(ended, _)| ended != mail_id);
                report.deferred += 1;
            }
            Ok(Some(Stopped::RefusesAll(outcome.reply())))
        }
    }
}

fn record<O: Outbox>(outbox: &O, mail_id: &MailId, after: &Delivery, report: &mut DrainReport) -> Result<(), O::Error> {
    outbox.record(mail_id, after)?;
    if retry::is_lost(after) {
        report.ended.push((mail_id.clone(), after.state));
    }
    match after.state {
        MailState::Sent => report.sent += 1,
        MailState::Uncertain => report.uncertain += 1,
        MailState::Dead | MailState::Expired => {}
        MailState::Queued | MailState::Deferred | MailState::Sending | MailState::Superseded | MailState::Held => report.deferred += 1,
    }
    Ok(())
}
