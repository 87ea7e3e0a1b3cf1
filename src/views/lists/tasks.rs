//! Tasks, as they are listed and as scenarios expect them.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::TaskId;
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::task::{
    Approval, ItemKind, Means, ReportUp, Resource, Step, Task, TaskClass, TaskKind, TaskResult,
    TaskState,
};
use crate::notify::words::{self, names_of_tasks, titles};
use crate::report::{Cell, Column, ColumnKind, Instants, Listing};
use crate::views::codes::{self, names};
use crate::views::column::{
    ListColumn, at, column, count, group_of, listing, short, some, text, texts, unit_of, unlisted,
    yes_or_no,
};

/// What is shown of tasks that is not theirs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TaskListContext<'a> {
    /// Which of them somebody above must verify.
    pub to_verify: &'a BTreeSet<TaskId>,
    /// The units of their group customers, as now known.
    pub units: &'a BTreeMap<GroupId, UnitId>,
    pub now: Timestamp,
    /// How instants are shown.
    pub instants: Instants,
}

impl TaskListContext<'_> {
    pub(crate) fn locale(&self) -> Locale {
        self.instants.reader().unwrap_or_default()
    }

    /// A code as programs read it; a word to people.
    pub(crate) fn word(&self, code: &'static str, zh: &'static str) -> &'static str {
        if self.instants.reader() == Some(Locale::ZhCn) {
            zh
        } else {
            code
        }
    }

    /// The unit of a task: that of its group customer now; none of the company's.
    fn unit_of(&self, task: &Task) -> Option<String> {
        match &task.scope {
            Scope::Group(group) => self.units.get(group).map(ToString::to_string),
            Scope::Unit(_) => Some(task.scope.id().to_owned()),
            Scope::Company => None,
        }
    }
}

#[derive(Debug)]
pub(crate) struct TaskRow<'a> {
    pub(crate) task: &'a Task,
    pub(crate) beside: TaskListContext<'a>,
    /// Of its alerts, where that is asked for.
    pub(crate) alert_kinds: &'a [AlertKind],
}

impl<'a> TaskRow<'a> {
    pub(crate) const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("task_id", "任务"), |r| {
            text(r.task.task_id.as_str())
        }),
        column(
            Column::code("origin", "来源", codes::origin).if_room(),
            |r| origin(r.task).into(),
        ),
        column(
            Column::new("alert_ids", "预警", ColumnKind::List).detail(),
            |r| texts(r.task.alert_ids.iter().map(ToString::to_string)),
        ),
        unlisted(
            Column::codes("alerts", "预警", codes::alert_kind).one_of(codes::alert_kinds),
            |r| texts(r.alert_kinds.iter().map(|kind| kind.name())),
        ),
        short(
            "group",
            column(Column::text("group_id", "集团"), |r| {
                group_of(&r.task.scope)
            }),
        ),
        unlisted(Column::text("unit", "单位"), |r| unit_of(&r.task.scope)),
        column(Column::text("assignee", "负责人"), |r| {
            text(r.task.assignee.name())
        }),
        column(
            Column::code("kind", "落实", codes::task_kind)
                .one_of(|| names(TaskKind::ALL, TaskKind::name))
                .if_room(),
            |r| r.task.kind.name().into(),
        ),
        column(
            Column::code("item", "事项", codes::item)
                .one_of(|| names(ItemKind::ALL, ItemKind::name))
                .if_room(),
            |r| r.task.item.kind().name().into(),
        ),
        column(
            Column::codes("means", "手段", codes::means)
                .one_of(|| names(Means::ALL, Means::name))
                .if_room(),
            |r| texts(r.task.means.iter().map(|means| means.name())),
        ),
        column(
            Column::codes("resources", "资源", codes::resource)
                .one_of(|| names(Resource::ALL, Resource::name))
                .detail(),
            |r| texts(r.task.resources.iter().map(|resource| resource.name())),
        ),
        column(
            Column::code("class", "优先", codes::class)
                .one_of(|| names(TaskClass::ALL, TaskClass::name))
                .if_room(),
            |r| r.task.class.name().into(),
        ),
        column(
            Column::code("approval", "审批", codes::approval)
                .one_of(|| names(Approval::ALL, Approval::name))
                .if_room(),
            |r| r.task.approval.name().into(),
        ),
        column(
            Column::code("state", "状态", codes::task_state)
                .one_of(|| names(TaskState::ALL, TaskState::name)),
            |r| r.task.state.name().into(),
        ),
        column(at("opened_at", "开始").detail(), |r| {
            r.task.opened_at.into()
        }),
        column(at("accepted_at", "接单").detail(), |r| {
            r.task.accepted_at.into()
        }),
        column(at("due_at", "期限"), |r| r.task.due().into()),
        column(at("ended_at", "结束").detail(), |r| {
            r.task.ended_at.into()
        }),
        column(Column::text("unit_id", "单位").detail(), |r| {
            r.beside.unit_of(r.task).into()
        }),
        column(yes_or_no("overdue", "超时"), overdue),
        column(
            Column::code("result", "结果", codes::result)
                .one_of(|| names(TaskResult::ALL, TaskResult::name))
                .if_room(),
            result,
        ),
        unlisted(
            Column::code("report_up", "上报", codes::report_up)
                .one_of(|| names(ReportUp::ALL, ReportUp::name)),
            |r| {
                r.task
                    .finish
                    .as_ref()
                    .map(|finish| finish.report.about.name())
                    .into()
            },
        ),
        column(yes_or_no("verified", "核实").detail(), |r| {
            r.task.verified.into()
        }),
        column(yes_or_no("must_verify", "须核实").detail(), |r| {
            r.beside.to_verify.contains(&r.task.task_id).into()
        }),
        column(Column::text("title", "事由").masking(), |r| {
            some(subject(r), text)
        }),
        column(Column::text("mark", "计划内外").if_room(), |r| {
            some(r.task.mark(), text)
        }),
        column(yes_or_no("stalled", "停滞").detail(), |r| {
            r.task.stalled.into()
        }),
        unlisted(Column::new("escalated", "督办", ColumnKind::List), |r| {
            texts(r.task.escalated.iter().map(|one| one.why.name()))
        }),
        unlisted(Column::new("steps", "动作", ColumnKind::List), |r| {
            texts(r.task.steps.iter().map(step))
        }),
        column(count("version", "版本").detail(), |r| {
            r.task.version.into()
        }),
    ];
}

/// Its title; for a reader the kind of the alert that leads, where alerts give it.
fn subject(row: &TaskRow<'_>) -> Option<String> {
    titles::of_task(row.beside.locale(), row.task).or_else(|| {
        let (lead, locale) = (row.task.lead.as_ref()?, row.beside.instants.reader()?);
        Some(words::names::alert_kind(locale, lead.kind).to_owned())
    })
}

/// Where a task comes from, in a word.
pub(crate) const fn origin(task: &Task) -> &'static str {
    task.origin.kind().name()
}

/// A step of a task's history in a few words, with from whom to whom it moved, as ids.
fn step(step: &Step) -> String {
    let what = step.what.name();
    step.moved.as_ref().map_or_else(
        || what.to_owned(),
        |moved| format!("{what} {} → {}", moved.from.name(), moved.to.name()),
    )
}

/// `tasks list`
#[must_use]
pub(crate) fn tasks(tasks: &[Task], beside: TaskListContext<'_>) -> Listing<'static> {
    let rows = tasks.iter().map(|task| TaskRow {
        task,
        beside,
        alert_kinds: &[],
    });
    listing(TaskRow::COLUMNS, rows, beside.instants)
}

/// Whether it is late. Of one that was done late readers are shown that, which programs see by its
/// times.
fn overdue<'c>(row: &TaskRow<'_>) -> Cell<'c> {
    match row.beside.instants.reader() {
        Some(locale) if row.task.was_done_late() => text(names_of_tasks::done_late(locale)),
        _ => row.task.is_overdue(row.beside.now).into(),
    }
}

/// How it ended; readers are shown how many of its subscribers had gone by then.
fn result<'c>(row: &TaskRow<'_>) -> Cell<'c> {
    let reader = row.beside.instants.reader();
    match (reader, &row.task.finish) {
        (Some(locale), Some(finish)) if finish.subscribers.is_some_and(|gone| gone.all() > 0) => {
            text(names_of_tasks::result_with_subscribers(locale, finish))
        }
        (_, finish) => finish.as_ref().map(|finish| finish.result.name()).into(),
    }
}
