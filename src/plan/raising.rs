//! Raising the alerts that are wanted, beside those that are open.
//!
//! It does not know where alerts are kept: the caller passes the past ones that are asked for.
//! Invariant: at one place at most one alert of a period is open.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertChange, AlertId, AlertKey};
use crate::domain::indicator::AlertKind;
use crate::domain::local_day::Timestamp;
use crate::evaluate::alerts::{ExistingAlerts, Wanted, raise};

use super::open_work::{OpenWork, Place};

/// Raises what is wanted. Of several that are wanted in one place only the first counts that
/// changes something or has an open alert, which continues. `ended` have ended in the same
/// evaluation.
///
/// `occurrences` gives every occurrence of what is wanted in its period, by number; none where one
/// of them is not what was written: then nothing is raised over it.
pub(super) fn raise_beside<E>(
    wanted: Vec<Wanted>,
    (work, ended): (&OpenWork, &[AlertChange]),
    now: Timestamp,
    mut occurrences: impl FnMut(&Wanted) -> Result<Option<Vec<Alert>>, E>,
) -> Result<Vec<AlertChange>, E> {
    let ended: BTreeMap<&AlertKey, &Alert> = ended
        .iter()
        .map(|change| (&change.alert().key, change.alert()))
        .collect();
    let mut done: BTreeSet<Place> = BTreeSet::new();
    let mut changes = Vec::new();
    for one in wanted {
        let place = (one.scope.clone(), one.kind, one.subject.clone());
        if done.contains(&place) {
            continue;
        }
        let is_of_period = |alert: &Alert| {
            matches!(one.kind, AlertKind::Signal(_)) || alert.key.period == one.period
        };
        let held = work
            .alerts_at(&place)
            .filter(|alert| is_of_period(alert) && !ended.contains_key(&alert.key))
            .last();
        let standing: Vec<Alert> = match held {
            // What has not been done yet only continues.
            Some(alert) if alert.count_when_done.is_none() => vec![alert.clone()],
            held => {
                let as_now =
                    |alert: Alert| ended.get(&alert.key).map_or(alert, |now| (*now).clone());
                let Some(known) = occurrences(&one)? else {
                    continue;
                };
                let mut standing: Vec<Alert> = known.into_iter().map(as_now).collect();
                standing.extend(held.filter(|alert| alert.key.period != one.period).cloned());
                standing
            }
        };
        let with_open_task: BTreeSet<AlertId> = standing
            .iter()
            .map(Alert::alert_id)
            .filter(|id| work.is_held(id))
            .collect();
        let raised = raise(
            vec![one],
            &ExistingAlerts {
                alerts: &standing,
                with_open_task: &with_open_task,
            },
            now,
        );
        if held.is_some() || !raised.is_empty() {
            done.insert(place);
        }
        changes.extend(raised);
    }
    Ok(changes)
}
