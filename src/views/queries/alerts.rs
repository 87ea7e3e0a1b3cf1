//! The alerts of a list, and all that is shown of one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::last::{Last, Limit, last};
use super::tasks::units_of;
use crate::domain::alert::{Alert, AlertId, AlertState};
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::indicator::{AlertKind, Scope, ScopeKind};
use crate::domain::task::Task;
use crate::store::{StoreError, Tx};

/// Which alerts are wanted: those that meet all that is given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct AlertFilter {
    pub state: Option<AlertState>,
    pub scope: Option<ScopeKind>,
    pub group: Option<GroupId>,
    pub kind: Option<AlertKind>,
}

impl AlertFilter {
    /// The level that no alert of its group customer has, if it asks for one: they all have the
    /// level `group`.
    pub(crate) fn contradiction(&self) -> Option<ScopeKind> {
        self.scope
            .filter(|scope| *scope != ScopeKind::Group && self.group.is_some())
    }

    pub(crate) fn matches(&self, alert: &Alert) -> bool {
        let key = &alert.key;
        self.state.is_none_or(|state| alert.state == state)
            && self
                .scope
                .is_none_or(|scope| ScopeKind::of_scope(&key.scope) == scope)
            && self
                .group
                .as_ref()
                .is_none_or(|group| key.scope.group() == Some(group))
            && self.kind.is_none_or(|kind| key.kind == kind)
    }

    fn read_from(&self) -> AlertsOf<'_> {
        AlertsOf::fewest(self.group.as_ref(), self.state)
    }
}

/// Which alerts are read: of one group customer, those that hold, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AlertsOf<'a> {
    /// Of a group customer.
    Group(&'a GroupId),
    Open,
    All,
}

impl<'a> AlertsOf<'a> {
    /// The fewest that hold all alerts of a group customer and in a state, where these are given.
    pub(crate) const fn fewest(group: Option<&'a GroupId>, state: Option<AlertState>) -> Self {
        match (group, state) {
            (Some(group), _) => Self::Group(group),
            (None, Some(AlertState::Firing | AlertState::Acknowledged)) => Self::Open,
            _ => Self::All,
        }
    }
}

/// The last alerts that are wanted.
pub(crate) fn alerts(
    tx: &Tx<'_>,
    filter: &AlertFilter,
    limit: Limit,
) -> Result<Last<Alert>, StoreError> {
    let of = filter.read_from();
    let mut shown = match of {
        AlertsOf::Group(group) => tx.alerts_of_scope(&Scope::Group(group.clone()))?,
        AlertsOf::Open => tx.open_alerts()?.all()?,
        AlertsOf::All => {
            let changed = last(
                Limit {
                    rows: limit.rows_read(),
                    beyond: 0,
                },
                |after, rows| tx.alerts_before(after, rows),
                |(_, alert)| Ok(filter.matches(alert)),
            )?;
            changed.rows.into_iter().map(|(_, alert)| alert).collect()
        }
    };
    shown.retain(|alert| filter.matches(alert));
    if of != AlertsOf::All {
        shown.sort_by_cached_key(|alert| Reverse((alert.opened_at, alert.alert_id())));
    }
    let mut shown = limit.cut(shown);
    in_order(&mut shown.rows);
    Ok(shown)
}

/// Puts alerts in the order in which they are shown.
pub(crate) fn in_order(alerts: &mut [Alert]) {
    alerts.sort_by_cached_key(|alert| {
        let key = &alert.key;
        (
            key.scope.name(),
            key.scope.id().to_owned(),
            key.kind.name(),
            key.period.to_string(),
            alert.alert_id(),
        )
    });
}

/// An alert with its tasks.
#[derive(Debug)]
pub(crate) struct AlertWithTasks {
    pub alert: Alert,
    pub tasks: Vec<Task>,
    /// The units of the tasks' group customers.
    pub units: BTreeMap<GroupId, UnitId>,
}

/// An alert with its tasks, if there is such an alert.
pub(crate) fn alert_with_tasks(
    tx: &Tx<'_>,
    id: &AlertId,
) -> Result<Option<AlertWithTasks>, StoreError> {
    let Some(alert) = tx.alert(id)? else {
        return Ok(None);
    };
    let mut tasks = tx.tasks_of_scope(&alert.key.scope)?;
    tasks.retain(|task| task.alert_ids.contains(id));
    let units = units_of(tx, &tasks)?;
    Ok(Some(AlertWithTasks {
        alert,
        tasks,
        units,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::indicator::Signal;
    use crate::views::tests::stored::arrears;

    #[test]
    fn an_alert_is_listed_if_it_meets_all_that_the_filter_gives() {
        let alert = arrears();
        let group = alert.key.scope.group().cloned();
        let all = AlertFilter::default();
        let its_own = AlertFilter {
            state: Some(AlertState::Firing),
            scope: Some(ScopeKind::Group),
            group,
            kind: Some(AlertKind::Signal(Signal::Arrears)),
        };
        assert!(all.matches(&alert) && its_own.matches(&alert));
        for other in [
            AlertFilter {
                state: Some(AlertState::Resolved),
                ..its_own.clone()
            },
            AlertFilter {
                scope: Some(ScopeKind::Unit),
                ..its_own.clone()
            },
            AlertFilter {
                group: Some(GroupId::parse("G9").expect("an id")),
                ..its_own.clone()
            },
            AlertFilter {
                kind: Some(AlertKind::Signal(Signal::KeyLine)),
                ..its_own.clone()
            },
        ] {
            assert!(!other.matches(&alert), "{other:?}");
        }
    }

    #[test]
    fn alerts_of_a_group_customer_have_no_other_level_than_group() {
        let of = |scope, group: Option<&str>| AlertFilter {
            scope,
            group: group.map(|id| GroupId::parse(id).expect("an id")),
            ..AlertFilter::default()
        };
        let unit = Some(ScopeKind::Unit);
        assert_eq!(of(unit, Some("G1")).contradiction(), unit);
        for filter in [
            of(unit, None),
            of(None, Some("G1")),
            of(Some(ScopeKind::Group), Some("G1")),
        ] {
            assert_eq!(filter.contradiction(), None, "{filter:?}");
        }
    }
}
