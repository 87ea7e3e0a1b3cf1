//! What the day counters want, kept from one evaluation to the next: only groups that were touched
//! are judged again, all of them when a day begins.
//!
//! ```text
//! touched groups ─→ of each: indicators of the judged months, signals, days spent in another unit
//!                   units and company: their own series, corrected by those days
//! ```
//! It may not know where counters come from. Invariant: the result is that of judging every group
//! again, as the tests do (`whole`).

use crate::domain::counters::{DaySeries, Figures};
use crate::domain::event::Group;
use crate::domain::fast_map::{FastMap, FastSet};
use crate::domain::history::History;
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::evaluate::alerts::Wanted;
use crate::evaluate::figures::{RollUp, month_figures};
use crate::evaluate::signals::recent_from;
use crate::evaluate::unit_series::UnitSeries;

use super::group_signals::{recent_revenue_drops, wanted_by_series};
use super::indicators::{FigureInputs, MonthEvaluation, in_order, of_group, of_sums};

/// Groups whose counters or reference events have changed.
#[derive(Debug, Default)]
pub struct TouchedGroups {
    /// Whether all groups may have changed.
    pub all: bool,
    /// Which, if not all.
    pub groups: FastSet<GroupId>,
}

impl TouchedGroups {
    /// Whether this one has.
    #[must_use]
    pub(crate) fn has(&self, group: &GroupId) -> bool {
        self.all || self.groups.contains(group)
    }

    /// Whether none has.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        !self.all && self.groups.is_empty()
    }

    /// Adds the groups of another.
    pub(crate) fn extend(&mut self, other: Self) {
        self.all |= other.all;
        self.groups.extend(other.groups);
    }
}

/// What all groups' results depend on beside their own counters and reference events: when it
/// changes, all are judged again.
#[derive(Debug, Clone, PartialEq)]
struct Basis {
    today: LocalDay,
    /// The day up to which everything has been read.
    read_until: LocalDay,
    months: Vec<MonthEvaluation>,
    /// The last billed month, while it is recent.
    revenue: Option<(Month, LocalDay)>,
}

/// Figures of a day on which a group belonged to another unit than now.
#[derive(Debug, Clone)]
struct Elsewhere {
    month: Month,
    /// Of the month, from 0.
    day: usize,
    unit: Option<UnitId>,
    latest: Option<UnitId>,
    figures: Figures,
}

/// What one group wants; groups that want nothing are not kept.
#[derive(Debug, Clone, Default)]
struct OfGroup {
    indicators: Vec<(Month, Wanted)>,
    signals: Vec<Wanted>,
    elsewhere: Vec<Elsewhere>,
}

impl OfGroup {
    const fn is_empty(&self) -> bool {
        self.indicators.is_empty() && self.signals.is_empty() && self.elsewhere.is_empty()
    }
}

/// The results of the last evaluation.
#[derive(Debug, Default)]
pub(crate) struct Incremental {
    basis: Option<Basis>,
    groups: FastMap<GroupId, OfGroup>,
    /// Of units and the company, by month.
    sums: Vec<(Month, Vec<Wanted>)>,
}

impl Incremental {
    /// Judges again what was touched, at `now` and, what is missing, as of `read_until`. Returns
    /// what was: all groups, when a day or the judging of a month begins.
    pub(crate) fn refresh(
        &mut self,
        inputs: FigureInputs<'_>,
        units: &UnitSeries,
        touched: TouchedGroups,
        months: &[Month],
        (now, read_until): (Timestamp, Timestamp),
    ) -> TouchedGroups {
        let [today, read_until] = [now, read_until].map(|at| inputs.rules.zone.day_of(at));
        let months = months
            .iter()
            .map(|month| MonthEvaluation::new(inputs, *month, now))
            .collect();
        let revenue = recent_revenue_drops(inputs, read_until, recent_from(today, inputs.rules));
        let basis = Basis {
            today,
            read_until,
            months,
            revenue,
        };
        let is_new = self.basis.as_ref() != Some(&basis);
        let touched = TouchedGroups {
            all: touched.all || is_new,
            ..touched
        };
        if touched.all {
            self.groups.clear();
            for (group, series) in inputs.series {
                self.judge(inputs, &basis, group, series);
            }
        } else {
            for group in &touched.groups {
                self.groups.remove(group);
                if let Some(series) = inputs.series.get(group) {
                    self.judge(inputs, &basis, group, series);
                }
            }
        }
        if !touched.is_empty() {
            self.sums = basis
                .months
                .iter()
                .map(|evaluation| {
                    (
                        evaluation.month,
                        of_sums(inputs, evaluation, &self.roll_up(units, evaluation)),
                    )
                })
                .collect();
        }
        self.basis = Some(basis);
        touched
    }

    /// The indicator alerts that a judged month wants: groups first, then units, then the company.
    #[must_use]
    pub(crate) fn indicators(&self, month: Month) -> Vec<Wanted> {
        let of_groups = self
            .groups
            .values()
            .flat_map(|of| &of.indicators)
            .filter(|(of, _)| *of == month)
            .map(|(_, wanted)| wanted);
        let of_sums = self
            .sums
            .iter()
            .filter(|(of, _)| *of == month)
            .flat_map(|(_, wanted)| wanted);
        let mut all: Vec<Wanted> = of_groups.chain(of_sums).cloned().collect();
        in_order(&mut all);
        all
    }

    /// The signals that the day counters want, in no order.
    pub(crate) fn signals(&self) -> impl Iterator<Item = &Wanted> {
        self.groups.values().flat_map(|of| &of.signals)
    }

    fn judge(
        &mut self,
        inputs: FigureInputs<'_>,
        basis: &Basis,
        group: &GroupId,
        series: &DaySeries,
    ) {
        let mut of = OfGroup {
            signals: wanted_by_series(
                inputs,
                group,
                series,
                basis.revenue,
                (basis.today, basis.read_until),
            ),
            ..OfGroup::default()
        };
        let history = inputs.reference.groups.get(group);
        for evaluation in &basis.months {
            let days = month_figures(series, evaluation.month, evaluation.last);
            of.indicators.extend(
                of_group(inputs, evaluation, group, &days)
                    .into_iter()
                    .map(|wanted| (evaluation.month, wanted)),
            );
            of.elsewhere
                .extend(elsewhere(inputs, evaluation, history, &days));
        }
        if !of.is_empty() {
            self.groups.insert(group.clone(), of);
        }
    }

    /// The figures of units and the company for the days of a month.
    fn roll_up(&self, units: &UnitSeries, evaluation: &MonthEvaluation) -> RollUp {
        let days = |series: &DaySeries| month_figures(series, evaluation.month, evaluation.last);
        let mut sums = RollUp {
            units: units
                .units()
                .map(|(unit, series)| (unit.clone(), days(series)))
                .collect(),
            company: days(units.company()),
        };
        let none = vec![Figures::default(); sums.company.len()];
        let elsewhere = self
            .groups
            .values()
            .flat_map(|of| &of.elsewhere)
            .filter(|one| one.month == evaluation.month);
        for Elsewhere {
            day,
            unit,
            latest,
            figures,
            ..
        } in elsewhere
        {
            sums.units
                .entry(unit.clone())
                .or_insert_with(|| none.clone())[*day]
                .add_all(figures);
            sums.units
                .entry(latest.clone())
                .or_insert_with(|| none.clone())[*day]
                .subtract_all(figures);
        }
        sums
    }
}

/// The days of a month on which a group belonged to another unit than by what is latest known,
/// where it had any figures.
fn elsewhere(
    inputs: FigureInputs<'_>,
    evaluation: &MonthEvaluation,
    history: Option<&History<Group>>,
    days: &[Figures],
) -> Vec<Elsewhere> {
    let Some(history) = history else {
        return Vec::new();
    };
    let (zone, first) = (inputs.rules.zone, evaluation.month.first_day());
    let latest = history.latest().map(|group| &group.unit_id);
    let has_stayed = history
        .entries()
        .iter()
        .all(|(_, group)| Some(&group.unit_id) == latest);
    if has_stayed
        && history
            .entries()
            .first()
            .is_some_and(|(order, _)| order.time < zone.end_of(first))
    {
        return Vec::new();
    }
    let on = |(day, figures): (usize, &Figures)| {
        let unit = history
            .before(zone.end_of(first.plus(day as i32)))
            .map(|group| &group.unit_id);
        let is_elsewhere = unit != latest && !figures.is_zero();
        is_elsewhere.then(|| Elsewhere {
            month: evaluation.month,
            day,
            unit: unit.cloned(),
            latest: latest.cloned(),
            figures: *figures,
        })
    };
    days.iter().enumerate().filter_map(on).collect()
}

#[cfg(test)]
#[path = "incremental_tests.rs"]
mod tests;
