//! Loads the input of a morning's briefs: once for all managers, when the first of their mails is
//! written.
//!
//! A damaged task or alert is left out; an evaluation notifies the operators of it.

use std::collections::BTreeMap;

use crate::domain::alert::{Alert, AlertChange, AlertId};
use crate::domain::brief::Brief;
use crate::domain::entity::EntityKey;
use crate::domain::ids::ManagerId;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Notice, NoticeTopic};
use crate::domain::task::Task;
use crate::plan::{
    About, ChangesByGroup, Hints, LoadedMorning, MorningPlan, PlanSettings, ReadModel,
    TaskWithAlerts, lapsed_low_scores, subscribers_of_tasks,
};
use crate::store::{BriefSpan, StoreError, Tx};

use super::damage::or_notify;
use super::subscribers::subscriber_standings;

/// Timelines that are read at once.
const READ_AT_ONCE: usize = 10_000;

/// The briefs of the last morning for which any were asked.
#[derive(Debug, Default)]
pub(crate) struct Briefs {
    /// When they are due; none if no brief is asked for.
    until: Option<Timestamp>,
    /// As now known.
    pub by_manager: BTreeMap<ManagerId, Brief>,
    /// Alerts that lapse with them.
    lapsed: Vec<AlertChange>,
}

impl Briefs {
    /// Reads them, and changes nothing.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn load(
        tx: &Tx<'_>,
        read_model: &ReadModel,
        settings: &PlanSettings,
    ) -> Result<Self, StoreError> {
        let Some(asked) = tx.brief_span()? else {
            return Ok(Self::default());
        };
        let plan = MorningPlan::new(settings, read_model, (asked.since, asked.until));
        let loaded = load(tx, &plan, asked)?;
        Ok(Self {
            until: Some(asked.until),
            lapsed: lapsed_low_scores(&loaded.open_alerts, &read_model.reference, asked.until),
            by_manager: plan.briefs(loaded),
        })
    }

    /// Those that notices ask for; what lapses with them is saved.
    pub(super) fn load_due(
        tx: &Tx<'_>,
        read_model: &ReadModel,
        settings: &PlanSettings,
        due: &[Notice],
    ) -> Result<Self, StoreError> {
        let is_brief = |notice: &Notice| matches!(notice.topic, NoticeTopic::Brief(..));
        if !due.iter().any(is_brief) {
            return Ok(Self::default());
        }
        let briefs = Self::load(tx, read_model, settings)?;
        tx.save_alerts(briefs.lapsed.iter().map(AlertChange::alert))?;
        Ok(briefs)
    }

    /// The brief of a notice: gone, if its manager has nothing to see or it is of another morning.
    pub(super) fn about(&mut self, notice: &Notice, manager: &ManagerId) -> About {
        let brief = if self.until == Some(notice.created_at) {
            self.by_manager.remove(manager)
        } else {
            None
        };
        brief.map_or(About::Gone, |brief| About::Brief(Box::new(brief)))
    }
}

fn load(
    tx: &Tx<'_>,
    plan: &MorningPlan<'_>,
    asked: BriefSpan,
) -> Result<LoadedMorning, StoreError> {
    let hints = tx.brief_hints(asked.after_hint, asked.last_brief_hint)?;
    let open_alerts = tx.open_alerts()?.rows;
    let ended = tx
        .tasks_ended_between(plan.ended_since(), Timestamp::MAX)?
        .rows;
    let open_tasks = tasks_with_alerts(tx, &open_alerts)?;
    Ok(LoadedMorning {
        changes: changes(tx, plan, &hints)?,
        hints,
        open_alerts,
        subscribers: subscriber_standings(tx, subscribers_of_tasks(&open_tasks))?,
        open_tasks,
        ended,
        reminders: tx.reminders_of_day(plan.today())?,
    })
}

/// The changes at the places that the hints name.
fn changes(
    tx: &Tx<'_>,
    plan: &MorningPlan<'_>,
    hints: &Hints,
) -> Result<ChangesByGroup, StoreError> {
    let mut changes = ChangesByGroup::new();
    for part in MorningPlan::places(hints).chunks(READ_AT_ONCE) {
        let keys: Vec<EntityKey> = part.iter().map(|(key, ..)| key.clone()).collect();
        for ((_, group, subject, from), timeline) in part.iter().zip(tx.timelines(&keys)?) {
            let found = plan.changes_at((group, subject, *from), timeline.as_ref());
            if !found.is_empty() {
                changes.entry((*group).clone()).or_default().extend(found);
            }
        }
    }
    Ok(changes)
}

/// The open tasks with all their alerts.
fn tasks_with_alerts(
    tx: &Tx<'_>,
    open_alerts: &[Alert],
) -> Result<Vec<TaskWithAlerts>, StoreError> {
    let open: BTreeMap<AlertId, &Alert> = open_alerts
        .iter()
        .map(|alert| (alert.alert_id(), alert))
        .collect();
    let alert = |id: &AlertId| match open.get(id) {
        Some(alert) => Ok(Some((*alert).clone())),
        None => or_notify(tx.alert(id), |_| Ok(())).map(Option::flatten),
    };
    let with_alerts = |task: Task| {
        let alerts = task
            .alert_ids
            .iter()
            .map(alert)
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok((task, alerts.into_iter().flatten().collect()))
    };
    let tasks = tx.open_tasks()?.rows.into_iter();
    tasks.map(with_alerts).collect()
}
