//! The lines of a brief about one group customer.

use super::at;
use crate::domain::brief::{CHANGES_SHOWN_MAX, ChangeKind, GroupChange, Overdue};
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::event::{
    Complaint, ComplaintSeverity, ComplaintState, MemberChangeKind as InOut, Membership, Order,
    Population, Role,
};
use crate::domain::ids::{ComplaintId, GroupId, SubscriberId};
use crate::domain::local_day::Timestamp;
use crate::domain::timeline::{ComplaintTimeline, SurveyTimeline};
use crate::follow_up::what_changed::{GroupFigures, changes_of, group_changes};

fn group(id: &str) -> GroupId {
    GroupId::parse(id).expect("an id")
}

fn order(at: i64) -> Order {
    Order {
        time: Timestamp::from_micros(at),
        id: at.to_string().into(),
        source: "/crm".into(),
    }
}

fn kinds(timeline: &Entity, id: &str, from: Timestamp) -> Vec<(ChangeKind, Option<String>)> {
    let changes = changes_of(&group(id), "subject", from, 60_000, timeline);
    changes
        .into_iter()
        .map(|change| (change.kind, change.detail.map(String::from)))
        .collect()
}

fn change(number: usize, kind: ChangeKind) -> GroupChange {
    GroupChange {
        kind,
        at: Timestamp::from_micros(number as i64),
        subject: format!("{number}").into(),
        detail: None,
    }
}

fn complaint_of(group_id: &str, state: ComplaintState) -> Complaint {
    let complaint_id = ComplaintId::parse("C1").expect("an id");
    let severity = ComplaintSeverity::Normal;
    Complaint {
        complaint_id,
        group_id: group(group_id),
        subscriber_id: None,
        state,
        category: None,
        severity,
    }
}

#[test]
fn a_move_says_where_the_line_is_now() {
    let key = EntityKey::Subscriber(SubscriberId::parse("13800008000").expect("an id"));
    let mut timeline = Entity::empty(&key).expect("a line");
    let Entity::Subscriber(subscriber) = &mut timeline else {
        panic!("it is a line")
    };
    for (at, id, change) in [
        (1, "G1", InOut::Joined),
        (5, "G1", InOut::Left),
        (6, "G2", InOut::Joined),
    ] {
        let subscriber_id = SubscriberId::parse("13800008000").expect("an id");
        let event = Membership {
            subscriber_id,
            group_id: group(id),
            change,
            role: Role::Member,
            locked: false,
            population: Population::Group,
        };
        subscriber.put_membership(order(at), event);
    }
    let from = Timestamp::from_micros(2);
    assert_eq!(
        kinds(&timeline, "G1", from),
        [(ChangeKind::Moved, Some("G2".to_owned()))]
    );
    assert_eq!(
        kinds(&timeline, "G2", from),
        [(ChangeKind::MovedIn, Some("G1".to_owned()))]
    );
    let later = Timestamp::from_micros(6);
    assert_eq!(
        kinds(&timeline, "G2", later),
        [(ChangeKind::Joined, None)],
        "where it was before has been reported"
    );
    assert_eq!(kinds(&timeline, "G3", from), []);
}

#[test]
fn a_complaint_is_told_when_it_is_filed_and_for_as_long_as_it_is_open() {
    let filed = |states: &[(i64, ComplaintState)]| {
        let mut complaint = ComplaintTimeline::default();
        states.iter().for_each(|(at, state)| {
            complaint.put_complaint(order(*at), complaint_of("G1", *state))
        });
        Entity::Complaint(complaint)
    };
    let (open, resolved, withdrawn) = (
        filed(&[(5, ComplaintState::Filed)]),
        filed(&[(5, ComplaintState::Filed), (7, ComplaintState::Resolved)]),
        filed(&[(5, ComplaintState::Filed), (7, ComplaintState::Withdrawn)]),
    );
    let change_of = |complaint: &Entity, from| {
        kinds(complaint, "G1", Timestamp::from_micros(from))
            .first()
            .map(|(kind, _)| *kind)
    };
    assert_eq!(change_of(&open, 5), Some(ChangeKind::ComplaintFiled));
    assert_eq!(change_of(&open, 6), Some(ChangeKind::ComplaintOpen));
    assert_eq!(
        (change_of(&resolved, 5), change_of(&resolved, 6)),
        (Some(ChangeKind::ComplaintFiled), None)
    );
    assert_eq!(
        (change_of(&withdrawn, 5), change_of(&withdrawn, 6)),
        (None, None)
    );
    assert_eq!(kinds(&open, "G2", Timestamp::MIN), []);
}

#[test]
fn a_low_score_is_told_with_the_score() {
    let answer = |score| {
        let mut answer = SurveyTimeline::default();
        answer.put_answer(order(5), group("G1"), score);
        Entity::Survey(answer)
    };
    let change_of = |score| {
        kinds(&answer(score), "G1", Timestamp::MIN)
            .first()
            .and_then(|(_, detail)| detail.clone())
    };
    assert_eq!(
        (
            change_of(55_500).as_deref(),
            change_of(40_000).as_deref(),
            change_of(60_000)
        ),
        (Some("55.5"), Some("40"), None)
    );
    assert_eq!(kinds(&answer(40_000), "G1", Timestamp::from_micros(6)), []);
}

#[test]
fn twenty_changes_are_shown_the_gravest_first_and_the_rest_is_counted() {
    let mut all: Vec<GroupChange> = (0..24)
        .map(|number| change(number, ChangeKind::Joined))
        .collect();
    all.push(change(30, ChangeKind::PreCancelled));
    let figures = |_: &GroupId| GroupFigures {
        members: 100,
        opening: 90,
        churned: 2,
    };
    let overdue = Some(Overdue {
        bills: 2,
        fen: 12_345,
    });
    let changed = group_changes(
        group("G1"),
        all,
        7,
        overdue,
        at("2026-08-04 08:00"),
        figures,
    )
    .expect("changes");
    assert_eq!(
        (changed.changes.len(), changed.more),
        (CHANGES_SHOWN_MAX, 26 - CHANGES_SHOWN_MAX + 7)
    );
    let first: Vec<(ChangeKind, &str)> = changed
        .changes
        .iter()
        .map(|change| (change.kind, &*change.subject))
        .take(3)
        .collect();
    assert_eq!(
        first,
        [
            (ChangeKind::PreCancelled, "30"),
            (ChangeKind::Overdue, "2"),
            (ChangeKind::Joined, "0")
        ]
    );
    assert_eq!(changed.changes[1].detail.as_deref(), Some("12345"));
    assert_eq!(
        (changed.members, changed.opening, changed.churned),
        (100, 90, 2)
    );
}

#[test]
fn a_group_to_which_nothing_happened_is_left_out() {
    let figures = |_: &GroupId| GroupFigures::default();
    let now = at("2026-08-04 08:00");
    assert_eq!(
        group_changes(group("G1"), Vec::new(), 0, None, now, figures),
        None
    );
    assert_eq!(
        group_changes(
            group("G1"),
            Vec::new(),
            0,
            Some(Overdue::default()),
            now,
            figures
        ),
        None
    );
    assert_eq!(
        group_changes(group("G1"), Vec::new(), 3, None, now, figures).map(|changed| changed.more),
        Some(3)
    );
}
