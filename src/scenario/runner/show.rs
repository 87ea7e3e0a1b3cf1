//! What there is in the store, as a scenario sees it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertId, TaskId};
use crate::domain::indicator::{AlertKind, ScopeKind};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::task::Task;
use crate::domain::zone::Zone;
use crate::follow_up::playbook::Selector;
use crate::pipeline::Pipeline;
use crate::report::Instants;
use crate::scenario::{Expectation, List, ListedItem, Snapshot, Touched, snapshot};
use crate::store::{QueuedMail, Store, StoreError};
use crate::views::ViewError;
use crate::views::daily::rows_of_day;
use crate::views::lists::{AlertRow, TaskListContext, TaskRow};
use crate::views::queries::{ToVerify, units_of};

/// All there is at `now`; of rows of the daily report those of today, and of the days that are
/// asked for.
pub(super) fn all(
    pipeline: &Pipeline,
    now: Timestamp,
    asked: &[Expectation],
) -> Result<Snapshot, ViewError> {
    let (store, rules) = (pipeline.store(), &pipeline.settings().plan.rules);
    let today = rules.zone.day_of(now);
    let mut lists: BTreeMap<List, Vec<ListedItem>> = BTreeMap::new();
    let tasks = tasks(store, rules.zone, now)?;
    lists.insert(
        List::Tasks,
        tasks.into_iter().map(|(_, item)| item).collect(),
    );
    store.read_tx("show what there is", |tx| {
        let tasks = tx.tasks()?;
        let answered: BTreeSet<&AlertId> = tasks.iter().flat_map(|task| &task.alert_ids).collect();
        let alert = |one: &Alert| {
            let has_task = Some(answered.contains(&one.alert_id()));
            snapshot::alert(&AlertRow {
                alert: one,
                has_task,
                reader: None,
            })
        };
        lists.insert(List::Alerts, tx.alerts()?.iter().map(alert).collect());
        let readers = readers(pipeline);
        let mail = |one: &QueuedMail| {
            snapshot::mail(one, readers.get(&one.mail.recipient).map(String::as_str))
        };
        lists.insert(List::Mails, tx.mails()?.iter().map(mail).collect());
        let reminders = tx.reminders()?;
        lists.insert(
            List::Reminders,
            reminders.iter().map(snapshot::reminder).collect(),
        );
        lists.insert(
            List::Rejects,
            tx.rejects()?.iter().map(snapshot::reject).collect(),
        );
        Ok::<_, StoreError>(())
    })?;
    let is_of_rows = |one: &Expectation| matches!(one.list, List::Figures | List::Verdicts);
    if asked.iter().any(is_of_rows) {
        let asked = asked.iter().filter_map(Expectation::date);
        for day in asked.chain([today]).collect::<BTreeSet<LocalDay>>() {
            for row in rows_of_day(store, rules, day, None, now)? {
                let (figures, verdicts) = snapshot::figures(&row);
                lists.entry(List::Figures).or_default().push(figures);
                lists.entry(List::Verdicts).or_default().push(verdicts);
            }
        }
    }
    Ok(Snapshot { today, lists })
}

/// Every task with its id.
pub(super) fn tasks(
    store: &Store,
    zone: Zone,
    now: Timestamp,
) -> Result<Vec<(TaskId, ListedItem)>, StoreError> {
    store.read_tx("show the tasks", |tx| {
        let (alerts, tasks) = (tx.alerts()?, tx.tasks()?);
        let kinds: BTreeMap<AlertId, AlertKind> = alerts
            .iter()
            .map(|alert| (alert.alert_id(), alert.key.kind))
            .collect();
        let beside = TaskListContext {
            to_verify: &ToVerify::new(zone).of_tasks(tx, &tasks)?,
            units: &units_of(tx, &tasks)?,
            now,
            instants: Instants::Utc,
        };
        let item = |task: &Task| {
            let of_it = task.alert_ids.iter().filter_map(|id| kinds.get(id));
            let alert_kinds: Vec<AlertKind> = of_it.copied().collect();
            let row = TaskRow {
                task,
                beside,
                alert_kinds: &alert_kinds,
            };
            (task.task_id.clone(), snapshot::task(&row))
        };
        Ok(tasks.iter().map(item).collect())
    })
}

/// The manager of each address.
fn readers(pipeline: &Pipeline) -> BTreeMap<String, String> {
    let mail = &pipeline.settings().plan.mail;
    let managers = pipeline.read_model().reference.managers.iter();
    let managers = managers
        .filter_map(|(id, history)| Some((history.latest()?.email.to_string(), id.to_string())));
    let fallback = [(mail.fallback.address.clone(), "fallback".to_owned())];
    let ops = mail
        .ops
        .iter()
        .map(|address| (address.clone(), "ops".to_owned()));
    fallback.into_iter().chain(ops).chain(managers).collect()
}

/// Which kinds of alerts there are, and which playbooks answered them.
pub(super) fn touched(pipeline: &Pipeline) -> Result<Touched, StoreError> {
    let (alerts, tasks) = pipeline.store().read_tx("list alerts", |tx| {
        Ok::<_, StoreError>((tx.alerts()?, tx.tasks()?))
    })?;
    let held: BTreeSet<&AlertId> = tasks.iter().flat_map(|task| &task.alert_ids).collect();
    let kinds: BTreeSet<AlertKind> = alerts.iter().map(|alert| alert.key.kind).collect();
    let answered = alerts
        .iter()
        .filter(|alert| held.contains(&alert.alert_id()))
        .filter_map(|alert| {
            let found = pipeline
                .settings()
                .plan
                .playbooks
                .answering(alert, &pipeline.read_model().reference);
            found.map(|playbook| name_of(&playbook.selector))
        });
    Ok(Touched {
        kinds,
        playbooks: answered.collect(),
    })
}

/// A playbook's name: which alerts it answers, as short as may be.
pub(super) fn name_of(selector: &Selector) -> String {
    let scope = match selector.scope {
        ScopeKind::Group => String::new(),
        other => format!("{} ", other.name()),
    };
    let tier = selector
        .tier
        .map_or(String::new(), |tier| format!(" tier {}", tier.name()));
    let industry = selector
        .industry
        .as_ref()
        .map_or(String::new(), |industry| format!(" {industry}"));
    format!("{scope}{}{tier}{industry}", selector.alert_kind.name())
}
