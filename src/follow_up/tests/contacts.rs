//! What a contact promises, begins and warns of.

use super::sweep::{accepted, sweep_once, wanted_at};
use super::{Fixture, at, day, manager_id, to};
use crate::domain::event::{Channel, Contact, EventData, Intent};
use crate::domain::ids::{ContactId, GroupId};
use crate::domain::task::{
    Approval, ContactOutcome, PlanKind, Task, TaskClass, TaskState, TaskTitle,
};
use crate::follow_up::tasks::FollowUp;

pub(super) fn contact(id: &str, change: impl FnOnce(&mut Contact)) -> EventData {
    let mut contact = Contact {
        contact_id: ContactId::parse(id).expect("an id"),
        group_id: GroupId::parse("G1").expect("an id"),
        manager_id: manager_id("wang"),
        channel: Channel::Call,
        note: Some("答复资费方案".into()),
        promised_on: None,
        fulfils: None,
        intent: None,
        opinion: None,
        effect: None,
    };
    change(&mut contact);
    EventData::Contact(contact)
}

#[test]
fn a_contacts_promise_is_a_task_due_that_day_for_who_promised() {
    let mut fixture = Fixture::new();
    fixture.put_at(
        at("2026-08-03 10:00"),
        contact("C1", |contact| {
            contact.manager_id = manager_id("li");
            contact.promised_on = Some(day("2026-08-05"));
        }),
    );
    let tasks = wanted_at(&fixture, "2026-08-03 10:30");
    let [task] = &tasks[..] else {
        panic!("one task: {tasks:?}")
    };
    assert_eq!(
        (&task.assignee, task.class, task.due_at),
        (&to("li"), TaskClass::Promise, at("2026-08-05 18:00"))
    );
    assert_eq!(
        task.title,
        TaskTitle::Promise {
            on: day("2026-08-05"),
            what: Some("答复资费方案".into()),
        }
    );
    assert!(
        wanted_at(&fixture, "2026-08-13 10:30").is_empty(),
        "missed for more than a week"
    );
}

#[test]
fn a_promise_is_closed_by_a_later_contact_that_fulfils_it() {
    let mut fixture = Fixture::new();
    fixture.put_at(
        at("2026-08-03 10:00"),
        contact("C1", |contact| {
            contact.promised_on = Some(day("2026-08-05"))
        }),
    );
    let open = wanted_at(&fixture, "2026-08-03 10:30");
    fixture.put_at(
        at("2026-08-04 15:00"),
        contact("C2", |contact| {
            contact.fulfils = Some(ContactId::parse("C1").expect("an id"))
        }),
    );
    let done = sweep_once(&fixture, &open, Vec::new(), "2026-08-04 15:30");
    let [task] = &done.tasks[..] else {
        panic!("one task: {done:?}")
    };
    assert_eq!(
        (task.state, task.ended_at),
        (TaskState::Done, Some(at("2026-08-04 15:00")))
    );
    assert!(
        task.finish
            .as_ref()
            .and_then(|finish| finish.by_contact.as_ref())
            .is_some_and(|ending| ending.contact_id.as_str() == "C2"
                && ending.outcome == ContactOutcome::PromiseKept),
        "{:?}",
        task.finish
    );
    assert!(
        wanted_at(&fixture, "2026-08-04 16:00").is_empty(),
        "it is kept, and begins nothing"
    );
}

#[test]
fn a_contact_begins_the_work_and_five_working_days_without_one_stall_it() {
    let mut fixture = Fixture::new();
    let open = accepted(&fixture);
    fixture.put_at(at("2026-08-03 15:00"), contact("C1", |_| {}));
    let begun = sweep_once(&fixture, &[open], Vec::new(), "2026-08-03 15:30")
        .tasks
        .remove(0);
    assert_eq!(
        (begun.state, begun.started_at, begun.stalled),
        (TaskState::InProgress, Some(at("2026-08-03 15:00")), false)
    );
    let begun = Task {
        due_at: at("2026-09-30 18:00"),
        ..begun
    };
    assert_eq!(
        sweep_once(
            &fixture,
            std::slice::from_ref(&begun),
            Vec::new(),
            "2026-08-10 14:59"
        ),
        FollowUp::default()
    );
    let stalled = sweep_once(&fixture, &[begun], Vec::new(), "2026-08-10 15:00")
        .tasks
        .remove(0);
    assert!(stalled.stalled);
    fixture.put_at(
        at("2026-08-11 09:00"),
        contact("C2", |contact| contact.manager_id = manager_id("li")),
    );
    assert!(
        !sweep_once(&fixture, &[stalled], Vec::new(), "2026-08-11 09:30").tasks[0].stalled,
        "anybody's contact"
    );
}

#[test]
fn a_contact_begins_nothing_that_waits_for_an_answer() {
    let mut fixture = Fixture::new();
    fixture.put_at(at("2026-08-03 15:00"), contact("C1", |_| {}));
    for approval in [Approval::Requested, Approval::Refused] {
        let waits = Task {
            approval,
            asked_at: Some(at("2026-08-03 10:00")),
            ..accepted(&fixture)
        };
        assert_eq!(
            sweep_once(&fixture, &[waits], Vec::new(), "2026-08-03 15:30"),
            FollowUp::default()
        );
    }
}

#[test]
fn a_contact_with_a_strong_intent_to_leave_brings_the_chief() {
    let mut fixture = Fixture::new();
    fixture.put_at(
        at("2026-08-03 10:00"),
        contact("C1", |contact| contact.intent = Some(Intent::Strong)),
    );
    fixture.put_at(
        at("2026-08-03 10:00"),
        contact("C2", |contact| contact.intent = Some(Intent::Weak)),
    );
    let tasks = wanted_at(&fixture, "2026-08-03 10:30");
    let [visit] = &tasks[..] else {
        panic!("one visit: {tasks:?}")
    };
    assert_eq!(
        (visit.origin.plan(), &visit.assignee),
        (Some(PlanKind::JointVisit), &to("zhao")),
        "no chief: the unit's head"
    );
}
