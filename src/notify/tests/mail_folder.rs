//! Mails that go into a folder.

use std::collections::BTreeMap;

use super::deliver::{ALL, drained, mails, run};
use super::mime::bytes_of;
use super::outbox_in_memory::Memory;
use crate::domain::mail::MailState;
use crate::notify::deliver::Stopped;
use crate::notify::fixtures;
use crate::notify::mailer::{FolderMailer, Letter, Mailer};
use crate::notify::retry::Outcome;

pub(super) fn folder() -> (tempfile::TempDir, Mailer) {
    let dir = tempfile::tempdir().expect("a folder");
    let mailer = Mailer::Folder(FolderMailer::new(
        dir.path().join("mails"),
        fixtures::zone(),
    ));
    (dir, mailer)
}

pub(super) fn files(dir: &tempfile::TempDir) -> BTreeMap<String, Vec<u8>> {
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
        matches!(&report.stopped, Some(Stopped::RelayDown(why)) if why.to_string().contains("mail.folder")),
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
