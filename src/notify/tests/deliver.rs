//! A drain against a folder and against an outbox in memory.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::mime::bytes_of;
use crate::domain::alert::MailId;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Delivery, Mail, MailState};
use crate::notify::deliver::{Claimed, DrainReport, Outbox, Post, Stopped, drain};
use crate::notify::fixtures;
use crate::notify::mailer::{Carrier, FolderMailer, Leave, Letter, Mailer};
use crate::notify::mime::message_id;
use crate::notify::retry::{NEVER, Outcome, Phase};

/// As many mails as there are.
const ALL: usize = usize::MAX;

/// An outbox that keeps every record in order, and can fail.
struct Memory {
    mails: RefCell<BTreeMap<MailId, (Mail, Delivery)>>,
    records: RefCell<Vec<(MailId, MailState)>>,
    records_left: Cell<Option<usize>>,
    /// What it says to a mail that is about to be in flight; none: nothing can be committed.
    is_ours: Cell<Option<bool>>,
}

impl Memory {
    fn with(mails: Vec<Mail>) -> Self {
        Self {
            mails: RefCell::new(
                mails
                    .into_iter()
                    .map(|mail| (mail.mail_id(), (mail, fixtures::queued())))
                    .collect(),
            ),
            records: RefCell::default(),
            records_left: Cell::new(None),
            is_ours: Cell::new(Some(true)),
        }
    }

    fn states(&self) -> Vec<MailState> {
        self.mails
            .borrow()
            .values()
            .map(|(_, delivery)| delivery.state)
            .collect()
    }
}

impl Outbox for Memory {
    type Error = String;

    fn claim(&self, now: Timestamp, limit: usize) -> Result<Vec<Claimed>, String> {
        let mut mails = self.mails.borrow_mut();
        let waits = |state| {
            matches!(
                state,
                MailState::Queued | MailState::Deferred | MailState::Uncertain
            )
        };
        let due = mails
            .iter_mut()
            .filter(|(_, (_, delivery))| waits(delivery.state) && delivery.next_attempt_at <= now)
            .take(limit);
        Ok(due
            .map(|(mail_id, (mail, delivery))| {
                let before = delivery.clone();
                delivery.state = MailState::Sending;
                Claimed {
                    mail_id: mail_id.clone(),
                    mail: mail.clone(),
                    delivery: before,
                    message_id: message_id(mail_id, &fixtures::sender()),
                }
            })
            .collect())
    }

    fn in_flight(&self, one: &Claimed) -> Result<bool, String> {
        self.mails
            .borrow_mut()
            .get_mut(&one.mail_id)
            .expect("a known mail")
            .1
            .in_flight = true;
        match self.is_ours.get() {
            None => Err("disk full".into()),
            Some(is_ours) => Ok(is_ours),
        }
    }

    fn record(&self, outcomes: &[(MailId, Delivery)]) -> Result<(), String> {
        match self.records_left.get() {
            Some(0) => return Err("disk full".into()),
            Some(n) => self.records_left.set(Some(n - 1)),
            None => {}
        }
        for (mail_id, delivery) in outcomes {
            self.records
                .borrow_mut()
                .push((mail_id.clone(), delivery.state));
            self.mails
                .borrow_mut()
                .get_mut(mail_id)
                .expect("a known mail")
                .1 = delivery.clone();
        }
        Ok(())
    }
}

fn mails(n: usize) -> Vec<Mail> {
    (0..n)
        .map(|n| fixtures::mail(&format!("m{n:03}@gz.example.cn")))
        .collect()
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

fn drained(
    memory: &Memory,
    mailer: &mut Mailer,
    mails_max: usize,
    asked_to_stop: impl Fn() -> bool,
) -> Result<DrainReport, String> {
    let sender = fixtures::sender();
    let post = Post {
        from: &sender,
        list_id: "sisan.gz.example.cn",
        mails_max,
    };
    run(drain(memory, mailer, post, fixtures::now, asked_to_stop))
}

fn folder() -> (tempfile::TempDir, Mailer) {
    let dir = tempfile::tempdir().expect("a folder");
    let mailer = Mailer::Folder(FolderMailer::new(
        dir.path().join("mails"),
        fixtures::zone(),
    ));
    (dir, mailer)
}

fn files(dir: &tempfile::TempDir) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(dir.path().join("mails")) else {
        return BTreeMap::new();
    };
    entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            (
                path.file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned(),
                std::fs::read(&path).expect("readable"),
            )
        })
        .collect()
}

#[test]
fn every_mail_becomes_one_file_under_its_own_name() {
    let (dir, mut mailer) = folder();
    let memory = Memory::with(mails(5));
    let report = drained(&memory, &mut mailer, ALL, || false).expect("drained");
    assert_eq!((report.sent, report.stopped), (5, None));
    let files = files(&dir);
    assert_eq!(files.len(), 5);
    let mail = &mails(1)[0];
    assert_eq!(
        files[&format!("20260715-090500-alert_task-{}.eml", mail.mail_id())],
        bytes_of(mail)
    );
    assert!(
        memory
            .states()
            .iter()
            .all(|state| *state == MailState::Sent)
    );
}

#[test]
fn writing_the_same_mail_again_changes_nothing() {
    let (dir, mut mailer) = folder();
    let (mail, sender) = (fixtures::mail("a@gz.example.cn"), fixtures::sender());
    let message = bytes_of(&mail);
    let mut send = || {
        run(mailer.send(
            Letter {
                mail: &mail,
                from: &sender,
                message: &message,
            },
            &mut || true,
        ))
    };
    let first = send();
    assert!(matches!(first, Outcome::Accepted { .. }), "{first:?}");
    let before = files(&dir);
    assert_eq!(send(), first);
    assert_eq!(files(&dir), before);
}

#[test]
fn what_a_killed_process_left_behind_is_removed_and_nothing_else() {
    let (dir, mailer) = folder();
    let Mailer::Folder(folder) = &mailer else {
        panic!("a folder")
    };
    folder
        .tidy()
        .expect("a folder that is not there yet holds nothing");
    let path = |name: &str| dir.path().join("mails").join(name);
    std::fs::create_dir(dir.path().join("mails")).expect("a folder");
    for name in [
        ".20260715-090500-alert_task-M1.eml.tmp",
        "M1.eml",
        "notes.eml.tmp",
        ".hidden",
    ] {
        std::fs::write(path(name), "half").expect("written");
    }
    folder.tidy().expect("removed");
    assert_eq!(
        files(&dir).into_keys().collect::<Vec<_>>(),
        [".hidden", "M1.eml", "notes.eml.tmp"]
    );
}

#[test]
fn a_file_that_cannot_be_written_whole_leaves_nothing_that_takes_its_room() {
    let (dir, mut mailer) = folder();
    let mails = mails(1);
    let Mailer::Folder(folder) = &mailer else {
        panic!("a folder")
    };
    std::fs::create_dir_all(folder.path_of(&mails[0])).expect("a folder where the file is to be");
    let report = drained(&Memory::with(mails), &mut mailer, ALL, || false).expect("drained");
    assert_eq!((report.sent, report.deferred), (0, 1));
    assert_eq!(
        std::fs::read_dir(dir.path().join("mails"))
            .expect("the folder")
            .count(),
        1
    );
}

#[test]
fn a_folder_that_cannot_be_written_defers_and_stops_as_if_the_relay_were_down() {
    let dir = tempfile::tempdir().expect("a folder");
    let blocked = dir.path().join("a file");
    std::fs::write(&blocked, "x").expect("written");
    let mut mailer = Mailer::Folder(FolderMailer::new(blocked.join("mails"), fixtures::zone()));
    let memory = Memory::with(mails(5));
    let report = drained(&memory, &mut mailer, ALL, || false).expect("drained");
    assert_eq!((report.sent, report.deferred), (0, 3));
    assert!(
        matches!(&report.stopped, Some(Stopped::RelayDown(why)) if why.contains("mail.folder")),
        "{:?}",
        report.stopped
    );
    assert_eq!(
        memory
            .states()
            .iter()
            .filter(|state| **state == MailState::Queued)
            .count(),
        2,
        "the rest is untouched"
    );
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
            .as_deref()
            .is_some_and(|reply| reply.contains("not sent")),
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

/// A relay that ends each message, with these outcomes one after another, and counts them.
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
