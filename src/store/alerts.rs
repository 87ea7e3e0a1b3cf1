//! Alerts.

use super::codec::to_json;
use super::damage::{Checked, keyed, sealed};
use super::settings::Setting;
use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::alert::{Alert, AlertId};
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;
use crate::domain::task::Task;

/// The name of a row of its table in errors.
const ALERT: &str = "an alert";

impl Tx<'_> {
    /// Inserts or updates an alert.
    pub fn save_alert(&self, alert: &Alert) -> Result<(), StoreError> {
        self.save_alerts(std::iter::once(alert))
    }

    /// Inserts or updates alerts.
    pub(crate) fn save_alerts<'a>(
        &self,
        alerts: impl Iterator<Item = &'a Alert>,
    ) -> Result<(), StoreError> {
        let mut alerts = alerts.peekable();
        if alerts.peek().is_none() {
            return Ok(());
        }
        self.count_change()?;
        let all = alerts.map(|alert| {
            let (id, key) = (alert.alert_id(), &alert.key);
            params![
                id.as_str().to_owned(),
                alert.state.name(),
                key.kind.name(),
                key.scope.name(),
                key.scope.id(),
                key.period.to_string(),
                alert.resolved_at.map(Timestamp::micros),
                to_json(alert)
            ]
            .to_vec()
        });
        self.execute_all("save alerts", include_str!("sql/save_alert.sql"), all)
    }

    /// A further change of alerts and tasks.
    pub(super) fn count_change(&self) -> Result<(), StoreError> {
        self.execute("count a change", include_str!("sql/count_change.sql"), &[])
            .map(drop)
    }

    /// How many changes of alerts and tasks there were; a later call lists what has changed since
    /// that number.
    pub(crate) fn changes(&self) -> Result<i64, StoreError> {
        Ok(self.setting(Setting::Changes)?.unwrap_or_default())
    }

    /// The alerts that have changed since there were so many [changes](Tx::changes).
    pub(crate) fn alerts_changed_since(&self, changes: i64) -> Result<Checked<Alert>, StoreError> {
        let sql = include_str!("sql/list_alerts_changed_since.sql");
        self.checked_rows("list changed alerts", sql, params![changes], sealed(ALERT))
    }

    /// At most `limit` alerts that changed before `last`, an alert with the number of its change
    /// (before any to come, if there is none), the latest first, with the numbers of theirs.
    pub(crate) fn alerts_before(
        &self,
        last: Option<&(i64, Alert)>,
        limit: u32,
    ) -> Result<Vec<(i64, Alert)>, StoreError> {
        let (change, id) = last.map_or((i64::MAX, String::new()), |(change, alert)| {
            (*change, alert.alert_id().to_string())
        });
        let alert = keyed(ALERT);
        self.rows(
            "list alerts",
            include_str!("sql/list_alerts_before.sql"),
            params![change, id, limit],
            |row| Ok((get(row, 2)?, alert(row)?)),
        )
    }

    /// The alerts of a group customer, a unit or the company, by their ids.
    pub(crate) fn alerts_of_scope(&self, scope: &Scope) -> Result<Vec<Alert>, StoreError> {
        let params = params![scope.name(), scope.id()];
        self.rows(
            "list a scope's alerts",
            include_str!("sql/list_alerts_of_scope.sql"),
            params,
            keyed(ALERT),
        )
    }

    /// Every alert there ever was.
    pub fn alerts(&self) -> Result<Vec<Alert>, StoreError> {
        self.rows(
            "list alerts",
            include_str!("sql/list_alerts.sql"),
            &[],
            keyed(ALERT),
        )
    }

    /// The alerts that hold.
    pub fn open_alerts(&self) -> Result<Checked<Alert>, StoreError> {
        self.checked_rows(
            "list open alerts",
            include_str!("sql/list_open_alerts.sql"),
            &[],
            sealed(ALERT),
        )
    }

    pub fn alert(&self, id: &AlertId) -> Result<Option<Alert>, StoreError> {
        self.row(
            "read an alert",
            include_str!("sql/get_alert.sql"),
            params![id.as_str()],
            keyed(ALERT),
        )
    }

    /// The alerts that a task answers, as it lists them.
    pub(crate) fn alerts_of(&self, task: &Task) -> Result<Vec<Alert>, StoreError> {
        let alerts = task
            .alert_ids
            .iter()
            .map(|id| self.alert(id))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(alerts.into_iter().flatten().collect())
    }
}
