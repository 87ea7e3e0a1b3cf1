//! What there is in the store, as a scenario sees it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertId, TaskId};
use crate::domain::indicator::AlertKind;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::follow_up::playbook::Selector;
use crate::pipeline::{Pipeline, load_read_model};
use crate::plan::daily_rows;
use crate::scenario::{
    Expectation, List, Seen, Shown, Touched, alert, figures, mail, reject, reminder, task,
};
use crate::store::{Store, StoreError};

/// All there is at `now`; of rows of the daily report those of today, and of the days that are
/// asked for.
pub(super) fn all(
    pipeline: &Pipeline,
    now: Timestamp,
    asked: &[Expectation],
) -> Result<Shown, StoreError> {
    let zone = pipeline.settings().plan.rules.zone;
    let today = zone.day_of(now);
    let mut lists: BTreeMap<List, Vec<Seen>> = BTreeMap::new();
    let needs_rows = asked
        .iter()
        .any(|one| matches!(one.list, List::Figures | List::Verdicts));
    let days: BTreeSet<LocalDay> = asked
        .iter()
        .filter_map(Expectation::date)
        .map(LocalDay::from_date)
        .chain([today])
        .collect();
    pipeline.store().read("show what there is", |tx| {
        let (alerts, tasks) = (tx.alerts()?, tx.tasks()?);
        let with_task: BTreeSet<&AlertId> = tasks.iter().flat_map(|task| &task.alert_ids).collect();
        lists.insert(
            List::Alerts,
            alerts
                .iter()
                .map(|one| alert(one, with_task.contains(&one.alert_id())))
                .collect(),
        );
        let by_id: BTreeMap<AlertId, Alert> = alerts
            .iter()
            .map(|one| (one.alert_id(), one.clone()))
            .collect();
        lists.insert(
            List::Tasks,
            tasks.iter().map(|one| task(one, &by_id, now)).collect(),
        );
        let readers = readers(pipeline);
        let mails = tx.mails()?;
        let mails = mails.iter().map(|one| {
            mail(
                &one.mail,
                &one.delivery,
                readers.get(&*one.mail.recipient).map(String::as_str),
            )
        });
        lists.insert(List::Mails, mails.collect());
        lists.insert(
            List::Reminders,
            tx.reminders()?.iter().map(reminder).collect(),
        );
        lists.insert(
            List::Rejects,
            tx.rejects()?
                .iter()
                .map(|one| reject(one.class.name(), &one.reason))
                .collect(),
        );
        if needs_rows {
            let world = load_read_model(tx)?;
            for day in days {
                let first = tx.first_published_churned(day)?;
                for row in daily_rows(
                    world.inputs(&pipeline.settings().plan.rules),
                    day,
                    now,
                    false,
                    &first,
                ) {
                    let (row, verdicts) = figures(&row);
                    lists.entry(List::Figures).or_default().push(row);
                    lists.entry(List::Verdicts).or_default().push(verdicts);
                }
            }
        }
        Ok(Shown {
            today: today.date(),
            lists,
        })
    })
}

/// Every task with its id.
pub(super) fn tasks(store: &Store, now: Timestamp) -> Result<Vec<(TaskId, Seen)>, StoreError> {
    store.read("show the tasks", |tx| {
        let by_id: BTreeMap<AlertId, Alert> = tx
            .alerts()?
            .into_iter()
            .map(|one| (one.alert_id(), one))
            .collect();
        Ok(tx
            .tasks()?
            .iter()
            .map(|one| (one.task_id.clone(), task(one, &by_id, now)))
            .collect())
    })
}

/// Whose an address is.
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
    let (alerts, tasks) = pipeline.store().read("list alerts", |tx| {
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
    let scope = match selector.scope.name() {
        "group" => String::new(),
        other => format!("{other} "),
    };
    let tier = selector
        .tier
        .map_or(String::new(), |tier| format!(" tier {tier:?}"));
    let industry = selector
        .industry
        .as_ref()
        .map_or(String::new(), |industry| format!(" {industry}"));
    format!("{scope}{}{tier}{industry}", selector.alert_kind.name())
}
