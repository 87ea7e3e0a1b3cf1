//! Following up, within the transaction of an evaluation or a sweep: its background loaded,
//! everything that it decides saved.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::AlertChange;
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::Timestamp;
use crate::plan::{Background, BackgroundQuery, FollowUpContext, FollowUpPlan, FollowedUp};
use crate::store::{StoreError, Tx};

use super::subscribers::subscriber_standings;
use super::work::KeptWork;
use super::{Pipeline, named_members};

impl Pipeline {
    /// Follows changes of alerts up, and subscribers that were `judged`, and saves everything; how
    /// many tasks are new or changed.
    pub(super) fn follow(
        &self,
        tx: &Tx<'_>,
        (changes, judged): (&[AlertChange], &BTreeSet<SubscriberId>),
        work: &mut KeptWork,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let settings = &self.settings.plan;
        let basis = (self.read_model.structure, settings.rules.zone.day_of(now));
        let Some(mut plan) = FollowUpPlan::new((changes, judged), &work.open, basis, now) else {
            return Ok(0);
        };
        tx.save_alerts(changes.iter().map(AlertChange::alert))?;
        named_members::note(tx, changes, &self.read_model.reference)?;
        let mut background = if changes.is_empty() {
            Background::default()
        } else {
            self.background(tx, changes, work, now)?
        };
        plan.follow_up(&self.follow_up_context(&background, now));
        let named = subscriber_standings(tx, plan.named_subscribers())?;
        background.subscribers.extend(named);
        let followed = plan.finish(
            settings.sweep,
            &settings.closed_source,
            &self.follow_up_context(&background, now),
        );
        if let Some((basis, next)) = followed.nothing_due {
            work.open.nothing_due(basis, next);
        }
        save(tx, &followed)?;
        Ok(followed.done.tasks.len())
    }

    /// The background of these changes.
    pub(super) fn background(
        &self,
        tx: &Tx<'_>,
        changes: &[AlertChange],
        work: &KeptWork,
        now: Timestamp,
    ) -> Result<Background, StoreError> {
        let zone = self.settings.plan.rules.zone;
        let today = zone.day_of(now);
        let BackgroundQuery {
            resolved,
            subscribers,
            tasks,
        } = BackgroundQuery::for_changes(changes, &work.open);
        let mut ended = BTreeMap::new();
        for id in tasks {
            // One that is not what was written is not begun again over it.
            let has_ended = match work.unless_damaged(tx, tx.task(&id), now)? {
                None => Some(None),
                Some(task) => task.filter(|task| !task.state.is_open()).map(Some),
            };
            ended.extend(has_ended.map(|task| (id, task)));
        }
        Ok(Background {
            resolved,
            made_today: tx
                .count_tasks_opened_since(zone.start_of(today))?
                .into_iter()
                .collect(),
            silences: tx.silences_since(today)?,
            subscribers: subscriber_standings(tx, subscribers)?,
            ended,
        })
    }

    pub(super) fn follow_up_context<'a>(
        &'a self,
        background: &'a Background,
        now: Timestamp,
    ) -> FollowUpContext<'a> {
        let read_until = self.read_model.read_until(now);
        self.settings.plan.follow_up_context(
            &self.read_model.reference,
            background,
            (now, read_until),
        )
    }
}

/// Saves what was decided.
pub(super) fn save(tx: &Tx<'_>, followed: &FollowedUp) -> Result<(), StoreError> {
    let done = &followed.done;
    tx.save_tasks(&done.tasks)?;
    done.notices
        .iter()
        .try_for_each(|notice| tx.insert_notice(notice))?;
    tx.save_alerts(done.alerts.iter())?;
    followed
        .closed
        .iter()
        .try_for_each(|event| tx.insert_outgoing_event(event))
}
