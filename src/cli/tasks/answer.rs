//! The answers of `sisan tasks`.

use anyhow::Context;

use super::add::add;
use super::commands::{TaskListArgs, TasksCommand};
use crate::cli::answers::{query, write_list};
use crate::cli::output::{ListArgs, OutputArgs};
use crate::commands::{CommandError, act_on_task, actor};
use crate::domain::alert::TaskId;
use crate::domain::local_day::{Month, Timestamp};
use crate::domain::task::Task;
use crate::follow_up::act::Action;
use crate::notify::words::explain::task_line;
use crate::runtime::{AppError, Setup};
use crate::store::Store;
use crate::views::lists::{self, TaskListContext};
use crate::views::queries::{self, ListedTasks, TaskWithAlerts};
use crate::views::task_file::task_file;

/// Runs a subcommand.
pub(in crate::cli) fn answer(
    setup: &Setup,
    store: &Store,
    command: TasksCommand,
) -> Result<(), AppError> {
    let (step, action) = match command {
        TasksCommand::List(args) => return list(setup, store, args),
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

fn list(setup: &Setup, store: &Store, args: TaskListArgs) -> Result<(), AppError> {
    let (filter, args) = args.filter();
    let (now, zone) = (setup.now(store)?, setup.config.timezone);
    let ListedTasks {
        tasks,
        to_verify,
        units,
    } = query(store, |tx| {
        queries::tasks(tx, &filter, args.limit(), now, zone)
    })?;
    let beside = TaskListContext {
        to_verify: &to_verify,
        units: &units,
        now,
        instants: args.output.instants(&setup.config),
    };
    let list = lists::tasks(&tasks.rows, beside);
    write_list(setup, &args, list, tasks.left_out)
}

fn results(
    setup: &Setup,
    store: &Store,
    month: Option<Month>,
    args: &ListArgs,
) -> Result<(), AppError> {
    let (now, zone) = (setup.now(store)?, setup.config.timezone);
    let month = month.unwrap_or_else(|| zone.day_of(now).month());
    let (results, reference) = query(store, |tx| queries::month_results(tx, month, zone, now))?;
    write_list(setup, args, lists::results(&results, &reference), 0)
}

fn show(setup: &Setup, store: &Store, id: &TaskId, output: &OutputArgs) -> Result<(), AppError> {
    let (now, zone) = (setup.now(store)?, setup.config.timezone);
    let TaskWithAlerts {
        task,
        alerts,
        to_verify,
        units,
    } = query(store, |tx| {
        queries::task_with_alerts(tx, id, &setup.playbooks, zone)
    })?
    .ok_or_else(|| CommandError::NoTask(id.clone()))?;
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
