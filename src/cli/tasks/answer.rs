//! The answers of `sisan tasks`.

use anyhow::Context;

use super::add::add;
use super::commands::{TaskFilter, TasksCommand};
use crate::cli::answers::{query, write_list};
use crate::cli::output::{ListArgs, OutputArgs};
use crate::commands::{CommandError, act_on_task, actor, people, reference_of};
use crate::domain::alert::TaskId;
use crate::domain::local_day::{Month, Timestamp};
use crate::domain::task::{Task, TaskState};
use crate::follow_up::act::Action;
use crate::follow_up::alert_response::refresh_checks;
use crate::follow_up::named_members::members_kept;
use crate::follow_up::verification;
use crate::notify::words::explain::task_line;
use crate::pipeline::ended_named_members;
use crate::runtime::{AppError, Setup};
use crate::store::Store;
use crate::views::lists::{self, TaskListContext};
use crate::views::queries::{self, TasksOf, ToVerify};
use crate::views::task_file::task_file;

/// Runs a subcommand.
pub(in crate::cli) fn answer(
    setup: &Setup,
    store: &Store,
    command: TasksCommand,
) -> Result<(), AppError> {
    let (step, action) = match command {
        TasksCommand::List(filter) => return list(setup, store, &filter),
        TasksCommand::Show { task_id, output } => {
            return show(setup, store, &TaskId::new(task_id), &output);
        }
        TasksCommand::Results { month, list } => return results(setup, store, month, &list),
        TasksCommand::Add(args) => return add(setup, store, *args),
        TasksCommand::Accept(step) => (step, Action::Accept),
        TasksCommand::Start(step) => (step, Action::Start),
        TasksCommand::Approve { step, note } => (step, Action::Approve { note }),
        TasksCommand::Refuse { step, note } => (step, Action::Refuse { note }),
        TasksCommand::Close(args) => {
            let (step, closing) = args.closing();
            (step, Action::Close(closing))
        }
        TasksCommand::Verify(step) => (step, Action::Verify),
        TasksCommand::Reopen { step, note } => (step, Action::Reopen { note }),
        TasksCommand::Cancel { step, note } => (step, Action::Cancel { note }),
        TasksCommand::Reassign { step, to } => (step, Action::Reassign { to }),
    };
    let (id, actor) = (TaskId::new(step.task_id), actor(step.manager));
    let now = setup.now(store)?;
    let task = act_on_task(
        &setup.plan_settings(),
        store,
        &id,
        action,
        &actor,
        step.if_version,
        now,
    )?;
    print_task(setup, &task, now);
    Ok(())
}

/// Prints the task's current state.
pub(super) fn print_task(setup: &Setup, task: &Task, now: Timestamp) {
    let (locale, zone) = (setup.config.locale, setup.config.timezone);
    say!("{}", task_line(locale, task, zone, now));
}

fn list(setup: &Setup, store: &Store, filter: &TaskFilter) -> Result<(), AppError> {
    let now = setup.now(store)?;
    let waits = filter.overdue || filter.state.is_some_and(TaskState::is_open);
    let of = TasksOf::fewest(filter.group.as_ref(), filter.assignee.as_ref(), waits);
    let (tasks, picked, units) = query(store, |tx| {
        let mut to_verify = ToVerify::new(setup.config.timezone);
        let tasks = queries::tasks(tx, of, filter.list.limit(), |task| {
            Ok(filter.takes(task, now) && (!filter.to_verify || to_verify.has(tx, task)?))
        })?;
        let picked = to_verify.of_tasks(tx, &tasks.rows)?;
        let units = queries::units_of(tx, &tasks.rows)?;
        Ok((tasks, picked, units))
    })?;
    let instants = filter.list.output.instants(&setup.config);
    let beside = TaskListContext {
        to_verify: &picked,
        units: &units,
        now,
        instants,
    };
    let list = lists::tasks(&tasks.rows, beside);
    write_list(setup, &filter.list, list, tasks.left_out)
}

fn results(
    setup: &Setup,
    store: &Store,
    month: Option<Month>,
    args: &ListArgs,
) -> Result<(), AppError> {
    let (now, zone) = (setup.now(store)?, setup.config.timezone);
    let month = month.unwrap_or_else(|| zone.day_of(now).month());
    let (tasks, named, reference) = query(store, |tx| {
        Ok((
            queries::tasks_of_month(tx, month, zone)?,
            ended_named_members(tx, month, zone, now)?,
            people(tx)?,
        ))
    })?;
    let results = verification::results(&tasks, &members_kept(&named), month, zone);
    write_list(setup, args, lists::results(&results, &reference), 0)
}

fn show(setup: &Setup, store: &Store, id: &TaskId, output: &OutputArgs) -> Result<(), AppError> {
    let now = setup.now(store)?;
    let found = query(store, |tx| {
        let Some(mut task) = tx.task(id)? else {
            return Ok(None);
        };
        let alerts = tx.alerts_of(&task)?;
        if task.state.is_open() {
            let reference = reference_of(tx, &task.scope)?;
            refresh_checks(&mut task, &alerts, &setup.playbooks, &reference);
        }
        let picked =
            ToVerify::new(setup.config.timezone).of_tasks(tx, std::slice::from_ref(&task))?;
        let units = queries::units_of(tx, std::slice::from_ref(&task))?;
        Ok(Some((alerts, picked, units, task)))
    })?;
    let (alerts, to_verify, units, task) = found.ok_or_else(|| CommandError::NoTask(id.clone()))?;
    let instants = output.instants(&setup.config);
    let beside = TaskListContext {
        to_verify: &to_verify,
        units: &units,
        now,
        instants,
    };
    let document = task_file(&task, &alerts, beside);
    document
        .write_document(
            output.format,
            &output.options(&setup.config),
            &mut output.open()?,
        )
        .context("write the task")?;
    Ok(())
}
