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
}
