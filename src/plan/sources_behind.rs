//! The sources of which something is unread, and which of them a report or a judgement waits for.

use crate::domain::clock_mode::ClockMode;
use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;

/// A partition or file of which something is unread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceBehind {
    pub(crate) name: String,
    /// How many deliveries are unread.
    pub(crate) lag: u64,
    /// Up to when it has been read, if anything of it has.
    pub(crate) read_until: Option<Timestamp>,
    /// Whether somebody must see to it before more of it is read.
    pub(crate) is_paused: bool,
}

impl SourceBehind {
    fn lags(&self, due_at: Timestamp, zone: Zone) -> bool {
        let midnight = zone.start_of(zone.day_of(due_at));
        self.read_until.is_none_or(|until| until < midnight)
    }
}

/// The names of those that have not been read past the midnight before `due_at`.
pub(crate) fn lagging(behind: Vec<SourceBehind>, due_at: Timestamp, zone: Zone) -> Vec<String> {
    let lagging = behind
        .into_iter()
        .filter(|source| source.lags(due_at, zone));
    lagging.map(|source| source.name).collect()
}

/// The same for a run of a job. With an event clock all sources come to a midnight before it is
/// one: only those that are paused lag.
pub(crate) fn lagging_by_clock(
    mut behind: Vec<SourceBehind>,
    clock: ClockMode,
    due_at: Timestamp,
    zone: Zone,
) -> Vec<String> {
    behind.retain(|source| clock == ClockMode::Wall || source.is_paused);
    lagging(behind, due_at, zone)
}

/// Of those that workers read, how many deliveries are unread and up to when it has been read. What
/// is paused holds nobody up.
pub(crate) fn backlog(
    behind: &[SourceBehind],
    is_read: impl Fn(&str) -> bool,
) -> Vec<(u64, Option<Timestamp>)> {
    let read = behind
        .iter()
        .filter(|source| !source.is_paused && is_read(&source.name));
    read.map(|source| (source.lag, source.read_until)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn behind(name: &str, read_until: Option<i64>, is_paused: bool) -> SourceBehind {
        SourceBehind {
            name: name.to_owned(),
            lag: 5,
            read_until: read_until.map(|hour| Timestamp::from_micros(hour * HOUR)),
            is_paused,
        }
    }

    /// Three in the morning of the second day.
    fn lagging_at_three(clock: ClockMode) -> Vec<String> {
        let sources = vec![
            behind("unread", None, false),
            behind("before", Some(23), false),
            behind("at midnight", Some(24), false),
            behind("paused", Some(1), true),
        ];
        let zone = Zone::parse("UTC").expect("a zone");
        lagging_by_clock(sources, clock, Timestamp::from_micros(27 * HOUR), zone)
    }

    #[test]
    fn what_was_not_read_past_midnight_lags_and_by_the_event_clock_only_what_is_paused() {
        assert_eq!(
            lagging_at_three(ClockMode::Wall),
            ["unread", "before", "paused"]
        );
        assert_eq!(lagging_at_three(ClockMode::Event), ["paused"]);
    }

    #[test]
    fn what_is_paused_or_read_by_no_worker_is_no_backlog() {
        let sources = [
            behind("boss-0", Some(1), false),
            behind("boss-1", Some(1), true),
            behind("old-0", None, false),
        ];
        let read = backlog(&sources, |name| name.starts_with("boss"));
        assert_eq!(read, [(5, Some(Timestamp::from_micros(HOUR)))]);
    }
}
