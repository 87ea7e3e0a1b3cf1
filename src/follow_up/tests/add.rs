//! Unplanned work by hand.

use super::act::{by, ctx, fixture, ops};
use super::{Fixture, at, manager_id, to};
use crate::domain::alert::TaskId;
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::mail::NoticeTopic;
use crate::domain::task::{
    Approval, Item, Means, Origin, Resource, Task, TaskClass, TaskKind, TaskState,
};
use crate::domain::timeline::SubscriberNow;
use crate::follow_up::act::{Acted, ByHand, Refusal, add};
use crate::follow_up::guard::SubscriberStanding;
use crate::follow_up::sweep::{AlertsById, adapt_each};

const LINE: &str = "13900000005";

fn call() -> ByHand {
    ByHand {
        group_id: GroupId::parse("G1").expect("id"),
        title: "了解搬迁计划".to_owned(),
        kind: TaskKind::Relationship,
        item: Item::Information {
            way: "电话".to_owned(),
            what: "搬迁时间和新址".to_owned(),
        },
        means: vec![Means::Call],
        resources: Vec::new(),
        class: TaskClass::Routine,
        due_at: at("2026-08-04 12:00"),
        assignee: None,
    }
}

fn added(fixture: &Fixture, by_hand: ByHand, who: &str) -> Result<Acted, Refusal> {
    add(
        by_hand,
        &|_| false,
        &ctx(fixture, &by(who), &[], "2026-08-03 10:00"),
    )
}

#[test]
fn work_by_hand_is_unplanned_and_its_authors_own() {
    let acted = added(&fixture(), call(), "wang").expect("added");
    let task = &acted.task;
    assert_eq!(
        (task.state, task.version, &task.assignee, task.approval),
        (TaskState::Open, 1, &to("wang"), Approval::None)
    );
    assert_eq!(
        task.origin,
        Origin::ByHand(manager_id("wang"), at("2026-08-03 10:00"))
    );
    assert!(!task.origin.is_planned());
    // 11 working hours are left, and half of them to accept it.
    assert_eq!(
        (task.accept_by, task.due_at),
        (at("2026-08-03 15:30"), at("2026-08-04 12:00"))
    );
    assert_eq!(task.steps.len(), 1);
    assert_eq!(acted.notices, []);
}

#[test]
fn who_gets_work_from_above_is_told() {
    let for_wang = || ByHand {
        assignee: Some(manager_id("wang")),
        ..call()
    };
    let acted = added(&fixture(), for_wang(), "sun").expect("added");
    assert_eq!(acted.task.assignee, to("wang"));
    assert_eq!(
        acted
            .notices
            .iter()
            .map(|n| (&n.topic, &n.assignee))
            .collect::<Vec<_>>(),
        [(&NoticeTopic::Task(acted.task.task_id.clone()), &to("wang"))]
    );
    assert!(matches!(
        added(&fixture(), for_wang(), "hu"),
        Err(Refusal::NotBelow { .. })
    ));
}

#[test]
fn work_by_hand_that_costs_something_is_asked_about_first() {
    let acted = added(
        &fixture(),
        ByHand {
            resources: vec![Resource::Gift],
            ..call()
        },
        "wang",
    )
    .expect("added");
    assert_eq!(
        (acted.task.approval, acted.task.asked_at),
        (Approval::Requested, Some(at("2026-08-03 10:00")))
    );
    assert_eq!(
        acted
            .notices
            .iter()
            .map(|n| (&n.topic, &n.assignee))
            .collect::<Vec<_>>(),
        [(
            &NoticeTopic::Approval(acted.task.task_id.clone()),
            &to("sun")
        )]
    );
}

#[test]
fn two_tasks_by_hand_at_one_instant_are_two() {
    let fixture = fixture();
    let first = added(&fixture, call(), "wang").expect("added").task.task_id;
    let is_taken = |id: &TaskId| *id == first;
    let second = add(
        call(),
        &is_taken,
        &ctx(&fixture, &by("wang"), &[], "2026-08-03 10:00"),
    )
    .expect("added");
    assert_ne!(second.task.task_id, first);
    assert_eq!(second.task.opened_at, at("2026-08-03 10:00"));
}

#[test]
fn work_by_hand_is_whole_or_refused() {
    let fixture = fixture();
    let blank = String::new;
    let items = [
        Item::Information {
            way: blank(),
            what: "搬迁".to_owned(),
        },
        Item::Service {
            what: " ".to_owned(),
        },
        Item::Visit {
            whom: "李总".to_owned(),
            purpose: "搬迁".to_owned(),
            prepare: "方案".to_owned(),
            steps: Vec::new(),
        },
        Item::Retention { plan: blank() },
    ];
    for item in items {
        let refusal =
            added(&fixture, ByHand { item, ..call() }, "wang").expect_err("a part is missing");
        assert!(matches!(refusal, Refusal::Incomplete { .. }), "{refusal}");
    }
    let no_means = ByHand {
        means: Vec::new(),
        ..call()
    };
    let no_title = ByHand {
        title: blank(),
        ..call()
    };
    for work in [no_means, no_title] {
        assert!(matches!(
            added(&fixture, work, "wang"),
            Err(Refusal::Incomplete { .. })
        ));
    }
    let late = ByHand {
        due_at: at("2026-08-03 10:00"),
        ..call()
    };
    assert!(matches!(
        added(&fixture, late, "wang"),
        Err(Refusal::DueInThePast { .. })
    ));
    let unknown = ByHand {
        group_id: GroupId::parse("G404").expect("id"),
        ..call()
    };
    assert!(matches!(
        added(&fixture, unknown, "wang"),
        Err(Refusal::NoGroup { .. })
    ));
    let nobody = ops();
    let context = ctx(&fixture, &nobody, &[], "2026-08-03 10:00");
    assert_eq!(add(call(), &|_| false, &context), Err(Refusal::Nameless));
}

/// Work that asks for negotiation and an offer, and names [`LINE`].
fn offer() -> ByHand {
    ByHand {
        title: "139 0000 0005 挽留".to_owned(),
        kind: TaskKind::Retention,
        means: vec![Means::Negotiation],
        resources: vec![Resource::Offer],
        ..call()
    }
}

/// A fixture with the subscriber, which may be ported since then.
fn with_subscriber(authorised_at: Option<&str>) -> Fixture {
    let mut fixture = fixture();
    let now = SubscriberNow {
        member_of: GroupId::parse("G1").ok(),
        ..SubscriberNow::default()
    };
    let standing = SubscriberStanding {
        now,
        authorised_at: authorised_at.map(at),
        ..SubscriberStanding::default()
    };
    let subscriber = SubscriberId::parse(LINE).expect("an id");
    fixture.subscribers.insert(subscriber, standing);
    fixture
}

#[test]
fn the_guard_reads_the_words_of_work_by_hand_too() {
    let free = added(&with_subscriber(None), offer(), "wang")
        .expect("added")
        .task;
    assert_eq!(
        (&free.subscribers[..], free.approval),
        (
            &[SubscriberId::parse(LINE).expect("an id")][..],
            Approval::Requested
        )
    );
    let fixture = with_subscriber(Some("2026-08-01 09:00"));
    let acted = added(&fixture, offer(), "wang").expect("added");
    assert_eq!(
        (
            &acted.task.withheld_means[..],
            &acted.task.withheld_resources[..]
        ),
        (&[Means::Negotiation][..], &[Resource::Offer][..])
    );
    assert_eq!(
        (
            &acted.task.means[..],
            acted.task.approval,
            acted.notices.len()
        ),
        (&[Means::Call][..], Approval::None, 0),
        "nobody is asked"
    );
    let later = adapt_each(
        [&free],
        &AlertsById::new(),
        &fixture.ctx("2026-08-03 11:00"),
    );
    assert_eq!(
        later.tasks[0].withheld_resources,
        [Resource::Offer],
        "nor once the code comes later"
    );
    assert_eq!(
        (
            free.asked_at,
            free.due_at,
            later.tasks[0].asked_at,
            later.tasks[0].due_at
        ),
        (
            Some(at("2026-08-03 10:00")),
            at("2026-08-04 12:00"),
            None,
            at("2026-08-04 13:00")
        ),
        "the hour for which an answer was awaited is given back"
    );
}

#[test]
fn words_that_offer_something_to_a_line_that_may_be_ported_are_refused() {
    let fixture = with_subscriber(Some("2026-08-01 09:00"));
    let said = Item::Retention {
        plan: "面谈资费 discount".to_owned(),
    };
    let refusal = added(
        &fixture,
        ByHand {
            item: said.clone(),
            ..offer()
        },
        "wang",
    )
    .expect_err("its words propose an offer");
    assert!(
        matches!(&refusal, Refusal::Offers { word: "资费", phone } if phone == "139****0005"),
        "{refusal}"
    );
    let of_nobody = ByHand {
        item: said,
        title: "挽留".to_owned(),
        ..offer()
    };
    assert!(added(&fixture, of_nobody, "wang").is_ok(), "names no line");
    let free = ByHand {
        title: "139 0000 0005 优惠挽留".to_owned(),
        ..offer()
    };
    assert!(
        added(&with_subscriber(None), free, "wang").is_ok(),
        "it stays"
    );
}

#[test]
fn an_offer_in_words_is_withheld_when_the_line_may_be_ported_later_and_comes_back() {
    let said = ByHand {
        title: "139 0000 0005 优惠挽留".to_owned(),
        means: vec![Means::Call],
        resources: Vec::new(),
        ..offer()
    };
    let task = added(&with_subscriber(None), said, "wang")
        .expect("added")
        .task;
    assert!(task.proposes() && !task.is_partly_withheld(), "so far");
    let adapted = |task: &Task, authorised_at, now| {
        let fixture = with_subscriber(authorised_at);
        let changed = adapt_each([task], &AlertsById::new(), &fixture.ctx(now)).tasks;
        changed.into_iter().next().expect("it changes")
    };
    let held = adapted(&task, Some("2026-08-04 09:00"), "2026-08-04 11:00");
    assert!(held.hides("139 0000 0005 优惠挽留") && !held.hides("问清原因"));
    assert!(held.is_partly_withheld() && !held.proposes());
    assert_eq!(held.all_withheld_resources(), [Resource::Offer]);
    let again = adapted(&held, None, "2026-08-05 11:00");
    assert_eq!(
        (again.withheld_words, &again.resources[..], again.approval),
        (false, &[][..], Approval::None),
        "nothing is asked for that was not before"
    );
    assert!(!again.hides("139 0000 0005 优惠挽留"));
}
