//! Takes mails out of the outbox and brings each to an end or to its next attempt.
//!
//! ```text
//!   claim (commits `sending`) ─▶ message bytes ─▶ mailer ───────────────▶ retry::next ─▶ record (commits)
//!                                                    └▶ in_flight (commits), right before the final dot
//! ```
//! A relay is given one mail at a time. Files of a folder, where writing one again changes nothing,
//! are claimed, written and recorded many together.
//!
//! It does not know SQL or SMTP. Invariants: a mail is `sending` in the store before a byte of it
//! is sent, and in flight before the relay can have taken it; what became of it is recorded before
//! the relay is given the next one; whatever goes wrong with one mail, the next one is tried.

use super::mailer::{FolderMailer, Letter, Mailer};
use super::mime::{self, Sender};
use super::retry::{self, DrainAdvice, Outcome, Streak, StreakAdvice};
use crate::domain::alert::MailId;
use crate::domain::last_reply::LastReply;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Mail, MailDelivery, MailState};

/// Files that are written together: each waits for the disk, and they wait beside each other.
const FILES_AT_ONCE: usize = 64;

/// A mail that this worker may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub mail_id: MailId,
    pub mail: Mail,
    /// The delivery before the claim: queued, deferred or uncertain.
    pub delivery: MailDelivery,
    /// Its Message-ID, fixed when it was queued.
    pub message_id: String,
}

/// The store's side of the outbox.
pub(crate) trait Outbox {
    /// What the store fails with.
    type Error;

    /// Up to `limit` mails that are due, the most urgent first, now committed as `sending`.
    ///
    /// # Errors
    /// What the store fails with.
    fn claim(&self, now: Timestamp, limit: usize) -> Result<Vec<Claimed>, Self::Error>;

    /// Commits that the end of a claimed mail's message may have been written from now on; returns
    /// whether the mail is still ours to send.
    ///
    /// # Errors
    /// What the store fails with.
    fn in_flight(&self, one: &Claimed) -> Result<bool, Self::Error>;

    /// Commits what became of claimed mails, one after another, all of it or nothing.
    ///
    /// # Errors
    /// What the store fails with.
    fn record(&self, outcomes: &[(MailId, MailDelivery)]) -> Result<(), Self::Error>;
}

/// Why a drain ended before the outbox was empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The relay refuses us, whatever the mail: its reply.
    RelayRefused(LastReply),
    /// The relay cannot be reached: the last error.
    RelayDown(LastReply),
    /// The relay refuses every recipient: its last reply.
    RefusesAll(LastReply),
    /// [`DrainSettings::mails_max`] was reached.
    Limit,
    /// The worker is stopping.
    Asked,
}

/// What a drain did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DrainReport {
    /// Taken by the relay.
    pub sent: usize,
    pub deferred: usize,
    /// Attempts whose outcome is not known: possible duplicates.
    pub uncertain: usize,
    /// Mails that ended without anybody knowing that they were sent, each worth an ops notice:
    /// `dead`, `expired`, or `uncertain` for good.
    pub ended: Vec<(MailId, MailState)>,
    /// What went wrong last before any mail was named, if it was the last thing that happened: the
    /// relay's trouble.
    pub trouble: Option<LastReply>,
    /// Whether the relay took up any mail, be it to refuse it.
    pub reached: bool,
    /// Why it stopped early.
    pub stopped: Option<Stopped>,
}

impl DrainReport {
    /// Whether the relay refused us, or everybody.
    #[must_use]
    pub(crate) const fn refuses(&self) -> bool {
        matches!(
            self.stopped,
            Some(Stopped::RelayRefused(_) | Stopped::RefusesAll(_))
        )
    }

    /// Counts the delivery of a mail after an attempt, and returns it for recording.
    fn count(&mut self, one: &Claimed, after: MailDelivery) -> (MailId, MailDelivery) {
        if retry::is_lost(&after) {
            self.ended.push((one.mail_id.clone(), after.state));
        }
        match after.state {
            MailState::Sent => self.sent += 1,
            MailState::Uncertain => self.uncertain += 1,
            MailState::Dead | MailState::Expired => {}
            MailState::Queued
            | MailState::Deferred
            | MailState::Sending
            | MailState::Superseded
            | MailState::Held => self.deferred += 1,
        }
        (one.mail_id.clone(), after)
    }

    /// How many mails were tried.
    #[must_use]
    pub(crate) fn tried(&self) -> usize {
        let uncertain_for_good = self
            .ended
            .iter()
            .filter(|(_, state)| *state == MailState::Uncertain)
            .count();
        self.sent + self.deferred + self.uncertain + self.ended.len() - uncertain_for_good
    }
}

/// What every drain needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DrainSettings<'a> {
    /// `mail.from`.
    pub from: &'a Sender,
    pub list_id: &'a str,
    /// Mails tried at most.
    pub mails_max: usize,
}

/// Sends what is due until nothing is, the relay stops it, or `asked_to_stop`. `now` is asked
/// before each attempt and for each record.
///
/// # Errors
/// What the outbox fails with; a mail in flight then stays `sending` and is uncertain at the next
/// start.
pub(crate) async fn drain<O: Outbox>(
    outbox: &O,
    mailer: &mut Mailer,
    settings: DrainSettings<'_>,
    now: impl Fn() -> Timestamp,
    asked_to_stop: impl Fn() -> bool,
) -> Result<DrainReport, O::Error> {
    let mut report = DrainReport::default();
    let mut streak = Streak::default();
    let mut tried = 0;
    while report.stopped.is_none() {
        if asked_to_stop() || tried >= settings.mails_max {
            report.stopped = Some(if asked_to_stop() {
                Stopped::Asked
            } else {
                Stopped::Limit
            });
            break;
        }
        let at_once = if matches!(mailer, Mailer::Folder(_)) {
            FILES_AT_ONCE
        } else {
            1
        };
        let claimed = outbox.claim(now(), at_once.min(settings.mails_max - tried))?;
        if claimed.is_empty() {
            break;
        }
        tried += claimed.len();
        if let Mailer::Folder(folder) = mailer {
            write_together(
                outbox,
                folder,
                settings,
                &claimed,
                &mut streak,
                now(),
                &mut report,
            )
            .await?;
            continue;
        }
        for one in &claimed {
            deliver_one(
                outbox,
                mailer,
                settings,
                one,
                &mut streak,
                &now,
                &mut report,
            )
            .await?;
        }
    }
    mailer.close().await;
    Ok(report)
}

async fn deliver_one<O: Outbox>(
    outbox: &O,
    mailer: &mut Mailer,
    settings: DrainSettings<'_>,
    one: &Claimed,
    streak: &mut Streak,
    now: &impl Fn() -> Timestamp,
    report: &mut DrainReport,
) -> Result<(), O::Error> {
    let message = match to_send(settings, one, now()) {
        ToSend::Message(message) => message,
        ToSend::TooOld(ended) => return outbox.record(&[report.count(one, ended)]),
        ToSend::Unfit(outcome) => {
            return outbox.record(&conclude(one, &outcome, streak, now(), report));
        }
    };
    let mut is_ours = Ok(true);
    let mut leave = || {
        is_ours = outbox.in_flight(one);
        matches!(is_ours, Ok(true))
    };
    let outcome = mailer
        .send(
            Letter {
                mail: &one.mail,
                from: settings.from,
                message: &message,
            },
            &mut leave,
        )
        .await;
    if is_ours? {
        outbox.record(&conclude(one, &outcome, streak, now(), report))
    } else {
        Ok(())
    }
}

/// Writes files all together and records what became of them.
async fn write_together<O: Outbox>(
    outbox: &O,
    folder: &FolderMailer,
    settings: DrainSettings<'_>,
    claimed: &[Claimed],
    streak: &mut Streak,
    at: Timestamp,
    report: &mut DrainReport,
) -> Result<(), O::Error> {
    let (mut records, mut written, mut files) = (Vec::new(), Vec::new(), Vec::new());
    for one in claimed {
        match to_send(settings, one, at) {
            ToSend::Message(message) => {
                written.push(one);
                files.push((folder.file_name(&one.mail), message));
            }
            ToSend::TooOld(ended) => records.push(report.count(one, ended)),
            ToSend::Unfit(outcome) => records.extend(conclude(one, &outcome, streak, at, report)),
        }
    }
    for (one, outcome) in written.into_iter().zip(folder.write_mails(files).await) {
        if report.stopped.is_some() && !matches!(outcome, Outcome::Accepted { .. }) {
            // What was not tried any more goes back as it was.
            records.push((one.mail_id.clone(), one.delivery.clone()));
        } else {
            records.extend(conclude(one, &outcome, streak, at, report));
        }
    }
    outbox.record(&records)
}

/// What there is to send of a mail.
enum ToSend {
    Message(Vec<u8>),
    /// Nothing: time has run out.
    TooOld(MailDelivery),
    /// Nothing: bytes that cannot be made today cannot be made tomorrow.
    Unfit(Outcome),
}

fn to_send(settings: DrainSettings<'_>, one: &Claimed, now: Timestamp) -> ToSend {
    if let Some(ended) = retry::too_old(&one.delivery, &one.mail, now) {
        return ToSend::TooOld(ended);
    }
    match mime::to_message(&one.mail, settings.from, settings.list_id, &one.message_id) {
        Ok(message) => ToSend::Message(message),
        Err(e) => ToSend::Unfit(Outcome::Unfit {
            reply: e.to_string(),
        }),
    }
}

/// Returns what is to be recorded after an attempt, and notes in the report whether the drain
/// stops.
fn conclude(
    one: &Claimed,
    outcome: &Outcome,
    streak: &mut Streak,
    at: Timestamp,
    report: &mut DrainReport,
) -> Vec<(MailId, MailDelivery)> {
    match outcome {
        Outcome::Deferred { phase, .. } if phase.is_before_mail() => {
            report.trouble = Some(outcome.reply())
        }
        Outcome::RelayRefused { .. } | Outcome::Unfit { .. } => {}
        _ => (report.trouble, report.reached) = (None, true),
    }
    let (after, advice) = retry::next(&one.delivery, outcome, &one.mail, at);
    let noted = if advice == DrainAdvice::Stop {
        report.stopped = Some(Stopped::RelayRefused(outcome.reply()));
        StreakAdvice::Continue
    } else {
        streak.note(&one.mail, &after, outcome, at)
    };
    let mut records = vec![report.count(one, after)];
    match noted {
        StreakAdvice::Continue => {}
        StreakAdvice::RelayDown => report.stopped = Some(Stopped::RelayDown(outcome.reply())),
        StreakAdvice::RefusesAll(given_back) => {
            report
                .ended
                .retain(|(ended, _)| given_back.iter().all(|(mail_id, _)| mail_id != ended));
            report.deferred += given_back.len();
            report.stopped = Some(Stopped::RefusesAll(outcome.reply()));
            records.extend(given_back);
        }
    }
    records
}
