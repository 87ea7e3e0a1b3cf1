//! An answer to a survey: counted in the month of its first event, with the group and score of its
//! latest.

use serde::{Deserialize, Serialize};

use super::differences::{Differences, add_steps};
use crate::domain::counters::Counter;
use crate::domain::event::Order;
use crate::domain::history::History;
use crate::domain::ids::GroupId;
use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;

/// All events of one answer; the score is on the 100 scale, in thousandths.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyTimeline {
    answers: History<(GroupId, i64)>,
}

/// The current state of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnswerNow {
    pub group_id: GroupId,
    /// On the 100 scale, in thousandths.
    pub score_thousandths: i64,
    /// When it was first given.
    pub given_at: Timestamp,
    /// The time of its last event.
    pub changed_at: Timestamp,
}

impl SurveyTimeline {
    pub(crate) fn put_answer(&mut self, order: Order, group: GroupId, score_thousandths: i64) {
        self.answers.put_entry(order, (group, score_thousandths));
    }

    /// Removes an event; returns whether it existed.
    pub(crate) fn retract(&mut self, source: &str, id: &str) -> bool {
        self.answers.retract(source, id)
    }

    /// Whether it has no event at `t` or later.
    #[must_use]
    pub(crate) fn is_before(&self, t: Timestamp) -> bool {
        self.answers.is_before(t)
    }

    /// Its current state; none if it has no event.
    #[must_use]
    pub(crate) fn now(&self) -> Option<AnswerNow> {
        let entries = self.answers.entries();
        let ((first, _), (last, (group_id, score_thousandths))) =
            (entries.first()?, entries.last()?);
        let score_thousandths = *score_thousandths;
        Some(AnswerNow {
            group_id: group_id.clone(),
            score_thousandths,
            given_at: first.time,
            changed_at: last.time,
        })
    }

    /// The group customer, time and score of its latest event, if that was at `from` or later and
    /// the score is below `limit`; both on the 100 scale, in thousandths.
    #[must_use]
    pub(crate) fn low_since(
        &self,
        from: Timestamp,
        limit: i64,
    ) -> Option<(&GroupId, Timestamp, i64)> {
        let (order, (group, score)) = self.answers.entries().last()?;
        (order.time >= from && *score < limit).then_some((group, order.time, *score))
    }

    /// Adds `sign` times its contributions, all within the month of its first event.
    pub(crate) fn contribute(&self, zone: Zone, sign: i64, out: &mut Differences) {
        let Some((first, _)) = self.answers.entries().first() else {
            return;
        };
        let last_day = zone.day_of(first.time).month().last_day();
        let steps = self
            .answers
            .entries()
            .iter()
            .map(|(order, answer)| (zone.day_of(order.time), Some(answer)))
            .take_while(|(day, _)| *day <= last_day);
        add_steps(steps, |(group, score), day, n| {
            out.add(group, day, Counter::SurveyAnswers, sign * n);
            out.add(
                group,
                day,
                Counter::SurveyScoreThousandths,
                sign * n * score,
            );
        });
    }
}
