//! Keeps random background from causing an incident: how much it may still do to a group this
//! month.
//!
//! Invariant: background alone puts no group over a limit that is judged, and takes nothing from
//! planned groups.

use super::layout::CityLayout;
use super::roster::Roster;
use super::tails::{WINDOWS, needed_batch, needed_complaints, needed_losses};
use crate::domain::local_day::LocalDay;

/// What background a group is spared, because something is planted there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spared {
    /// Leaving, joining and stopping.
    pub(super) subscribers: bool,
    pub(super) complaints: bool,
    pub(super) surveys: bool,
}

#[derive(Debug, Clone, Default)]
struct GroupTally {
    opening: usize,
    losses: usize,
    complaints: usize,
    /// Days of the latest leavers.
    left: Vec<LocalDay>,
}

/// Tallies of every group.
#[derive(Debug)]
pub(super) struct Guard {
    groups: Vec<GroupTally>,
    /// Set by the plan.
    pub(super) spared: Vec<Spared>,
}

impl Guard {
    /// Nothing has happened yet.
    pub(super) fn new(layout: &CityLayout) -> Self {
        let groups = layout.sites.len();
        Self {
            groups: vec![GroupTally::default(); groups],
            spared: vec![Spared::default(); groups],
        }
    }

    pub(super) fn begin_month(&mut self, roster: &Roster) {
        for (group, tally) in self.groups.iter_mut().enumerate() {
            (tally.opening, tally.losses, tally.complaints) = (roster.members(group).len(), 0, 0);
        }
    }

    /// Whether one more may leave the group by chance: two less than what would raise an alert.
    pub(super) fn may_lose(&self, group: usize, day: LocalDay) -> bool {
        let tally = &self.groups[group];
        let of_month = tally.losses + 2 < needed_losses(tally.opening).max(4);
        of_month
            && !self.spared[group].subscribers
            && WINDOWS.iter().all(|days| {
                let recent = tally.left.iter().filter(|d| **d > day.plus(-*days)).count();
                recent + 1 < needed_batch(tally.opening, *days)
            })
    }

    /// One left the group.
    pub(super) fn lost(&mut self, group: usize, day: LocalDay) {
        let tally = &mut self.groups[group];
        tally.losses += 1;
        tally.left.retain(|d| *d > day.plus(-7));
        tally.left.push(day);
    }

    /// Whether one more may complain by chance; counts it if so.
    pub(super) fn may_complain(&mut self, group: usize) -> bool {
        let tally = &mut self.groups[group];
        let may = !self.spared[group].complaints
            && tally.complaints + 1 < needed_complaints(tally.opening);
        tally.complaints += usize::from(may);
        may
    }
}
