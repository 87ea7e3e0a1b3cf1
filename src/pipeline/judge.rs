//! Judging indicators and signals, within the transaction of an evaluation.

use std::collections::BTreeSet;

use crate::domain::alert::{Alert, AlertChange, AlertKey};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::local_day::{Month, Timestamp};
use crate::plan::{
    JudgedSubjects, Leavers, SignalEvaluation, Wanted, indicator_changes, signal_changes,
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
        indicator_changes(&self.counted, months, &work.open, now, |wanted| {
            work.unless_damaged(tx, occurrences(tx, wanted), now)
        })
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
        let counted = (&self.counted, &self.touched);
        let occurrences = |wanted: &Wanted| work.unless_damaged(tx, occurrences(tx, wanted), now);
        let silences = |day| tx.silences_since(day);
        let changes = signal_changes(
            &signals,
            counted,
            &leavers,
            &work.open,
            occurrences,
            silences,
        )?;
        Ok((changes, signals.subscribers()))
    }
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
