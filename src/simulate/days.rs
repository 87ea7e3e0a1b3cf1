//! The days of the city: when it is loaded, when it begins and when it is over.
//!
//! Invariant: the load day lies before the first month, so that the opening base of every month is
//! right.

use chrono::TimeDelta;

use super::rng::Rng;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::zone::Zone;

/// The interval of time that is simulated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    /// Where days begin and end.
    pub(super) zone: Zone,
    /// First day on which anything happens.
    pub(super) first: LocalDay,
    pub(super) last: LocalDay,
}

impl Days {
    /// The day on which all that was there before is loaded: a week before the first month, so that
    /// the windows of the first days contain the members that there are.
    pub(super) fn load(&self) -> LocalDay {
        self.first.month().first_day().plus(-8)
    }

    /// Every day, in order.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = LocalDay> + use<> {
        self.first.to(self.last)
    }

    /// The first instant after the last day.
    pub(super) fn end(&self) -> Timestamp {
        self.zone.end_of(self.last)
    }

    /// A second of a day.
    pub(super) fn at(&self, day: LocalDay, second: i32) -> Timestamp {
        self.zone
            .start_of(day)
            .plus(TimeDelta::seconds(i64::from(second)))
    }

    /// Some time of a day between two hours.
    pub(super) fn within(
        &self,
        day: LocalDay,
        from_hour: i32,
        to_hour: i32,
        rng: &mut Rng,
    ) -> Timestamp {
        self.at(day, rng.between(from_hour * 3600, to_hour * 3600 - 1))
    }

    /// The days of the city within the month of `day`.
    pub(super) fn of_month(&self, day: LocalDay) -> (LocalDay, LocalDay) {
        (
            day.month().first_day().max(self.first),
            day.month().last_day().min(self.last),
        )
    }
}
