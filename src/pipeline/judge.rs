//! Judging the signals, within the transaction of a look.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertChange, AlertId, AlertKey};
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::Timestamp;
use crate::evaluate::alerts::{Standing, Wanted, raise};
use crate::plan::{Judged, SignalLook};
use crate::store::{StoreError, Tx};

use super::Pipeline;

/// Of which scope, of which kind, about what.
type Place = (Scope, AlertKind, Box<str>);

impl Pipeline {
    /// Judges what has news that is due, every group and unit, and every open signal beside them.
    pub(super) fn judge_signals(
        &self,
        tx: &Tx<'_>,
        open: &[Alert],
        with_open_task: &BTreeSet<AlertId>,
        now: Timestamp,
    ) -> Result<Vec<AlertChange>, StoreError> {
        let due = tx.take_signal_checks(now)?;
        let timelines = tx.timelines(&due)?;
        let mut news = Judged::default();
        due.into_iter().zip(&timelines).for_each(|(key, timeline)| news.put(key, timeline.as_ref()));
        let look = SignalLook::new(self.world.picture(&self.settings.rules), &news, now);
        tx.put_signal_checks(&look.judged_again())?;
        let ended = look.ended(open);
        let mut changes = raise_beside(tx, look.wanted(), (open, &ended), with_open_task, now)?;
        changes.splice(0..0, ended);
        Ok(changes)
    }
}

/// Makes what is wanted stand. Of several that are wanted in one place the first that is news counts: it goes on under an
/// alert that is open.
fn raise_beside(
    tx: &Tx<'_>,
    wanted: Vec<Wanted>,
    (open, ended): (&[Alert], &[AlertChange]),
    with_open_task: &BTreeSet<AlertId>,
    now: Timestamp,
) -> Result<Vec<AlertChange>, StoreError> {
    let place = |alert: &Alert| -> Place { (alert.key.scope.clone(), alert.key.kind, alert.key.subject.clone()) };
    let mut held: BTreeMap<Place, &Alert> = open.iter().map(|alert| (place(alert), alert)).collect();
    for change in ended {
        held.remove(&place(change.alert()));
    }
    let ended: BTreeMap<&AlertKey, &Alert> = ended.iter().map(|change| (&change.alert().key, change.alert())).collect();
    let mut done: BTreeSet<Place> = BTreeSet::new();
    let mut changes = Vec::new();
    for one in wanted {
        let place = (one.scope.clone(), one.kind, one.subject.clone());
        if done.contains(&place) {
            continue;
        }
        let held = held.get(&place);
        let standing: Vec<Alert> = match held {
            // What has not been done yet only goes on.
            Some(alert) if alert.done_k.is_none() => vec![(*alert).clone()],
            held => {
                let as_now = |alert: Alert| ended.get(&alert.key).map_or(alert, |now| (*now).clone());
                let mut standing: Vec<Alert> = occurrences(tx, &one)?.into_iter().map(as_now).collect();
                standing.extend(held.filter(|alert| alert.key.period != one.period).map(|alert| (*alert).clone()));
                standing
            }
        };
        let raised = raise(vec![one], &Standing { alerts: &standing, with_open_task }, now);
        if held.is_some() || !raised.is_empty() {
            done.insert(place);
        }
        changes.extend(raised);
    }
    Ok(changes)
}

/// Every occurrence of what is wanted in its period: they are counted from 1 on, and each has the id of its number.
fn occurrences(tx: &Tx<'_>, wanted: &Wanted) -> Result<Vec<Alert>, StoreError> {
    let Wanted { scope, kind, subject, period, .. } = wanted;
    let key = |occurrence| AlertKey { scope: scope.clone(), kind: *kind, subject: subject.clone(), period: *period, occurrence };
    let mut known = Vec::new();
    while let Some(alert) = tx.alert(&key(known.len() as u32 + 1).alert_id())? {
        known.push(alert);
    }
    Ok(known)
}
