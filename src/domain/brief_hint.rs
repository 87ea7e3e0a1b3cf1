//! BriefHint: a place where a batch changed something that a morning brief may report.
//!
//! Events come in any order and may be corrected, so a hint only names the place; the facts are
//! read from the timelines when the brief is made. A batch has one row of hints, since there is no
//! index from groups to subscribers. Invariant: a batch has a bounded number of hints of
//! subscribers and answers, and those left out are counted.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::brief::ChangeKind;
use super::entity::EntityKey;
use super::fast_map::FastMap;
use super::ids::{ComplaintId, GroupId, SubscriberId, SurveyId};
use super::local_day::Timestamp;

/// The age up to which a brief reports a change. Assumption: an older change cannot be acted on,
/// and the past that a first load brings is not new.
pub(crate) const HINT_AGE_MAX: TimeDelta = TimeDelta::days(7);

/// Most hints of subscribers and answers in one batch; the least grave beyond that are only
/// counted, by group.
pub(crate) const HINTS_OF_A_BATCH_MAX: usize = 50_000;

/// The subject of a hint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    Subscriber(SubscriberId),
    Complaint(ComplaintId),
    /// An answer to a survey.
    Answer(SurveyId),
}

impl Subject {
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Subscriber(id) => id.as_str(),
            Self::Complaint(id) => id.as_str(),
            Self::Answer(id) => id.as_str(),
        }
    }

    #[must_use]
    pub(crate) fn key(&self) -> EntityKey {
        match self {
            Self::Subscriber(id) => EntityKey::Subscriber(id.clone()),
            Self::Complaint(id) => EntityKey::Complaint(id.clone()),
            Self::Answer(id) => EntityKey::Survey(id.clone()),
        }
    }
}

/// One place where something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BriefHint {
    /// Its group customer.
    pub group_id: GroupId,
    /// Its subscriber, complaint or answer.
    pub subject: Subject,
    /// Changes from this instant on are new.
    pub from: Timestamp,
    /// The gravest kind that the batch saw: the gravest hints are read first.
    pub kind: ChangeKind,
}

/// The hints of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchHints {
    /// When the batch was ingested.
    pub at: Timestamp,
    /// Hints of subscribers and answers.
    pub hints: Vec<BriefHint>,
    /// Hints of complaints, kept for as long as those may be open: they are few.
    pub complaints: Vec<BriefHint>,
    /// How many hints were left out, by group customer.
    pub more: Vec<(GroupId, u64)>,
    /// Group customers with new reference data, such as their manager, and from when on.
    pub groups: Vec<(GroupId, Timestamp)>,
}

impl BatchHints {
    /// Keeps the gravest `most` of the hints of a batch that was ingested at `at`.
    #[must_use]
    pub fn new(
        at: Timestamp,
        hints: Vec<BriefHint>,
        groups: Vec<(GroupId, Timestamp)>,
        most: usize,
    ) -> Self {
        let (complaints, mut hints): (Vec<BriefHint>, Vec<BriefHint>) = hints
            .into_iter()
            .partition(|one| matches!(one.subject, Subject::Complaint(_)));
        let mut more: FastMap<GroupId, u64> = FastMap::default();
        if hints.len() > most {
            hints.sort_by_key(|one| one.kind.gravity());
            hints
                .drain(most..)
                .for_each(|one| *more.entry(one.group_id).or_default() += 1);
        }
        let mut more: Vec<(GroupId, u64)> = more.into_iter().collect();
        more.sort_unstable();
        Self {
            at,
            hints,
            complaints,
            more,
            groups,
        }
    }

    #[must_use]
    pub(crate) const fn is_empty(&self) -> bool {
        self.hints.is_empty()
            && self.complaints.is_empty()
            && self.more.is_empty()
            && self.groups.is_empty()
    }
}

/// The hints of many batches for one group customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupHint {
    /// For each subject, the instant from which its changes are new, and the gravest kind.
    pub subjects: FastMap<Subject, (Timestamp, ChangeKind)>,
    /// How many hints were left out.
    pub more: u64,
    /// From when on the reference data of the group customer is new.
    pub known_from: Option<Timestamp>,
}

impl GroupHint {
    /// Adds the hints of a batch.
    pub(crate) fn add_batch(all: &mut FastMap<GroupId, Self>, batch: BatchHints) {
        batch
            .hints
            .into_iter()
            .chain(batch.complaints)
            .for_each(|hint| Self::note(all, hint));
        batch
            .more
            .into_iter()
            .for_each(|(group, n)| all.entry(group).or_default().more += n);
        for (group, from) in batch.groups {
            let known = &mut all.entry(group).or_default().known_from;
            *known = Some(known.map_or(from, |known| known.min(from)));
        }
    }

    /// Adds a complaint of an earlier batch, of which a brief can only report that it is still
    /// open.
    pub(crate) fn add_batch_earlier(all: &mut FastMap<GroupId, Self>, complaint: BriefHint) {
        Self::note(
            all,
            BriefHint {
                from: Timestamp::MAX,
                kind: ChangeKind::ComplaintOpen,
                ..complaint
            },
        );
    }

    fn note(
        all: &mut FastMap<GroupId, Self>,
        BriefHint {
            group_id,
            subject,
            from,
            kind,
        }: BriefHint,
    ) {
        let known = all
            .entry(group_id)
            .or_default()
            .subjects
            .entry(subject)
            .or_insert((from, kind));
        known.0 = known.0.min(from);
        if kind.gravity() < known.1.gravity() {
            known.1 = kind;
        }
    }

    /// The subjects to read, the gravest first, then by id.
    #[must_use]
    pub fn in_order(&self) -> Vec<(&Subject, Timestamp)> {
        let mut order: Vec<_> = self
            .subjects
            .iter()
            .map(|(subject, (from, kind))| (kind.gravity(), subject, *from))
            .collect();
        order.sort_unstable();
        order
            .into_iter()
            .map(|(_, subject, from)| (subject, from))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(group: &str, subscriber: &str, from: i64, kind: ChangeKind) -> BriefHint {
        let subject = Subject::Subscriber(SubscriberId::parse(subscriber).expect("an id"));
        BriefHint {
            group_id: GroupId::parse(group).expect("an id"),
            subject,
            from: Timestamp::from_micros(from),
            kind,
        }
    }

    #[test]
    fn too_many_hints_are_counted_by_group_the_least_grave_of_them() {
        let all = vec![
            hint("G2", "1", 1, ChangeKind::Joined),
            hint("G1", "2", 1, ChangeKind::Stopped(None)),
            hint("G1", "3", 1, ChangeKind::Joined),
            hint("G1", "4", 1, ChangeKind::PreCancelled),
        ];
        let batch = BatchHints::new(Timestamp::MIN, all.clone(), Vec::new(), 2);
        let kept: Vec<&str> = batch.hints.iter().map(|one| one.subject.as_str()).collect();
        assert_eq!(kept, ["4", "2"]);
        assert_eq!(
            batch
                .more
                .iter()
                .map(|(group, n)| (group.as_str(), *n))
                .collect::<Vec<_>>(),
            [("G1", 1), ("G2", 1)]
        );
        assert_eq!(
            BatchHints::new(Timestamp::MIN, all.clone(), Vec::new(), 4).hints,
            all,
            "as it came where it is little"
        );
    }

    #[test]
    fn hints_of_many_batches_name_a_subscriber_once_from_its_first_change_on() {
        let mut all = FastMap::default();
        let batch = |hints| BatchHints::new(Timestamp::MIN, hints, Vec::new(), 10);
        GroupHint::add_batch(
            &mut all,
            batch(vec![
                hint("G1", "1", 5, ChangeKind::Joined),
                hint("G1", "2", 5, ChangeKind::Restored),
            ]),
        );
        GroupHint::add_batch(
            &mut all,
            batch(vec![
                hint("G1", "1", 3, ChangeKind::Stopped(None)),
                hint("G2", "1", 7, ChangeKind::Joined),
            ]),
        );
        let group = &all[&GroupId::parse("G1").expect("an id")];
        let order: Vec<(&str, i64)> = group
            .in_order()
            .into_iter()
            .map(|(subject, from)| (subject.as_str(), from.micros()))
            .collect();
        assert_eq!(order, [("1", 3), ("2", 5)]);
        assert_eq!(all.len(), 2);
    }
}
