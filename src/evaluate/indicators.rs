//! The four indicators: value, side of the limit, significance, verdict, explanation.
//!
//! Invariant: sides of limits are compared in integers; floats are only shown.

use crate::domain::alert::Explanation;
use crate::domain::counters::Figures;
use crate::domain::indicator::{Indicator, Verdict};
use crate::domain::limit_micro::LimitMicro;
use crate::domain::local_day::LocalDay;
use crate::domain::rate_base::RateBase;

use super::rules::{LimitSet, Rules};
use super::tails::{binomial_upper, poisson_upper, smallest_significant};

/// Scale of [`LimitMicro`].
const MICRO: i128 = 1_000_000;

/// An indicator's value as the exact quotient `num / den`; none without a base or an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Quotient {
    num: i128,
    den: i128,
}

impl Quotient {
    fn of_indicator(
        indicator: Indicator,
        f: &Figures,
        day: LocalDay,
        base: RateBase,
    ) -> Option<Self> {
        let (num, (base_num, base_den)) = match indicator {
            Indicator::ChurnRate => (i128::from(f.churned()), rate_base(f, day, base, true)),
            Indicator::MemberLossRate => (i128::from(f.lost), rate_base(f, day, base, false)),
            Indicator::ComplaintRate10k => (
                i128::from(f.complaints) * 10_000,
                rate_base(f, day, base, false),
            ),
            Indicator::Satisfaction => (
                i128::from(f.survey_score_thousandths),
                (i128::from(f.survey_answers) * 1_000, 1),
            ),
        };
        (base_num > 0).then_some(Self {
            num: num * base_den,
            den: base_num,
        })
    }

    fn value(self) -> f64 {
        self.num as f64 / self.den as f64
    }

    fn above(self, limit: LimitMicro) -> bool {
        self.num * MICRO > i128::from(limit.micros()) * self.den
    }

    fn below(self, limit: LimitMicro) -> bool {
        self.num * MICRO < i128::from(limit.micros()) * self.den
    }
}

/// The base as a fraction.
fn rate_base(f: &Figures, day: LocalDay, base: RateBase, churn: bool) -> (i128, i128) {
    let (opening, closing) = (i128::from(f.opening), i128::from(f.closing));
    match base {
        RateBase::Opening => (opening, 1),
        RateBase::Closing => (closing, 1),
        RateBase::Average => (opening + closing, 2),
        RateBase::DayNormalised if churn => {
            let month = day.month();
            let first = crate::domain::local_day::Month::from_year_month(month.year(), 1);
            let year_days = first.plus(12).first_day().number() - first.first_day().number();
            (
                closing * i128::from(month.days()) * 12,
                i128::from(year_days),
            )
        }
        RateBase::DayNormalised => (opening, 1),
    }
}

/// An indicator of one scope on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Judgement {
    /// The exact quotient as a float.
    pub value: Option<f64>,
    /// Whether it is on the wrong side of the appraisal limit.
    pub over: bool,
    /// The verdict, without regard to feeds.
    pub verdict: Verdict,
}

/// Judges one indicator. Significance counts only `at_group` level.
#[must_use]
pub(crate) fn judge(
    indicator: Indicator,
    f: &Figures,
    day: LocalDay,
    limits: &LimitSet,
    at_group: bool,
    rules: &Rules,
) -> Judgement {
    let limit = limits.limit_of(indicator);
    let Some(quotient) = Quotient::of_indicator(indicator, f, day, rules.base) else {
        return Judgement {
            value: None,
            over: false,
            verdict: Verdict::InsufficientData,
        };
    };
    let few = indicator == Indicator::Satisfaction && f.survey_answers < rules.min_answers;
    let over = if indicator == Indicator::Satisfaction {
        quotient.below(limit)
    } else {
        quotient.above(limit)
    };
    let verdict = match (over, few) {
        (false, true) => Verdict::InsufficientData,
        (false, false) => Verdict::Ok,
        (true, true) => Verdict::Watch,
        (true, false) if !at_group || indicator == Indicator::Satisfaction => Verdict::Breach,
        (true, false)
            if f.opening > 0
                && tail(indicator, count(indicator, f), f.opening, limit) <= rules.alpha =>
        {
            Verdict::Breach
        }
        (true, false) => Verdict::Watch,
    };
    Judgement {
        value: Some(quotient.value()),
        over,
        verdict,
    }
}

fn count(indicator: Indicator, f: &Figures) -> i64 {
    match indicator {
        Indicator::ChurnRate => f.churned(),
        Indicator::MemberLossRate => f.lost,
        Indicator::ComplaintRate10k => f.complaints,
        Indicator::Satisfaction => f.survey_answers,
    }
}

fn tail(indicator: Indicator, k: i64, n: i64, limit: LimitMicro) -> f64 {
    match indicator {
        Indicator::ComplaintRate10k => poisson_upper(k, n as f64 * limit.to_f64() / 10_000.0),
        _ => binomial_upper(k, n, limit.to_f64()),
    }
}

/// The explanation of an alert: k, n, the expected count, p, and the count needed for significance.
#[must_use]
pub(crate) fn explain(
    indicator: Indicator,
    f: &Figures,
    day: LocalDay,
    limits: &LimitSet,
    rules: &Rules,
) -> Explanation {
    let limit = limits.limit_of(indicator);
    let value = Quotient::of_indicator(indicator, f, day, rules.base).map(Quotient::value);
    let (k, n) = (count(indicator, f), f.opening);
    let stated = Explanation {
        value,
        k,
        n,
        limit: Some(limit.to_f64()),
        ..Explanation::default()
    };
    if indicator == Indicator::Satisfaction {
        return Explanation {
            n: f.survey_answers,
            needed: Some(rules.min_answers),
            ..stated
        };
    }
    if n <= 0 {
        return stated;
    }
    let per_member = if indicator == Indicator::ComplaintRate10k {
        limit.to_f64() / 10_000.0
    } else {
        limit.to_f64()
    };
    Explanation {
        expected: Some(n as f64 * per_member),
        p: Some(tail(indicator, k, n, limit)),
        needed: (per_member < 1.0)
            .then(|| smallest_significant(rules.alpha, |k| tail(indicator, k, n, limit))),
        ..stated
    }
}
