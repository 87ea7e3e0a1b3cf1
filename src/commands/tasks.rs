//! Commands on tasks, and tasks made by hand.

use crate::domain::alert::{Alert, TaskId};
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;
use crate::domain::reference::Reference;
use crate::domain::task::{Actor, Origin, Task};
use crate::follow_up::act::{ActContext, Acted, Action, ByHand, act, add, cancel_along};
use crate::follow_up::guard::SubscriberStandings;
use crate::follow_up::task_subscribers::named_subscribers;
use crate::pipeline::{reference_of, subscriber_standings};
use crate::plan::{PlanSettings, closed_event};
use crate::store::{Store, StoreError, Tx};

use super::error::CommandError;

/// Applies an action to a task; returns the changed task.
///
/// # Errors
/// When the action may not be done, or the store fails.
pub fn act_on_task(
    settings: &PlanSettings,
    store: &Store,
    id: &TaskId,
    action: Action,
    actor: &Actor,
    expected_version: Option<i64>,
    now: Timestamp,
) -> Result<Task, CommandError> {
    store.write_tx("act on a task", |tx| {
        let reference = match tx.task(id)? {
            Some(task) => reference_of(tx, &task.scope)?,
            None => Reference::default(),
        };
        let known = (settings, &reference);
        act_in(tx, known, id, action, actor, expected_version, now)
    })
}

/// The same within a transaction, with reference data that is already loaded.
pub(crate) fn act_in(
    tx: &Tx<'_>,
    known: (&PlanSettings, &Reference),
    id: &TaskId,
    action: Action,
    actor: &Actor,
    expected_version: Option<i64>,
    now: Timestamp,
) -> Result<Task, CommandError> {
    let task = tx
        .task(id)?
        .ok_or_else(|| CommandError::NoTask(id.clone()))?;
    let alerts = tx.alerts_of(&task)?;
    let standings = subscriber_standings(tx, named_subscribers(&task, &alerts))?;
    let cancel_note = if let Action::Cancel { note } = &action {
        Some(note.clone())
    } else {
        None
    };
    let context = ActContext {
        expected_version,
        ..context(known, (&alerts, &standings), actor, now)
    };
    let is_sent_back = matches!(action, Action::Reopen { .. });
    let acted = act(&task, action, &context)?;
    save(tx, &acted)?;
    if is_sent_back {
        judge_again(tx, &acted.alerts, now)?;
    }
    if acted.is_closed {
        closed_event(&acted.task, &known.0.closed_source, now)
            .iter()
            .try_for_each(|event| tx.insert_outgoing_event(event))?;
    }
    if let Some(note) = cancel_note {
        cancel_joint_visit(tx, known, id, note, actor, now)?;
    }
    Ok(acted.task)
}

/// Cancels the joint visit of a cancelled task, unless it has been accepted already.
fn cancel_joint_visit(
    tx: &Tx<'_>,
    known: (&PlanSettings, &Reference),
    id: &TaskId,
    note: String,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), CommandError> {
    let visit = tx.task(&Task::id_from(&Origin::JointVisitFor(id.clone())))?;
    let Some(visit) = visit else { return Ok(()) };
    let standings = SubscriberStandings::new();
    let context = context(known, (&[], &standings), actor, now);
    match cancel_along(&visit, note, &context)? {
        Some(acted) => Ok(save(tx, &acted)?),
        None => Ok(()),
    }
}

/// Makes a task by hand.
///
/// # Errors
/// When a part is missing, or the store fails.
pub fn add_task(
    settings: &PlanSettings,
    store: &Store,
    by_hand: ByHand,
    actor: &Actor,
    now: Timestamp,
) -> Result<Task, CommandError> {
    store.write_tx("add a task", |tx| {
        let reference = reference_of(tx, &Scope::Group(by_hand.group_id.clone()))?;
        add_in(tx, (settings, &reference), by_hand, actor, now)
    })
}

/// The same within a transaction, with reference data that is already loaded.
pub(crate) fn add_in(
    tx: &Tx<'_>,
    known: (&PlanSettings, &Reference),
    by_hand: ByHand,
    actor: &Actor,
    now: Timestamp,
) -> Result<Task, CommandError> {
    let taken = tx.ids_of_tasks_opened_since(now)?;
    let mut named = by_hand.may_name();
    // A masked number has been read in a mail or a list, where alerts name it.
    let alerts = tx.alerts_of_scope(&Scope::Group(by_hand.group_id.clone()))?;
    let of_alerts = alerts.iter().flat_map(Alert::named_subscribers);
    named.extend(of_alerts.filter(|subscriber| by_hand.names_masked(subscriber)));
    let standings = subscriber_standings(tx, named)?;
    let context = context(known, (&[], &standings), actor, now);
    let acted = add(by_hand, &|id| taken.contains(id), &context)?;
    save(tx, &acted)?;
    Ok(acted.task)
}

fn context<'a>(
    (settings, reference): (&'a PlanSettings, &'a Reference),
    (alerts, subscribers): (&'a [Alert], &'a SubscriberStandings),
    actor: &'a Actor,
    now: Timestamp,
) -> ActContext<'a> {
    ActContext {
        zone: settings.rules.zone,
        calendar: &settings.calendar,
        reference,
        company_head: settings.company_head.as_ref(),
        alerts,
        subscribers,
        rules: settings.follow_up,
        playbooks: &settings.playbooks,
        actor,
        expected_version: None,
        now,
    }
}

fn save(tx: &Tx<'_>, acted: &Acted) -> Result<(), StoreError> {
    tx.save_task(&acted.task)?;
    acted
        .notices
        .iter()
        .try_for_each(|notice| tx.insert_notice(notice))?;
    acted
        .alerts
        .iter()
        .try_for_each(|alert| tx.save_alert(alert))
}

/// Has the subjects of alerts that are open again judged: what became of them meanwhile has been
/// judged by nobody.
fn judge_again(tx: &Tx<'_>, alerts: &[Alert], now: Timestamp) -> Result<(), StoreError> {
    let subjects: Vec<_> = alerts
        .iter()
        .filter_map(|alert| Some((alert.key.subject.entity_key()?, now)))
        .collect();
    tx.put_signal_checks(&subjects)
}
