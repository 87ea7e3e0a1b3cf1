//! The rows of the daily report, from the figures as of now.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::counters::Figures;
use crate::domain::daily_row::{DailyRow, IndicatorCell};
use crate::domain::ids::GroupId;
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

/// The rows of day `day`: groups, then units, then the company. `published` marks a report that
/// goes out, for which the feeds of the day itself must be closed too. `first_published` gives a
/// scope's churned as it was first published for the day.
#[must_use]
pub fn daily_rows(
    inputs: FigureInputs<'_>,
    day: LocalDay,
    now: Timestamp,
    published: bool,
    first_published: &BTreeMap<Scope, i64>,
) -> Vec<DailyRow> {
    let month = day.month();
    let until = inputs.rules.zone.end_of(day);
    let mut sums: BTreeMap<Scope, (Figures, Balance)> = BTreeMap::new();
    let mut shown_units = BTreeSet::new();
    let mut rows = Vec::new();
    let with_balance = day == month.last_day();
    let incomplete = feeds::incomplete(
        inputs.rules,
        inputs.feeds,
        month.first_day(),
        if published { day } else { day.plus(-1) },
        now,
    );
    let row = |scope: Scope, figures: Figures, balance: Option<Balance>| {
        let first = first_published.get(&scope).copied();
        make_row(
            inputs,
            day,
            scope,
            figures,
            balance,
            incomplete.as_ref(),
            first,
        )
    };
    let mut ids: BTreeSet<&GroupId> = inputs.series.keys().collect();
    ids.extend(inputs.reference.groups.keys());
    for group in ids {
        let series = inputs.series.get(group);
        let on = |day: LocalDay| {
            series
                .and_then(|s| month_figures(s, day.month(), day).last().copied())
                .unwrap_or_default()
        };
        let figures = on(day);
        let history = inputs.reference.groups.get(group);
        let known = history.and_then(|history| history.before(until));
        let unit = known.map(|group| group.unit_id.clone());
        sums.entry(Scope::Company).or_default().0.add_all(&figures);
        sums.entry(Scope::Unit(unit.clone()))
            .or_default()
            .0
            .add_all(&figures);
        if with_balance {
            let billed_before = on(month.first_day().plus(-1)).billed;
            let balance = Balance {
                developed: figures.developed,
                billed: figures.billed,
                billed_before,
            };
            for scope in [Scope::Company, Scope::Unit(unit.clone())] {
                sums.entry(scope).or_default().1.add(balance);
            }
        }
        if known.is_some_and(|group| !group.closed) || !figures.is_zero() {
            shown_units.insert(unit);
            rows.push(row(Scope::Group(group.clone()), figures, None));
        }
    }
    for unit in shown_units {
        let scope = Scope::Unit(unit);
        let (figures, balance) = sums.get(&scope).copied().unwrap_or_default();
        rows.push(row(scope, figures, with_balance.then_some(balance)));
    }
    let (figures, balance) = sums.get(&Scope::Company).copied().unwrap_or_default();
    rows.push(row(
        Scope::Company,
        figures,
        with_balance.then_some(balance),
    ));
    rows
}

fn make_row(
    inputs: FigureInputs<'_>,
    day: LocalDay,
    scope: Scope,
    figures: Figures,
    balance: Option<Balance>,
    incomplete: Option<&TrustReason>,
    first_published: Option<i64>,
) -> DailyRow {
    let rules = inputs.rules;
    let until = rules.zone.end_of(day);
    let known = scope
        .group()
        .and_then(|id| inputs.reference.groups.get(id))
        .and_then(|history| history.before(until));
    let limits = rules.limits_for(
        &scope,
        known.map(|group| &group.unit_id),
        known.map(|group| group.tier),
    );
    let indicators = Indicator::ALL.map(|indicator| {
        let judgement = judge(
            indicator,
            &figures,
            day,
            &limits,
            scope.group().is_some(),
            rules,
        );
        let verdict = if incomplete.is_some() {
            Verdict::FeedIncomplete
        } else {
            judgement.verdict
        };
        IndicatorCell {
            value: judgement.value,
            verdict,
            limit: Some(limits.of(indicator).to_f64()),
        }
    });
    let balance_churn_rate =
        balance.and_then(|b| trust::balance_churn_rate(b.developed, b.billed, b.billed_before));
    let loss = (figures.opening > 0).then(|| figures.lost as f64 / figures.opening as f64);
    let mut marks: Vec<(Trust, TrustReason)> = incomplete
        .map(|why| (Trust::Warning, why.clone()))
        .into_iter()
        .collect();
    if balance.is_some() {
        marks.extend(trust::of_balance(balance_churn_rate, loss));
        marks.extend(
            first_published.and_then(|first| trust::of_first_published(first, figures.churned())),
        );
    }
    let shown = Figures {
        billed_fen: narrow(figures.billed_fen).into(),
        ..figures
    };
    if shown != figures {
        marks.push((
            Trust::Failed,
            trust::beyond_64_bits("billed_fen", figures.billed_fen),
        ));
    }
    let name = match &scope {
        Scope::Company => rules.company_name.clone(),
        Scope::Unit(unit) => unit
            .as_ref()
            .and_then(|id| inputs.reference.unit(id))
            .map_or_else(String::new, |unit| unit.name.to_string()),
        Scope::Group(_) => known.map_or_else(String::new, |group| group.name.to_string()),
    };
    DailyRow {
        day,
        name: if name.is_empty() {
            scope.id().to_owned()
        } else {
            name
        },
        unit_id: match &scope {
            Scope::Company => None,
            Scope::Unit(_) => Some(scope.id().to_owned()),
            Scope::Group(_) => Some(known.map_or_else(
                || "unassigned".to_owned(),
                |group| group.unit_id.to_string(),
            )),
        },
        figures: shown,
        indicators,
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
