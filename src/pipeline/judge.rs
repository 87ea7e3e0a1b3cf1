//! Judging the signals, and making stand what is wanted, within the transaction of an evaluation.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertChange, AlertId, AlertKey};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::indicator::AlertKind;
use crate::domain::local_day::Timestamp;
use crate::evaluate::alerts::{Standing, Wanted, raise};
use crate::evaluate::signals::left_company;
use crate::plan::{JudgedSubjects, Leavers, SignalEvaluation};
use crate::store::{StoreError, Tx};

use super::Pipeline;
use super::work::{OpenWork, Place};

/// What judging the signals came to.
pub(super) struct JudgedSignals {
    /// The alerts that changed.
    pub(super) changes: Vec<AlertChange>,
    /// The subscribers that were judged.
    pub(super) subscribers: BTreeSet<SubscriberId>,
}

impl Pipeline {
    /// Judges what has news that is due, the groups that were touched and the units, and every open
    /// signal beside them.
    pub(super) fn judge_signals(
        &self,
        tx: &Tx<'_>,
        work: &OpenWork,
        now: Timestamp,
    ) -> Result<JudgedSignals, StoreError> {
        let due = tx.take_signal_checks(now)?;
        let timelines = tx.timelines(&due)?;
        let mut news = JudgedSubjects::default();
        due.into_iter()
            .zip(&timelines)
            .for_each(|(key, timeline)| news.put(key, timeline.as_ref()));
        let look = SignalEvaluation::new(
            self.read_model.inputs(&self.settings.rules),
            &news,
            now,
            self.read_model.read_until(now),
        );
        tx.put_signal_checks(&look.judged_again())?;
        let ended = look.ended(work.alerts(), &self.touched);
        let rules = &self.settings.rules;
        tx.note_leavers(
            &news
                .subscribers
                .iter()
                .map(|(subscriber, facts)| (subscriber.clone(), left_company(facts, rules.zone)))
                .collect::<Vec<_>>(),
        )?;
        let from = rules.zone.day_of(now).plus(-rules.leavers_days());
        let leavers = |group: GroupId| tx.leavers(&group, from).map(|left| (group, left));
        let leavers = look
            .groups_left()
            .into_keys()
            .map(leavers)
            .collect::<Result<Leavers, StoreError>>()?;
        let wanted = look.wanted(self.counted.signals().cloned().collect(), &leavers);
        let mut changes = raise_beside(tx, wanted, (work, &ended), now)?;
        changes.splice(0..0, ended);
        Ok(JudgedSignals {
            changes,
            subscribers: news.subscribers.into_keys().collect(),
        })
    }
}

/// Makes what is wanted stand. Of several that are wanted in one place the first that is news
/// counts: it goes on under an alert that is open.
pub(super) fn raise_beside(
    tx: &Tx<'_>,
    wanted: Vec<Wanted>,
    (work, ended): (&OpenWork, &[AlertChange]),
    now: Timestamp,
) -> Result<Vec<AlertChange>, StoreError> {
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
            // What has not been done yet only goes on.
            Some(alert) if alert.count_when_done.is_none() => vec![alert.clone()],
            held => {
                let as_now =
                    |alert: Alert| ended.get(&alert.key).map_or(alert, |now| (*now).clone());
                // What is not what was written may hold already: nothing is raised over it.
                let Some(known) = work.unless_damaged(tx, occurrences(tx, &one), now)? else {
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
            &Standing {
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

/// Every occurrence of what is wanted in its period: they are counted from 1 on, and each has the
/// id of its number.
fn occurrences(tx: &Tx<'_>, wanted: &Wanted) -> Result<Vec<Alert>, StoreError> {
    let Wanted {
        scope,
        kind,
        subject,
        period,
        ..
    } = wanted;
    let key = |occurrence| AlertKey {
        scope: scope.clone(),
        kind: *kind,
        subject: subject.clone(),
        period: *period,
        occurrence,
    };
    let mut known = Vec::new();
    while let Some(alert) = tx.alert(&key(known.len() as u32 + 1).alert_id())? {
        known.push(alert);
    }
    Ok(known)
}
