//! What is done after `sisan tasks`.

use anyhow::Context;

use super::add::add;
use super::commands::{TaskFilter, TasksCommand};
use crate::app::{AppError, OutputArgs, Setup, acting, reports, task_lists};
use crate::cli::answers::{read, write};
use crate::domain::alert::TaskId;
use crate::domain::local_day::Month;
use crate::domain::task::Task;
use crate::follow_up::act::Action;
use crate::follow_up::named_members::members_kept;
use crate::follow_up::verification;
use crate::pipeline::ended_named_members;
use crate::store::Store;

/// Does what a command asks.
pub(in crate::cli) fn answer(setup: &Setup, store: &Store, command: TasksCommand) -> Result<(), AppError> {
    let (acting, action) = match command {
        TasksCommand::List(filter) => return list(setup, store, &filter),
        TasksCommand::Show { task_id, output } => return show(setup, store, &TaskId::new(task_id), &output),
        TasksCommand::Results { month, output } => return results(setup, store, month, &output),
        TasksCommand::Add(args) => return add(setup, store, *args),
        TasksCommand::Accept(acting) => (acting, Action::Accept),
        TasksCommand::Start(acting) => (acting, Action::Start),
        TasksCommand::Approve { acting, note } => (acting, Action::Approve { note }),
        TasksCommand::Refuse { acting, note } => (acting, Action::Refuse { note }),
        TasksCommand::Close(args) => {
            let (acting, finish) = args.finish();
            (acting, Action::Close(finish))
        }
        TasksCommand::Verify(acting) => (acting, Action::Verify),
        TasksCommand::Reopen { acting, note } => (acting, Action::Reopen { note }),
        TasksCommand::Reassign { acting, to } => (acting, Action::Reassign { to }),
    };
    let (id, actor) = (TaskId::new(acting.task_id), acting::actor(acting.manager));
    let task = acting::act_on(setup, store, &id, action, &actor, acting.if_version, reports::now(setup, store)?)?;
    tell(setup, &task);
    Ok(())
}

/// How it stands now.
pub(super) fn tell(setup: &Setup, task: &Task) {
    let (id, assignee, state, zone) = (&task.task_id, task.assignee.name(), task.state.name(), setup.config.timezone);
    let verified = if task.verified { ", verified" } else { "" };
    eprintln!(
        "task {id} of {assignee} is {state}{verified}, approval {}, due {}, version {}",
        task.approval.name(),
        zone.display(task.due_at),
        task.version
    );
}

fn list(setup: &Setup, store: &Store, filter: &TaskFilter) -> Result<(), AppError> {
    let now = reports::now(setup, store)?;
    let mut tasks = read(store, |tx| tx.tasks())?;
    let to_verify = verification::to_verify(&tasks, setup.config.timezone);
    tasks.retain(|task| filter.takes(task, &to_verify, now));
    let instants = filter.output.instants(&setup.config);
    write(setup, &filter.output, &task_lists::tasks(&tasks, &to_verify, now, instants))
}

fn results(setup: &Setup, store: &Store, month: Option<Month>, output: &OutputArgs) -> Result<(), AppError> {
    let (now, zone) = (reports::now(setup, store)?, setup.config.timezone);
    let month = month.unwrap_or_else(|| zone.day_of(now).month());
    let (tasks, named, reference) =
        read(store, |tx| Ok((tx.tasks()?, ended_named_members(tx, month, zone, now)?, acting::reference(tx)?)))?;
    let results = verification::results(&tasks, &members_kept(&named), month, zone);
    write(setup, output, &task_lists::results(&results, &reference))
}

fn show(setup: &Setup, store: &Store, id: &TaskId, output: &OutputArgs) -> Result<(), AppError> {
    let now = reports::now(setup, store)?;
    let tasks = read(store, |tx| tx.tasks())?;
    let task = tasks.iter().find(|task| task.task_id == *id).ok_or_else(|| acting::no_task(id))?;
    let alerts = read(store, |tx| tx.alerts_of(task))?;
    let to_verify = verification::to_verify(&tasks, setup.config.timezone);
    let document = task_lists::task_file(task, &alerts, &to_verify, now, output.instants(&setup.config));
    document.write(output.format, &output.options(&setup.config), &mut output.open()?).context("write the task")?;
    Ok(())
}
