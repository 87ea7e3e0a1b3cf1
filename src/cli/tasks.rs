//! `sisan tasks`: what may be written, and what is done then.

use std::collections::BTreeSet;

use anyhow::{Context, anyhow};
use chrono::{DateTime, NaiveDate};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use crate::app::{AppError, OutputArgs, Setup, acting, reports, task_lists};
use crate::domain::alert::TaskId;
use crate::domain::ids::{GroupId, ManagerId};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::task::{
    Assignee, Finish, Item, ItemKind, Means, Report, ReportUp, Resource, Task, TaskClass, TaskKind, TaskResult, TaskState,
};
use crate::follow_up::act::{Action, ByHand};
use crate::follow_up::working_hours::{closing_of, due_after};
use crate::store::Store;

use super::answers::{read, write};

/// A value of a closed list, by its name.
macro_rules! one_of {
    ($list:ty) => {
        PossibleValuesParser::new(<$list>::ALL.iter().map(|one| one.name()))
            .map(|name| <$list>::parse(&name).expect("only a name of the list passes"))
    };
}

/// What is done with tasks.
#[derive(Debug, Subcommand)]
pub(super) enum TasksCommand {
    /// List them
    List(TaskFilter),
    /// Show one with its alerts and all that happened to it
    Show {
        /// Which
        task_id: String,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Make one by hand: unplanned work for a group customer
    Add(Box<AddArgs>),
    /// Take one; that acknowledges its alerts
    Accept(Acting),
    /// Begin to work on one
    Start(Acting),
    /// Agree to its means and resources, as somebody above the assignee
    Approve {
        #[command(flatten)]
        acting: Acting,
        /// On which terms
        #[arg(long)]
        note: Option<String>,
    },
    /// Do not agree to them; it goes on without
    Refuse {
        #[command(flatten)]
        acting: Acting,
        /// Why
        #[arg(long)]
        note: String,
    },
    /// 三处理: it is done
    Close(Box<CloseArgs>),
    /// It was done well, as somebody above the assignee
    Verify(Acting),
    /// It was not: back to work, as somebody above the assignee
    Reopen {
        #[command(flatten)]
        acting: Acting,
        /// What is missing
        #[arg(long)]
        note: String,
    },
    /// Give one to somebody else
    Reassign {
        #[command(flatten)]
        acting: Acting,
        /// To whom
        #[arg(long, value_name = "MANAGER", value_parser = ManagerId::parse)]
        to: ManagerId,
    },
}

/// Which tasks.
#[derive(Debug, Args)]
pub(super) struct TaskFilter {
    /// Only those in this state
    #[arg(long, value_parser = one_of!(TaskState))]
    state: Option<TaskState>,
    /// Only those of this group customer
    #[arg(long)]
    group: Option<String>,
    /// Only those of this manager; `fallback` for those of nobody
    #[arg(long)]
    assignee: Option<String>,
    /// Only those of this kind
    #[arg(long, value_parser = one_of!(TaskKind))]
    kind: Option<TaskKind>,
    /// Only those that are not done in time
    #[arg(long)]
    overdue: bool,
    /// Only those that somebody above must verify and has not
    #[arg(long)]
    to_verify: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Which task, and who acts.
#[derive(Debug, Args)]
pub(super) struct Acting {
    /// Which
    task_id: String,
    /// In this manager's name; as an operator unless told. It is recorded, with the system's user
    #[arg(long = "as", value_name = "MANAGER", value_parser = ManagerId::parse)]
    manager: Option<ManagerId>,
    /// Only if it is still at this version, as `tasks show` gives it
    #[arg(long, value_name = "VERSION")]
    if_version: Option<i64>,
}

/// How a task ended.
#[derive(Debug, Args)]
pub(super) struct CloseArgs {
    #[command(flatten)]
    acting: Acting,
    /// 更新服务档案: the archive note, at least 10 characters
    #[arg(long)]
    note: String,
    /// 工作成果
    #[arg(long, value_parser = one_of!(TaskResult))]
    result: TaskResult,
    /// 小结
    #[arg(long)]
    summary: String,
    /// 重要信息上报: what the report upwards is about
    #[arg(long, value_parser = one_of!(ReportUp))]
    report_up: ReportUp,
    /// What is reported
    #[arg(long, default_value = "")]
    report_text: String,
    /// The supervisor is told at once
    #[arg(long)]
    urgent: bool,
    /// What a gift, an offer or an event cost, in fen
    #[arg(long, allow_negative_numbers = true)]
    cost_fen: Option<i64>,
    /// A story worth sharing
    #[arg(long)]
    case: bool,
}

/// A task by hand.
#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// In a line, what it is about
    title: String,
    /// In this manager's name, whose task it is unless told. It is recorded, with the system's user
    #[arg(long = "as", value_name = "MANAGER", value_parser = ManagerId::parse)]
    manager: ManagerId,
    /// For which group customer
    #[arg(long, value_parser = GroupId::parse)]
    group: GroupId,
    /// 三落实
    #[arg(long, value_parser = one_of!(TaskKind))]
    kind: TaskKind,
    /// 定工作事项: information needs --way and --what, service --what, visit --whom, --purpose, --prepare and --step, retention --plan
    #[arg(long, value_parser = one_of!(ItemKind))]
    item: ItemKind,
    /// By which way
    #[arg(long)]
    way: Option<String>,
    /// What
    #[arg(long)]
    what: Option<String>,
    /// Whom to see
    #[arg(long)]
    whom: Option<String>,
    /// What for
    #[arg(long)]
    purpose: Option<String>,
    /// What to prepare
    #[arg(long)]
    prepare: Option<String>,
    /// In which steps; one each time it is given
    #[arg(long = "step", visible_alias = "steps")]
    steps: Vec<String>,
    /// How to keep the customer
    #[arg(long)]
    plan: Option<String>,
    /// 定工作手段, with commas between them
    #[arg(long, required = true, value_delimiter = ',', value_parser = one_of!(Means))]
    means: Vec<Means>,
    /// 定所需资源, with commas between them
    #[arg(long, value_delimiter = ',', value_parser = one_of!(Resource))]
    resources: Vec<Resource>,
    /// Place in the work list
    #[arg(long, default_value = "routine", value_parser = one_of!(TaskClass))]
    class: TaskClass,
    /// Done by then: a date (its 18:00) or RFC 3339; in tasks.due_warning_hours unless told
    #[arg(long)]
    due: Option<String>,
    /// Who does it
    #[arg(long, value_name = "MANAGER", value_parser = ManagerId::parse)]
    assignee: Option<ManagerId>,
}

/// Does what a command asks.
pub(super) fn answer(setup: &Setup, store: &Store, command: TasksCommand) -> Result<(), AppError> {
    let (acting, action) = match command {
        TasksCommand::List(filter) => return list(setup, store, &filter),
        TasksCommand::Show { task_id, output } => return show(setup, store, &TaskId::new(task_id), &output),
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
    let task = acting::act_on(setup, store, &id, action, &actor, acting.if_version)?;
    tell(setup, &task);
    Ok(())
}

/// How it stands now.
fn tell(setup: &Setup, task: &Task) {
    let assignee = match &task.assignee {
        Assignee::Manager(manager) => manager.as_str(),
        Assignee::Fallback => "the fallback",
    };
    let (id, state, zone) = (&task.task_id, task.state.name(), setup.config.timezone);
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
    let to_verify = task_lists::must_verify(&tasks, setup.config.timezone);
    tasks.retain(|task| filter.takes(task, &to_verify, now));
    let instants = filter.output.instants(&setup.config);
    write(setup, &filter.output, &task_lists::tasks(&tasks, &to_verify, now, instants))
}

impl TaskFilter {
    fn takes(&self, task: &Task, to_verify: &BTreeSet<TaskId>, now: Timestamp) -> bool {
        let assignee = match &task.assignee {
            Assignee::Manager(manager) => manager.as_str(),
            Assignee::Fallback => "fallback",
        };
        self.state.is_none_or(|state| task.state == state)
            && self.group.as_deref().is_none_or(|group| task.group_id().is_some_and(|id| id.as_str() == group))
            && self.assignee.as_deref().is_none_or(|wanted| wanted == assignee)
            && self.kind.is_none_or(|kind| task.kind == kind)
            && (!self.overdue || crate::follow_up::act::is_overdue(task, now))
            && (!self.to_verify || (!task.verified && to_verify.contains(&task.task_id)))
    }
}

fn show(setup: &Setup, store: &Store, id: &TaskId, output: &OutputArgs) -> Result<(), AppError> {
    let now = reports::now(setup, store)?;
    let tasks = read(store, |tx| tx.tasks())?;
    let task = tasks.iter().find(|task| task.task_id == *id).ok_or_else(|| acting::no_task(id))?;
    let alerts = read(store, |tx| acting::alerts_of(tx, task))?;
    let to_verify = task_lists::must_verify(&tasks, setup.config.timezone);
    let document = task_lists::task_file(task, &alerts, &to_verify, now, output.instants(&setup.config));
    document.write(output.format, &output.options(&setup.config), &mut output.open()?).context("write the task")?;
    Ok(())
}

fn add(setup: &Setup, store: &Store, args: AddArgs) -> Result<(), AppError> {
    let now = reports::now(setup, store)?;
    let due_at = due_at(setup, args.due.as_deref(), now)?;
    let actor = acting::actor(Some(args.manager.clone()));
    let item = args.item_with_its_parts().map_err(AppError::usage)?;
    let by_hand = ByHand {
        group_id: args.group,
        title: args.title,
        kind: args.kind,
        item,
        means: args.means,
        resources: args.resources,
        class: args.class,
        due_at,
        assignee: args.assignee,
    };
    let task = acting::add_task(setup, store, by_hand, &actor)?;
    println!("{}", task.task_id);
    tell(setup, &task);
    Ok(())
}

fn due_at(setup: &Setup, due: Option<&str>, now: Timestamp) -> Result<Timestamp, AppError> {
    let zone = setup.config.timezone;
    let Some(text) = due else {
        let hours = chrono::TimeDelta::hours(i64::from(setup.config.tasks.due_warning_hours));
        return Ok(due_after(zone, &setup.calendar, now, hours));
    };
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(closing_of(zone, LocalDay::from_date(date).date()));
    }
    let instant = DateTime::parse_from_rfc3339(text)
        .map_err(|e| AppError::usage(anyhow!("--due {text}: {e}\nhint: write it as 2026-10-01, or as 2026-10-01T12:00:00+08:00")))?;
    Ok(instant.to_utc().into())
}

impl CloseArgs {
    fn finish(self) -> (Acting, Finish) {
        let finish = Finish {
            note: self.note,
            report: Report { about: self.report_up, text: self.report_text, urgent: self.urgent },
            result: self.result,
            summary: self.summary,
            cost_fen: self.cost_fen,
            is_case: self.case,
        };
        (self.acting, finish)
    }
}

impl AddArgs {
    /// The item, refused if a part is missing, or if one is given that it does not have.
    fn item_with_its_parts(&self) -> anyhow::Result<Item> {
        let name = self.item.name();
        let parts = [
            ("way", &self.way),
            ("what", &self.what),
            ("whom", &self.whom),
            ("purpose", &self.purpose),
            ("prepare", &self.prepare),
            ("plan", &self.plan),
        ];
        let wanted: &[&str] = match self.item {
            ItemKind::Information => &["way", "what"],
            ItemKind::Service => &["what"],
            ItemKind::Visit => &["whom", "purpose", "prepare"],
            ItemKind::Retention => &["plan"],
        };
        let is_visit = self.item == ItemKind::Visit;
        for (part, given) in parts.into_iter().map(|(part, value)| (part, value.is_some())).chain([("step", !self.steps.is_empty())]) {
            match (wanted.contains(&part) || part == "step" && is_visit, given) {
                (true, false) => return Err(anyhow!("--{part} is missing: an item `{name}` has it\nhint: give every part of the item")),
                (false, true) => return Err(anyhow!("--{part} is no part of an item `{name}`\nhint: leave it out")),
                _ => {}
            }
        }
        let part = |name: &str| parts.iter().find(|(part, _)| *part == name).and_then(|(_, value)| (*value).clone()).unwrap_or_default();
        Ok(match self.item {
            ItemKind::Information => Item::Information { way: part("way"), what: part("what") },
            ItemKind::Service => Item::Service { what: part("what") },
            ItemKind::Visit => {
                Item::Visit { whom: part("whom"), purpose: part("purpose"), prepare: part("prepare"), steps: self.steps.clone() }
            }
            ItemKind::Retention => Item::Retention { plan: part("plan") },
        })
    }
}
