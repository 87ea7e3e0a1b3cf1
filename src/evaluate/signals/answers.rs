//! One low answer to a survey.

use crate::domain::alert::{AlertSubject, Explanation, Period};
use crate::domain::event::Tier;
use crate::domain::ids::SurveyId;
use crate::domain::indicator::{AlertKind, Scope, Signal};
use crate::domain::local_day::Timestamp;
use crate::domain::timeline::AnswerNow;

use super::super::alerts::Wanted;
use super::super::rules::Rules;
use super::recency::is_recent;

/// Thousandths of a point.
const THOUSANDTHS: f64 = 1_000.0;

/// Whether an answer's score is below the limit.
#[must_use]
pub(crate) fn is_low(answer: &AnswerNow, rules: &Rules) -> bool {
    answer.score_thousandths < rules.signals.low_score_thousandths
}

/// The alert that an answer raises at `now`, if its score is low.
#[must_use]
pub(crate) fn wanted_by_answer(
    id: &SurveyId,
    answer: &AnswerNow,
    tier: Option<Tier>,
    now: Timestamp,
    rules: &Rules,
) -> Option<Wanted> {
    let points = |thousandths: i64| Some(thousandths as f64 / THOUSANDTHS);
    (is_low(answer, rules) && is_recent(answer.given_at, now, rules)).then(|| Wanted {
        scope: Scope::Group(answer.group_id.clone()),
        kind: AlertKind::Signal(Signal::LowScore),
        subject: AlertSubject::Answer(id.clone()),
        period: Period::Day(rules.zone.day_of(answer.given_at)),
        severity: Signal::LowScore.severity(tier),
        explanation: Explanation {
            value: points(answer.score_thousandths),
            k: 1,
            n: 1,
            limit: points(rules.signals.low_score_thousandths),
            ..Explanation::default()
        },
        members: Vec::new(),
    })
}
