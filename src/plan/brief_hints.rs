//! The hints that a batch leaves for the morning brief: which subscribers, complaints and answers
//! to read.
//!
//! Invariant: it is read off the walk through a subscriber that counting needs anyway; nothing more
//! is loaded for it.

use crate::domain::brief::ChangeKind;
use crate::domain::brief_hint::{BriefHint, Subject};
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::event::{ComplaintState, Event, EventData};
use crate::domain::ids::GroupId;
use crate::domain::local_day::Timestamp;
use crate::domain::timeline::{ComplaintTimeline, Walk};

/// Notes the latest changes of a subscriber from an instant on: once for each group customer, the
/// gravest.
pub(super) fn note_subscriber(
    walk: &Walk<'_>,
    key: &EntityKey,
    from: Timestamp,
    hints: &mut Vec<BriefHint>,
) {
    let EntityKey::Subscriber(id) = key else {
        return;
    };
    let first = hints.len();
    for change in walk.changes(from) {
        match hints[first..]
            .iter_mut()
            .find(|known| known.group_id == *change.group_id)
        {
            Some(known) if change.kind.gravity() < known.kind.gravity() => known.kind = change.kind,
            Some(_) => {}
            None => hints.push(BriefHint {
                group_id: change.group_id.clone(),
                subject: Subject::Subscriber(id.clone()),
                from,
                kind: change.kind,
            }),
        }
    }
}

/// Notes a complaint or an answer that is new.
pub(super) fn note_other(
    entity: &Entity,
    key: &EntityKey,
    from: Timestamp,
    low_score_thousandths: i64,
    hints: &mut Vec<BriefHint>,
) {
    let found = match (entity, key) {
        (Entity::Complaint(complaint), EntityKey::Complaint(id)) => new_complaint(complaint, from)
            .map(|group| {
                (
                    group,
                    Subject::Complaint(id.clone()),
                    ChangeKind::ComplaintFiled,
                )
            }),
        (Entity::Survey(answer), EntityKey::Survey(id)) => answer
            .low_since(from, low_score_thousandths)
            .map(|(group, ..)| (group, Subject::Answer(id.clone()), ChangeKind::LowScore)),
        _ => None,
    };
    hints.extend(found.map(|(group, subject, kind)| BriefHint {
        group_id: group.clone(),
        subject,
        from,
        kind,
    }));
}

/// To whom a complaint was first filed, if that was at `from` or later and it was not withdrawn.
fn new_complaint(complaint: &ComplaintTimeline, from: Timestamp) -> Option<&GroupId> {
    complaint
        .first_filed()
        .filter(|(_, at, state)| *at >= from && *state != ComplaintState::Withdrawn)
        .map(|(group, ..)| group)
}

/// The group customers with new reference events, and the instant from which they are new.
#[must_use]
pub(crate) fn hints_of_groups(references: &[Event], since: Timestamp) -> Vec<(GroupId, Timestamp)> {
    let of_group = |event: &Event| match &event.data {
        EventData::Group(group) if event.order.time >= since => {
            Some((group.group_id.clone(), event.order.time))
        }
        _ => None,
    };
    references.iter().filter_map(of_group).collect()
}
