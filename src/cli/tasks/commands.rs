//! The arguments of `sisan tasks`.

use clap::{Args, Subcommand};

use super::add::AddArgs;
use crate::cli::one_of::one_of;
use crate::cli::output::ListArgs;
use crate::cli::output::OutputArgs;
use crate::domain::ids::{GroupId, IdError, ManagerId};
use crate::domain::local_day::Month;
use crate::domain::task::{Assignee, ReportUp, TaskKind, TaskResult, TaskState, UpwardReport};
use crate::follow_up::act::Closing;
use crate::views::queries::TaskFilter;

fn month(text: &str) -> Result<Month, &'static str> {
    Month::parse(text).ok_or("a month is written as 2026-10")
}

/// What is done with tasks.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum TasksCommand {
    /// List them
    List(TaskListArgs),
    /// Show one with its alerts and all that happened to it
    Show {
        /// Which
        task_id: String,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// What the tasks of a month have come to: done, kept, verified, by manager
    Results {
        /// Which month, as 2026-10; by default this one
        #[arg(long, value_parser = month)]
        month: Option<Month>,
        #[command(flatten)]
        list: ListArgs,
    },
    /// Make one by hand: unplanned work for a group customer
    Add(Box<AddArgs>),
    /// Take one; that acknowledges its alerts
    Accept(TaskStepArgs),
    /// Begin to work on one
    Start(TaskStepArgs),
    /// Agree to its means and resources, as somebody above the assignee
    Approve {
        #[command(flatten)]
        step: TaskStepArgs,
        /// On which terms
        #[arg(long)]
        note: Option<String>,
    },
    /// Do not agree to them; it goes on without
    Refuse {
        #[command(flatten)]
        step: TaskStepArgs,
        /// Why
        #[arg(long)]
        note: String,
    },
    /// 三处理: it is done
    Close(Box<CloseArgs>),
    /// It was done well, as somebody above the assignee
    Verify(TaskStepArgs),
    /// It was not: back to work, as somebody above the assignee
    Reopen {
        #[command(flatten)]
        step: TaskStepArgs,
        /// What is missing
        #[arg(long)]
        note: String,
    },
    /// End one that has become pointless, as somebody above the assignee
    Cancel {
        #[command(flatten)]
        step: TaskStepArgs,
        /// Why
        #[arg(long)]
        note: String,
    },
    /// Give one to somebody else
    Reassign {
        #[command(flatten)]
        step: TaskStepArgs,
        /// To whom
        #[arg(long, value_name = "MANAGER", value_parser = ManagerId::parse)]
        to: ManagerId,
    },
}

/// Which tasks.
#[derive(Debug, Args)]
pub(in crate::cli) struct TaskListArgs {
    /// Only those in this state
    #[arg(long, value_parser = one_of!(TaskState))]
    state: Option<TaskState>,
    /// Only those of this group customer
    #[arg(long, value_parser = GroupId::parse)]
    group: Option<GroupId>,
    /// Only those of this manager; `fallback` for those of nobody
    #[arg(long, value_parser = assignee)]
    assignee: Option<Assignee>,
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
    list: ListArgs,
}

/// Which task, and who acts.
#[derive(Debug, Args)]
pub(in crate::cli) struct TaskStepArgs {
    /// Which
    pub(super) task_id: String,
    /// In this manager's name; by default as an operator. It is recorded, with the system's user
    #[arg(long = "as", value_name = "MANAGER", value_parser = ManagerId::parse)]
    pub(super) manager: Option<ManagerId>,
    /// Only if it is still at this version, as `tasks show` gives it
    #[arg(long, value_name = "VERSION")]
    pub(super) if_version: Option<i64>,
}

/// How a task ended.
#[derive(Debug, Args)]
pub(in crate::cli) struct CloseArgs {
    #[command(flatten)]
    pub(super) step: TaskStepArgs,
    /// 更新服务档案: the archive note, at least 10 characters
    #[arg(long)]
    note: String,
    /// 工作成果
    #[arg(long, value_parser = one_of!(TaskResult))]
    result: TaskResult,
    /// 小结; the note, where all subscribers have gone that the task names
    #[arg(long)]
    summary: Option<String>,
    /// 重要信息上报: what the report upwards is about; none, where all subscribers have gone that the task
    /// names
    #[arg(long, value_parser = one_of!(ReportUp))]
    report_up: Option<ReportUp>,
    /// What is reported
    #[arg(long, requires = "report_up")]
    report_text: Option<String>,
    /// The supervisor is notified at once
    #[arg(long, requires = "report_up")]
    urgent: bool,
    /// What a gift, an offer or an event cost, in fen
    #[arg(long, allow_negative_numbers = true)]
    cost_fen: Option<i64>,
    /// A story worth sharing
    #[arg(long)]
    case: bool,
}

fn assignee(name: &str) -> Result<Assignee, IdError> {
    if name == Assignee::Fallback.name() {
        Ok(Assignee::Fallback)
    } else {
        ManagerId::parse(name).map(Assignee::Manager)
    }
}

impl TaskListArgs {
    /// The filter, and how to write the list.
    pub(super) fn filter(self) -> (TaskFilter, ListArgs) {
        let filter = TaskFilter {
            state: self.state,
            group: self.group,
            assignee: self.assignee,
            kind: self.kind,
            overdue: self.overdue,
            to_verify: self.to_verify,
        };
        (filter, self.list)
    }
}

impl CloseArgs {
    /// The task, the actor, and how the task ended.
    pub(super) fn closing(self) -> (TaskStepArgs, Closing) {
        let (text, urgent) = (self.report_text.unwrap_or_default(), self.urgent);
        let closing = Closing {
            note: self.note,
            report: self.report_up.map(|about| UpwardReport {
                about,
                text,
                urgent,
            }),
            result: self.result,
            summary: self.summary,
            cost_fen: self.cost_fen,
            is_case: self.case,
        };
        (self.step, closing)
    }
}
