//! Judging indicators and signals, within the transaction of an evaluation.

use std::collections::BTreeSet;

use crate::domain::alert::{Alert, AlertChange, AlertKey};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::local_day::{Month, Timestamp};
use crate::plan::{
    AlertsPlan, EndedSignals, JudgedSubjects, Leavers, Occurrences, SignalEvaluation,
};
use crate::store::{StoreError, Tx};

use super::Pipeline;
use super::work::KeptWork;

impl Pipeline {
    /// Judges the indicators of some months.
    pub(super) fn judge_indicators(
        &self,
        tx: &Tx<'_>,
        work: &KeptWork,
        months: &[Month],
        now: Timestamp,
    ) -> Result<Vec<AlertChange>, StoreError> {
        let plan = AlertsPlan::of_indicators(&self.counted, months, &work.open, now);
        let occurrences = occurrences(tx, work, &plan, now)?;
        Ok(plan.finish(&occurrences))
    }

    /// Judges the subjects that are due, the groups that were touched and the units, and every open
    /// signal beside them: the alerts that changed, and the subscribers that were judged.
    pub(super) fn judge_signals(
        &self,
        tx: &Tx<'_>,
        work: &KeptWork,
        now: Timestamp,
    ) -> Result<(Vec<AlertChange>, BTreeSet<SubscriberId>), StoreError> {
        let due = tx.take_signal_checks(now)?;
        let timelines = tx.timelines(&due)?;
        let mut subjects = JudgedSubjects::default();
        due.into_iter()
            .zip(&timelines)
            .for_each(|(key, timeline)| subjects.put_timeline(key, timeline.as_ref()));
        let signals = SignalEvaluation::new(
            self.read_model.inputs(&self.settings.plan.rules),
            &subjects,
            now,
            self.read_model.read_until(now),
        );
        tx.put_signal_checks(&signals.judged_again())?;
        tx.note_leavers(&signals.leavers())?;
        let span = signals.leavers_span();
        let leavers = |group: GroupId| tx.leavers(&group, span).map(|left| (group, left));
        let leavers = signals
            .groups_left()
            .into_keys()
            .map(leavers)
            .collect::<Result<Leavers, StoreError>>()?;
        let ended = EndedSignals::new(&signals, &self.touched, &work.open);
        let silences = match ended.asks_silences_since(&signals) {
            Some(day) => tx.silences_since(day)?,
            None => Vec::new(),
        };
        let plan = AlertsPlan::of_signals(&signals, &self.counted, &leavers, (ended, &silences));
        let occurrences = occurrences(tx, work, &plan, now)?;
        let changes = plan.finish(&occurrences);
        Ok((changes, signals.subscribers()))
    }
}

/// Every occurrence of what the plan asks for.
fn occurrences(
    tx: &Tx<'_>,
    work: &KeptWork,
    plan: &AlertsPlan<'_>,
    now: Timestamp,
) -> Result<Occurrences, StoreError> {
    let mut known = Occurrences::new();
    for first in plan.asks_occurrences() {
        if let Some(alerts) = work.unless_damaged(tx, occurrences_of(tx, &first), now)? {
            known.insert(first, alerts);
        }
    }
    Ok(known)
}

/// An alert's occurrences in its period: they are counted from 1 on, and each has the id of its
/// number.
fn occurrences_of(tx: &Tx<'_>, first: &AlertKey) -> Result<Vec<Alert>, StoreError> {
    let key = |occurrence| AlertKey {
        occurrence,
        ..first.clone()
    };
    let mut known = Vec::new();
    while let Some(alert) = tx.alert(&key(known.len() as u32 + 1).alert_id())? {
        known.push(alert);
    }
    Ok(known)
}
