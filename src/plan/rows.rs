//! The rows of the daily report, from the figures as of now.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::counters::Figures;
use crate::domain::daily_row::{DailyRow, IndicatorCell};
use crate::domain::event::Group;
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::indicator::{Indicator, Scope, Verdict};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::sum::narrow;
use crate::domain::trust::{Trust, TrustReason};
use crate::evaluate::figures::month_figures;
use crate::evaluate::indicators::judge;
use crate::evaluate::{feeds, trust};

use super::indicators::FigureInputs;

/// What the balance formula is made of, summed over the groups that belong to a scope at the end of
/// the row's day: the month before is that of the same groups.
#[derive(Debug, Clone, Copy, Default)]
struct Balance {
    developed: i64,
    billed: i64,
    billed_before: i64,
}

impl Balance {
    fn add(&mut self, other: Self) {
        self.developed += other.developed;
        self.billed += other.billed;
        self.billed_before += other.billed_before;
    }
}

/// A day as it is reported.
struct Day<'a> {
    inputs: FigureInputs<'a>,
    day: LocalDay,
    /// The feeds that are incomplete before it.
    incomplete: Vec<TrustReason>,
    /// Each scope's churned as it was first published for the day.
    first_published: &'a BTreeMap<Scope, i64>,
}

/// Figures of units and the company, with what the balance formula is made of.
type Sums = BTreeMap<Scope, (Figures, Balance)>;

/// The rows of day `day`: groups, then units, then the company. `published` marks a report that is
/// published, for which the feeds of the day itself must be closed too. `first_published` gives a
/// scope's churned as it was first published for the day.
#[must_use]
pub fn daily_rows(
    inputs: FigureInputs<'_>,
    day: LocalDay,
    now: Timestamp,
    published: bool,
    first_published: &BTreeMap<Scope, i64>,
) -> Vec<DailyRow> {
    let first = day.month().first_day();
    let closed_until = if published { day } else { day.plus(-1) };
    let of = Day {
        inputs,
        day,
        incomplete: feeds::incomplete(inputs.rules, inputs.feeds, first, closed_until, now)
            .collect(),
        first_published,
    };
    let mut sums = Sums::new();
    let mut shown_units = BTreeSet::new();
    let mut rows = Vec::new();
    let mut ids: BTreeSet<&GroupId> = inputs.series.keys().collect();
    ids.extend(inputs.reference.groups.keys());
    for group in ids {
        let figures = of.figures(group, day);
        let known = of.known(group);
        let unit = known.map(|group| group.unit_id.clone());
        of.sum_up(&mut sums, group, &unit, &figures);
        if known.is_some_and(|group| !group.closed) || !figures.is_zero() {
            shown_units.insert(unit);
            rows.push(of.row(Scope::Group(group.clone()), figures, None));
        }
    }
    let units = shown_units.into_iter().map(Scope::Unit);
    for scope in units.chain([Scope::Company]) {
        let (figures, balance) = sums.get(&scope).copied().unwrap_or_default();
        rows.push(of.row(scope, figures, of.has_balance().then_some(balance)));
    }
    rows
}

impl<'a> Day<'a> {
    /// The balance is struck at a month's end.
    fn has_balance(&self) -> bool {
        self.day == self.day.month().last_day()
    }

    fn figures(&self, group: &GroupId, day: LocalDay) -> Figures {
        let series = self.inputs.series.get(group);
        series
            .and_then(|series| month_figures(series, day.month(), day).last().copied())
            .unwrap_or_default()
    }

    /// A group customer as it was known at the day's end.
    fn known(&self, group: &GroupId) -> Option<&'a Group> {
        let until = self.inputs.rules.zone.end_of(self.day);
        let history = self.inputs.reference.groups.get(group);
        history.and_then(|history| history.before(until))
    }

    fn sum_up(&self, sums: &mut Sums, group: &GroupId, unit: &Option<UnitId>, figures: &Figures) {
        let balance = self.has_balance().then(|| Balance {
            developed: figures.developed,
            billed: figures.billed,
            billed_before: self
                .figures(group, self.day.month().first_day().plus(-1))
                .billed,
        });
        for scope in [Scope::Company, Scope::Unit(unit.clone())] {
            let sum = sums.entry(scope).or_default();
            sum.0.add_all(figures);
            sum.1.add(balance.unwrap_or_default());
        }
    }

    fn row(&self, scope: Scope, figures: Figures, balance: Option<Balance>) -> DailyRow {
        let known = scope.group().and_then(|id| self.known(id));
        let shown = Figures {
            billed_fen: narrow(figures.billed_fen).into(),
            ..figures
        };
        let balance_churn_rate =
            balance.and_then(|b| trust::balance_churn_rate(b.developed, b.billed, b.billed_before));
        let mut marks = self.marks(&scope, &figures, balance.is_some(), balance_churn_rate);
        if shown != figures {
            let why = trust::beyond_64_bits("billed_fen", figures.billed_fen);
            marks.push((Trust::Failed, why));
        }
        DailyRow {
            day: self.day,
            name: self.name(&scope, known),
            unit_id: match &scope {
                Scope::Company => None,
                Scope::Unit(_) => Some(scope.id().to_owned()),
                Scope::Group(_) => Some(known.map_or_else(
                    || "unassigned".to_owned(),
                    |group| group.unit_id.to_string(),
                )),
            },
            indicators: self.indicators(&scope, known, &figures),
            figures: shown,
            balance_churn_rate,
            trust: marks
                .iter()
                .map(|(trust, _)| *trust)
                .max()
                .unwrap_or_default(),
            trust_reasons: marks.into_iter().map(|(_, why)| why).collect(),
            scope,
        }
    }

    fn indicators(
        &self,
        scope: &Scope,
        known: Option<&Group>,
        figures: &Figures,
    ) -> [IndicatorCell; 4] {
        let rules = self.inputs.rules;
        let limits = rules.limits_for(
            scope,
            known.map(|group| &group.unit_id),
            known.map(|group| group.tier),
        );
        let is_group = scope.group().is_some();
        Indicator::ALL.map(|indicator| {
            let judgement = judge(indicator, figures, self.day, &limits, is_group, rules);
            IndicatorCell {
                value: judgement.value,
                verdict: if !self.incomplete.is_empty() {
                    Verdict::FeedIncomplete
                } else {
                    judgement.verdict
                },
                limit: Some(limits.limit_of(indicator).to_f64()),
            }
        })
    }

    /// The reasons against trusting a row.
    fn marks(
        &self,
        scope: &Scope,
        figures: &Figures,
        has_balance: bool,
        balance_churn_rate: Option<f64>,
    ) -> Vec<(Trust, TrustReason)> {
        let incomplete = self.incomplete.iter();
        let mut marks: Vec<(Trust, TrustReason)> = incomplete
            .map(|why| (Trust::Warning, why.clone()))
            .collect();
        if has_balance {
            let loss = (figures.opening > 0).then(|| figures.lost as f64 / figures.opening as f64);
            marks.extend(trust::of_balance(balance_churn_rate, loss));
            let first = self.first_published.get(scope);
            marks.extend(
                first.and_then(|first| trust::of_first_published(*first, figures.churned())),
            );
        }
        marks
    }

    fn name(&self, scope: &Scope, known: Option<&Group>) -> String {
        let name = match scope {
            Scope::Company => self.inputs.rules.company_name.clone(),
            Scope::Unit(unit) => unit
                .as_ref()
                .and_then(|id| self.inputs.reference.unit(id))
                .map_or_else(String::new, |unit| unit.name.to_string()),
            Scope::Group(_) => known.map_or_else(String::new, |group| group.name.to_string()),
        };
        if name.is_empty() {
            scope.id().to_owned()
        } else {
            name
        }
    }
}
