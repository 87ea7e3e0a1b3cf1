//! What a manager has to see in the morning: whose brief has it, since when, in which order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{CHURN, Fixture, alert, at, day, group, manager_id, to, unit, zone};
use crate::domain::alert::TaskId;
use crate::domain::brief::{Brief, ChangeKind, GroupChange, GroupChanges, HandedOver, WorkItem};
use crate::domain::event::KeyDateKind;
use crate::domain::ids::{GroupId, KeyDateId, ManagerId};
use crate::domain::indicator::{AlertKind, Severity, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reminder::{KeyDateOccasion, Occasion, Reminder};
use crate::domain::task::{
    Approval, Finish, ReportUp, SystemNote, Task, TaskClass, TaskResult, TaskState, UpwardReport,
};
use crate::follow_up::morning::Morning;
use crate::follow_up::tasks::{AlertChange, follow_up};
use crate::follow_up::work_list;

const TUESDAY_8: &str = "2026-08-04 08:00";

/// A morning on which nothing has happened.
fn morning(fixture: &Fixture) -> Morning<'_> {
    Morning {
        unexplained: BTreeSet::new(),
        staff: fixture.ctx(TUESDAY_8).staff(),
        zone: zone(),
        since: at("2026-08-03 08:00"),
        until: at(TUESDAY_8),
        last_working_day: LocalDay::from_date(day("2026-08-03")),
        changes: Vec::new(),
        known_from: Vec::new(),
        open_alerts: Vec::new(),
        work: Vec::new(),
        ended: Vec::new(),
        picked: BTreeSet::new(),
        reminders: Vec::new(),
    }
}

fn group_id(id: &str) -> GroupId {
    GroupId::parse(id).expect("an id")
}

fn changes(id: &str) -> GroupChanges {
    let change = GroupChange {
        kind: ChangeKind::Joined,
        at: at("2026-08-03 10:00"),
        subject: "13800008000".into(),
        detail: None,
    };
    GroupChanges {
        group_id: group_id(id),
        members: 10,
        opening: 9,
        churned: 1,
        changes: vec![change],
        more: 0,
    }
}

/// A task of `wang` about G1, due on Tuesday.
fn task(fixture: &Fixture) -> Task {
    let opened = AlertChange::Opened(alert(group("G1"), CHURN, Severity::Warning));
    follow_up(&[opened], &[], &fixture.ctx("2026-08-03 10:00"))
        .tasks
        .remove(0)
}

fn numbered(fixture: &Fixture, number: usize, change: impl FnOnce(&mut Task)) -> Task {
    let mut task = Task {
        task_id: TaskId::new(format!("T{number:03}")),
        ..task(fixture)
    };
    change(&mut task);
    task
}

fn item(task: Task) -> WorkItem {
    WorkItem {
        task,
        alerts: Vec::new(),
        at_stake_fen: None,
        is_lost: false,
    }
}

fn done_at(task: &mut Task, when: &str, about: ReportUp, urgent: bool) {
    (task.state, task.ended_at) = (TaskState::Done, Some(at(when)));
    task.finish = Some(Finish {
        by_contact: None,
        subscribers: None,
        note: "已与客户当面沟通".to_owned(),
        report: UpwardReport {
            about,
            text: "竞争对手低价进入".to_owned(),
            urgent,
        },
        result: TaskResult::Retained,
        summary: "客户续约".to_owned(),
        cost_fen: None,
        is_case: false,
    });
}

fn readers(briefs: &BTreeMap<ManagerId, Brief>) -> Vec<&str> {
    briefs.keys().map(ManagerId::as_str).collect()
}

fn ids(tasks: &[Task]) -> Vec<&str> {
    tasks.iter().map(|task| task.task_id.as_str()).collect()
}

#[test]
fn nobody_gets_an_empty_brief() {
    let fixture = Fixture::new();
    assert_eq!(morning(&fixture).briefs(), BTreeMap::new());
    let mut with_done = morning(&fixture);
    with_done.ended = vec![numbered(&fixture, 1, |task| {
        done_at(task, "2026-08-03 15:00", ReportUp::None, false)
    })];
    assert_eq!(with_done.briefs(), BTreeMap::new());
}

#[test]
fn whoever_stands_in_for_an_absent_manager_sees_his_groups_and_the_manager_does_too() {
    let mut fixture = Fixture::new();
    let readers = |fixture: &Fixture| {
        let briefs = Morning {
            changes: vec![changes("G1")],
            ..morning(fixture)
        }
        .briefs();
        readers(&briefs)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(readers(&fixture), ["wang"]);
    fixture.manager("wang", |wang| {
        wang.delegate_id = Some(manager_id("li"));
        wang.away_until = Some(day("2026-08-04"));
    });
    assert_eq!(readers(&fixture), ["li", "wang"]);
    fixture.manager("wang", |wang| wang.active = false);
    assert_eq!(
        readers(&fixture),
        ["zhao"],
        "without a delegate the unit's head sees it"
    );
}

#[test]
fn notices_are_told_from_just_after_the_last_brief_up_to_this_one() {
    let fixture = Fixture::new();
    let opened = |when: &str, severity| {
        let mut notice = alert(group("G1"), CHURN, severity);
        notice.opened_at = at(when);
        notice
    };
    let briefs_of = |one| {
        let briefs = Morning {
            open_alerts: vec![one],
            ..morning(&fixture)
        }
        .briefs();
        briefs
            .get(&manager_id("wang"))
            .map_or(0, |brief| brief.notices.len())
    };
    assert_eq!(
        briefs_of(opened("2026-08-03 08:00", Severity::Notice)),
        0,
        "it was in the last brief"
    );
    let mut low_score = opened("2026-08-03 08:01", Severity::Notice);
    low_score.key.kind = AlertKind::Signal(Signal::LowScore);
    assert_eq!(briefs_of(low_score), 0, "of tier B it makes a task");
    assert_eq!(briefs_of(opened("2026-08-03 08:01", Severity::Notice)), 1);
    assert_eq!(briefs_of(opened("2026-08-04 08:00", Severity::Notice)), 1);
    assert_eq!(
        briefs_of(opened("2026-08-04 08:01", Severity::Notice)),
        0,
        "the next brief tells it"
    );
    assert_eq!(
        briefs_of(opened("2026-08-03 12:00", Severity::Warning)),
        0,
        "it has a task"
    );
}

#[test]
fn a_group_that_changed_hands_is_told_to_both() {
    let mut fixture = Fixture::new();
    let before = Timestamp::from_micros(1_000);
    fixture.group("G1", |group| group.manager_id = manager_id("li"));
    let moved_at = fixture.reference.groups[&group_id("G1")]
        .entries()
        .last()
        .expect("an event")
        .0
        .time;
    let briefs_of = |from| {
        Morning {
            known_from: vec![(group_id("G1"), from)],
            ..morning(&fixture)
        }
        .briefs()
    };
    let briefs = briefs_of(moved_at);
    assert_eq!(readers(&briefs), ["li", "wang"]);
    let handed_over = HandedOver {
        group_id: group_id("G1"),
        from: manager_id("wang"),
        to: manager_id("li"),
    };
    assert!(
        briefs
            .values()
            .all(|brief| brief.handed_over == [handed_over.clone()])
    );
    assert_eq!(briefs_of(before).len(), 0, "nothing is new since");
}

#[test]
fn yesterday_counts_what_was_due_or_done_and_what_of_it_is_done() {
    let fixture = Fixture::new();
    let due = |number, when: &str| numbered(&fixture, number, |task| task.due_at = at(when));
    let done = |number, due: &str, ended: &str| {
        numbered(&fixture, number, |task| {
            done_at(task, ended, ReportUp::None, false);
            task.due_at = at(due);
        })
    };
    let cancelled = numbered(&fixture, 6, |task| {
        (task.state, task.ended_at, task.due_at) = (
            TaskState::Cancelled,
            Some(at("2026-08-03 12:00")),
            at("2026-08-03 12:00"),
        );
    });
    let briefs = Morning {
        work: vec![
            item(due(1, "2026-08-03 18:00")),
            item(due(2, "2026-08-04 18:00")),
        ],
        ended: vec![
            done(3, "2026-08-03 18:00", "2026-07-31 10:00"),
            done(4, "2026-08-07 18:00", "2026-08-03 10:00"),
            done(5, "2026-08-07 18:00", "2026-07-31 10:00"),
            cancelled,
        ],
        ..morning(&fixture)
    }
    .briefs();
    assert_eq!(briefs[&manager_id("wang")].yesterday, (3, 2));
}

#[test]
fn the_supervisor_sees_what_waits_for_him_what_he_must_verify_and_what_is_reported() {
    let mut fixture = Fixture::new();
    fixture.manager("wang", |wang| wang.supervisor_id = Some(manager_id("chen")));
    let asks = numbered(&fixture, 1, |task| task.approval = Approval::Requested);
    let reported = |number, when: &str, about, urgent| {
        numbered(&fixture, number, |task| done_at(task, when, about, urgent))
    };
    let ended = vec![
        reported(2, "2026-08-03 15:00", ReportUp::Competition, false),
        reported(3, "2026-08-03 15:00", ReportUp::Competition, true),
        reported(4, "2026-08-03 15:00", ReportUp::None, false),
        reported(5, "2026-08-03 07:00", ReportUp::SpecialNeed, false),
        Task {
            verified: true,
            ..reported(6, "2026-08-03 07:00", ReportUp::None, false)
        },
    ];
    let picked = [4, 5, 6]
        .map(|number| TaskId::new(format!("T{number:03}")))
        .into();
    let briefs_of = |fixture: &Fixture| {
        let picked = BTreeSet::clone(&picked);
        Morning {
            work: vec![item(asks.clone())],
            ended: ended.clone(),
            picked,
            ..morning(fixture)
        }
        .briefs()
    };
    let briefs = briefs_of(&fixture);
    assert_eq!(readers(&briefs), ["chen", "wang"]);
    let chen = &briefs[&manager_id("chen")];
    assert_eq!(
        (
            ids(&chen.to_approve),
            ids(&chen.to_verify),
            ids(&chen.reports)
        ),
        (vec!["T001"], vec!["T004", "T005"], vec!["T002"])
    );
    assert!(chen.work.is_empty());
    fixture.manager("chen", |chen| chen.active = false);
    assert_eq!(
        readers(&briefs_of(&fixture)),
        ["wang", "zhao"],
        "without a supervisor the unit's head sees it"
    );
}

#[test]
fn reminders_and_tasks_go_to_their_assignee_and_what_had_no_mail_is_counted() {
    let fixture = Fixture::new();
    let reminder = Reminder {
        occasion: Occasion::KeyDate(KeyDateOccasion {
            key_date_id: KeyDateId::parse("K1").expect("an id"),
            group_id: group_id("G1"),
            kind: KeyDateKind::Birthday,
            title: "生日".to_owned(),
            contact: None,
            lunar: None,
        }),
        occurs_on: day("2026-08-05"),
        lead_days: 1,
        send_on: day("2026-08-04"),
        late: false,
        assignee: to("li"),
    };
    let over_cap = numbered(&fixture, 2, |task| {
        task.system_note = Some(SystemNote::OverCap(20))
    });
    let of_unit = numbered(&fixture, 3, |task| {
        (task.scope, task.assignee) = (unit(), to("zhao"))
    });
    let work = vec![
        item(numbered(&fixture, 1, |_| {})),
        item(over_cap),
        item(of_unit),
    ];
    let briefs = Morning {
        reminders: vec![reminder],
        work,
        ..morning(&fixture)
    }
    .briefs();
    let readers = |id: &str| {
        let brief = &briefs[&manager_id(id)];
        (brief.work.len(), brief.over_cap, brief.dates.len())
    };
    assert_eq!(
        (
            readers("wang"),
            readers("li"),
            readers("zhao"),
            briefs.len()
        ),
        ((2, 1, 0), (0, 0, 1), (1, 0, 0), 3)
    );
}

proptest! {
    #[test]
    fn first_things_stand_first(
        tasks in proptest::collection::vec((0usize..3, proptest::option::of(0i64..4), 0i64..3), 0..12),
        order in proptest::collection::vec(any::<u16>(), 12),
    ) {
        let fixture = Fixture::new();
        let model = task(&fixture);
        let mut list: Vec<WorkItem> = Vec::new();
        for (number, (class, at_stake_fen, due)) in tasks.into_iter().enumerate() {
            let task = Task {
                task_id: TaskId::new(format!("T{number:03}")),
                class: [TaskClass::Promise, TaskClass::Key, TaskClass::Routine][class],
                due_at: Timestamp::from_micros(due),
                ..model.clone()
            };
            list.push(WorkItem { task, alerts: Vec::new(), at_stake_fen, is_lost: false });
        }
        let mut other: Vec<(u16, WorkItem)> = order.into_iter().zip(list.iter().cloned()).collect();
        other.sort_by_key(|(place, _)| *place);
        let mut other: Vec<WorkItem> = other.into_iter().map(|(_, item)| item).collect();
        work_list::sort(&mut list);
        work_list::sort(&mut other);
        prop_assert_eq!(&list, &other, "whatever the order they came in");
        for pair in list.windows(2) {
            let rank = |class| [TaskClass::Promise, TaskClass::Key, TaskClass::Routine].iter().position(|one| *one == class);
            let (a, b) = (rank(pair[0].task.class), rank(pair[1].task.class));
            let (stake_a, stake_b) = (pair[0].at_stake_fen.unwrap_or(0), pair[1].at_stake_fen.unwrap_or(0));
            prop_assert!(a <= b);
            prop_assert!(a < b || stake_a >= stake_b);
            prop_assert!(a < b || stake_a > stake_b || pair[0].task.due_at <= pair[1].task.due_at);
        }
    }
}
