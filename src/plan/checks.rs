//! Which part of a timeline is judged, and when: so that a change which can be no signal costs
//! nothing more.
//!
//! It does not judge: `evaluate::signals` does. Invariant: whatever can raise or undo an alert
//! about a subscriber, complaint or answer has it judged.

use crate::domain::local_day::Timestamp;
use crate::domain::timeline::{AnswerNow, ComplaintNow, SubscriberFact};

use super::apply::ApplyRules;

/// The part of a timeline that may be a signal.
#[derive(Debug)]
pub(super) enum Judgeable {
    Subscriber(Vec<SubscriberFact>),
    Complaint(Option<ComplaintNow>),
    Answer(Option<AnswerNow>),
    /// It has no signals.
    Nothing,
}

/// When a timeline is to be judged after a change, if at all.
pub(super) fn check_at(
    before: &Judgeable,
    after: &Judgeable,
    rules: ApplyRules,
) -> Option<Timestamp> {
    match (before, after) {
        (Judgeable::Subscriber(before), Judgeable::Subscriber(after)) => {
            last_change(before, after).map(|last| last.plus(rules.settle))
        }
        (Judgeable::Complaint(before), Judgeable::Complaint(after)) => {
            of_complaint(before.as_ref(), after.as_ref(), rules)
        }
        (Judgeable::Answer(before), Judgeable::Answer(after)) => {
            of_answer(before.as_ref(), after.as_ref(), rules)
        }
        _ => None,
    }
}

/// When the last fact happened that is new, gone, or holds otherwise than before. Facts are in
/// order.
fn last_change(before: &[SubscriberFact], after: &[SubscriberFact]) -> Option<Timestamp> {
    let same = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    let last = |facts: &[SubscriberFact]| facts.iter().rev().nth(same).map(|fact| fact.at);
    last(before).max(last(after))
}

/// One that was open may have an alert, and is judged at once, as is a major one; any other not
/// before it can have been open for too long.
fn of_complaint(
    before: Option<&ComplaintNow>,
    after: Option<&ComplaintNow>,
    rules: ApplyRules,
) -> Option<Timestamp> {
    let open = |now: Option<&ComplaintNow>| {
        now.filter(|now| now.is_open())
            .map(|now| (now.group_id.clone(), now.major_since, now.filed_at))
    };
    let (was_open, is_open) = (open(before), open(after));
    if was_open == is_open {
        return None;
    }
    match (&was_open, &is_open) {
        (None, Some((_, None, filed_at))) => Some(filed_at.plus(rules.complaint_open)),
        _ => [before, after]
            .into_iter()
            .flatten()
            .map(|now| now.changed_at)
            .max(),
    }
}

/// One that is low, or was.
fn of_answer(
    before: Option<&AnswerNow>,
    after: Option<&AnswerNow>,
    rules: ApplyRules,
) -> Option<Timestamp> {
    let mut known = [before, after].into_iter().flatten();
    let is_judged = before != after
        && known
            .clone()
            .any(|answer| answer.score_thousandths < rules.low_score_thousandths);
    is_judged
        .then(|| known.by_ref().map(|answer| answer.changed_at).max())
        .flatten()
}
