//! Which of several sources is read next, so that none runs ahead of another in event time.
//!
//! A source is a partition, or the files of one mapping. It may not know which, or how events are
//! decoded. Invariant: of the sources that have an event, the one with the oldest event never waits
//! for another of them.

use std::sync::Arc;

use chrono::TimeDelta;

use super::batch::Mode;
use crate::domain::local_day::Timestamp;

/// Reads the event time of a delivery.
pub trait EventTimes: Send + Sync {
    /// The event time of a delivery; none if no other source waits for it: it has no readable time,
    /// the time is too far ahead, or its producer is being loaded.
    fn time_of(&self, payload: &[u8], mode: &Mode) -> Option<Timestamp>;
}

/// How several sources are interleaved.
#[derive(Clone)]
pub struct Alignment {
    pub times: Arc<dyn EventTimes>,
    /// How far one source may run ahead of the slowest (`source.align`; 0 by the event clock).
    pub ahead_max: TimeDelta,
}

/// Later than every event: no source has to be waited for, but others still get their turns.
const NOT_ALONE: Timestamp = Timestamp::from_micros(i64::MAX - 1);

/// The known state of a source's next event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// It has none and none is coming: no other source waits for it.
    Nothing,
    /// One is coming, after an event of this time; none if nothing was read yet.
    Awaited(Option<Timestamp>),
    /// An event of this time; none if no other source waits for it.
    Event(Option<Timestamp>),
}

/// The source that has the turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The source of this index, as long as its events are no later than this time.
    Of(usize, Timestamp),
    /// None, until an awaited event is here.
    Wait,
    /// None: no source has an event.
    Nothing,
}

impl Alignment {
    /// No alignment: no delivery has a time, and sources take turns.
    #[must_use]
    pub fn none() -> Self {
        struct NoEventTimes;
        impl EventTimes for NoEventTimes {
            fn time_of(&self, _: &[u8], _: &Mode) -> Option<Timestamp> {
                None
            }
        }
        Self {
            times: Arc::new(NoEventTimes),
            ahead_max: TimeDelta::zero(),
        }
    }

    /// Picks the source that has the turn, where the one of index `last` had it before. Sources
    /// that no other waits for take turns with the one whose event is the oldest.
    pub(super) fn turn(&self, sources: impl Iterator<Item = Next>, last: usize) -> Turn {
        let mut first: Option<(Timestamp, usize)> = None;
        // The oldest time that another source has or is about to give.
        let mut slowest: Option<Timestamp> = None;
        let (mut count, mut awaits, mut untimed) = (0, false, Vec::new());
        for (at, next) in sources.enumerate() {
            count += 1;
            let mut others =
                |time: Timestamp| slowest = Some(slowest.map_or(time, |slowest| slowest.min(time)));
            match next {
                Next::Nothing => {}
                Next::Event(None) => untimed.push(at),
                Next::Awaited(behind) => {
                    awaits = true;
                    others(behind.unwrap_or(Timestamp::MIN));
                }
                Next::Event(Some(time)) => match first {
                    Some((oldest, _)) if oldest <= time => others(time),
                    _ => first
                        .replace((time, at))
                        .into_iter()
                        .for_each(|(time, _)| others(time)),
                },
            }
        }
        let mut until = slowest.map_or(Timestamp::MAX, |slowest| slowest.plus(self.ahead_max));
        if !untimed.is_empty() {
            until = until.min(NOT_ALONE);
        }
        let timed = first
            .filter(|(time, _)| *time <= until)
            .map(|(_, at)| (at, until));
        let untimed = untimed.into_iter().map(|at| (at, Timestamp::MIN));
        // The distance behind `last` in turn order: its successor is first, `last` itself the last.
        let places_behind_last = |at: usize| (at + count - last.min(count - 1) - 1) % count;
        match timed
            .into_iter()
            .chain(untimed)
            .min_by_key(|(at, _)| places_behind_last(*at))
        {
            Some((at, until)) => Turn::Of(at, until),
            None if first.is_none() && !awaits => Turn::Nothing,
            None => Turn::Wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Next::{Awaited, Event, Nothing};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn turn(ahead_max_s: i64, sources: &[Next]) -> Turn {
        Alignment {
            ahead_max: TimeDelta::seconds(ahead_max_s),
            ..Alignment::none()
        }
        .turn(sources.iter().copied(), usize::MAX)
    }

    #[test]
    fn the_oldest_event_comes_next_and_goes_on_until_so_far_ahead_of_the_next_oldest() {
        let sources = [
            Event(Some(at(50))),
            Event(Some(at(20))),
            Event(Some(at(30))),
        ];
        assert_eq!(turn(0, &sources), Turn::Of(1, at(30)));
        assert_eq!(turn(10, &sources), Turn::Of(1, at(40)));
        assert_eq!(
            turn(0, &[Event(Some(at(20))), Event(Some(at(20)))]),
            Turn::Of(0, at(20)),
            "equal ones in the order of sources"
        );
        assert_eq!(
            turn(0, &[Nothing, Event(Some(at(20)))]),
            Turn::Of(1, Timestamp::MAX),
            "alone, it waits for nobody"
        );
    }

    #[test]
    fn what_is_awaited_holds_up_only_those_that_are_too_far_ahead_of_it() {
        assert_eq!(
            turn(10, &[Event(Some(at(20))), Awaited(Some(at(10)))]),
            Turn::Of(0, at(20))
        );
        assert_eq!(
            turn(10, &[Event(Some(at(21))), Awaited(Some(at(10)))]),
            Turn::Wait
        );
        assert_eq!(turn(10, &[Event(Some(at(21))), Awaited(None)]), Turn::Wait);
        assert_eq!(turn(10, &[Awaited(None), Nothing]), Turn::Wait);
    }

    #[test]
    fn who_has_nothing_holds_nobody_up_nor_does_an_event_without_a_time() {
        assert_eq!(turn(0, &[Nothing, Nothing]), Turn::Nothing);
        assert_eq!(turn(0, &[]), Turn::Nothing);
        assert_eq!(
            turn(0, &[Event(Some(at(1))), Awaited(None), Event(None)]),
            Turn::Of(2, Timestamp::MIN)
        );
    }

    #[test]
    fn those_that_hold_nobody_up_take_turns_with_the_oldest() {
        let sources = [
            Event(None),
            Event(Some(at(9))),
            Event(Some(at(1))),
            Event(None),
        ];
        let mut last = usize::MAX;
        let turns = std::iter::repeat_with(|| {
            let Turn::Of(at, _) = Alignment::none().turn(sources.iter().copied(), last) else {
                panic!("somebody's turn")
            };
            last = at;
            at
        });
        assert_eq!(turns.take(7).collect::<Vec<_>>(), [0, 2, 3, 0, 2, 3, 0]);
    }
}
