//! Silences: for a while nobody is told of some alerts. They are raised and recorded all the same.
//!
//! Invariant: a silence has an author and an end.

use serde::{Deserialize, Serialize};

use super::alert::{Alert, SilenceId, digest_id};
use super::indicator::{AlertKind, Scope};
use super::local_day::{LocalDay, Timestamp};
use super::task::Actor;

/// What is silenced, by whom, until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    pub silence_id: SilenceId,
    pub scope: Scope,
    /// Which of them; none means all.
    pub kind: Option<AlertKind>,
    pub reason: String,
    /// Its last local day.
    pub until: LocalDay,
    pub by: Actor,
    /// When it was made.
    pub made_at: Timestamp,
}

impl Silence {
    /// The id that follows from what is silenced and when that was said.
    #[must_use]
    pub fn id_of(scope: &Scope, kind: Option<AlertKind>, made_at: Timestamp) -> SilenceId {
        let (kind, at) = (kind.map_or("", AlertKind::name), made_at.to_string());
        SilenceId::new(digest_id('S', &[scope.name(), scope.id(), kind, &at]))
    }

    /// Whether it holds on `today` and covers the alert.
    #[must_use]
    pub fn covers(&self, alert: &Alert, today: LocalDay) -> bool {
        self.scope == alert.key.scope && self.covers_kind(alert, today)
    }

    /// Whether it holds on `today` and covers alerts of this kind, whosever they are.
    #[must_use]
    pub fn covers_kind(&self, alert: &Alert, today: LocalDay) -> bool {
        today <= self.until && self.kind.is_none_or(|kind| kind == alert.key.kind)
    }
}
