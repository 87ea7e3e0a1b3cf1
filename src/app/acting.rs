//! What people do from the command line: read, decide, save, in one transaction; safe beside a
//! running worker.
//!
//! Invariant: whatever is changed is recorded with whoever changed it, and with the system's user.

use anyhow::anyhow;

use crate::domain::alert::{Alert, AlertId, TaskId};
use crate::domain::ids::ManagerId;
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;
use crate::domain::reference::Reference;
use crate::domain::silence::Silence;
use crate::domain::task::{Actor, Origin, Task, TaskState};
use crate::follow_up::acknowledging::acknowledge;
use crate::follow_up::act::{ActContext, Acted, Action, Authority, ByHand, act, add};
use crate::follow_up::guard::Lines;
use crate::follow_up::silencing::{SilenceRequest, silence};
use crate::follow_up::task_lines::named_lines;
use crate::pipeline::line_standing;
use crate::store::{Store, StoreError, Tx};

use super::error::AppError;
use super::reports;
use super::settings::Setup;

/// Who acts: in a manager's name, or as an operator; always with the system's user.
#[must_use]
pub fn actor(manager_id: Option<ManagerId>) -> Actor {
    Actor {
        manager_id,
        user: Some(system_user()),
    }
}

/// The user that this process runs as, by name where the system's list has him. The environment
/// could say anything.
fn system_user() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let uid = status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:"))
        .and_then(|ids| ids.split_whitespace().next());
    let Some(uid) = uid else {
        return "unknown".to_owned();
    };
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, id) = (fields.next()?, fields.nth(1)?);
        (id == uid).then(|| name.to_owned())
    });
    name.unwrap_or_else(|| format!("uid {uid}"))
}

/// Does something to a task; the task as it stands then.
///
/// # Errors
/// When it may not be done, or the store says no.
pub fn act_on(
    setup: &Setup,
    store: &Store,
    id: &TaskId,
    action: Action,
    actor: &Actor,
    expected_version: Option<i64>,
    now: Timestamp,
) -> Result<Task, AppError> {
    store.write("act on a task", |tx| {
        let reference = match tx.task(id)? {
            Some(task) => reference_at(tx, &task.scope)?,
            None => Reference::default(),
        };
        act_within(
            tx,
            (setup, &reference),
            id,
            action,
            actor,
            expected_version,
            now,
        )
    })
}

/// The same within a transaction, by who is who as it is known.
pub(super) fn act_within(
    tx: &Tx<'_>,
    (setup, reference): (&Setup, &Reference),
    id: &TaskId,
    action: Action,
    actor: &Actor,
    expected_version: Option<i64>,
    now: Timestamp,
) -> Result<Task, AppError> {
    let task = tx.task(id)?.ok_or_else(|| no_task(id))?;
    let alerts = tx.alerts_of(&task)?;
    let lines = line_standing(tx, named_lines(&task, &alerts))?;
    let cancels = if let Action::Cancel { note } = &action {
        Some(note.clone())
    } else {
        None
    };
    let acted = act(
        &task,
        action,
        &ActContext {
            expected_version,
            ..context(setup, reference, (&alerts, &lines), actor, now)
        },
    )?;
    save(tx, &acted)?;
    if let Some(note) = cancels {
        cancel_joint_visit(tx, (setup, reference), id, note, now)?;
    }
    Ok(acted.task)
}

/// Nobody goes along with a task that was cancelled, unless he has set out.
fn cancel_joint_visit(
    tx: &Tx<'_>,
    (setup, reference): (&Setup, &Reference),
    id: &TaskId,
    note: String,
    now: Timestamp,
) -> Result<(), AppError> {
    let visit = tx
        .task(&Task::id_from(&Origin::JointVisitFor(id.clone())))?
        .filter(|visit| visit.state == TaskState::Open);
    let Some(visit) = visit else { return Ok(()) };
    let worker = Actor::default();
    let acted = act(
        &visit,
        Action::Cancel { note },
        &context(setup, reference, (&[], &Lines::new()), &worker, now),
    )?;
    Ok(save(tx, &acted)?)
}

/// Makes a task by hand.
///
/// # Errors
/// When something is missing, or the store says no.
pub fn add_task(
    setup: &Setup,
    store: &Store,
    by_hand: ByHand,
    actor: &Actor,
) -> Result<Task, AppError> {
    let now = reports::now(setup, store)?;
    store.write("add a task", |tx| {
        let reference = reference_at(tx, &Scope::Group(by_hand.group_id.clone()))?;
        add_within(tx, (setup, &reference), by_hand, actor, now)
    })
}

/// The same within a transaction, by who is who as it is known.
pub(super) fn add_within(
    tx: &Tx<'_>,
    (setup, reference): (&Setup, &Reference),
    by_hand: ByHand,
    actor: &Actor,
    now: Timestamp,
) -> Result<Task, AppError> {
    let taken = tx.ids_of_tasks_opened_since(now)?;
    let lines = line_standing(tx, by_hand.may_name())?;
    let acted = add(
        by_hand,
        &|id| taken.contains(id),
        &context(setup, reference, (&[], &lines), actor, now),
    )?;
    save(tx, &acted)?;
    Ok(acted.task)
}

/// Acknowledges an alert that has no task.
///
/// # Errors
/// When it may not be done, or the store says no.
pub fn acknowledge_alert(
    setup: &Setup,
    store: &Store,
    id: &AlertId,
    actor: &Actor,
) -> Result<Alert, AppError> {
    let now = reports::now(setup, store)?;
    store.write("acknowledge an alert", |tx| -> Result<Alert, AppError> {
        let alert = tx.alert(id)?.ok_or_else(|| no_alert(id))?;
        let (reference, tasks) = (reference_at(tx, &alert.key.scope)?, tx.open_tasks()?.rows);
        let acknowledged = acknowledge(&alert, &tasks, authority(setup, &reference), actor, now)?;
        tx.save_alert(&acknowledged)?;
        Ok(acknowledged)
    })
}

/// Silences alerts for a while.
///
/// # Errors
/// When it may not be done, or the store says no.
pub fn silence_alerts(
    setup: &Setup,
    store: &Store,
    request: SilenceRequest,
) -> Result<Silence, AppError> {
    let now = reports::now(setup, store)?;
    let today = setup.config.timezone.day_of(now);
    store.write("silence alerts", |tx| -> Result<Silence, AppError> {
        let reference = reference_at(tx, &request.scope)?;
        let silence = silence(
            request,
            authority(setup, &reference),
            setup.config.alerts.silence_days_max,
            today,
            now,
        )?;
        tx.save_silence(&silence)?;
        Ok(silence)
    })
}

/// There is no such task.
pub fn no_task(id: &TaskId) -> anyhow::Error {
    anyhow!("there is no task {id}\nhint: `sisan tasks list` lists them")
}

/// There is no such alert.
pub fn no_alert(id: &AlertId) -> anyhow::Error {
    anyhow!("there is no alert {id}\nhint: `sisan alerts list` lists them")
}

fn context<'a>(
    setup: &'a Setup,
    reference: &'a Reference,
    (alerts, lines): (&'a [Alert], &'a Lines),
    actor: &'a Actor,
    now: Timestamp,
) -> ActContext<'a> {
    ActContext {
        zone: setup.config.timezone,
        calendar: &setup.calendar,
        reference,
        company_head: setup.config.company.head_manager_id.as_ref(),
        alerts,
        lines,
        rules: setup.follow_up_rules(),
        playbooks: &setup.playbooks,
        event_source: &setup.config.tasks.closed_source,
        actor,
        expected_version: None,
        now,
    }
}

fn authority<'a>(setup: &'a Setup, reference: &'a Reference) -> Authority<'a> {
    Authority {
        reference,
        company_head: setup.config.company.head_manager_id.as_ref(),
    }
}

/// The units and the managers, with what no desk has taken in yet.
///
/// # Errors
/// When the store says no.
pub fn people(tx: &Tx<'_>) -> Result<Reference, StoreError> {
    reference_at(tx, &Scope::Company)
}

/// Likewise with the group customer that something is about.
fn reference_at(tx: &Tx<'_>, scope: &Scope) -> Result<Reference, StoreError> {
    let mut reference = Reference::default();
    tx.reference_events_of_people()?
        .into_iter()
        .for_each(|event| reference.put(event));
    if let Scope::Group(group) = scope {
        tx.reference_events_of_group(group)?
            .into_iter()
            .for_each(|event| reference.put(event));
    }
    for delta in tx.queued_deltas()? {
        delta
            .references
            .into_iter()
            .for_each(|event| reference.put(event));
        reference.retract_all(
            &delta
                .retracted_references
                .iter()
                .map(|(source, id)| (source.as_str(), id.as_str()))
                .collect(),
        );
    }
    Ok(reference)
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
        .try_for_each(|alert| tx.save_alert(alert))?;
    acted
        .closed
        .iter()
        .try_for_each(|event| tx.insert_outgoing_event(event))
}
