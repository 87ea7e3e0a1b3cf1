//! Signals from a group's bills: overdue bills, and far less billed than in the months before.

use crate::domain::alert::Explanation;
use crate::domain::counters::{Counter, DaySeries};
use crate::domain::limit_micro::LimitMicro;
use crate::domain::local_day::{LocalDay, Month};
use crate::domain::sum::narrow;

use super::super::rules::{ArrearsRules, Rules};

/// The bills of a month are known after this day of the next month.
const KNOWN_BY_DAY: i32 = 10;
/// Number of earlier months whose mean the last one is compared with.
const MONTHS_BEFORE: i32 = 3;
const MICRO: i128 = 1_000_000;

/// The last month whose bills are all known at `today`, and the day since which they are.
#[must_use]
pub(crate) fn last_billed_period(today: LocalDay) -> (Month, LocalDay) {
    let known_on = |month: Month| month.plus(1).first_day().plus(KNOWN_BY_DAY);
    let (last, before) = (today.month().plus(-1), today.month().plus(-2));
    if known_on(last) <= today {
        (last, known_on(last))
    } else {
        (before, known_on(before))
    }
}

/// A group's overdue bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OverdueBills {
    /// Whether its own unified-pay account is in arrears.
    pub unified: bool,
    /// Number of overdue unified-pay bills, and of members' bills where those count.
    pub accounts: i64,
    /// The unpaid amount, capped to 64 bits.
    pub fen: i64,
    /// Members with a bill of the last known month.
    pub billed: i64,
    /// The day on which the last of these bills became overdue.
    pub last_on: LocalDay,
}

impl OverdueBills {
    #[must_use]
    pub(crate) fn explanation(&self) -> Explanation {
        Explanation {
            k: self.accounts,
            n: self.billed,
            fen: Some(self.fen),
            ..Explanation::default()
        }
    }
}

/// The bills that are overdue on `today`: any unified-pay bill; members' bills of a month in which
/// enough of them became overdue.
#[must_use]
pub(crate) fn overdue(series: &DaySeries, today: LocalDay, rules: &Rules) -> Option<OverdueBills> {
    let ArrearsRules {
        after_days,
        members_min,
        members_share,
    } = rules.signals.arrears;
    let due_by = today.plus(-after_days);
    let due = |counter| {
        series
            .days_of(counter)
            .take_while(move |(day, _)| *day <= due_by)
    };
    let mut found = OverdueBills {
        unified: false,
        accounts: 0,
        fen: 0,
        billed: 0,
        last_on: LocalDay::from_number(i32::MIN),
    };
    for (day, n) in due(Counter::UnpaidUnified) {
        found.accounts += n;
        found.last_on = found.last_on.max(day.plus(after_days));
    }
    found.unified = found.accounts > 0;
    let mut lacking: i128 = 0;
    if found.unified {
        lacking = series
            .sums_of(Counter::UnpaidUnifiedFen)
            .take_while(|(day, _)| *day <= due_by)
            .map(|(_, fen)| fen)
            .sum();
    }
    let subscribers: Vec<(LocalDay, i64)> = due(Counter::UnpaidSubscribers)
        .map(|(day, n)| (day.plus(after_days), n))
        .collect();
    if found.unified || !subscribers.is_empty() {
        let period = last_billed_period(today).0;
        found.billed = series
            .within(Counter::Billed, period.first_day(), period.last_day())
            .map(|(_, n)| n)
            .sum();
    }
    for of_month in subscribers.chunk_by(|a, b| a.0.month() == b.0.month()) {
        let accounts: i64 = of_month.iter().map(|(_, n)| n).sum();
        let share_is_reached = i128::from(accounts) * MICRO
            >= i128::from(found.billed) * i128::from(members_share.micros());
        let (Some((first, _)), Some((last, _))) = (of_month.first(), of_month.last()) else {
            continue;
        };
        if accounts >= members_min && share_is_reached {
            let (first, last_due) = (first.plus(-after_days), last.plus(-after_days));
            found.accounts += accounts;
            lacking += series.sum_within(Counter::UnpaidSubscribersFen, first, last_due);
            found.last_on = found.last_on.max(*last);
        }
    }
    found.fen = narrow(lacking);
    (found.accounts > 0).then_some(found)
}

/// A month with far less billed than in the months before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RevenueDropFigures {
    /// The drop: 0 to 1, or above where more was credited than billed.
    pub share: f64,
    /// The amount below the mean, capped to 64 bits.
    pub missing_fen: i64,
    /// The smallest share that counts.
    pub limit: LimitMicro,
}

impl RevenueDropFigures {
    #[must_use]
    pub(crate) fn explanation(&self) -> Explanation {
        let (value, limit) = (Some(self.share), Some(self.limit.to_f64()));
        Explanation {
            value,
            k: 1,
            n: 1,
            limit,
            fen: Some(self.missing_fen),
            ..Explanation::default()
        }
    }
}

/// The drop of a group's bills of `period` against the mean of the three months before, if it is
/// large enough and each of those months has bills.
#[must_use]
pub(crate) fn revenue_drop(
    series: &DaySeries,
    period: Month,
    rules: &Rules,
) -> Option<RevenueDropFigures> {
    let billed_fen =
        |month: Month| series.sum_within(Counter::BilledFen, month.first_day(), month.last_day());
    let (now, mut sum) = (billed_fen(period), 0);
    for n in 1..=MONTHS_BEFORE {
        let before = billed_fen(period.plus(-n));
        if before == 0 {
            return None;
        }
        sum += before;
    }
    let (limit, months) = (rules.signals.revenue_drop, i128::from(MONTHS_BEFORE));
    let is_drop = sum > 0 && now * months * MICRO <= sum * (MICRO - i128::from(limit.micros()));
    let mean = sum as f64 / months as f64;
    is_drop.then(|| RevenueDropFigures {
        share: 1.0 - now as f64 / mean,
        missing_fen: narrow(sum / months - now),
        limit,
    })
}

#[cfg(test)]
#[path = "money_tests.rs"]
mod tests;
