//! The balance formula and the trust mark of a report's row.
//!
//! Source: the appraisal rule's churn rate, (developed − (billed − billed of the month before)) /
//! billed, compared with the counted loss; and the first published figures compared with the
//! month's final ones.

use crate::domain::trust::{Trust, TrustReason};

/// A gap above this many points is a warning.
const WARNING_POINTS: f64 = 3.0;
/// A gap above this many points is a failure.
const FAILED_POINTS: f64 = 5.0;

/// The balance formula's churn rate; none unless both months were billed.
#[must_use]
pub(crate) fn balance_churn_rate(developed: i64, billed: i64, billed_before: i64) -> Option<f64> {
    (billed > 0 && billed_before > 0)
        .then(|| (developed - (billed - billed_before)) as f64 / billed as f64)
}

/// The mark for the gap between the balance formula and the counted loss rate, with the reason.
#[must_use]
pub(crate) fn of_balance(
    balance: Option<f64>,
    member_loss_rate: Option<f64>,
) -> Option<(Trust, TrustReason)> {
    let points = (balance? - member_loss_rate?).abs() * 100.0;
    mark(points).map(|trust| {
        (
            trust,
            TrustReason::BalanceGap {
                tenths: (points * 10.0).round() as u64,
            },
        )
    })
}

/// The mark for the relative difference between the first published churned count of the month and
/// the current one.
#[must_use]
pub(crate) fn of_first_published(first_published: i64, now: i64) -> Option<(Trust, TrustReason)> {
    if now == 0 && first_published == 0 {
        return None;
    }
    let points = (first_published - now).abs() as f64 / now.max(1) as f64 * 100.0;
    mark(points).map(|trust| {
        (
            trust,
            TrustReason::ChurnedRestated {
                first: first_published,
                now,
            },
        )
    })
}

/// The reason that a sum is not shown exactly: a report's integers have 64 bits.
#[must_use]
pub(crate) fn beyond_64_bits(figure: &str, sum: i128) -> TrustReason {
    TrustReason::Beyond64Bits {
        figure: figure.to_owned(),
        sum: sum.to_string(),
    }
}

fn mark(points: f64) -> Option<Trust> {
    (points > WARNING_POINTS).then_some(if points > FAILED_POINTS {
        Trust::Failed
    } else {
        Trust::Warning
    })
}
