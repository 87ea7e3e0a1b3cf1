//! What is planted where and when, decided before the events of the first day are made.
//!
//! Invariant: every planned group holds one thing only, and each thing lies within one month.

use super::days::Days;
use super::guard::{Guard, Spared};
use super::incident::{IncidentKind, NearMissKind};
use super::layout::CityLayout;
use super::rng::Rng;
use super::tails::{needed_complaints, needed_losses};
use crate::domain::local_day::LocalDay;

/// An incident or a near miss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plot {
    Incident(IncidentKind),
    NearMiss(NearMissKind),
}

#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) plot: Plot,
    /// Its number among those of its kind.
    pub(super) nth: usize,
    pub(super) group: usize,
    /// First day.
    pub(super) start: LocalDay,
    /// How many days.
    pub(super) length: i32,
    /// How many subscribers, complaints or answers in all.
    pub(super) count: usize,
}

impl Planned {
    /// Its last day.
    pub(super) fn end(&self) -> LocalDay {
        self.start.plus(self.length - 1)
    }

    /// How many of its count come on this day: as even as can be.
    pub(super) fn share(&self, day: LocalDay) -> usize {
        if day < self.start || day > self.end() {
            return 0;
        }
        let (nth, length) = (
            (day.number() - self.start.number()) as usize,
            self.length as usize,
        );
        self.count * (nth + 1) / length - self.count * nth / length
    }
}

/// Per plot: how many in 200 groups, sizes that suit, days it takes.
const PLOTS: [(Plot, usize, (usize, usize), i32); 12] = [
    (Plot::Incident(IncidentKind::ChurnWave), 4, (60, 400), 6),
    (Plot::Incident(IncidentKind::MemberLoss), 3, (50, 300), 3),
    (
        Plot::Incident(IncidentKind::ComplaintWave),
        3,
        (120, 800),
        5,
    ),
    (Plot::Incident(IncidentKind::BadSurveys), 3, (40, 500), 4),
    (Plot::Incident(IncidentKind::BatchLeave), 4, (25, 48), 2),
    (Plot::Incident(IncidentKind::GroupGone), 2, (8, 25), 3),
    (
        Plot::Incident(IncidentKind::LockedNumberLost),
        4,
        (15, 900),
        1,
    ),
    (Plot::Incident(IncidentKind::KeyLine), 5, (15, 900), 1),
    (Plot::NearMiss(NearMissKind::OneComplaint), 2, (40, 60), 1),
    (Plot::NearMiss(NearMissKind::OneLeaver), 2, (15, 30), 1),
    (Plot::NearMiss(NearMissKind::FewAnswers), 2, (30, 120), 2),
    (Plot::NearMiss(NearMissKind::TwoTogether), 2, (20, 40), 1),
];

/// Fewest groups: room for one of each plot, and as many again.
pub(super) const GROUPS_MIN: usize = 24;

/// Decides what is planted, and spares those groups the background that would blur it.
pub(super) fn plan(layout: &CityLayout, days: &Days, seed: u64, guard: &mut Guard) -> Vec<Planned> {
    let mut rng = Rng::new(seed, 3);
    let mut free: Vec<usize> = (0..layout.sites.len()).collect();
    rng.shuffle(&mut free);
    let mut planned = Vec::new();
    for (plot, in_200, sizes, length) in PLOTS {
        for nth in 0..(in_200 * layout.sites.len() / 200).max(1) {
            let Some(group) = take(&mut free, layout, sizes) else {
                return planned;
            };
            let slow = plot == Plot::Incident(IncidentKind::ChurnWave) && nth % 2 == 1;
            let length = if slow { 14 } else { length };
            let surveys = matches!(
                plot,
                Plot::Incident(IncidentKind::BadSurveys) | Plot::NearMiss(NearMissKind::FewAnswers)
            );
            let start = slot(
                days,
                length,
                if surveys { 12 } else { 2 },
                planned.len(),
                &mut rng,
            );
            let complaints = matches!(
                plot,
                Plot::Incident(IncidentKind::ComplaintWave)
                    | Plot::NearMiss(NearMissKind::OneComplaint)
            );
            guard.spared[group] = Spared {
                subscribers: true,
                complaints,
                surveys,
            };
            planned.push(Planned {
                plot,
                nth,
                group,
                start,
                length,
                count: count(plot, layout.sites[group].size),
            });
        }
    }
    planned
}

/// Takes a free group whose size suits, or the one nearest to it.
fn take(free: &mut Vec<usize>, layout: &CityLayout, (low, high): (usize, usize)) -> Option<usize> {
    let off = |group: &usize| {
        let size = layout.sites[*group].size;
        low.saturating_sub(size).max(size.saturating_sub(high))
    };
    let at = (0..free.len()).min_by_key(|at| off(&free[*at]))?;
    Some(free.swap_remove(at))
}

/// A first day from which `length` days lie within one month, the `turn`th thing in another month
/// than the last where it can be; from the `earliest` day of its month on where it can be.
fn slot(days: &Days, length: i32, earliest: i32, turn: usize, rng: &mut Rng) -> LocalDay {
    let mut months = Vec::new();
    for earliest in [earliest, 1] {
        let mut month = days.first.month();
        while month <= days.last.month() && (months.is_empty() || earliest > 1) {
            let (from, to) = days.of_month(month.first_day());
            let from = from
                .max(month.first_day().plus(earliest - 1))
                .max(days.first.plus(4));
            let to = to.min(days.last.plus(-1)).plus(1 - length);
            if from <= to {
                months.push((from, to));
            }
            month = month.plus(1);
        }
    }
    let Some((from, to)) = (!months.is_empty()).then(|| months[turn % months.len()]) else {
        return days.first;
    };
    from.plus(rng.between(0, to.number() - from.number()))
}

/// How many subscribers, complaints or answers it takes, with room to spare.
fn count(plot: Plot, size: usize) -> usize {
    match plot {
        Plot::Incident(IncidentKind::ChurnWave) => (needed_losses(size) * 3 / 2).max(size / 12),
        Plot::Incident(IncidentKind::MemberLoss) => needed_losses(size) * 3 / 2,
        Plot::Incident(IncidentKind::ComplaintWave) => needed_complaints(size) * 3 / 2 + 1,
        Plot::Incident(IncidentKind::BadSurveys) => 8,
        Plot::Incident(IncidentKind::BatchLeave) => 3,
        Plot::Incident(IncidentKind::GroupGone) => size,
        Plot::NearMiss(NearMissKind::FewAnswers) => 3,
        Plot::NearMiss(NearMissKind::TwoTogether) => 2,
        _ => 1,
    }
}
