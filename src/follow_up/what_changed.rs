//! 查客户信息: what changed at a group customer, in lines that a manager reads.
//!
//! The caller passes the timelines to read and the instant from which changes count. Invariant:
//! what is not shown is counted.

use crate::domain::brief::{CHANGES_SHOWN_MAX, ChangeKind, GroupChange, GroupChanges, Overdue};
use crate::domain::entity::Entity;
use crate::domain::event::ComplaintState;
use crate::domain::ids::GroupId;
use crate::domain::local_day::Timestamp;
use crate::domain::timeline::{
    ComplaintTimeline, SubscriberChange, SubscriberTimeline, SurveyTimeline, Walk,
};

/// Most subscribers, complaints and answers of a group customer whose timelines are read, the
/// gravest first; of further ones only the number is reported.
pub(crate) const LOOKED_AT_MAX: usize = 60;

/// The figures of a group customer that are shown beside its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct GroupFigures {
    pub members: i64,
    /// Members at the month's start.
    pub opening: i64,
    pub churned: i64,
}

/// What is now known to have happened at `from` or later to a subscriber, complaint or answer, as
/// its group customer sees it.
#[must_use]
pub(crate) fn changes_of(
    group: &GroupId,
    subject: &str,
    from: Timestamp,
    low_score_thousandths: i64,
    timeline: &Entity,
) -> Vec<GroupChange> {
    let changes = match timeline {
        Entity::Subscriber(subscriber) => of_subscriber(group, from, subscriber),
        Entity::Complaint(complaint) => of_complaint(group, from, complaint).into_iter().collect(),
        Entity::Survey(answer) => of_answer(group, from, low_score_thousandths, answer)
            .into_iter()
            .collect(),
        Entity::Bill(_) | Entity::BilledSubscriber(_) => Vec::new(),
    };
    changes
        .into_iter()
        .map(|(at, kind, detail)| GroupChange {
            kind,
            at,
            subject: subject.into(),
            detail,
        })
        .collect()
}

type DatedChange = (Timestamp, ChangeKind, Option<Box<str>>);

fn of_subscriber(
    group: &GroupId,
    from: Timestamp,
    subscriber: &SubscriberTimeline,
) -> Vec<DatedChange> {
    let walk = subscriber.walk();
    let moved_to = walk.member_now().filter(|now| *now != group);
    let dated = |change: SubscriberChange<'_>| match (change.kind, moved_to) {
        (ChangeKind::Moved, Some(to)) => (change.at, ChangeKind::Moved, Some(to.as_str().into())),
        (ChangeKind::Moved, None) => (change.at, ChangeKind::Left, None),
        (ChangeKind::Joined, _) => match came_from(&walk, group, from, change.at) {
            Some(before) => (change.at, ChangeKind::MovedIn, Some(before.as_str().into())),
            None => (change.at, ChangeKind::Joined, None),
        },
        (kind, _) => (change.at, kind, None),
    };
    walk.last_changes(group, from)
        .into_iter()
        .map(dated)
        .collect()
}

/// The group customer that a subscriber which joined `group` came from, if it left that one at
/// `from` or later.
fn came_from<'a>(
    walk: &'a Walk<'_>,
    group: &GroupId,
    from: Timestamp,
    joined: Timestamp,
) -> Option<&'a GroupId> {
    walk.changes(from)
        .filter(|change| change.kind == ChangeKind::Moved && change.at <= joined)
        .map(|change| change.group_id)
        .filter(|left| *left != group)
        .last()
}

fn of_complaint(
    group: &GroupId,
    from: Timestamp,
    complaint: &ComplaintTimeline,
) -> Option<DatedChange> {
    let (whose, at, state) = complaint.first_filed()?;
    let kind = match state {
        ComplaintState::Withdrawn => None,
        _ if at >= from => Some(ChangeKind::ComplaintFiled),
        ComplaintState::Filed => Some(ChangeKind::ComplaintOpen),
        ComplaintState::Resolved => None,
    };
    kind.filter(|_| whose == group).map(|kind| (at, kind, None))
}

fn of_answer(
    group: &GroupId,
    from: Timestamp,
    low_score_thousandths: i64,
    answer: &SurveyTimeline,
) -> Option<DatedChange> {
    let (whose, at, score) = answer.low_since(from, low_score_thousandths)?;
    (whose == group).then(|| (at, ChangeKind::LowScore, Some(decimal(score).into())))
}

/// A number of thousandths in decimals, without zeros at the end.
fn decimal(thousandths: i64) -> String {
    let text = format!(
        "{}.{:03}",
        thousandths.div_euclid(1_000),
        thousandths.rem_euclid(1_000)
    );
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The changes of a group customer, the gravest first, as many as are shown; `more` were not read.
/// None if nothing changed.
#[must_use]
pub(crate) fn group_changes(
    group_id: GroupId,
    mut changes: Vec<GroupChange>,
    more: u64,
    overdue: Option<Overdue>,
    now: Timestamp,
    figures: impl FnOnce(&GroupId) -> GroupFigures,
) -> Option<GroupChanges> {
    changes.extend(
        overdue
            .filter(|overdue| overdue.bills > 0)
            .map(|Overdue { bills, fen }| GroupChange {
                kind: ChangeKind::Overdue,
                at: now,
                subject: bills.to_string().into(),
                detail: Some(fen.to_string().into()),
            }),
    );
    if changes.is_empty() && more == 0 {
        return None;
    }
    changes.sort_by(|a, b| {
        (a.kind.gravity(), a.at, &a.subject).cmp(&(b.kind.gravity(), b.at, &b.subject))
    });
    let more = changes.len().saturating_sub(CHANGES_SHOWN_MAX)
        + usize::try_from(more).unwrap_or(usize::MAX);
    changes.truncate(CHANGES_SHOWN_MAX);
    let GroupFigures {
        members,
        opening,
        churned,
    } = figures(&group_id);
    Some(GroupChanges {
        group_id,
        members,
        opening,
        churned,
        changes,
        more,
    })
}
