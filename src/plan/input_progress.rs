//! How far the input has been read, from what a worker knows of its own and of the others' part.

use chrono::TimeDelta;

use crate::domain::local_day::Timestamp;

/// How far the input has been read when figures are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputProgress {
    /// Whether there is no large backlog: only then signals are judged.
    pub caught_up: bool,
    /// Up to when everything has been read; none while too much has not been for anything to be
    /// missed.
    pub until: Option<Timestamp>,
}

impl InputProgress {
    /// Everything up to an instant has been read.
    #[must_use]
    pub const fn all_until(now: Timestamp) -> Self {
        Self {
            caught_up: true,
            until: Some(now),
        }
    }
}

/// What a worker knows of the input.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownInput {
    /// Whether it has caught up with its own.
    pub(crate) caught_up: bool,
    /// Whether there is more of its own, or the end is not known yet.
    pub(crate) has_more: bool,
    /// Whether other workers may read, too.
    pub(crate) has_other_readers: bool,
    /// Of each source that is behind, whoever reads it: by how many deliveries, and up to when it
    /// has been read.
    pub(crate) behind: Vec<(u64, Option<Timestamp>)>,
}

impl KnownInput {
    /// How far the input has been read, where a `batch` may have so many deliveries. While more
    /// than `align` behind the clock is unread, nothing is judged to be missing: the rest of the
    /// backlog may contain it.
    pub(crate) fn progress(&self, batch: u64, align: TimeDelta, now: Timestamp) -> InputProgress {
        let others_have = || self.behind.iter().all(|(lag, _)| *lag < batch);
        let until = match self.behind.iter().map(|(_, until)| *until).min() {
            Some(slowest) => slowest.map(|slowest| slowest.min(now)),
            None if self.has_more => None,
            None => Some(now),
        };
        InputProgress {
            caught_up: self.caught_up && (!self.has_other_readers || others_have()),
            until: until.filter(|until| now.since(*until) <= align),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = minute(60);

    const fn minute(minute: i64) -> Timestamp {
        Timestamp::from_micros(minute * 60_000_000)
    }

    fn progress(known: &KnownInput) -> (bool, Option<Timestamp>) {
        let InputProgress { caught_up, until } = known.progress(100, TimeDelta::minutes(10), NOW);
        (caught_up, until)
    }

    fn behind(lag: u64, until: Option<Timestamp>) -> KnownInput {
        KnownInput {
            caught_up: true,
            behind: vec![(1, Some(NOW)), (lag, until)],
            ..KnownInput::default()
        }
    }

    #[test]
    fn all_is_read_when_nothing_is_behind_and_no_more_is_there() {
        let known = KnownInput {
            caught_up: true,
            ..KnownInput::default()
        };
        assert_eq!(progress(&known), (true, Some(NOW)));
        let known = KnownInput {
            has_more: true,
            ..known
        };
        assert_eq!(progress(&known), (true, None));
    }

    #[test]
    fn the_slowest_source_says_up_to_when_unless_it_is_too_far_behind() {
        assert_eq!(
            progress(&behind(5, Some(minute(50)))),
            (true, Some(minute(50)))
        );
        assert_eq!(progress(&behind(5, Some(minute(49)))), (true, None));
        assert_eq!(progress(&behind(5, Some(minute(61)))), (true, Some(NOW)));
        assert_eq!(
            progress(&behind(5, None)),
            (true, None),
            "nothing of it was read"
        );
    }

    #[test]
    fn a_backlog_of_other_workers_is_one_of_a_batch_or_more() {
        let shared = |lag| KnownInput {
            has_other_readers: true,
            ..behind(lag, Some(NOW))
        };
        assert!(progress(&shared(99)).0);
        assert!(!progress(&shared(100)).0);
        assert!(
            progress(&behind(100, Some(NOW))).0,
            "its own, which it knows"
        );
    }
}
