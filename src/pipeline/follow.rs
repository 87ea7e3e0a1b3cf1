//! Following up: what is read for it, and everything that it decides written, in the transaction of
//! an evaluation or a sweep.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertChange, AlertId, ResolvedBecause, TaskId};
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;
use crate::domain::silence::Silence;
use crate::domain::task::{Assignee, Origin, Task};
use crate::domain::timeline::SubscriberTimeline;
use crate::follow_up::guard::{SubscriberStanding, SubscriberStandings};
use crate::follow_up::hand_over::hand_over;
use crate::follow_up::sweep::{AlertsById, escalate_late, go_by_subscribers, next_late};
use crate::follow_up::task_subscribers::{goes_by_subscribers, named_subscribers};
use crate::follow_up::tasks::{FollowUp, FollowUpContext, follow_up};
use crate::store::{StoreError, Tx};

use super::work::OpenWork;
use super::{Pipeline, named_members};

/// What following up looks at, beside the open tasks.
#[derive(Debug, Default)]
pub(super) struct Background {
    resolved: BTreeMap<AlertId, ResolvedBecause>,
    made_today: BTreeMap<Assignee, u32>,
    silences: Vec<Silence>,
    pub(super) subscribers: SubscriberStandings,
    ended: BTreeSet<TaskId>,
}

impl Pipeline {
    /// Follows changes of alerts up and saves everything.
    ///
    /// What time and reference alone do to open tasks (another assignee, an escalation) is looked
    /// for only when it may be there.
    pub(super) fn follow(
        &self,
        tx: &Tx<'_>,
        (changes, judged): (&[AlertChange], &BTreeSet<SubscriberId>),
        work: &mut OpenWork,
        now: Timestamp,
    ) -> Result<FollowUp, StoreError> {
        let basis = (
            self.read_model.structure,
            self.settings.rules.zone.day_of(now),
        );
        let is_due = work.may_be_due(basis, now);
        let touched = work.tasks_naming(judged);
        if changes.is_empty() && touched.is_empty() && !is_due {
            return Ok(FollowUp::default());
        }
        tx.save_alerts(changes.iter().map(AlertChange::alert))?;
        named_members::note(tx, changes, &self.read_model.reference)?;
        let scopes: BTreeSet<&Scope> = changes
            .iter()
            .map(|change| &change.alert().key.scope)
            .collect();
        let is_looked_at = |task: &&Task| {
            is_due || scopes.contains(&task.scope) || touched.contains(&task.task_id)
        };
        let tasks: Vec<&Task> = work.tasks().filter(is_looked_at).collect();
        let mut background = Background::default();
        let mut done = FollowUp::default();
        if is_due {
            done.add(hand_over(
                tasks.iter().copied(),
                &self.follow_up_context(&background, now),
            ));
        }
        if !changes.is_empty() {
            background = self.background(tx, changes, work, now)?;
            let context = self.follow_up_context(&background, now);
            let followed = follow_up(
                changes,
                done.after(&tasks)
                    .filter(|task| scopes.contains(&task.scope)),
                &context,
            );
            done.add(followed);
        }
        let minded = self.mind_subscribers(tx, (changes, &touched), (&tasks, &done), work, now)?;
        done.add(minded);
        if is_due {
            let context = self.follow_up_context(&background, now);
            let late = escalate_late(done.after(&tasks), self.settings.sweep, &context);
            let next = next_late(done.after(&tasks), self.settings.sweep, &context);
            self.save_closed(tx, &late.tasks, now)?;
            done.add(late);
            work.nothing_due(basis, next);
        }
        save(tx, &done)?;
        Ok(done)
    }

    /// Goes by how subscribers stand now, in tasks whose alerts changed, and in those that name a
    /// `touched` subscriber.
    fn mind_subscribers(
        &self,
        tx: &Tx<'_>,
        (changes, touched): (&[AlertChange], &BTreeSet<TaskId>),
        (tasks, done): (&[&Task], &FollowUp),
        work: &OpenWork,
        now: Timestamp,
    ) -> Result<FollowUp, StoreError> {
        let changed: BTreeMap<AlertId, &Alert> = changes
            .iter()
            .map(|change| (change.alert().alert_id(), change.alert()))
            .collect();
        let alert = |id: &AlertId| changed.get(id).copied().or_else(|| work.alert(id));
        let is_concerned = |task: &&Task| {
            touched.contains(&task.task_id)
                || task.alert_ids.iter().any(|id| changed.contains_key(id))
        };
        let goes_by_subscribers =
            |task: &&Task| goes_by_subscribers(task, task.alert_ids.iter().filter_map(alert));
        let concerned: Vec<&Task> = done
            .after(tasks)
            .chain(done.begun())
            .filter(is_concerned)
            .filter(goes_by_subscribers)
            .collect();
        if concerned.is_empty() {
            return Ok(FollowUp::default());
        }
        let alerts: AlertsById<'_> = concerned
            .iter()
            .flat_map(|task| &task.alert_ids)
            .filter_map(|id| Some((id, alert(id)?)))
            .collect();
        let named = concerned.iter().flat_map(|task| {
            named_subscribers(
                task,
                task.alert_ids
                    .iter()
                    .filter_map(|id| alerts.get(id).copied()),
            )
        });
        let subscribers = subscriber_standings(tx, named.collect())?;
        let background = Background {
            subscribers,
            ..Background::default()
        };
        Ok(go_by_subscribers(
            concerned,
            &alerts,
            &self.follow_up_context(&background, now),
        ))
    }

    /// What the follow-up of these changes looks at: nothing else of tasks than those of the scopes
    /// that changed.
    pub(super) fn background(
        &self,
        tx: &Tx<'_>,
        changes: &[AlertChange],
        work: &OpenWork,
        now: Timestamp,
    ) -> Result<Background, StoreError> {
        let zone = self.settings.rules.zone;
        let mut background = Background {
            silences: tx.silences_since(zone.day_of(now))?,
            ..Background::default()
        };
        background.made_today = tx
            .count_tasks_opened_since(zone.start_of(zone.day_of(now)))?
            .into_iter()
            .collect();
        let scopes: BTreeSet<_> = changes
            .iter()
            .map(|change| &change.alert().key.scope)
            .collect();
        let changed_now: BTreeSet<AlertId> = changes
            .iter()
            .map(|change| change.alert().alert_id())
            .collect();
        let beside: Vec<&Task> = work
            .tasks()
            .filter(|task| scopes.contains(&task.scope))
            .collect();
        for id in beside
            .iter()
            .flat_map(|task| &task.alert_ids)
            .filter(|id| !changed_now.contains(id))
        {
            if let Some(because) = work.alert(id).and_then(|alert| alert.resolved_because) {
                background.resolved.insert(id.clone(), because);
            }
        }
        background.subscribers = subscriber_standings(
            tx,
            changes
                .iter()
                .flat_map(|change| change.alert().named_subscribers())
                .collect(),
        )?;
        let of_changes = changes
            .iter()
            .map(|change| Task::id_of(&change.alert().alert_id()));
        let begun: BTreeSet<TaskId> = of_changes
            .chain(beside.iter().map(|task| task.task_id.clone()))
            .collect();
        for id in begun {
            let visit = Task::id_from(&Origin::JointVisitFor(id.clone()));
            for id in [id, visit] {
                // One that is not what was written is not begun anew over it.
                let has_ended = work
                    .unless_damaged(tx, tx.task(&id), now)?
                    .is_none_or(|task| task.is_some_and(|task| !task.state.is_open()));
                background.ended.extend(has_ended.then_some(id));
            }
        }
        Ok(background)
    }

    pub(super) fn follow_up_context<'a>(
        &'a self,
        background: &'a Background,
        now: Timestamp,
    ) -> FollowUpContext<'a> {
        FollowUpContext {
            zone: self.settings.rules.zone,
            calendar: &self.settings.calendar,
            playbooks: &self.settings.playbooks,
            reference: &self.read_model.reference,
            company_head: self.settings.company_head.as_ref(),
            rules: self.settings.follow_up,
            resolved: &background.resolved,
            made_today: &background.made_today,
            silences: &background.silences,
            observed_units: &self.settings.observed_units,
            subscribers: &background.subscribers,
            ended: &background.ended,
            now,
            read_until: self.read_model.read_until(now),
        }
    }
}

/// How those of the subscribers stand that are known.
pub fn subscriber_standings(
    tx: &Tx<'_>,
    subscribers: BTreeSet<SubscriberId>,
) -> Result<SubscriberStandings, StoreError> {
    let standing = |timeline: SubscriberTimeline| SubscriberStanding::of(&timeline.walk());
    Ok(timelines_of(tx, subscribers)?
        .into_iter()
        .map(|(subscriber, timeline)| (subscriber, standing(timeline)))
        .collect())
}

/// The timelines of those of the subscribers that have one.
pub(super) fn timelines_of(
    tx: &Tx<'_>,
    subscribers: BTreeSet<SubscriberId>,
) -> Result<BTreeMap<SubscriberId, SubscriberTimeline>, StoreError> {
    if subscribers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys: Vec<EntityKey> = subscribers
        .iter()
        .cloned()
        .map(EntityKey::Subscriber)
        .collect();
    let known = subscribers.into_iter().zip(tx.timelines(&keys)?);
    Ok(known
        .filter_map(|(subscriber, entity)| {
            if let Some(Entity::Subscriber(timeline)) = entity {
                Some((subscriber, timeline))
            } else {
                None
            }
        })
        .collect())
}

/// Saves what was decided.
pub(super) fn save(tx: &Tx<'_>, done: &FollowUp) -> Result<(), StoreError> {
    tx.save_tasks(&done.tasks)?;
    done.notices
        .iter()
        .try_for_each(|notice| tx.insert_notice(notice))?;
    tx.save_alerts(done.alerts.iter())
}
