//! Evaluating figures: which indicator alerts are wanted, at group, unit and company level.

use chrono::NaiveTime;

use crate::domain::alert::{AlertSubject, Period};
use crate::domain::complaints::ComplaintCounts;
use crate::domain::counters::{Figures, SeriesByGroup};
use crate::domain::event::Tier;
use crate::domain::feed::Feeds;
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::indicator::{AlertKind, Indicator, Scope, Severity, Verdict};
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::domain::reference::Reference;
use crate::domain::zone::Zone;
use crate::evaluate::alerts::Wanted;
use crate::evaluate::feeds;
use crate::evaluate::figures::RollUp;
use crate::evaluate::firing::fires;
use crate::evaluate::indicators::{Judgement, explain, judge};
use crate::evaluate::rules::Rules;
use crate::follow_up::calendar::WorkingCalendar;

/// The time at which the bulletin of a month is sent, on the first working day of the next.
const BULLETIN_AT: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).expect("nine o'clock is a time");

/// Everything that figures are computed from.
#[derive(Clone, Copy)]
pub struct FigureInputs<'a> {
    pub reference: &'a Reference,
    /// How complete the input is.
    pub feeds: &'a Feeds,
    /// Day counters of every group.
    pub series: &'a SeriesByGroup,
    /// Complaints by day, group and category.
    pub complaints: &'a ComplaintCounts,
    /// The numbers to judge by.
    pub rules: &'a Rules,
}

/// What an indicator alert of a month is judged on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MonthEvaluation {
    pub(super) month: Month,
    /// The last day with figures: of the month, at most today.
    pub(super) last: LocalDay,
    /// How many of the days have ended.
    midnights: usize,
    /// Whether now is within the month.
    is_current: bool,
    /// By day: whether a required feed was incomplete for a day before it.
    incomplete: Vec<bool>,
}

impl MonthEvaluation {
    pub(super) fn new(inputs: FigureInputs<'_>, month: Month, now: Timestamp) -> Self {
        let zone = inputs.rules.zone;
        let today = zone.day_of(now);
        let first = month.first_day();
        let last = today.min(month.last_day());
        let midnights = first
            .to(last)
            .filter(|day| zone.end_of(*day) <= now)
            .count();
        let incomplete = first
            .to(last)
            .map(|day| {
                feeds::incomplete(inputs.rules, inputs.feeds, first, day.plus(-1), now)
                    .next()
                    .is_some()
            })
            .collect();
        Self {
            month,
            last,
            midnights,
            is_current: today.month() == month,
            incomplete,
        }
    }
}

/// The months whose alerts are judged at `now`: this one, and the last until its bulletin is sent.
pub(crate) fn judged_months(now: Timestamp, zone: Zone, calendar: &WorkingCalendar) -> Vec<Month> {
    let month = zone.day_of(now).month();
    let bulletin_day = calendar
        .first_working_day_of_month(month)
        .unwrap_or_else(|| month.first_day().date());
    if now < zone.at(bulletin_day.and_time(BULLETIN_AT)) {
        vec![month.plus(-1), month]
    } else {
        vec![month]
    }
}

/// Groups first, then units, then the company.
pub(super) fn in_order(wanted: &mut [Wanted]) {
    wanted.sort_by(|a, b| (&b.scope, a.kind).cmp(&(&a.scope, b.kind)));
}

/// The indicator alerts that a group wants.
pub(super) fn of_group(
    inputs: FigureInputs<'_>,
    evaluation: &MonthEvaluation,
    group: &GroupId,
    days: &[Figures],
) -> Vec<Wanted> {
    let history = inputs.reference.groups.get(group);
    let known =
        history.and_then(|history| history.before(inputs.rules.zone.end_of(evaluation.last)));
    let (unit, tier) = (
        known.map(|group| &group.unit_id),
        known.map(|group| group.tier),
    );
    of_scope(
        inputs,
        evaluation,
        Scope::Group(group.clone()),
        unit,
        tier,
        days,
    )
}

/// The indicator alerts that units and the company want.
pub(super) fn of_sums(
    inputs: FigureInputs<'_>,
    evaluation: &MonthEvaluation,
    sums: &RollUp,
) -> Vec<Wanted> {
    let of_units = sums.units.iter().map(|(unit, days)| {
        of_scope(
            inputs,
            evaluation,
            Scope::Unit(unit.clone()),
            None,
            None,
            days,
        )
    });
    of_units
        .flatten()
        .chain(of_scope(
            inputs,
            evaluation,
            Scope::Company,
            None,
            None,
            &sums.company,
        ))
        .collect()
}

fn of_scope(
    inputs: FigureInputs<'_>,
    evaluation: &MonthEvaluation,
    scope: Scope,
    unit: Option<&UnitId>,
    tier: Option<Tier>,
    days: &[Figures],
) -> Vec<Wanted> {
    let rules = inputs.rules;
    let limits = rules.limits_for(&scope, unit, tier);
    let Some(latest) = days.last() else {
        return Vec::new();
    };
    let judged = |indicator, at: usize| -> Judgement {
        let day = evaluation.month.first_day().plus(at as i32);
        let judgement = judge(
            indicator,
            &days[at],
            day,
            &limits,
            scope.group().is_some(),
            rules,
        );
        if evaluation.incomplete[at] {
            Judgement {
                verdict: Verdict::FeedIncomplete,
                ..judgement
            }
        } else {
            judgement
        }
    };
    let mut wanted = Vec::new();
    for indicator in Indicator::ALL {
        let midnights: Vec<Judgement> = (0..evaluation.midnights.min(days.len()))
            .map(|at| judged(indicator, at))
            .collect();
        let now = evaluation
            .is_current
            .then(|| judged(indicator, days.len() - 1));
        if fires(&midnights, now, rules.clear_after) {
            wanted.push(Wanted {
                kind: AlertKind::Indicator(indicator),
                subject: AlertSubject::WholeScope,
                period: Period::Month(evaluation.month),
                severity: if scope == Scope::Company {
                    Severity::Critical
                } else {
                    Severity::Warning
                },
                explanation: explain(indicator, latest, evaluation.last, &limits, rules),
                members: Vec::new(),
                scope: scope.clone(),
            });
        }
    }
    wanted
}
