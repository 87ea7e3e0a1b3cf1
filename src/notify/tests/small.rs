//! However much there is to show, a mail is small and gives the number of what it leaves out: each
//! kind, each list, both languages.

use super::bytes_of;
use crate::domain::event::KeyDateKind;
use crate::domain::ids::{ContactId, ProjectId};
use crate::domain::mail::{Mail, MailKind, NoticeTopic};
use crate::domain::ops_notice::OpsNotice;
use crate::domain::pause::{Pause, PauseCause};
use crate::domain::task::{Approval, Check, EscalationReason, Origin, Task, TaskState};
use crate::domain::timeline::Departure;
use crate::notify::compose::{About, PendingNotice, compose};
use crate::notify::digest::{Waiting, digests};
use crate::notify::fixtures::{self, SampleCity};
use crate::notify::room::PARTS_OCTETS_MAX;
use crate::notify::samples::{about_upward, finished, planned};

/// Octets of headers and boundaries, generously.
const FRAME_OCTETS: usize = 16 * 1024;

/// A reader of Chinese, and one of English.
const READERS: [&str; 2] = ["M001", "M002"];

fn project(n: usize) -> Origin {
    Origin::Project(ProjectId::parse(&format!("P{n}")).expect("an id"))
}

fn promise(n: usize) -> Origin {
    Origin::Promise(ContactId::parse(&format!("C{n}")).expect("an id"))
}

/// The one mail that covers all of it; it is small, and whole.
fn mailed(pending: &[PendingNotice], kind: MailKind) -> Mail {
    let composition = compose(pending, &SampleCity::new().ctx()).expect("rendered");
    let [one] = &composition.mails[..] else {
        panic!("{} mails", composition.mails.len())
    };
    assert_eq!(
        (
            one.mail.kind,
            one.notice_ids.len(),
            composition.dropped.len()
        ),
        (kind, pending.len(), 0),
        "all of it is written"
    );
    small(&one.mail);
    one.mail.clone()
}

fn small(mail: &Mail) {
    let octets = bytes_of(mail).len();
    assert!(
        octets <= PARTS_OCTETS_MAX + FRAME_OCTETS,
        "{} of {octets} octets",
        mail.kind.name()
    );
}

/// Asserts that text and HTML give the number of what is left out, in the reader's language.
fn counts(mail: &Mail, reader: &str, more: usize) {
    let expected = if reader == "M001" {
        format!("另有 {more} 项未列出")
    } else {
        format!("and {more} more")
    };
    assert!(
        mail.text.contains(&expected) && mail.html.contains(&expected),
        "{expected}: {}",
        mail.text
    );
}

#[test]
fn thousands_of_projects_or_promises_are_one_small_mail_that_counts_them() {
    for reader in READERS {
        for (n, origin) in [(2_000, project as fn(usize) -> Origin), (5_000, promise)] {
            let tasks = (0..n).map(|at| {
                planned(
                    origin(at),
                    &format!("第 {at} 项：千兆专线进园区"),
                    "G00001",
                    reader,
                )
            });
            let pending: Vec<PendingNotice> = tasks
                .map(|task| fixtures::about_task(task, Vec::new()))
                .collect();
            let mail = mailed(&pending, MailKind::AlertTask);
            counts(&mail, reader, n - 20);
            assert!(
                mail.subject.contains(&if reader == "M001" {
                    format!("共 {n} 项")
                } else {
                    format!("and {} more", n - 1)
                }),
                "{}",
                mail.subject
            );
        }
    }
}

#[test]
fn what_goes_upwards_is_small_and_counted() {
    let upward = |n: usize, kind: MailKind, reader: &str| {
        let task = |at: usize| planned(project(at), &format!("第 {at} 项"), "G00001", "M001");
        let pending: Vec<PendingNotice> = (0..n)
            .map(|at| match kind {
                MailKind::ApprovalRequest => {
                    let task = Task {
                        approval: Approval::Requested,
                        asked_at: Some(fixtures::at("2026-07-13 16:30")),
                        ..task(at)
                    };
                    about_upward(
                        NoticeTopic::Approval(task.task_id.clone()),
                        task,
                        Vec::new(),
                        reader,
                    )
                }
                MailKind::Escalation => {
                    let task = Task {
                        state: TaskState::InProgress,
                        due_at: fixtures::at("2026-07-13 18:00"),
                        ..task(at)
                    };
                    about_upward(
                        NoticeTopic::Escalation(task.task_id.clone(), EscalationReason::Overdue),
                        task,
                        Vec::new(),
                        reader,
                    )
                }
                _ => {
                    let task = Task {
                        task_id: task(at).task_id,
                        ..finished(at % 2 == 0)
                    };
                    about_upward(
                        NoticeTopic::Report(task.task_id.clone()),
                        task,
                        Vec::new(),
                        reader,
                    )
                }
            })
            .collect();
        counts(&mailed(&pending, kind), reader, n - 20);
    };
    for reader in READERS {
        for kind in [
            MailKind::ApprovalRequest,
            MailKind::Escalation,
            MailKind::ReportUp,
        ] {
            upward(800, kind, reader);
        }
    }
}

#[test]
fn the_calendar_part_has_an_entry_for_each_date_that_the_mail_shows_and_the_rest_is_counted() {
    for reader in READERS {
        let reminders = (0..3_000).map(|n| {
            fixtures::reminder(
                &format!("K{n}"),
                KeyDateKind::Birthday,
                "刘总生日",
                "2026-07-16",
                1,
            )
        });
        let mail = mailed(
            &reminders
                .map(|one| fixtures::about_reminder(one, reader))
                .collect::<Vec<_>>(),
            MailKind::Reminder,
        );
        assert_eq!(
            mail.calendar
                .as_deref()
                .map(|part| part.matches("BEGIN:VEVENT").count()),
            Some(40)
        );
        counts(&mail, reader, 2_960);
    }
}

#[test]
fn a_brief_with_thousands_of_everything_is_small_and_counts_each_list() {
    for reader in READERS {
        let mut brief = fixtures::brief(reader);
        let item = brief.work[0].clone();
        brief.work = (0..5_001)
            .map(|n| crate::domain::brief::WorkItem {
                task: Task {
                    task_id: Task::id_from(&promise(n)),
                    ..item.task.clone()
                },
                ..item.clone()
            })
            .collect();
        brief.groups = std::iter::repeat_n(brief.groups[0].clone(), 2_002).collect();
        brief.notices = std::iter::repeat_n(brief.notices[0].clone(), 1_003).collect();
        brief.handed_over = std::iter::repeat_n(brief.handed_over[0].clone(), 1_004).collect();
        brief.dates = std::iter::repeat_n(brief.dates[0].clone(), 1_005).collect();
        brief.to_approve = std::iter::repeat_n(brief.to_approve[0].clone(), 1_006).collect();
        brief.to_verify = std::iter::repeat_n(brief.to_verify[0].clone(), 1_007).collect();
        brief.reports = std::iter::repeat_n(brief.reports[0].clone(), 1_008).collect();
        let mail = mailed(&[fixtures::about_brief(brief)], MailKind::DailyBrief);
        // Whatever the room, shown and counted are all there are.
        let more = |n: usize| {
            if reader == "M001" {
                format!("另有 {n} 项未列出")
            } else {
                format!("and {n} more")
            }
        };
        for (all, most) in [
            (5_001, 30),
            (2_002, 40),
            (1_003, 40),
            (1_004, 40),
            (1_005, 20),
            (1_006, 20),
            (1_007, 20),
            (1_008, 20),
        ] {
            let is_said = (0..8)
                .map(|halvings| more(all - (most >> halvings).max(1)))
                .any(|text| mail.text.contains(&text) && mail.html.contains(&text));
            assert!(is_said, "{all}: {}", mail.text);
        }
        assert!(mail.subject.contains("5001"), "{}", mail.subject);
    }
}

#[test]
fn a_digest_of_thousands_of_tasks_is_small_and_counts_them() {
    for reader in READERS {
        let tasks = (0..3_000).map(|at| {
            (
                planned(project(at), &format!("第 {at} 项"), "G00001", reader),
                Vec::new(),
            )
        });
        let waiting = |at, tasks| Waiting {
            mail_id: crate::domain::alert::MailId::new(format!("M{at}")),
            recipient: "a@x.cn".into(),
            tasks,
        };
        let made = digests(
            &[waiting(1, tasks.collect()), waiting(2, Vec::new())],
            &SampleCity::new().ctx(),
        )
        .expect("rendered");
        let [mail] = &made.mails[..] else {
            panic!("{} digests", made.mails.len())
        };
        small(mail);
        counts(mail, reader, 2_900);
    }
}

#[test]
fn a_batch_of_more_lines_than_it_names_counts_them_all() {
    let mut batch = fixtures::batch_alert();
    (batch.explanation.k, batch.explanation.churned) = (1_500, Some(1_490));
    for (reader, churned) in [("M001", "另有 1480 项未列出"), ("M002", "and 1480 more")] {
        let mut one = fixtures::about_alerts(vec![batch.clone()], reader);
        let About::Task { departures, .. } = &mut one.about else {
            panic!("about a task")
        };
        // Two of the twelve that are named have only left the group customer.
        let how = |n| match n {
            0 | 1 => Departure::Left,
            _ => Departure::Cancelled,
        };
        *departures = batch
            .members
            .iter()
            .enumerate()
            .map(|(n, line)| (line.clone(), how(n)))
            .collect();
        let mail = mailed(&[one], MailKind::AlertTask);
        let left = churned.replace("1480", "8");
        assert!(
            mail.text.contains(churned) && mail.text.contains(&left),
            "{}",
            mail.text
        );
    }
}

#[test]
fn an_ops_notice_with_thousands_of_lines_is_small_and_counts_them() {
    let long: Vec<(String, Pause)> = (0..2_000)
        .map(|n| {
            let pause = Pause {
                cause: PauseCause::FileUnreadable,
                reason: format!("line {n} {}", "<x> ".repeat(200)),
            };
            (format!("{n}.jsonl"), pause)
        })
        .collect();
    let pending: Vec<PendingNotice> = (0..50)
        .map(|n| {
            let mut one = fixtures::about_ops(OpsNotice::InputPaused {
                sources: long.clone(),
                more: 0,
            });
            one.notice.created_at = fixtures::now().plus(fixtures::minutes(-n));
            one
        })
        .collect();
    let mail = mailed(&pending, MailKind::OpsNotice);
    assert!(
        mail.text.contains("line 0 ")
            && mail.text.contains("项未列出")
            && mail.html.contains("项未列出"),
        "{}",
        mail.text
    );
}

#[test]
fn the_longest_texts_that_may_come_from_outside_fit_too() {
    let nasty = "<\"&'>鑫".repeat(500);
    let alerts: Vec<_> = (0..40)
        .map(|n| {
            let mut alert = fixtures::batch_alert();
            alert.key.occurrence = n + 1;
            alert
        })
        .collect();
    let pending: Vec<PendingNotice> = (0..200)
        .map(|n| {
            let mut task = Task {
                checks: vec![Check::new(nasty.clone()); 60],
                ..fixtures::task(&alerts, "M001")
            };
            task.task_id = Task::id_from(&project(n));
            fixtures::about_task(task, alerts.clone())
        })
        .collect();
    let mail = mailed(&pending, MailKind::AlertTask);
    assert!(mail.text.contains("项未列出"), "{}", mail.text);
}
