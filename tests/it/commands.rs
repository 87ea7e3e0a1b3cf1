//! Acting on the store of a worker: all of it or nothing, and one of two who act at once.

use std::path::Path;
use std::sync::Barrier;

use sisan::commands::{acknowledge_alert, act_on_task, actor, add_task};
use sisan::config;
use sisan::domain::alert::{AlertState, TaskId};
use sisan::domain::event::{Event, EventData, Group, Manager, Order, Tier, VisitMode};
use sisan::domain::ids::{GroupId, ManagerId, UnitId};
use sisan::domain::indicator::Scope;
use sisan::domain::local_day::Timestamp;
use sisan::domain::task::{
    Item, Means, ReportUp, TaskClass, TaskKind, TaskResult, TaskState, UpwardReport,
};
use sisan::follow_up::act::{Action, ByHand, Closing};
use sisan::notify::samples;
use sisan::runtime::Setup;
use sisan::store::{Setting, Staged, Store, StoreError};

/// 2026-08-03 10:00 in Shanghai.
const NOW: i64 = 1_785_722_400_000_000;

fn manager(id: &str) -> ManagerId {
    ManagerId::parse(id).expect("id")
}

fn event(id: &str, data: EventData) -> Event {
    Event {
        order: Order {
            time: Timestamp::from_micros(1),
            id: id.into(),
            source: "/crm".into(),
        },
        data,
    }
}

/// `M1` is the manager of `G1`, `M2` is his delegate.
fn world() -> Vec<Event> {
    let known = |id: &str, delegate: Option<&str>| {
        let email = format!("{id}@example.com").as_str().into();
        let delegate_id = delegate.map(manager);
        let (manager_id, name) = (manager(id), id.into());
        let manager = Manager {
            manager_id,
            name,
            email,
            supervisor_id: None,
            chief: false,
            delegate_id,
            away_until: None,
            active: true,
            locale: None,
        };
        event(id, EventData::Manager(manager))
    };
    let group = Group {
        group_id: GroupId::parse("G1").expect("id"),
        name: "集团".into(),
        unit_id: UnitId::parse("U1").expect("id"),
        manager_id: manager("M1"),
        tier: Tier::B,
        industry: None,
        parent_group_id: None,
        visit_mode: VisitMode::Visit,
        closed: false,
    };
    vec![
        known("M1", Some("M2")),
        known("M2", None),
        event("G1", EventData::Group(group)),
    ]
}

fn setup(folder: &Path) -> Setup {
    let store = format!("sqlite:{}", folder.join("sisan.db").display());
    let variables = [
        ("SISAN__STORE__URL", store),
        ("SISAN__CLOCK__MODE", "event".to_owned()),
    ];
    let config = config::load(
        &[],
        variables
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value)),
    );
    Setup::from_config(config.expect("a configuration"))
        .unwrap_or_else(|error| panic!("{:#}", error.error))
}

/// A store in which it is [`NOW`].
fn store(setup: &Setup) -> Store {
    let store = setup
        .migrate_store()
        .expect("a store")
        .lock()
        .expect("its one worker");
    store
        .write_tx("begin", |tx| -> Result<(), StoreError> {
            let mut staged = Staged::default();
            staged.delta.references = world();
            tx.stage(&staged)?;
            tx.save(&staged)?;
            tx.set(Setting::EventClock, NOW)
        })
        .expect("a world");
    store
}

fn task(setup: &Setup, store: &Store) -> TaskId {
    let by_hand = ByHand {
        group_id: GroupId::parse("G1").expect("id"),
        title: "搬迁".to_owned(),
        kind: TaskKind::Relationship,
        item: Item::Service {
            what: "移机".to_owned(),
        },
        means: vec![Means::Call],
        resources: Vec::new(),
        class: TaskClass::Routine,
        due_at: Timestamp::from_micros(NOW + 3_600_000_000),
        assignee: None,
    };
    add_task(
        &setup.plan_settings(),
        store,
        by_hand,
        &actor(Some(manager("M1"))),
        setup.now(store).expect("a time"),
    )
    .unwrap_or_else(|error| panic!("{error}"))
    .task_id
}

/// What `M1` or `M2` do to a task.
fn done(
    setup: &Setup,
    store: &Store,
    id: &TaskId,
    action: Action,
    who: &str,
) -> Result<TaskState, String> {
    let acted = act_on_task(
        &setup.plan_settings(),
        store,
        id,
        action,
        &actor(Some(manager(who))),
        None,
        setup.now(store).expect("a time"),
    );
    acted
        .map(|task| task.state)
        .map_err(|error| error.to_string())
}

fn close(note: &str) -> Action {
    Action::Close(Closing {
        note: note.to_owned(),
        report: Some(UpwardReport {
            about: ReportUp::None,
            text: String::new(),
            urgent: false,
        }),
        result: TaskResult::Done,
        summary: Some("移机完成".to_owned()),
        cost_fen: None,
        is_case: false,
    })
}

#[test]
fn of_two_who_accept_at_once_beside_a_worker_one_wins_and_the_other_sees_who() {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = setup(folder.path());
    let workers = store(&setup);
    let id = task(&setup, &workers);
    let both = Barrier::new(2);
    let accept = |who: &str| {
        let mine = setup.open_store().expect("the worker's store");
        both.wait();
        done(&setup, &mine, &id, Action::Accept, who)
    };
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(|| accept("M1"));
        (accept("M2"), one.join().expect("a thread"))
    });
    let (won, lost) = if one.is_ok() {
        (one, other)
    } else {
        (other, one)
    };
    assert_eq!(won, Ok(TaskState::Accepted));
    let saved = workers
        .read_tx("read", |tx| tx.task(&id))
        .expect("a read")
        .expect("the task");
    let winner = saved
        .steps
        .last()
        .and_then(|step| step.by.manager_id.clone())
        .expect("a winner");
    assert!(
        lost.as_ref().is_err_and(|text| text.contains(&format!(
            "was accepted by {winner} ({winner}) at 2026-08-03 10:00"
        ))),
        "{lost:?}"
    );
    assert_eq!((saved.version, saved.steps.len()), (2, 2));
    assert!(
        saved.steps.iter().all(|step| step.by.user.is_some()),
        "the system's user is recorded"
    );
}

#[test]
fn what_others_are_told_of_a_done_task_is_saved_with_it_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = setup(folder.path());
    let store = store(&setup);
    let id = task(&setup, &store);
    done(&setup, &store, &id, Action::Accept, "M1").expect("accepted");
    let waiting = || {
        store
            .read_tx("read", |tx| tx.waiting_outgoing_events(10))
            .expect("a read")
    };
    assert!(
        done(&setup, &store, &id, close("太短"), "M1")
            .is_err_and(|text| text.contains("archive note"))
    );
    assert_eq!(waiting(), []);
    assert_eq!(
        done(&setup, &store, &id, close("已完成移机并回访客户"), "M1"),
        Ok(TaskState::Done)
    );
    let events = waiting();
    assert_eq!(
        events
            .iter()
            .map(|event| event.event_id.clone())
            .collect::<Vec<_>>(),
        [format!("{id}-3")]
    );
    store
        .write_tx("note", |tx| {
            tx.mark_outgoing_events_written(&events, Timestamp::from_micros(0))?;
            tx.insert_outgoing_event(&events[0])
        })
        .expect("noted");
    assert_eq!(waiting(), [], "what was written waits no more");
}

#[test]
fn two_tasks_by_hand_while_the_clock_stands_still_are_both_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = setup(folder.path());
    let store = store(&setup);
    let (first, second) = (task(&setup, &store), task(&setup, &store));
    assert_ne!(first, second);
    assert_eq!(
        store
            .read_tx("read", |tx| tx.open_tasks()?.all())
            .expect("a read")
            .len(),
        2
    );
}

#[test]
fn whoever_acknowledges_an_alert_is_recorded_in_it_with_the_systems_user() {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = setup(folder.path());
    let store = store(&setup);
    let mut alert = samples::churn_alert();
    alert.key.scope = Scope::Group(GroupId::parse("G1").expect("id"));
    store
        .write_tx("raise", |tx| tx.save_alert(&alert))
        .expect("raised");
    acknowledge_alert(
        &setup.plan_settings(),
        &store,
        &alert.alert_id(),
        &actor(Some(manager("M1"))),
        Timestamp::from_micros(NOW),
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let saved = store
        .read_tx("read", |tx| tx.alert(&alert.alert_id()))
        .expect("a read")
        .expect("the alert");
    let step = saved.acknowledged.expect("recorded");
    assert_eq!(
        (saved.state, step.by.manager_id, step.at.micros()),
        (AlertState::Acknowledged, Some(manager("M1")), NOW)
    );
    assert!(step.by.user.is_some());
}
