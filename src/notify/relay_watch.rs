//! When the operators are notified that the relay takes nothing: at once if it refuses us, after a
//! while if it cannot be reached.
//!
//! It does not know what time it is. Invariant: an outage is notified of once; it ends when the
//! relay has taken up a mail.

use chrono::TimeDelta;

use super::deliver::{DrainReport, Stopped};
use crate::domain::local_day::Timestamp;
use crate::domain::ops_notice::OpsNotice;

/// An outage, from the first drain that it spoilt.
#[derive(Debug, Default)]
pub(crate) struct RelayWatch {
    down_since: Option<Timestamp>,
    is_reported: bool,
}

impl RelayWatch {
    /// Whether the relay takes nothing.
    #[must_use]
    pub(crate) const fn is_down(&self) -> bool {
        self.down_since.is_some()
    }

    /// Notes what a drain did; returns the notice to the operators, if it is time. `patience` is
    /// how long the relay may be out of reach before they are notified.
    pub(crate) fn note(
        &mut self,
        report: &DrainReport,
        now: Timestamp,
        patience: TimeDelta,
    ) -> Option<OpsNotice> {
        let (reply, refuses) = match (&report.stopped, &report.trouble) {
            (Some(Stopped::RelayRefused(reply) | Stopped::RefusesAll(reply)), _) => (reply, true),
            (_, Some(trouble)) => (trouble, false),
            (_, None) => {
                if report.reached {
                    *self = Self::default();
                }
                return None;
            }
        };
        let since = *self.down_since.get_or_insert(now);
        if self.is_reported || !(refuses || now.since(since) >= patience) {
            return None;
        }
        self.is_reported = true;
        Some(OpsNotice::RelayDown {
            refuses,
            since,
            reply: reply.clone(),
        })
    }
}

/// What becomes of the outage that the store has noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutageChange {
    Nothing,
    Begins,
    Ends {
        /// What piled up goes out as digests.
        was_long: bool,
    },
}

/// The relay `is_down` or not; the noted outage has lasted `since` then, if there is one. One of
/// more than `long` was a long one.
pub(crate) fn outage_change(
    since: Option<Timestamp>,
    is_down: bool,
    now: Timestamp,
    long: TimeDelta,
) -> OutageChange {
    match (since, is_down) {
        (None, true) => OutageChange::Begins,
        (Some(since), false) => OutageChange::Ends {
            was_long: now.since(since) > long,
        },
        _ => OutageChange::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::last_reply::{LastReply, Phase};
    use crate::notify::fixtures::{minutes, now};

    fn down() -> DrainReport {
        DrainReport {
            deferred: 1,
            trouble: Some(LastReply::During(
                Phase::Connect,
                "connection refused".into(),
            )),
            ..DrainReport::default()
        }
    }

    fn at(watch: &mut RelayWatch, report: &DrainReport, minute: i64) -> Option<String> {
        let notice = watch.note(report, now().plus(minutes(minute)), minutes(15))?;
        let OpsNotice::RelayDown { reply, .. } = notice else {
            panic!("{notice:?}")
        };
        Some(reply.to_string())
    }

    #[test]
    fn a_relay_out_of_reach_is_told_of_once_and_after_a_while() {
        let mut watch = RelayWatch::default();
        assert_eq!(at(&mut watch, &down(), 0), None);
        assert_eq!(
            at(&mut watch, &DrainReport::default(), 5),
            None,
            "nothing was due"
        );
        assert_eq!(at(&mut watch, &down(), 14), None);
        assert!(
            at(&mut watch, &down(), 15).is_some_and(|text| text.contains("connection refused"))
        );
        assert_eq!(at(&mut watch, &down(), 60), None);
    }

    #[test]
    fn a_mail_that_the_relay_took_up_ends_the_outage() {
        let mut watch = RelayWatch::default();
        at(&mut watch, &down(), 0);
        at(
            &mut watch,
            &DrainReport {
                sent: 1,
                reached: true,
                ..DrainReport::default()
            },
            10,
        );
        assert_eq!(at(&mut watch, &down(), 20), None);
        assert!(at(&mut watch, &down(), 35).is_some());
    }

    #[test]
    fn a_relay_that_refuses_us_is_told_of_at_once() {
        let refused = DrainReport {
            stopped: Some(Stopped::RelayRefused(LastReply::During(
                Phase::Auth,
                "535 no".into(),
            ))),
            ..DrainReport::default()
        };
        let mut watch = RelayWatch::default();
        assert!(at(&mut watch, &refused, 0).is_some_and(|text| text.contains("535 no")));
        assert_eq!(at(&mut watch, &refused, 1), None);
    }

    #[test]
    fn an_outage_is_noted_when_it_begins_and_what_piled_up_in_a_long_one_goes_out_as_digests() {
        let change = |since: Option<i64>, is_down| {
            let since = since.map(|ago| now().plus(minutes(-ago)));
            outage_change(since, is_down, now(), minutes(30))
        };
        assert_eq!(change(None, true), OutageChange::Begins);
        assert_eq!(change(Some(99), true), OutageChange::Nothing);
        assert_eq!(change(None, false), OutageChange::Nothing);
        let ends = |was_long| OutageChange::Ends { was_long };
        assert_eq!(change(Some(30), false), ends(false));
        assert_eq!(change(Some(31), false), ends(true));
    }
}
