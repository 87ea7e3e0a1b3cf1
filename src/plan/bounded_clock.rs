//! How far a batch may move the event clock before figures are evaluated and jobs run.

use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;

/// Gives the first instant after another at which something falls due by the event clock.
pub(crate) type BoundaryAfter<'a> = dyn Fn(Timestamp) -> Timestamp + 'a;

/// The first instant after another at which something falls due: the end of its day, at which
/// figures are evaluated, or the first of the due times of jobs.
pub(crate) fn next_boundary(
    after: Timestamp,
    zone: Zone,
    due: impl IntoIterator<Item = Timestamp>,
) -> Timestamp {
    due.into_iter()
        .fold(zone.end_of(zone.day_of(after)), Timestamp::min)
}

/// The event clock while a batch is ingested: it stops at the first boundary after the last
/// evaluation, or after the first event if there was none.
pub(crate) struct BoundedClock<'a> {
    evaluated_at: Option<Timestamp>,
    boundary: Option<Timestamp>,
    boundary_after: Option<&'a BoundaryAfter<'a>>,
}

impl<'a> BoundedClock<'a> {
    pub(crate) fn new(
        evaluated_at: Option<Timestamp>,
        boundary_after: Option<&'a BoundaryAfter<'a>>,
    ) -> Self {
        Self {
            evaluated_at,
            boundary: evaluated_at
                .zip(boundary_after)
                .map(|(evaluated_at, boundary_after)| boundary_after(evaluated_at)),
            boundary_after,
        }
    }

    /// The last evaluation, or the first event if there was none.
    pub(crate) const fn evaluated_at(&self) -> Option<Timestamp> {
        self.evaluated_at
    }

    /// The boundary that an event of this time would pass, if it would.
    pub(crate) fn stops_before(&mut self, time: Timestamp) -> Option<Timestamp> {
        let boundary_after = self.boundary_after?;
        let passed = self.boundary.filter(|boundary| time >= *boundary);
        if passed.is_none() && self.evaluated_at.is_none() {
            self.evaluated_at = Some(time);
            self.boundary = Some(boundary_after(time));
        }
        passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(hour: i64) -> Timestamp {
        Timestamp::from_micros(hour * 3_600_000_000)
    }

    /// Something falls due every ten hours.
    fn every_ten_hours(after: Timestamp) -> Timestamp {
        at((after.micros() / 3_600_000_000 / 10 + 1) * 10)
    }

    #[test]
    fn the_next_boundary_is_the_first_due_time_or_else_the_end_of_the_day() {
        let zone = Zone::parse("UTC").expect("a zone");
        let boundary = |due: &[i64]| next_boundary(at(8), zone, due.iter().map(|hour| at(*hour)));
        assert_eq!(boundary(&[]), at(24));
        assert_eq!(boundary(&[30, 25]), at(24));
        assert_eq!(boundary(&[20, 9, 25]), at(9));
    }

    #[test]
    fn it_stops_at_the_first_boundary_after_the_last_evaluation() {
        let mut clock = BoundedClock::new(Some(at(8)), Some(&every_ten_hours));
        assert_eq!(clock.stops_before(at(9)), None);
        assert_eq!(clock.stops_before(at(10)), Some(at(10)));
        assert_eq!(
            clock.stops_before(at(35)),
            Some(at(10)),
            "no event passes it"
        );
        assert_eq!(clock.evaluated_at(), Some(at(8)));
    }

    #[test]
    fn without_an_evaluation_it_begins_with_the_first_event() {
        let mut clock = BoundedClock::new(None, Some(&every_ten_hours));
        assert_eq!(clock.stops_before(at(15)), None);
        assert_eq!(clock.evaluated_at(), Some(at(15)));
        assert_eq!(clock.stops_before(at(20)), Some(at(20)));
    }

    #[test]
    fn without_boundaries_it_never_stops() {
        let mut clock = BoundedClock::new(None, None);
        assert_eq!(clock.stops_before(at(99)), None);
        assert_eq!(clock.evaluated_at(), None);
    }
}
