//! Raising the alerts that are wanted, beside those that are open.
//!
//! It does not know where alerts are kept: the caller passes the past ones that are asked for.
//! Invariant: at one place at most one alert of a period is open.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertChange, AlertId, AlertKey};
use crate::domain::indicator::AlertKind;
use crate::domain::local_day::Timestamp;
use crate::evaluate::alerts::{ExistingAlerts, Wanted, raise};

use super::open_work::{AlertPlace, OpenWork};

/// Every occurrence in its period, by number, of what is wanted, by the key of its first. One that
/// is not here is damaged: nothing is raised over it.
pub(crate) type Occurrences = BTreeMap<AlertKey, Vec<Alert>>;

/// The first occurrence of what is wanted.
fn first_key(wanted: &Wanted) -> AlertKey {
    AlertKey {
        scope: wanted.scope.clone(),
        kind: wanted.kind,
        subject: wanted.subject.clone(),
        period: wanted.period,
        occurrence: 1,
    }
}

/// The alerts that have ended in the same evaluation.
type EndedAlerts<'a> = BTreeMap<&'a AlertKey, &'a Alert>;

fn by_key(ended: &[AlertChange]) -> EndedAlerts<'_> {
    ended
        .iter()
        .map(|change| (&change.alert().key, change.alert()))
        .collect()
}

fn place_of(wanted: &Wanted) -> AlertPlace {
    (wanted.scope.clone(), wanted.kind, wanted.subject.clone())
}

/// The open alert in the place of what is wanted, if it goes on.
fn held<'a>(
    wanted: &Wanted,
    place: &AlertPlace,
    work: &'a OpenWork,
    ended: &EndedAlerts<'_>,
) -> Option<&'a Alert> {
    let is_of_period = |alert: &Alert| {
        matches!(wanted.kind, AlertKind::Signal(_)) || alert.key.period == wanted.period
    };
    work.alerts_at(place)
        .filter(|alert| is_of_period(alert) && !ended.contains_key(&alert.key))
        .last()
}

/// Whether an open alert merely continues: what it is about has not been done yet.
const fn continues(held: &Alert) -> bool {
    held.count_when_done.is_none()
}

/// The first occurrences of what is wanted of which all must be known: no open alert merely
/// continues.
pub(super) fn asked_occurrences(
    wanted: &[Wanted],
    (work, ended): (&OpenWork, &[AlertChange]),
) -> BTreeSet<AlertKey> {
    let ended = by_key(ended);
    let is_asked = |one: &&Wanted| !held(one, &place_of(one), work, &ended).is_some_and(continues);
    wanted.iter().filter(is_asked).map(first_key).collect()
}

/// Raises what is wanted. Of several that are wanted in one place only the first counts that
/// changes something or has an open alert, which continues. `ended` have ended in the same
/// evaluation; `occurrences` are those that were [asked for](asked_occurrences).
pub(super) fn raise_beside(
    wanted: Vec<Wanted>,
    (work, ended): (&OpenWork, &[AlertChange]),
    now: Timestamp,
    occurrences: &Occurrences,
) -> Vec<AlertChange> {
    let ended = by_key(ended);
    let mut done: BTreeSet<AlertPlace> = BTreeSet::new();
    let mut changes = Vec::new();
    for one in wanted {
        let place = place_of(&one);
        if done.contains(&place) {
            continue;
        }
        let held = held(&one, &place, work, &ended);
        let standing: Vec<Alert> = match held {
            Some(alert) if continues(alert) => vec![alert.clone()],
            held => {
                let as_now = |alert: &Alert| (*ended.get(&alert.key).unwrap_or(&alert)).clone();
                let Some(known) = occurrences.get(&first_key(&one)) else {
                    continue;
                };
                let mut standing: Vec<Alert> = known.iter().map(as_now).collect();
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
    changes
}
