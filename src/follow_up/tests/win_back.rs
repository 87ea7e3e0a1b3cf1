//! Win-backs: whom they name, and how they may end.

use super::Fixture;
use super::act::closing;
use super::results_of_gone::close;
use super::subscribers_gone::{stands, subscriber};
use crate::domain::event::Status;
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::task::{PlanKind, SubscribersGone, Task, TaskResult, TaskTitle};
use crate::domain::timeline::SubscriberNow;
use crate::follow_up::act::{Closing, Refusal};
use crate::follow_up::sweep::{Occasions, SweepRules, name_leavers, wanted};

/// Members that have left `GA`, and how; the last is back.
const LEAVERS: [(&str, Status); 4] = [
    ("1", Status::CancelledVoluntary),
    ("2", Status::CancelledInvoluntary),
    ("3", Status::PortedOut),
    ("4", Status::Active),
];

fn fixture() -> Fixture {
    let mut fixture = super::act::fixture();
    for (id, status) in LEAVERS {
        let now = SubscriberNow {
            status,
            ..SubscriberNow::default()
        };
        stands(&mut fixture, id, now);
    }
    fixture
}

/// The win-back of `GA`, before anybody is named.
fn unnamed(fixture: &Fixture) -> Task {
    let left = [(GroupId::parse("GA").expect("an id"), 7)];
    let occasions = Occasions {
        left: &left,
        ..Occasions::default()
    };
    wanted(
        occasions,
        SweepRules::default(),
        &fixture.ctx("2026-08-03 10:00"),
    )
    .into_iter()
    .find(|task| task.origin.plan() == Some(PlanKind::WinBack))
    .expect("a win-back")
}

#[test]
fn a_win_back_names_those_who_left_of_their_own_will_and_are_not_back() {
    let fixture = fixture();
    let named = |leavers: &[SubscriberId], is_cut| {
        name_leavers(unnamed(&fixture), (leavers, is_cut), &fixture.subscribers)
            .map(|task| (task.subscribers, task.title))
    };
    let leavers = ["4", "3", "2", "1", "unknown"].map(subscriber);
    assert_eq!(
        named(&leavers, false),
        Some((vec![subscriber("3"), subscriber("1")], TaskTitle::Left(2)))
    );
    assert_eq!(
        named(&leavers, true).map(|(_, title)| title),
        Some(TaskTitle::Left(7)),
        "there are more than are named"
    );
    assert_eq!(named(&[subscriber("4")], false), None, "all are back");
}

#[test]
fn nobody_is_won_back_before_a_line_is_back() {
    let mut fixture = fixture();
    let leavers = ["1", "3"].map(subscriber);
    let task = name_leavers(unnamed(&fixture), (&leavers, false), &fixture.subscribers)
        .expect("two are gone");
    let ends = |fixture: &Fixture, result| {
        let closing = Closing {
            result,
            ..closing()
        };
        close(fixture, &task, &[], closing)
    };
    for result in [TaskResult::Retained, TaskResult::PartlyRetained] {
        assert!(matches!(
            ends(&fixture, result),
            Err(Refusal::NoneBack { named: 2, .. })
        ));
    }
    ends(&fixture, TaskResult::Lost).expect("nobody wants to come back");
    let back = SubscriberNow {
        member_of: GroupId::parse("GA").ok(),
        ..SubscriberNow::default()
    };
    stands(&mut fixture, "3", back);
    let finish = ends(&fixture, TaskResult::PartlyRetained)
        .expect("one is back")
        .finish
        .expect("how it ended");
    let gone = SubscribersGone {
        named: 2,
        churned: 1,
        left: 0,
    };
    assert_eq!(finish.subscribers, Some(gone));
}
