//! Alerts: identity, state, and the explanation that each carries.
//!
//! It may not know when one fires: `evaluate` decides that. Invariant: one open alert per (scope,
//! kind, subject, period); its id follows from its identity alone.

use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

pub(crate) use super::alert_subject::{AlertSubject, SubjectError};
use super::ids::SubscriberId;
use super::indicator::{AlertKind, Scope, Severity, Signal};
use super::local_day::{LocalDay, Month, Timestamp};
use super::names::names;
use super::task::Step;
use super::timeline::SubscriberTrouble;

/// An id of at most 26 characters for an alert, a task, a reminder or a mail: a letter and a digest
/// of its identity. The same thing has the same id in every run.
#[must_use]
pub(crate) fn digest_id(prefix: char, parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
        text.push('\0');
    }
    format!("{prefix}{:016x}", (xxh3_128(text.as_bytes()) >> 64) as u64)
}

macro_rules! digest_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// An existing id: from the store, a command line, or [`digest_id`].
            #[must_use]
            pub fn new(text: impl Into<Box<str>>) -> Self {
                Self(text.into())
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

digest_ids! {
    /// An alert: `A…`.
    AlertId;
    /// A task: `T…`.
    TaskId;
    /// A reminder: `R…`.
    ReminderId;
    /// A mail: `M…`.
    MailId;
    /// A silence: `S…`.
    SilenceId;
}

/// The period of an alert: the month for indicators, the first day for signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Period {
    Month(Month),
    Day(LocalDay),
}

impl Period {
    /// Parses `YYYY-MM` or `YYYY-MM-DD`.
    #[cfg(test)]
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() == 7 {
            return Month::parse(text).map(Self::Month);
        }
        text.parse()
            .ok()
            .map(|date| Self::Day(LocalDay::from_date(date)))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => month.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}

/// The identity of an alert.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "StoredKey")]
pub struct AlertKey {
    pub scope: Scope,
    pub kind: AlertKind,
    pub subject: AlertSubject,
    pub period: Period,
    /// 1 for the first in its period; increased when it fires again after its task has ended.
    pub occurrence: u32,
}

/// An [`AlertKey`] as it is stored: the type of the subject follows from the kind.
#[derive(Deserialize)]
struct StoredKey {
    scope: Scope,
    kind: AlertKind,
    subject: Box<str>,
    period: Period,
    occurrence: u32,
}

impl TryFrom<StoredKey> for AlertKey {
    type Error = SubjectError;

    fn try_from(stored: StoredKey) -> Result<Self, SubjectError> {
        Ok(Self {
            subject: AlertSubject::parse(stored.kind, &stored.subject)?,
            scope: stored.scope,
            kind: stored.kind,
            period: stored.period,
            occurrence: stored.occurrence,
        })
    }
}

impl AlertKey {
    /// Whether its subject is one subscriber, complaint or answer: it is resolved when its task is
    /// done. An alert about many continues.
    #[must_use]
    pub(crate) const fn is_about_one(&self) -> bool {
        self.subject.is_one()
    }

    /// The id of this identity.
    #[must_use]
    pub(crate) fn alert_id(&self) -> AlertId {
        let (period, occurrence) = (self.period.to_string(), self.occurrence.to_string());
        AlertId::new(digest_id(
            'A',
            &[
                self.scope.name(),
                self.scope.id(),
                self.kind.name(),
                self.subject.as_str(),
                &period,
                &occurrence,
            ],
        ))
    }
}

names! {
    pub enum AlertState {
        /// Holds, and nobody has accepted its task.
        Firing = "firing",
        /// Holds, and its task is accepted.
        Acknowledged = "acknowledged",
        Resolved = "resolved",
    }
}

impl AlertState {
    /// Whether it still holds.
    #[must_use]
    pub(crate) const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved)
    }
}

names! {
    /// Why an alert was resolved.
    pub enum ResolvedBecause {
        /// The figures are within the limit again.
        Recovered = "recovered",
        /// The subscribers are in service again.
        Restored = "restored",
        /// Its subscriber has churned or left; of a whole group, its members have.
        Lost = "lost",
        /// Nothing came of it in time: no further step, or no task answered it.
        Lapsed = "lapsed",
        /// The port-out was withdrawn.
        Withdrawn = "withdrawn",
        /// Its event was retracted or undone by a late one.
        Retracted = "retracted",
        /// Its task is done, for signals about a single event.
        TaskDone = "task_done",
        /// The month's bulletin has been sent; or the quarter or window of the alert is over.
        MonthEnded = "month_ended",
    }
}

impl ResolvedBecause {
    /// Whether what the alert was raised for is over, and nothing is left to do about it. Of a
    /// subscriber that is lost the reason is still to be found out; a month or a time that has
    /// merely ended settles nothing.
    #[must_use]
    pub(crate) const fn is_over(self) -> bool {
        match self {
            Self::Recovered | Self::Restored | Self::Withdrawn | Self::Retracted => true,
            Self::Lost | Self::Lapsed | Self::TaskDone | Self::MonthEnded => false,
        }
    }
}

/// Why an alert fires, in figures: k of n, the expected count, its probability, and the count
/// needed for significance.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Explanation {
    /// The indicator's value; for signals the score (`low_score`) or the share of the drop
    /// (`revenue_drop`).
    pub value: Option<f64>,
    pub k: i64,
    /// The number of members.
    pub n: i64,
    /// How many of the count have a churned status; the others only left their group customer
    /// (`batch_leave`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub churned: Option<i64>,
    /// The count expected at the limit.
    pub expected: Option<f64>,
    /// P(X ≥ k) at the limit.
    pub p: Option<f64>,
    /// The smallest count that would have been significant.
    pub needed: Option<i64>,
    /// The limit in the indicator's unit.
    pub limit: Option<f64>,
    /// The missing amount in fen: of overdue bills (`arrears`), against the mean of the months
    /// before (`revenue_drop`).
    pub fen: Option<i64>,
    /// The first and the last day of the window that the count is of (`batch_leave`,
    /// `suspension_burst`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<(LocalDay, LocalDay)>,
    /// The trouble of its subscriber.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<SubscriberTrouble>,
    /// When the trouble began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When it lapses if no further step follows (`port_out`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapses_at: Option<Timestamp>,
}

impl Explanation {
    /// Of the leavers of a batch: how many have churned, and how many only left their group
    /// customer.
    #[must_use]
    pub(crate) fn leavers(&self) -> (i64, i64) {
        let churned = self.churned.unwrap_or(self.k);
        (churned, self.k - churned)
    }
}

/// An alert with its current state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    pub key: AlertKey,
    pub state: AlertState,
    pub severity: Severity,
    /// The figures of the last evaluation.
    pub explanation: Explanation,
    /// The subscribers that it names (signals); of a batch those of the last evaluation.
    pub members: Vec<SubscriberId>,
    pub opened_at: Timestamp,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
    pub resolved_because: Option<ResolvedBecause>,
    /// The count when its task was done, if it is: more than twice as many raise the next
    /// occurrence, with a new task.
    pub count_when_done: Option<i64>,
    /// Who acknowledged it, where it had no task to accept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Step>,
}

impl Alert {
    #[must_use]
    pub fn alert_id(&self) -> AlertId {
        self.key.alert_id()
    }

    /// The subscribers that it names.
    pub fn named_subscribers(&self) -> impl Iterator<Item = SubscriberId> {
        self.key
            .subject
            .subscriber()
            .into_iter()
            .chain(&self.members)
            .cloned()
    }

    /// How many subscribers of a large batch it counts and does not name.
    #[must_use]
    pub(crate) fn unnamed(&self) -> u64 {
        let counted = match self.key.kind {
            AlertKind::Signal(Signal::BatchLeave) => self.explanation.k,
            _ => 0,
        };
        let counted = u64::try_from(counted).unwrap_or_default();
        counted.saturating_sub(self.members.len() as u64)
    }
}

/// A change of an alert by an evaluation, with the alert after the change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AlertChange {
    Opened(Alert),
    /// It holds again while its task is open.
    Reopened(Alert),
    /// Its figures or severity changed.
    Updated(Alert),
    /// It no longer holds.
    Resolved(Alert),
}

impl AlertChange {
    /// The alert after the change.
    #[must_use]
    pub(crate) const fn alert(&self) -> &Alert {
        match self {
            Self::Opened(alert)
            | Self::Reopened(alert)
            | Self::Updated(alert)
            | Self::Resolved(alert) => alert,
        }
    }
}
