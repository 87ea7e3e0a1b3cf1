//! Judging all figures at once: the result with which tests compare the incremental judging.

use super::group_signals::{recent_revenue_drops, wanted_by_gaps, wanted_by_series};
use super::indicators::{FigureInputs, MonthEvaluation, in_order, of_group, of_sums};
use crate::domain::counters::Figures;
use crate::domain::event::Group;
use crate::domain::local_day::{Month, Timestamp};
use crate::domain::reference::History;
use crate::domain::zone::Zone;
use crate::evaluate::alerts::Wanted;
use crate::evaluate::figures::{RollUp, month_figures};
use crate::evaluate::signals::{ContactGaps, recent_from};

/// The indicator alerts of a month that are wanted at `now`, groups first, then units, then the
/// company.
pub(super) fn wanted_by_indicators(
    inputs: FigureInputs<'_>,
    month: Month,
    now: Timestamp,
) -> Vec<Wanted> {
    let evaluation = MonthEvaluation::new(inputs, month, now);
    let mut sums = RollUp::default();
    let mut wanted = Vec::new();
    for (group, series) in inputs.series {
        let days = month_figures(series, month, evaluation.last);
        add(
            &mut sums,
            inputs.rules.zone,
            month,
            inputs.reference.groups.get(group),
            &days,
        );
        wanted.extend(of_group(inputs, &evaluation, group, &days));
    }
    wanted.extend(of_sums(inputs, &evaluation, &sums));
    in_order(&mut wanted);
    wanted
}

/// The signals that are wanted at `now` by the day counters and contacts of any group, by group;
/// what is missing as of `read_until`.
pub(super) fn wanted_by_figures(
    inputs: FigureInputs<'_>,
    gaps: Option<&ContactGaps>,
    (now, read_until): (Timestamp, Timestamp),
) -> Vec<Wanted> {
    let [today, read_until] = [now, read_until].map(|at| inputs.rules.zone.day_of(at));
    let revenue = recent_revenue_drops(inputs, read_until, recent_from(today, inputs.rules));
    let mut wanted: Vec<Wanted> = inputs
        .series
        .iter()
        .flat_map(|(group, series)| {
            wanted_by_series(inputs, group, series, revenue, (today, read_until))
        })
        .collect();
    wanted.extend(wanted_by_gaps(inputs, gaps));
    wanted.sort_by(|a, b| (&a.scope, a.kind).cmp(&(&b.scope, b.kind)));
    wanted
}

/// Adds a group's days (from the month's first), each to the unit to which the group belongs at
/// that day's end.
fn add(
    sums: &mut RollUp,
    zone: Zone,
    month: Month,
    history: Option<&History<Group>>,
    days: &[Figures],
) {
    sums.company
        .resize(days.len().max(sums.company.len()), Figures::default());
    let first = month.first_day();
    let end = |at: usize| zone.end_of(first.plus(at as i32));
    let unit_at = |at: usize| {
        history
            .and_then(|h| h.before(end(at)))
            .map(|group| group.unit_id.clone())
    };
    let moved = history.is_some_and(|h| {
        h.entries()
            .last()
            .is_some_and(|(order, _)| order.time >= end(0))
    });
    let mut unit = unit_at(0);
    for (at, figures) in days.iter().enumerate() {
        if moved && at > 0 {
            unit = unit_at(at);
        }
        sums.company[at].add_all(figures);
        if !sums.units.contains_key(&unit) {
            sums.units.insert(unit.clone(), Vec::new());
        }
        if let Some(sums) = sums.units.get_mut(&unit) {
            sums.resize(days.len().max(sums.len()), Figures::default());
            sums[at].add_all(figures);
        }
    }
}
