//! The sweep: work that is planned by projects, key dates, figures and silences that end.

use chrono::NaiveDate;

use super::contacts::contact;
use super::{CHURN, Fixture, alert, at, day, group, manager_id, to};
use crate::domain::alert::{Alert, AlertId, AlertState};
use crate::domain::counters::Figures;
use crate::domain::event::{EventData, Every, KeyDate, KeyDateKind, KeyDay, Project};
use crate::domain::ids::{GroupId, KeyDateId, ProjectId};
use crate::domain::indicator::Severity::Warning;
use crate::domain::mail::NoticeTopic;
use crate::domain::task::StepKind;
use crate::domain::task::{Origin, PlanKind, Task, TaskClass, TaskKind, TaskState};
use crate::follow_up::key_dates::Upcoming;
use crate::follow_up::sweep::{AlertsById, Occasions, SweepRules, sweep, wanted};
use crate::follow_up::tasks::{AlertChange, FollowUp, follow_up};

fn project(closed: bool) -> EventData {
    EventData::Project(Project {
        project_id: ProjectId::parse("P1").expect("an id"),
        group_id: GroupId::parse("G1").expect("an id"),
        title: "园区专线".into(),
        due_on: Some(day("2026-09-30")),
        closed,
    })
}

fn key_date(id: &str, group_id: &str, kind: KeyDateKind, on: NaiveDate) -> KeyDate {
    KeyDate {
        key_date_id: KeyDateId::parse(id).expect("an id"),
        group_id: GroupId::parse(group_id).expect("an id"),
        kind,
        title: "集团合约".into(),
        contact: None,
        day: KeyDay::Solar(on),
        every: Every::Once,
        lead_days: None,
        removed: false,
    }
}

fn comes(key_date: &KeyDate) -> Upcoming<'_> {
    let KeyDay::Solar(occurs_on) = key_date.day else {
        unreachable!("they are solar")
    };
    Upcoming {
        key_date,
        occurs_on,
    }
}

pub(super) fn wanted_at(fixture: &Fixture, now: &str) -> Vec<Task> {
    wanted(
        Occasions::default(),
        SweepRules::default(),
        &fixture.ctx(now),
    )
}

pub(super) fn sweep_once(
    fixture: &Fixture,
    open: &[Task],
    begun: Vec<Task>,
    now: &str,
) -> FollowUp {
    sweep(
        open,
        &AlertsById::new(),
        begun,
        SweepRules::default(),
        &fixture.ctx(now),
    )
}

/// An accepted task of G1's churn alert.
pub(super) fn accepted(fixture: &Fixture) -> Task {
    let made = follow_up(
        &[AlertChange::Opened(alert(group("G1"), CHURN, Warning))],
        &[],
        &fixture.ctx("2026-08-03 10:00"),
    );
    Task {
        state: TaskState::Accepted,
        accepted_at: Some(at("2026-08-03 11:00")),
        ..made.tasks[0].clone()
    }
}

#[test]
fn an_open_key_project_is_a_task_and_a_joint_visit_until_it_is_closed() {
    let mut fixture = Fixture::new();
    fixture.put_event(project(false));
    let tasks = wanted_at(&fixture, "2026-08-03 10:00");
    assert_eq!(
        tasks
            .iter()
            .map(|task| task.origin.plan())
            .collect::<Vec<_>>(),
        [Some(PlanKind::Project), Some(PlanKind::ProjectVisit)]
    );
    assert_eq!(
        (tasks[0].class, tasks[0].due_at),
        (TaskClass::Key, at("2026-09-30 18:00"))
    );
    let shown = format!("{:?}", tasks[1]);
    assert!(shown.contains("项目进度") && shown.contains("project's progress"));
    assert!(
        !shown.contains("离网") && !shown.contains("intent to leave"),
        "nobody wants to leave: {shown}"
    );
    let notices = sweep_once(&fixture, &[], tasks.clone(), "2026-08-03 10:00").notices;
    assert_eq!(
        notices
            .iter()
            .map(|notice| &notice.topic)
            .collect::<Vec<_>>(),
        [&NoticeTopic::Task(tasks[1].task_id.clone())],
        "the chief must know"
    );
    fixture.put_event(project(true));
    let closed = sweep_once(&fixture, &tasks, Vec::new(), "2026-08-03 11:00");
    assert!(
        closed
            .tasks
            .iter()
            .all(|task| task.state == TaskState::Cancelled),
        "{closed:?}"
    );
    assert!(wanted_at(&fixture, "2026-08-03 11:00").is_empty());
}

#[test]
fn the_new_manager_introduces_himself_in_three_working_days_for_a_and_b_else_ten_and_his_first_contact_closes_it()
 {
    let mut fixture = Fixture::new();
    fixture.group("GC", |group| group.tier = crate::domain::event::Tier::C);
    for id in ["G1", "GC"] {
        fixture.group_at(at("2026-08-03 09:00"), id, |group| {
            group.manager_id = manager_id("li");
            group.tier = if id == "GC" {
                crate::domain::event::Tier::C
            } else {
                crate::domain::event::Tier::B
            };
        });
    }
    let tasks = wanted_at(&fixture, "2026-08-03 10:00");
    let due = |id: &str| {
        tasks
            .iter()
            .find(|task| task.scope == group(id))
            .map(|task| (task.assignee.clone(), task.due_at))
    };
    assert_eq!(due("G1"), Some((to("li"), at("2026-08-05 18:00"))));
    assert_eq!(due("GC"), Some((to("li"), at("2026-08-14 18:00"))));
    assert!(tasks.iter().all(|task| task.kind == TaskKind::Relationship));
    fixture.put_at(
        at("2026-08-04 10:00"),
        contact("C1", |contact| contact.manager_id = manager_id("wang")),
    );
    assert!(
        sweep_once(&fixture, &tasks, Vec::new(), "2026-08-04 10:30")
            .tasks
            .is_empty(),
        "the one before him does not introduce him"
    );
    fixture.put_at(
        at("2026-08-04 11:00"),
        contact("C2", |contact| contact.manager_id = manager_id("li")),
    );
    let done = sweep_once(&fixture, &tasks, Vec::new(), "2026-08-04 11:30").tasks;
    assert_eq!(
        done.iter()
            .map(|task| (&task.scope, task.state))
            .collect::<Vec<_>>(),
        [(&group("G1"), TaskState::Done)]
    );
}

#[test]
fn a_contract_end_is_expansion_and_a_ceremony_of_tier_a_or_b_a_network_assurance_plan() {
    let mut fixture = Fixture::new();
    fixture.group("GD", |group| group.tier = crate::domain::event::Tier::D);
    let contract = key_date("K1", "G1", KeyDateKind::ContractEnd, day("2026-11-01"));
    let [of_a, of_d] =
        ["GA", "GD"].map(|group| key_date(group, group, KeyDateKind::Ceremony, day("2026-08-10")));
    let (contracts, ceremonies) = ([comes(&contract)], [comes(&of_a), comes(&of_d)]);
    let occasions = Occasions {
        contract_ends: &contracts,
        ceremonies: &ceremonies,
        ..Occasions::default()
    };
    let tasks = wanted(
        occasions,
        SweepRules::default(),
        &fixture.ctx("2026-08-03 10:00"),
    );
    let kinds: Vec<_> = tasks
        .iter()
        .map(|task| (task.origin.plan(), task.kind, task.scope.clone()))
        .collect();
    assert_eq!(
        kinds,
        [
            (
                Some(PlanKind::ContractEnd),
                TaskKind::Expansion,
                group("G1")
            ),
            (
                Some(PlanKind::Ceremony),
                TaskKind::Relationship,
                group("GA")
            ),
        ]
    );
    assert_eq!(
        tasks[1].due_at,
        at("2026-08-07 18:00"),
        "the working day before"
    );
    // Its key date is not in this fixture, which only who has not set out would notice.
    let plan = Task {
        state: TaskState::InProgress,
        ..tasks[1].clone()
    };
    let on = |now: &str| sweep_once(&fixture, std::slice::from_ref(&plan), Vec::new(), now);
    assert!(
        on("2026-08-10 23:59")
            .tasks
            .iter()
            .all(|task| task.state.is_open()),
        "on its day"
    );
    let after = on("2026-08-11 08:00");
    let lapsed = after.tasks.last().expect("it lapses with its day");
    assert_eq!(
        (lapsed.state, lapsed.steps.last().map(|step| step.what)),
        (TaskState::Cancelled, Some(StepKind::DayPassed))
    );
    assert_eq!(after.notices, [], "nobody is notified that it is late");
}

#[test]
fn a_key_date_that_is_removed_takes_its_task_along_unless_it_was_accepted() {
    let mut fixture = Fixture::new();
    let contract = key_date("K1", "G1", KeyDateKind::ContractEnd, day("2026-11-01"));
    fixture.put_event(EventData::KeyDate(contract.clone()));
    let contracts = [comes(&contract)];
    let occasions = Occasions {
        contract_ends: &contracts,
        ..Occasions::default()
    };
    let open = wanted(
        occasions,
        SweepRules::default(),
        &fixture.ctx("2026-08-03 10:00"),
    );
    assert_eq!(
        sweep_once(&fixture, &open, Vec::new(), "2026-08-03 10:30"),
        FollowUp::default()
    );
    fixture.put_event(EventData::KeyDate(KeyDate {
        removed: true,
        ..contract.clone()
    }));
    assert_eq!(
        sweep_once(&fixture, &open, Vec::new(), "2026-08-03 11:00").tasks[0].state,
        TaskState::Cancelled
    );
    let taken = Task {
        state: TaskState::Accepted,
        ..open[0].clone()
    };
    let kept = sweep_once(&fixture, &[taken], Vec::new(), "2026-08-03 11:00")
        .tasks
        .remove(0);
    assert_eq!(kept.state, TaskState::Accepted);
    assert!(kept.system_note.is_some());
}

/// A task whose subscribers were kept, which ended on the fourth of July.
fn kept_in_july(fixture: &Fixture) -> Task {
    Task {
        state: TaskState::Done,
        ended_at: Some(at("2026-07-04 15:00")),
        finish: Some(crate::domain::task::Finish {
            by_contact: None,
            subscribers: None,
            note: "客户同意留下，已改套餐".into(),
            report: crate::domain::task::UpwardReport {
                about: crate::domain::task::ReportUp::None,
                text: String::new(),
                urgent: false,
            },
            result: crate::domain::task::TaskResult::Retained,
            summary: "已挽留".into(),
            cost_fen: None,
            is_case: false,
        }),
        ..accepted(fixture)
    }
}

#[test]
fn growth_a_win_back_and_a_return_call_come_by_their_figures_and_days() {
    let fixture = Fixture::new();
    let kept = kept_in_july(&fixture);
    let (grown, left) = (
        [(
            GroupId::parse("G1").expect("an id"),
            Figures {
                opening: 50,
                closing: 70,
                ..Figures::default()
            },
        )],
        [(GroupId::parse("GA").expect("an id"), 3)],
    );
    let occasions = Occasions {
        grown: &grown,
        left: &left,
        ended: std::slice::from_ref(&kept),
        ..Occasions::default()
    };
    let plans = |now| {
        wanted(occasions, SweepRules::default(), &fixture.ctx(now))
            .iter()
            .filter_map(|task| task.origin.plan())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        plans("2026-08-02 10:00"),
        [PlanKind::Growth, PlanKind::WinBack],
        "thirty days are not over"
    );
    assert_eq!(
        plans("2026-08-03 10:00"),
        [PlanKind::Growth, PlanKind::WinBack, PlanKind::ReturnCall]
    );
    let call = Task {
        origin: Origin::ReturnCall(kept.task_id.clone()),
        ..kept.clone()
    };
    let again = Occasions {
        ended: std::slice::from_ref(&call),
        ..Occasions::default()
    };
    assert!(
        wanted(
            again,
            SweepRules::default(),
            &fixture.ctx("2026-08-03 10:00")
        )
        .is_empty(),
        "a return call brings no other"
    );
}

#[test]
fn what_still_holds_when_a_silence_ends_makes_its_task_then_and_what_was_done_does_not() {
    let mut fixture = Fixture::new();
    let churn = alert(group("G1"), CHURN, Warning);
    let made = |fixture: &Fixture, alerts: &[Alert]| {
        let ids: Vec<AlertId> = alerts.iter().map(Alert::alert_id).collect();
        let by_id: AlertsById<'_> = ids.iter().zip(alerts).collect();
        sweep(
            &[],
            &by_id,
            Vec::new(),
            SweepRules::default(),
            &fixture.ctx("2026-08-04 10:00"),
        )
        .tasks
        .len()
    };
    assert_eq!(made(&fixture, std::slice::from_ref(&churn)), 1);
    assert_eq!(
        made(
            &fixture,
            &[Alert {
                state: AlertState::Acknowledged,
                ..churn.clone()
            }]
        ),
        0
    );
    fixture.ended.insert(Task::id_of(&churn.alert_id()), None);
    assert_eq!(
        made(&fixture, &[churn]),
        0,
        "its task is done, and it still holds"
    );
}
