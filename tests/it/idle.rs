//! A worker to which nothing comes: what it has sent and read costs it nothing.

use std::fs;
use std::time::Duration;

use sisan::domain::last_reply::LastReply;
use sisan::domain::locale::Locale;
use sisan::domain::mail::{MailDelivery, MailKind, MailState};
use sisan::notify::samples;
use sisan::store::{Store, StoreAt, StoreError};

use crate::deployment::Deployment;
use crate::running::Running;
use crate::services::times;

/// How long its CPU is watched.
const WATCHED: Duration = Duration::from_secs(20);
/// How long it must be calm before that, and how often that is waited for.
const CALM_PAUSE: Duration = Duration::from_secs(3);
const CALM_PAUSES_MAX: usize = 40;
/// Thousandths of a core.
const PER_MILLE_MAX: u64 = 10;
/// Mails that are queued in one transaction.
const AT_ONCE: usize = 10_000;

/// Puts so many mails that were sent into the outbox.
fn send(deployment: &Deployment, mails: usize) {
    let at = StoreAt::Sqlite {
        path: deployment.path("sisan.db"),
        memtable_bytes_max: 64 << 20,
    };
    let store = Store::open(&at).expect("a store");
    let mut mail = samples::mail(MailKind::AlertTask, Locale::ZhCn).expect("a sample");
    let (queued_at, all) = (mail.queued_at, (0..mails).collect::<Vec<_>>());
    for some in all.chunks(AT_ONCE) {
        let sent = store.write_tx("send mails", |tx| {
            for n in some {
                (mail.subject_key, mail.queued_at) = (
                    format!("{n}"),
                    queued_at.plus(-chrono::TimeDelta::minutes(*n as i64)),
                );
                tx.insert_mail(&mail, "<m@sisan>", MailState::Queued)?;
                let delivery = MailDelivery {
                    state: MailState::Sent,
                    attempts: 1,
                    lost_replies: 0,
                    in_flight: false,
                    next_attempt_at: mail.queued_at,
                    sent_at: Some(mail.queued_at),
                    last_reply: Some(LastReply::Relay("250 ok".to_owned())),
                };
                tx.record_delivery(&mail.mail_id(), &delivery)?;
            }
            Ok::<_, StoreError>(())
        });
        sent.expect("mails that were sent");
    }
}

/// Lays so many files there, of one event each.
fn lay(deployment: &Deployment, files: usize) {
    for n in 0..files {
        let line = format!(
            r#"{{"specversion":"1.0","id":"e-{n}","source":"/boss/test","type":"boss.membership.v1","time":"2026-09-01T09:00:00+08:00","data":{{"subscriber_id":"138{n:08}","group_id":"G{}","change":"joined"}}}}"#,
            n % 100
        );
        fs::write(
            deployment.path("events").join(format!("{n:06}.jsonl")),
            line + "\n",
        )
        .expect("a file of events");
    }
}

/// Milliseconds of CPU that a process has used.
fn cpu_ms(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("a process that runs");
    let (_, behind_name) = stat.rsplit_once(") ").expect("a name");
    // User and system time, in hundredths of a second on every Linux.
    behind_name
        .split(' ')
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<u64>().expect("a number") * 10)
        .sum()
}

#[test]
fn a_worker_to_which_nothing_comes_takes_less_than_a_hundredth_of_a_core_however_much_it_has_sent_and_read()
 {
    let (mails, files) = (times(3_000, 300_000), times(300, 30_000));
    let mut deployment = Deployment::new();
    deployment.set("CLOCK__MODE", "wall");
    lay(&deployment, files);
    deployment.drain();
    send(&deployment, mails);
    assert_eq!(deployment.applied(), files as u64);
    let worker = Running::start(&deployment);
    // The first evaluation pass and the jobs of today come first.
    for _ in 0..CALM_PAUSES_MAX {
        let before = cpu_ms(worker.id());
        std::thread::sleep(CALM_PAUSE);
        if before > 0
            && (cpu_ms(worker.id()) - before) * 1_000
                <= CALM_PAUSE.as_millis() as u64 * PER_MILLE_MAX
        {
            break;
        }
    }
    let before = cpu_ms(worker.id());
    std::thread::sleep(WATCHED);
    let used = cpu_ms(worker.id()) - before;
    println!("{mails} mails, {files} files: {used} ms of CPU in {WATCHED:?}");
    assert!(
        used * 1_000 <= WATCHED.as_millis() as u64 * PER_MILLE_MAX,
        "{used} ms of CPU in {WATCHED:?}"
    );
    worker.stop();
}
