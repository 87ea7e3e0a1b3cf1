//! A drain of an outbox in memory: what is claimed, sent, recorded and left.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::mail_folder::{files, folder};
use super::outbox_in_memory::Memory;
use crate::domain::last_reply::{LastReply, Phase};
use crate::domain::mail::{Mail, MailState, NEVER};
use crate::notify::deliver::{DrainReport, DrainSettings, Stopped, drain};
use crate::notify::fixtures;
use crate::notify::mailer::{Carrier, Leave, Letter, Mailer};
use crate::notify::retry::Outcome;

/// As many mails as there are.
pub(super) const ALL: usize = usize::MAX;

pub(super) fn mails(n: usize) -> Vec<Mail> {
    (0..n)
        .map(|n| fixtures::mail(&format!("m{n:03}@gz.example.cn")))
        .collect()
}

pub(super) fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

pub(super) fn drained(
    memory: &Memory,
    mailer: &mut Mailer,
    mails_max: usize,
    asked_to_stop: impl Fn() -> bool,
) -> Result<DrainReport, String> {
    let sender = fixtures::sender();
    let settings = DrainSettings {
        from: &sender,
        list_id: "sisan.gz.example.cn",
        mails_max,
    };
    run(drain(
        memory,
        mailer,
        settings,
        fixtures::now,
        asked_to_stop,
    ))
}

#[test]
fn a_limit_and_a_wish_to_stop_leave_the_rest_as_it_was() {
    let (dir, mut mailer) = folder();
    let memory = Memory::with(mails(6));
    assert_eq!(
        drained(&memory, &mut mailer, 2, || false)
            .expect("drained")
            .stopped,
        Some(Stopped::Limit)
    );
    assert_eq!(files(&dir).len(), 2);
    assert_eq!(
        memory
            .states()
            .iter()
            .filter(|state| **state == MailState::Queued)
            .count(),
        4
    );
    let asked = Cell::new(0);
    let after_two = || {
        asked.set(asked.get() + 1);
        asked.get() > 2
    };
    let (mut relay, ended) = ending(Vec::new());
    let report = drained(&memory, &mut relay, ALL, after_two).expect("drained");
    assert_eq!(
        (report.sent, report.stopped, ended.load(Ordering::Relaxed)),
        (2, Some(Stopped::Asked), 2)
    );
    assert!(
        memory
            .states()
            .iter()
            .all(|state| matches!(state, MailState::Sent | MailState::Queued)),
        "{:?}",
        memory.states()
    );
}

#[test]
fn an_expired_mail_is_recorded_and_not_sent() {
    let (dir, mut mailer) = folder();
    let late = Mail {
        useful_until: Some(fixtures::now().plus(fixtures::minutes(-1))),
        ..fixtures::mail("a@gz.example.cn")
    };
    let memory = Memory::with(vec![late.clone()]);
    let report = drained(&memory, &mut mailer, ALL, || false).expect("drained");
    assert_eq!(report.ended, [(late.mail_id(), MailState::Expired)]);
    assert_eq!(files(&dir).len(), 0);
}

#[test]
fn a_mail_that_makes_no_message_is_dead_and_holds_nobody_up() {
    let (dir, mut mailer) = folder();
    let memory = Memory::with(vec![
        fixtures::mail("not an address"),
        fixtures::mail("a@gz.example.cn"),
    ]);
    let report = drained(&memory, &mut mailer, ALL, || false).expect("drained");
    assert_eq!(
        (report.sent, report.ended.len(), files(&dir).len()),
        (1, 1, 1)
    );
    let mails = memory.mails.borrow();
    let dead = mails
        .values()
        .find(|(_, delivery)| delivery.state == MailState::Dead)
        .expect("a dead mail");
    assert!(
        dead.1
            .last_reply
            .as_ref()
            .is_some_and(|reply| matches!(reply, LastReply::NotSent(_))),
        "{:?}",
        dead.1
    );
    assert_eq!(dead.1.next_attempt_at, NEVER);
}

#[test]
fn an_outcome_that_cannot_be_recorded_ends_the_drain_with_the_mail_still_in_flight() {
    let (mut mailer, ended) = ending(Vec::new());
    let memory = Memory::with(mails(3));
    memory.records_left.set(Some(1));
    assert_eq!(
        drained(&memory, &mut mailer, ALL, || false),
        Err("disk full".into())
    );
    assert_eq!(
        memory
            .states()
            .iter()
            .filter(|state| **state == MailState::Sending)
            .count(),
        1
    );
    assert_eq!(
        (ended.load(Ordering::Relaxed), memory.records.borrow().len()),
        (2, 1)
    );
}

#[test]
fn files_are_recorded_together_and_written_once_more_where_that_failed() {
    let (dir, mut mailer) = folder();
    let memory = Memory::with(mails(150));
    memory.records_left.set(Some(1));
    assert_eq!(
        drained(&memory, &mut mailer, ALL, || false),
        Err("disk full".into())
    );
    let sent = |state| memory.states().iter().filter(|is| **is == state).count();
    let together = sent(MailState::Sent);
    assert!(together > 1 && sent(MailState::Sending) > 1, "{together}");
    let before = files(&dir);
    memory.records_left.set(None);
    memory
        .mails
        .borrow_mut()
        .values_mut()
        .filter(|(_, of)| of.state == MailState::Sending)
        .for_each(|(_, of)| of.state = MailState::Queued);
    assert_eq!(
        drained(&memory, &mut mailer, ALL, || false)
            .expect("drained")
            .sent,
        150 - together
    );
    let after = files(&dir);
    assert!(
        after.len() == 150
            && before
                .iter()
                .all(|(name, bytes)| after.get(name) == Some(bytes))
    );
}

/// A relay that writes the end of each message, with these outcomes one after another, and counts
/// them.
struct Ending {
    outcomes: Vec<Outcome>,
    ended: Arc<AtomicUsize>,
}

impl Carrier for Ending {
    fn carry(&mut self, _letter: Letter<'_>, leave: Leave<'_>) -> Outcome {
        if !leave() {
            return Outcome::Deferred {
                phase: Phase::Body,
                reply: "given up before its end".into(),
            };
        }
        self.ended.fetch_add(1, Ordering::Relaxed);
        self.outcomes.pop().unwrap_or(Outcome::Accepted {
            reply: "250".into(),
        })
    }
}

fn ending(outcomes: Vec<Outcome>) -> (Mailer, Arc<AtomicUsize>) {
    let ended = Arc::<AtomicUsize>::default();
    (
        Mailer::Given(Box::new(Ending {
            outcomes,
            ended: Arc::clone(&ended),
        })),
        ended,
    )
}

#[test]
fn no_message_is_ended_that_is_not_committed_as_in_flight_or_is_another_workers() {
    let (mut mailer, ended) = ending(Vec::new());
    let memory = Memory::with(mails(2));
    memory.is_ours.set(None);
    assert_eq!(
        drained(&memory, &mut mailer, ALL, || false),
        Err("disk full".into())
    );
    let memory = Memory::with(mails(2));
    memory.is_ours.set(Some(false));
    let report = drained(&memory, &mut mailer, ALL, || false).expect("drained");
    assert_eq!(
        (
            report.tried(),
            ended.load(Ordering::Relaxed),
            memory.records.borrow().len()
        ),
        (0, 0, 0),
        "its outcome is the other worker's to record"
    );
    memory
        .mails
        .borrow_mut()
        .values_mut()
        .for_each(|(_, delivery)| *delivery = fixtures::queued());
    memory.is_ours.set(Some(true));
    assert_eq!(
        drained(&memory, &mut mailer, ALL, || false)
            .expect("drained")
            .sent,
        2
    );
    assert_eq!(
        (
            ended.load(Ordering::Relaxed),
            memory
                .mails
                .borrow()
                .values()
                .any(|(_, delivery)| delivery.in_flight)
        ),
        (2, false)
    );
}

#[test]
fn a_mail_whose_one_repetition_is_lost_too_is_told_of_and_counted_once() {
    let lost = || Outcome::Uncertain {
        reply: "connection lost".into(),
    };
    let (mut mailer, _) = ending(vec![lost()]);
    let memory = Memory::with(mails(1));
    memory
        .mails
        .borrow_mut()
        .values_mut()
        .for_each(|(_, delivery)| {
            (delivery.state, delivery.lost_replies) = (MailState::Uncertain, 1)
        });
    let report = drained(&memory, &mut mailer, ALL, || false).expect("drained");
    let ended: Vec<MailState> = report.ended.iter().map(|(_, state)| *state).collect();
    assert_eq!(
        (ended, report.uncertain, report.tried()),
        (vec![MailState::Uncertain], 1, 1)
    );
    let (mut mailer, _) = ending(vec![lost()]);
    let report = drained(&Memory::with(mails(1)), &mut mailer, ALL, || false).expect("drained");
    assert_eq!(
        (report.ended.len(), report.uncertain, report.tried()),
        (0, 1, 1),
        "it is tried once more"
    );
}

#[test]
fn mails_that_make_no_message_are_not_taken_for_refusals_of_the_relay() {
    let (dir, mut mailer) = folder();
    let memory = Memory::with(
        (0..7)
            .map(|n| fixtures::mail(&format!("not an address {n}")))
            .chain(mails(1))
            .collect(),
    );
    let report = drained(&memory, &mut mailer, ALL, || false).expect("drained");
    assert_eq!(
        (
            report.sent,
            report.ended.len(),
            report.stopped,
            files(&dir).len()
        ),
        (1, 7, None, 1)
    );
}
