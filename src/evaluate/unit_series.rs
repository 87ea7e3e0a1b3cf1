//! The counters of units and of the company, kept as sums over groups, so that a figure of a unit
//! costs no pass over its groups.
//!
//! Invariant: `units` holds, for each unit, the sum of the series of the groups that currently
//! belong to it; where a group belonged to another unit on some day,
//! [`RollUp`](super::figures::RollUp) must be corrected by its figures of that day.

use std::collections::BTreeMap;

use crate::domain::counters::{Counts, DaySeries, SeriesByGroup};
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::local_day::LocalDay;
use crate::domain::reference::Reference;

/// Day counters of every unit and of the company.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitSeries {
    units: BTreeMap<Option<UnitId>, DaySeries>,
    company: DaySeries,
}

impl UnitSeries {
    /// Sums up all groups, each in its current unit.
    #[must_use]
    pub(crate) fn of_groups(series: &SeriesByGroup, reference: &Reference) -> Self {
        let mut sums = Self::default();
        for (group, series) in series {
            sums.units
                .entry(unit_of(reference, group))
                .or_default()
                .add_series(series);
            sums.company.add_series(series);
        }
        sums
    }

    /// Adds a difference of a group that belongs to `unit`.
    pub(crate) fn add(&mut self, unit: Option<UnitId>, day: LocalDay, counts: &Counts) {
        self.units.entry(unit).or_default().add(day, counts);
        self.company.add(day, counts);
    }

    /// Moves a group from one unit to another with all its counters.
    pub(crate) fn move_group(
        &mut self,
        series: &DaySeries,
        from: Option<UnitId>,
        to: Option<UnitId>,
    ) {
        self.units.entry(from).or_default().subtract_series(series);
        self.units.entry(to).or_default().add_series(series);
    }

    /// Every unit; `None` is `unassigned`.
    pub(crate) fn units(&self) -> impl Iterator<Item = (&Option<UnitId>, &DaySeries)> {
        self.units.iter()
    }

    #[must_use]
    pub(crate) const fn company(&self) -> &DaySeries {
        &self.company
    }
}

/// The current unit of a group.
#[must_use]
pub(crate) fn unit_of(reference: &Reference, group: &GroupId) -> Option<UnitId> {
    reference.group(group).map(|group| group.unit_id.clone())
}
