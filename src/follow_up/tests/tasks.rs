//! Alerts that open: tasks made, due times, caps, notices.

use super::{CHURN, Fixture, KEY_LINE, LOCKED, LOSS, alert, at, checked, group, to, unit};
use crate::domain::alert::Alert;
use crate::domain::event::Tier;
use crate::domain::indicator::Scope;
use crate::domain::indicator::ScopeKind;
use crate::domain::indicator::Severity::{Critical, Notice, Warning};
use crate::domain::mail::NoticeTopic;
use crate::domain::ops_notice::OpsNotice;
use crate::domain::task::{Approval, Assignee, SystemNote, Task, TaskClass, TaskKind, TaskState};
use crate::follow_up::playbook::Playbooks;
use crate::follow_up::tasks::{AlertChange, FollowUp, follow_up};

pub(super) const MONDAY_10: &str = "2026-08-03 10:00";

pub(super) fn opened(alerts: &[Alert]) -> Vec<AlertChange> {
    alerts.iter().cloned().map(AlertChange::Opened).collect()
}

pub(super) fn on_monday(fixture: &Fixture, changes: &[AlertChange], open: &[Task]) -> FollowUp {
    follow_up(changes, open, &fixture.ctx(MONDAY_10))
}

/// The one task that an alert makes in an empty fixture.
pub(super) fn task_of(fixture: &Fixture, alert: &Alert) -> Task {
    let mut made = on_monday(fixture, &opened(std::slice::from_ref(alert)), &[]);
    assert_eq!(
        (made.tasks.len(), made.notices.len(), made.alerts.len()),
        (1, 1, 0)
    );
    made.tasks.remove(0)
}

#[test]
fn a_warning_makes_a_task_for_the_manager_in_sixteen_working_hours() {
    let fixture = Fixture::new();
    let churn = alert(group("G1"), CHURN, Warning);
    let task = task_of(&fixture, &churn);
    assert_eq!(task.task_id, Task::id_of(&churn.alert_id()));
    assert_eq!(
        (task.alert_ids.as_slice(), &task.scope, task.tier),
        ([churn.alert_id()].as_slice(), &group("G1"), Some(Tier::B))
    );
    assert_eq!(
        (&task.assignee, task.kind, task.class),
        (&to("wang"), TaskKind::Retention, TaskClass::Routine)
    );
    assert_eq!(
        (task.state, task.severity, task.approval, task.version),
        (TaskState::Open, Warning, Approval::None, 1)
    );
    assert_eq!(
        (task.opened_at, task.accept_by, task.due_at),
        (
            at(MONDAY_10),
            at("2026-08-03 18:00"),
            at("2026-08-04 17:00")
        )
    );
    assert!(
        checked(&task.checks[0])
            .starts_with("G1 公司 2026-08 月期初成员 209 户，已离网 9 户，离网率 4.31%（限值 3%）"),
        "{}",
        checked(&task.checks[0])
    );
    assert_eq!(
        (
            task.ended_at,
            task.result(),
            task.verified,
            task.system_note
        ),
        (None, None, false, None)
    );
}

#[test]
fn a_critical_alert_makes_a_key_task_in_four_working_hours() {
    let task = task_of(&Fixture::new(), &alert(group("G1"), LOCKED, Critical));
    assert_eq!(
        (task.class, task.accept_by, task.due_at),
        (
            TaskClass::Key,
            at("2026-08-03 12:00"),
            at("2026-08-03 14:00")
        )
    );
}

#[test]
fn a_critical_alert_of_tier_a_counts_hours_of_the_clock() {
    let fixture = Fixture::new();
    let critical = opened(&[alert(group("GA"), LOCKED, Critical)]);
    let task = &follow_up(&critical, &[], &fixture.ctx("2026-08-07 20:00")).tasks[0];
    assert_eq!(
        (task.accept_by, task.due_at),
        (at("2026-08-07 22:00"), at("2026-08-08 00:00"))
    );
    let warning = opened(&[alert(group("GA"), LOSS, Warning)]);
    assert_eq!(
        follow_up(&warning, &[], &fixture.ctx("2026-08-07 20:00")).tasks[0].due_at,
        at("2026-08-11 16:00"),
        "a warning does not"
    );
    let tier_b = opened(&[alert(group("G1"), LOCKED, Critical)]);
    assert_eq!(
        follow_up(&tier_b, &[], &fixture.ctx("2026-08-07 20:00")).tasks[0].due_at,
        at("2026-08-10 13:00"),
        "nor does tier B"
    );
}

#[test]
fn the_playbooks_due_time_goes_before_the_severitys() {
    let fixture = Fixture::new();
    let company = opened(&[alert(Scope::Company, CHURN, Critical)]);
    let task = &on_monday(&fixture, &company, &[]).tasks[0];
    assert_eq!(
        (task.due_at, task.class, &task.assignee),
        (at("2026-08-03 18:00"), TaskClass::Key, &to("chen"))
    );
    assert_eq!((task.tier, task.group_id()), (None, None));
}

#[test]
fn a_units_alert_goes_to_its_head_with_the_units_name() {
    let task = task_of(&Fixture::new(), &alert(unit(), CHURN, Warning));
    assert_eq!(task.assignee, to("zhao"));
    assert!(
        checked(&task.checks[0]).starts_with("城东分局 2026-08"),
        "{}",
        checked(&task.checks[0])
    );
}

#[test]
fn a_group_that_crm_never_named_goes_to_the_fallback_under_its_id() {
    let task = task_of(&Fixture::new(), &alert(group("G404"), CHURN, Warning));
    assert_eq!((task.assignee, task.tier), (Assignee::Fallback, None));
    assert!(
        checked(&task.checks[0]).starts_with("G404 "),
        "{}",
        checked(&task.checks[0])
    );
}

#[test]
fn a_notice_makes_no_task_and_no_mail() {
    let quiet = alert(group("G1"), CHURN, Notice);
    let fixture = Fixture::new();
    for change in [
        AlertChange::Opened(quiet.clone()),
        AlertChange::Reopened(quiet.clone()),
        AlertChange::Updated(quiet),
    ] {
        assert_eq!(on_monday(&fixture, &[change], &[]), FollowUp::default());
    }
}

#[test]
fn a_playbook_that_only_observes_makes_nothing() {
    let mut fixture = Fixture::new();
    let text = include_str!("../../../config/playbooks.toml").replacen(
        "\nkind = \"retention\"",
        "\nkind = \"retention\"\nobserve = true",
        1,
    );
    fixture.playbooks = Playbooks::parse("p.toml", &text).expect("good");
    assert_eq!(
        on_monday(
            &fixture,
            &opened(&[alert(group("G1"), CHURN, Warning)]),
            &[]
        ),
        FollowUp::default()
    );
    assert_eq!(
        on_monday(
            &fixture,
            &opened(&[alert(group("GA"), CHURN, Warning)]),
            &[]
        )
        .tasks
        .len(),
        1,
        "tier A has its own"
    );
}

#[test]
fn a_means_or_resource_that_must_be_asked_for_starts_as_requested() {
    let fixture = Fixture::new();
    let made = on_monday(
        &fixture,
        &opened(&[alert(group("GA"), CHURN, Warning)]),
        &[],
    );
    assert_eq!(
        made.tasks[0].approval,
        Approval::Requested,
        "tier A: negotiation and offer"
    );
    assert_eq!(made.tasks[0].asked_at, Some(at(MONDAY_10)));
    let asked = made
        .notices
        .iter()
        .find(|one| one.topic == NoticeTopic::Approval(made.tasks[0].task_id.clone()))
        .expect("asked");
    assert_eq!(
        (&asked.assignee, asked.due_at),
        (&to("zhao"), at(MONDAY_10)),
        "at once, whoever is above"
    );
    assert_eq!(
        task_of(&fixture, &alert(group("G1"), CHURN, Warning)).approval,
        Approval::None
    );
}

#[test]
fn critical_is_told_at_once_and_the_rest_after_the_group_wait() {
    let fixture = Fixture::new();
    let made = on_monday(
        &fixture,
        &opened(&[
            alert(group("G1"), LOCKED, Critical),
            alert(group("GA"), LOSS, Warning),
        ]),
        &[],
    );
    let due = |scope: &Scope| {
        made.notices
            .iter()
            .find(|one| one.group_id.as_ref() == scope.group())
            .expect("a notice")
            .clone()
    };
    let (critical, warning) = (due(&group("G1")), due(&group("GA")));
    assert_eq!(
        (critical.due_at, critical.severity, critical.assignee),
        (at(MONDAY_10), Critical, to("wang"))
    );
    assert_eq!(
        (warning.due_at, warning.created_at, warning.severity),
        (at("2026-08-03 10:05"), at(MONDAY_10), Warning)
    );
    assert!(
        made.tasks
            .iter()
            .any(|task| warning.topic == NoticeTopic::Task(task.task_id.clone()))
    );
}

#[test]
fn over_the_cap_the_task_exists_and_nobody_is_told() {
    let mut fixture = Fixture::new();
    fixture.made.insert(to("wang"), 19);
    let alerts = [
        alert(group("G1"), CHURN, Warning),
        alert(group("GA"), LOSS, Warning),
        alert(unit(), CHURN, Warning),
    ];
    let made = on_monday(&fixture, &opened(&alerts), &[]);
    assert_eq!((made.tasks.len(), made.notices.len()), (3, 2));
    let of = |scope: Scope| {
        made.tasks
            .iter()
            .find(|task| task.scope == scope)
            .expect("made")
    };
    assert!(
        !matches!(of(group("G1")).system_note, Some(SystemNote::OverCap(_))),
        "the twentieth"
    );
    assert!(
        matches!(of(group("GA")).system_note, Some(SystemNote::OverCap(_))),
        "the twenty-first"
    );
    assert!(
        !matches!(of(unit()).system_note, Some(SystemNote::OverCap(_))),
        "another manager's"
    );
    assert!(of(group("GA")).system_note == Some(SystemNote::OverCap(20)));
}

#[test]
fn critical_alerts_are_exempt_from_the_cap() {
    let mut fixture = Fixture::new();
    fixture.made.insert(to("wang"), 500);
    let made = on_monday(
        &fixture,
        &opened(&[alert(group("G1"), LOCKED, Critical)]),
        &[],
    );
    assert_eq!(
        (made.notices.len(), made.tasks[0].system_note.as_ref()),
        (1, None)
    );
}

#[test]
fn a_task_over_the_cap_is_not_mailed_that_day_unless_something_critical_joins() {
    let mut fixture = Fixture::new();
    fixture.made.insert(to("wang"), 20);
    let open = on_monday(
        &fixture,
        &opened(&[alert(group("G1"), CHURN, Warning)]),
        &[],
    )
    .tasks
    .remove(0);
    let join = |alert, now: &str| {
        follow_up(
            &opened(&[alert]),
            std::slice::from_ref(&open),
            &fixture.ctx(now),
        )
    };
    let warning = join(alert(group("G1"), LOSS, Warning), "2026-08-03 23:59");
    assert_eq!(
        (warning.tasks[0].alert_ids.len(), warning.notices.len()),
        (2, 0)
    );
    assert!(matches!(
        warning.tasks[0].system_note,
        Some(SystemNote::OverCap(_))
    ));
    let critical = join(alert(group("G1"), LOCKED, Critical), "2026-08-03 15:00");
    assert_eq!(
        (
            critical.tasks[0].system_note.as_ref(),
            critical.notices.len()
        ),
        (None, 1)
    );
    let tomorrow = join(alert(group("G1"), LOSS, Warning), "2026-08-04 00:00");
    assert_eq!(
        (
            tomorrow.tasks[0].system_note.as_ref(),
            tomorrow.notices.len()
        ),
        (None, 1)
    );
}

#[test]
fn an_alert_that_no_playbook_can_answer_is_told_to_the_operators() {
    let made = on_monday(
        &Fixture::new(),
        &opened(&[alert(unit(), KEY_LINE, Critical)]),
        &[],
    );
    assert!(made.tasks.is_empty());
    let [notice] = &made.notices[..] else {
        panic!("one notice: {made:?}")
    };
    assert!(
        matches!(&notice.topic, NoticeTopic::Ops(OpsNotice::NoPlaybook { scope: ScopeKind::Unit, kind }) if *kind == KEY_LINE)
    );
}
