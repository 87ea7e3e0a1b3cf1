//! Which months are closed, and whether the clocks agree enough for that.
//!
//! Invariant: what is closed stays closed, so that no single clock decides it.

use chrono::TimeDelta;

use crate::domain::clock_mode::ClockMode;
use crate::domain::job_outcome::JobOutcome;
use crate::domain::job_trigger::JobTrigger;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::ops_notice::{ClosingClock, OpsNotice};
use crate::domain::zone::Zone;

/// What a run of the job does, before anything is read for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClosingRun {
    /// Nothing: with an event clock months are closed when the input is drained.
    WaitsForInput,
    /// The same, but somebody asks for it by hand: he must confirm it.
    NotConfirmed,
    /// It closes if the clocks agree: a run that was begun before a crash was not checked for that.
    IfClocksAgree,
    /// It closes: by hand the clocks are checked before the run is claimed.
    Closes,
}

impl ClosingRun {
    pub(crate) const fn decide(asked: JobTrigger, clock: ClockMode) -> Self {
        match (asked, clock) {
            (JobTrigger::BySchedule, ClockMode::Event) => Self::WaitsForInput,
            (JobTrigger::ByHand, ClockMode::Event) => Self::NotConfirmed,
            (JobTrigger::BySchedule, ClockMode::Wall) => Self::IfClocksAgree,
            (JobTrigger::ByHand, ClockMode::Wall) | (JobTrigger::Confirmed, _) => Self::Closes,
        }
    }
}

/// What is to be done at a due time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ClosingDecision {
    Nothing(JobOutcome),
    /// Close everything before this day.
    Before(LocalDay),
}

/// What stands against closing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closable {
    /// Whether any event has been accepted.
    pub(crate) has_events: bool,
    pub(crate) is_loading: bool,
    /// The first instant that is still open, if any month is closed.
    pub(crate) closed_before: Option<Timestamp>,
}

/// The first day that stays open: `open_months` full months before the month of a day.
pub(crate) fn first_open_day(day: LocalDay, open_months: i32) -> LocalDay {
    day.month().plus(-open_months).first_day()
}

/// Decides what a run of the job closes.
pub(crate) fn what_to_close(
    closable: Closable,
    due_at: Timestamp,
    open_months: i32,
    zone: Zone,
) -> ClosingDecision {
    if !closable.has_events {
        return ClosingDecision::Nothing(JobOutcome::NoEventYet);
    }
    if closable.is_loading {
        return ClosingDecision::Nothing(JobOutcome::LoadingGoesOn);
    }
    let first_open = first_open_day(zone.day_of(due_at), open_months);
    let is_closed = |closed| closed >= zone.start_of(first_open);
    if closable.closed_before.is_some_and(is_closed) {
        return ClosingDecision::Nothing(JobOutcome::ClosedAlready(first_open));
    }
    ClosingDecision::Before(first_open)
}

/// The clocks that must agree before a month is closed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clocks {
    /// The time of the newest accepted event.
    pub(crate) newest: Timestamp,
    /// The wall clock, in wall-clock mode.
    pub(crate) wall: Option<Timestamp>,
    /// When months were last closed.
    pub(crate) closed_at: Option<Timestamp>,
    /// The due time of this run.
    pub(crate) due_at: Timestamp,
}

impl Clocks {
    /// The disagreement of the clocks, if any is further than `most` from the newest event.
    pub(crate) fn doubt(&self, most: TimeDelta) -> Option<OpsNotice> {
        // A run may be caught up long after it was due, but never starts before its due time.
        let ahead = Some(self.due_at).filter(|due_at| *due_at > self.newest);
        let clocks = [
            (ClosingClock::Wall, self.wall),
            (ClosingClock::LastClosing, self.closed_at),
            (ClosingClock::DueRun, ahead),
        ];
        clocks.into_iter().find_map(|(clock, says)| {
            let says = says?;
            let apart = says.since(self.newest).abs();
            (apart > most).then(|| OpsNotice::ClosingWaits {
                clock,
                says,
                newest: self.newest,
                apart_days: apart.num_days(),
                allowed_days: most.num_days(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::local_day::Month;

    #[test]
    fn with_an_event_clock_nothing_is_closed_unless_somebody_confirms_it() {
        use ClockMode::{Event, Wall};
        use JobTrigger::{ByHand, BySchedule, Confirmed};
        for (asked, clock, run) in [
            (BySchedule, Event, ClosingRun::WaitsForInput),
            (ByHand, Event, ClosingRun::NotConfirmed),
            (Confirmed, Event, ClosingRun::Closes),
            (BySchedule, Wall, ClosingRun::IfClocksAgree),
            (ByHand, Wall, ClosingRun::Closes),
            (Confirmed, Wall, ClosingRun::Closes),
        ] {
            assert_eq!(ClosingRun::decide(asked, clock), run, "{asked:?} {clock:?}");
        }
    }

    #[test]
    fn what_is_closed_follows_from_the_due_time_unless_something_stands_against_it() {
        let zone = Zone::parse("Asia/Shanghai").expect("a zone");
        let at = |year, month| zone.start_of(Month::from_year_month(year, month).first_day());
        let first = |year, month| Month::from_year_month(year, month).first_day();
        let open = Closable {
            has_events: true,
            is_loading: false,
            closed_before: Some(at(2026, 6)),
        };
        let decided =
            |closable| what_to_close(closable, at(2026, 9).plus(TimeDelta::days(9)), 2, zone);
        assert_eq!(decided(open), ClosingDecision::Before(first(2026, 7)));
        let never = Closable {
            closed_before: None,
            ..open
        };
        assert_eq!(decided(never), ClosingDecision::Before(first(2026, 7)));
        let closed = Closable {
            closed_before: Some(at(2026, 7)),
            ..open
        };
        let loading = Closable {
            is_loading: true,
            ..closed
        };
        let empty = Closable {
            has_events: false,
            ..loading
        };
        for (closable, outcome) in [
            (closed, JobOutcome::ClosedAlready(first(2026, 7))),
            (loading, JobOutcome::LoadingGoesOn),
            (empty, JobOutcome::NoEventYet),
        ] {
            assert_eq!(decided(closable), ClosingDecision::Nothing(outcome));
        }
    }

    #[test]
    fn months_are_closed_only_while_clock_newest_event_and_last_closing_agree() {
        let at = |day: i64| Timestamp::from_micros(day * 86_400_000_000);
        let doubts = |wall: Option<i64>, closed_at: Option<i64>, due_at: i64| {
            let clocks = Clocks {
                newest: at(20_000),
                wall: wall.map(at),
                closed_at: closed_at.map(at),
                due_at: at(due_at),
            };
            clocks.doubt(TimeDelta::days(45))
        };
        for (wall, closed_at, due_at) in [
            (None, None, 20_000),
            (Some(20_045), None, 20_045),
            (Some(19_955), Some(19_955), 19_955),
            (None, Some(20_045), 19_000),
        ] {
            assert_eq!(
                doubts(wall, closed_at, due_at),
                None,
                "{wall:?} {closed_at:?} {due_at}"
            );
        }
        for (wall, closed_at, due_at, apart) in [
            (Some(20_400), None, 20_000, ClosingClock::Wall),
            (Some(19_954), Some(20_000), 19_954, ClosingClock::Wall),
            (
                Some(20_000),
                Some(19_954),
                20_000,
                ClosingClock::LastClosing,
            ),
            (None, Some(20_400), 20_000, ClosingClock::LastClosing),
            (Some(20_000), None, 20_400, ClosingClock::DueRun),
        ] {
            let doubt = doubts(wall, closed_at, due_at)
                .unwrap_or_else(|| panic!("{wall:?} {closed_at:?} is not doubted"));
            assert!(
                matches!(doubt, OpsNotice::ClosingWaits { clock, .. } if clock == apart),
                "{doubt:?}"
            );
        }
    }
}
