//! Silences: for a while some alerts send no mail. They are raised and recorded all the same.
//!
//! Invariant: a silence has an author and an end.

use serde::{Deserialize, Serialize};

use super::alert::{Alert, SilenceId, digest_id};
use super::ids::UnitId;
use super::indicator::{AlertKind, Scope};
use super::local_day::{LocalDay, Timestamp};
use super::task::Actor;

/// Silenced alerts, with author and end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    pub silence_id: SilenceId,
    pub scope: Scope,
    /// The silenced kind; none means all.
    pub kind: Option<AlertKind>,
    pub reason: String,
    /// Its last local day.
    pub until: LocalDay,
    pub by: Actor,
    /// When it was made.
    pub made_at: Timestamp,
}

impl Silence {
    /// The id: a digest of what is silenced and when that was requested.
    #[must_use]
    pub(crate) fn id_of(scope: &Scope, kind: Option<AlertKind>, made_at: Timestamp) -> SilenceId {
        let (kind, at) = (kind.map_or("", AlertKind::name), made_at.to_string());
        SilenceId::new(digest_id('S', &[scope.name(), scope.id(), kind, &at]))
    }

    /// Whether it is in force on `today` and covers the alert.
    #[must_use]
    pub(crate) fn covers(&self, alert: &Alert, today: LocalDay) -> bool {
        self.scope == alert.key.scope && self.covers_kind(alert, today)
    }

    /// Likewise, or if it covers the `unit` of the alert's group customer.
    #[must_use]
    pub(crate) fn covers_with_unit(
        &self,
        alert: &Alert,
        unit: Option<&UnitId>,
        today: LocalDay,
    ) -> bool {
        let is_of_unit = matches!(&self.scope, Scope::Unit(of) if of.as_ref() == unit);
        self.covers(alert, today) || (is_of_unit && self.covers_kind(alert, today))
    }

    /// Whether it is in force on `today` and covers alerts of this kind, in any scope.
    #[must_use]
    pub(crate) fn covers_kind(&self, alert: &Alert, today: LocalDay) -> bool {
        today <= self.until && self.kind.is_none_or(|kind| kind == alert.key.kind)
    }
}
