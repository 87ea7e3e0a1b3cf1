//! The demo's story: what was planted against what the worker found, and the city's figures, on one
//! screen.
//!
//! Pure: it takes what was found as values and knows neither store nor worker. Invariant: every
//! alert found of a kind that is planted is counted once, as planned or as unplanned, and every
//! expected one once, as found or as missed.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::city::City;
use super::incident::{Expected, IncidentKind, NearMiss};
use super::work::MonthOfWork;
use crate::domain::counters::Figures;
use crate::domain::indicator::{AlertKind, Scope, Verdict};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::zone::Zone;

/// Local days after its limit is crossed within which an alert counts as found.
pub(crate) const FOUND_WITHIN_DAYS: i32 = 2;
/// Local days after which a planned alert that opens again is no more the same.
const SAME_WITHIN_DAYS: i32 = 31;

/// An alert that the worker opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenedAlert {
    pub kind: AlertKind,
    pub scope: Scope,
    /// The subscriber, for signals about one; else empty.
    pub subject: Box<str>,
    /// When it fired first.
    pub opened_at: Timestamp,
}

/// What the worker did, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub events: u64,
    /// Deliveries that changed nothing.
    pub duplicates: u64,
    /// Deliveries that were no events.
    pub rejected: u64,
    /// Alerts, resolved ones too.
    pub alerts: u64,
    pub tasks: u64,
    pub mails: u64,
    /// Where the mails are.
    pub mail_folder: String,
}

/// A row of the last daily report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportLine {
    pub scope: Scope,
    pub name: String,
    pub figures: Figures,
    /// Its four verdicts, in report order.
    pub verdicts: [Verdict; 4],
}

/// Planned against found, for one kind of alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub kind: AlertKind,
    /// That the events call for.
    pub planned: usize,
    /// Of those, in time.
    pub found: usize,
    /// Of those, not in time or never.
    pub missed: usize,
    /// Alerts that nothing called for.
    pub unplanned: usize,
}

/// Everything that the screen shows.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    /// The seed of the city.
    pub seed: u64,
    pub groups: u32,
    pub members: u32,
    /// In which times are shown.
    pub zone: Zone,
    /// First and last day.
    pub days: (NaiveDate, NaiveDate),
    /// What the worker did.
    pub totals: Totals,
    /// By kind of alert, in their order.
    pub tallies: Vec<Tally>,
    /// By kind of incident: planted, and of those found with their own alert.
    pub incidents: Vec<(IncidentKind, usize, usize)>,
    /// Near misses, and of those alerted wrongly.
    pub near_misses: (usize, usize),
    /// What was not found.
    pub missed: Vec<Expected>,
    /// What nothing called for.
    pub unplanned: Vec<OpenedAlert>,
    /// The work of the last month.
    pub work: MonthOfWork,
    /// The company first, then the worst groups.
    pub report: Vec<ReportLine>,
}

impl Story {
    /// Compares what was planted with what was found.
    #[must_use]
    pub(crate) fn new(
        city: &City,
        found: &[OpenedAlert],
        totals: Totals,
        work: MonthOfWork,
        report: Vec<ReportLine>,
    ) -> Self {
        let zone = city.config.zone;
        let found: Vec<&OpenedAlert> = found.iter().filter(|f| is_planted(f.kind)).collect();
        let expected: Vec<&Expected> = city
            .incidents
            .iter()
            .flat_map(|incident| &incident.expected)
            .collect();
        let is_found = |e: &Expected| found.iter().any(|f| answers(e, f, zone, FOUND_WITHIN_DAYS));
        let unplanned: Vec<OpenedAlert> = found
            .iter()
            .filter(|f| {
                !expected
                    .iter()
                    .any(|e| answers(e, f, zone, SAME_WITHIN_DAYS))
            })
            .map(|f| (*f).clone())
            .collect();
        Self {
            seed: city.config.seed,
            zone,
            groups: city.config.groups,
            members: city.config.members,
            days: (city.first_day.date(), city.config.last_day),
            totals,
            tallies: AlertKind::all()
                .filter(|kind| is_planted(*kind))
                .map(|kind| tally(kind, &expected, &unplanned, is_found))
                .collect(),
            incidents: IncidentKind::PLANTED
                .into_iter()
                .map(|kind| found_of(city, kind, &is_found))
                .collect(),
            near_misses: (
                city.near_misses.len(),
                alerted_near_misses(city, &unplanned),
            ),
            missed: expected
                .iter()
                .filter(|e| !is_found(e))
                .map(|e| (*e).clone())
                .collect(),
            unplanned,
            work,
            report,
        }
    }
}

/// How many alerts of a kind were planned, found, missed and unplanned.
fn tally(
    kind: AlertKind,
    expected: &[&Expected],
    unplanned: &[OpenedAlert],
    is_found: impl Fn(&Expected) -> bool,
) -> Tally {
    let of_kind = || expected.iter().filter(|e| e.kind == kind);
    let (planned, found) = (of_kind().count(), of_kind().filter(|e| is_found(e)).count());
    Tally {
        kind,
        planned,
        found,
        missed: planned - found,
        unplanned: unplanned.iter().filter(|f| f.kind == kind).count(),
    }
}

/// How many incidents of a kind were planted, and of how many the alert that they aim at was found.
fn found_of(
    city: &City,
    kind: IncidentKind,
    is_found: &impl Fn(&Expected) -> bool,
) -> (IncidentKind, usize, usize) {
    let of_kind = || {
        city.incidents
            .iter()
            .filter(move |incident| incident.kind == kind)
    };
    let found = of_kind().filter(|incident| {
        let mut aim = incident
            .expected
            .iter()
            .filter(|e| Some(e.kind) == kind.aim());
        aim.any(is_found)
    });
    (kind, of_kind().count(), found.count())
}

/// How many near misses have the alert that they must not have.
fn alerted_near_misses(city: &City, unplanned: &[OpenedAlert]) -> usize {
    let alerted: HashSet<(AlertKind, &Scope)> =
        unplanned.iter().map(|f| (f.kind, &f.scope)).collect();
    let is_alerted = |near: &&NearMiss| {
        alerted.contains(&(near.kind.never(), &Scope::Group(near.group_id.clone())))
    };
    city.near_misses.iter().filter(is_alerted).count()
}

/// Whether incidents of that kind are planted: what else is found is neither planned nor unplanned.
fn is_planted(kind: AlertKind) -> bool {
    IncidentKind::PLANTED
        .iter()
        .any(|incident| incident.aim() == Some(kind))
}

/// Whether an alert is the expected one: not before its limit is crossed, and within some days.
fn answers(expected: &Expected, found: &OpenedAlert, zone: Zone, within_days: i32) -> bool {
    let day: LocalDay = zone.day_of(found.opened_at);
    expected.kind == found.kind
        && expected.scope == found.scope
        && expected.subject == found.subject
        && (expected.from_day..=expected.from_day.plus(within_days)).contains(&day)
}
