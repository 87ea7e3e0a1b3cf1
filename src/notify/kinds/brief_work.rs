//! 查工作计划 of the brief: the work list, and what waits for the reader from others.
//!
//! The order is the list's own. Invariant: what is not shown is counted.

use minijinja::value::Value;
use serde::Serialize;

use super::super::clean;
use super::super::pending::ComposeContext;
use super::super::template::own;
use super::super::words::phrases::rest;
use super::super::words::{
    self, brief_counts, explain, figures, names, names_of_tasks, notes, phrases, spans, titles,
};
use super::brief_customers::{ShareBar, Tone};
use super::task_view::{asks_for, headline, link, sorted};
use super::who::{Who, assignee_name};
use crate::domain::alert::{Alert, ResolvedBecause};
use crate::domain::brief::{Brief, WorkItem};
use crate::domain::indicator::Severity;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::task::{Approval, Origin, Task, TaskState};

/// Most tasks of the work list shown.
const WORK_MAX: usize = 30;
/// Most further alerts of a task named.
const OTHER_ALERTS_MAX: usize = 3;
/// Most tasks of others shown, of each sort.
const OTHERS_MAX: usize = 20;
/// Most characters of a summary or a report.
const TEXT_CHARS_MAX: usize = 160;

#[derive(Debug, Serialize)]
pub(crate) struct Work {
    lines: Vec<WorkLine>,
    more: Option<String>,
    over_cap: Option<String>,
    yesterday: Option<Yesterday>,
    to_approve: Vec<OtherLine>,
    more_to_approve: Option<String>,
    to_verify: Vec<OtherLine>,
    more_to_verify: Option<String>,
    reports: Vec<OtherLine>,
    more_reports: Option<String>,
    unexplained: Vec<OtherLine>,
    more_unexplained: Option<String>,
}

/// A task of the work list.
#[derive(Debug, Serialize)]
struct WorkLine {
    /// Of the work list, on the first task of that section.
    section: Option<&'static str>,
    task_id: Value,
    link: Option<Value>,
    critical: Option<&'static str>,
    who: Who,
    /// What it comes from, where that is no alert.
    origin: Option<&'static str>,
    headline: String,
    /// Its further alerts that still hold.
    others: Vec<String>,
    /// None while its due clock is stopped.
    due: Option<String>,
    accept_by: Option<String>,
    overdue: bool,
    stake: Option<String>,
    kind: &'static str,
    marks: Vec<Mark>,
    remark: Option<String>,
}

#[derive(Debug, Serialize)]
struct Mark {
    text: String,
    tone: Tone,
}

/// How much of yesterday's work is done.
#[derive(Debug, Serialize)]
pub(super) struct Yesterday {
    pub(super) text: String,
    bar: Option<ShareBar>,
}

impl Yesterday {
    /// `(n, k)`: k of n; none where there was nothing to do.
    pub(super) fn of_counts((n, k): (usize, usize), locale: Locale) -> Option<Self> {
        let bar = |k: usize| ShareBar::of_share(i64::try_from(k).ok()?, i64::try_from(n).ok()?);
        (n > 0).then(|| Self {
            text: brief_counts::done(locale, k, n),
            bar: bar(k),
        })
    }
}

/// A task of somebody else.
#[derive(Debug, Serialize)]
struct OtherLine {
    task_id: Value,
    link: Option<Value>,
    who: Who,
    by: String,
    mark: String,
    text: String,
    when: Option<String>,
}

impl Work {
    /// The section of a brief.
    #[must_use]
    pub(crate) fn of_brief(brief: &Brief, locale: Locale, ctx: &ComposeContext<'_>) -> Self {
        let mut last = None;
        let (work, hidden_work) = ctx.room.first(&brief.work, WORK_MAX);
        let lines = work.iter().map(|item| {
            let section = section(&item.task, locale);
            let is_first_of = last != Some(section);
            last = Some(section);
            work_line(item, is_first_of.then_some(section), locale, ctx)
        });
        let lines = lines.collect();
        let others = |tasks: &[Task], line: &dyn Fn(&Task) -> OtherLine| -> Vec<OtherLine> {
            ctx.room
                .first(tasks, OTHERS_MAX)
                .0
                .iter()
                .map(line)
                .collect()
        };
        let hidden = |tasks: &[Task]| rest(ctx.room.first(tasks, OTHERS_MAX).1, locale);
        Self {
            lines,
            more: rest(hidden_work, locale),
            over_cap: brief_counts::over_cap(locale, brief.over_cap),
            yesterday: Yesterday::of_counts(brief.yesterday, locale),
            to_approve: others(&brief.to_approve, &|task| to_approve(task, locale, ctx)),
            more_to_approve: hidden(&brief.to_approve),
            to_verify: others(&brief.to_verify, &|task| to_verify(task, locale, ctx)),
            more_to_verify: hidden(&brief.to_verify),
            reports: others(&brief.reports, &|task| report(task, locale, ctx)),
            more_reports: hidden(&brief.reports),
            unexplained: others(&brief.unexplained, &|task| unexplained(task, locale, ctx)),
            more_unexplained: hidden(&brief.unexplained),
        }
    }
}

/// The section of the work list that a task is in: its class, or those that have lost their subscribers
/// and are not due any more, which come last.
fn section(task: &Task, locale: Locale) -> &'static str {
    if task.due().is_none() {
        words::by_locale(locale).brief.lost
    } else {
        names::class(locale, task.class)
    }
}

fn work_line(
    item: &WorkItem,
    section: Option<&'static str>,
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> WorkLine {
    let task = &item.task;
    WorkLine {
        section,
        task_id: own(task.task_id.as_str()),
        link: ctx.base_url.map(|base| link(base, task)),
        critical: (task.severity == Severity::Critical)
            .then(|| names::severity(locale, Severity::Critical)),
        who: Who::of_scope(&task.scope, task.tier, locale, ctx.reference),
        origin: (task.origin != Origin::Alert)
            .then(|| names_of_tasks::origin(locale, task.origin.kind())),
        headline: headline(task, &item.alerts, locale),
        others: others(item, locale),
        due: item.due().map(|at| {
            if task.approval == Approval::Requested {
                stopped(at, locale, ctx)
            } else {
                figures::moment(locale, ctx.zone, ctx.now, at)
            }
        }),
        accept_by: (task.waits_to_be_accepted() && item.due().is_some())
            .then(|| limit(task.accept_by, locale, ctx)),
        overdue: task.is_overdue(ctx.now) && item.due().is_some(),
        stake: item.at_stake_fen.map(|fen| figures::about(locale, fen)),
        kind: names::task_kind(locale, task.kind),
        marks: marks(item, locale, ctx),
        remark: task
            .system_note
            .map(|note| notes::system_note(locale, note)),
    }
}

fn late_by(at: Timestamp, locale: Locale, ctx: &ComposeContext<'_>) -> String {
    let (overdue, span) = (
        words::by_locale(locale).brief.overdue,
        spans::span(locale, ctx.now.since(at)),
    );
    format!("{overdue} {span}")
}

/// A time limit; one that has passed tells by how much.
pub(super) fn limit(at: Timestamp, locale: Locale, ctx: &ComposeContext<'_>) -> String {
    if ctx.now <= at {
        figures::moment(locale, ctx.zone, ctx.now, at)
    } else {
        remarked(at, &late_by(at, locale, ctx), locale, ctx)
    }
}

/// A due time whose clock is stopped, since an answer is awaited.
pub(super) fn stopped(at: Timestamp, locale: Locale, ctx: &ComposeContext<'_>) -> String {
    let why = words::by_locale(locale).alert_task.clock_stopped;
    remarked(at, why, locale, ctx)
}

fn remarked(at: Timestamp, remark: &str, locale: Locale, ctx: &ComposeContext<'_>) -> String {
    let shown = figures::moment(locale, ctx.zone, ctx.now, at);
    phrases::remarked(locale, &shown, remark)
}

/// The other alerts of a task beside its headline: a line each up to a number, the rest counted.
fn others(item: &WorkItem, locale: Locale) -> Vec<String> {
    let sorted = sorted(&item.alerts);
    let kinds = explain::by_kind(&sorted);
    let holding = kinds
        .iter()
        .filter(|alerts| alerts.iter().any(|alert| alert.state.is_open()));
    let named = headline(&item.task, &item.alerts, locale);
    let mut lines: Vec<String> = holding
        .map(|alerts| explain::headline_of_kind(locale, alerts))
        .filter(|line| *line != named)
        .collect();
    let hidden = rest(lines.len().saturating_sub(OTHER_ALERTS_MAX), locale);
    lines.truncate(OTHER_ALERTS_MAX);
    lines.extend(hidden);
    lines
}

fn marks(item: &WorkItem, locale: Locale, ctx: &ComposeContext<'_>) -> Vec<Mark> {
    let (task, w) = (&item.task, &words::by_locale(locale).brief);
    let is_lost = |alert: &Alert| alert.resolved_because == Some(ResolvedBecause::Lost);
    // A joint visit has causes instead of alerts, and a note once they are gone.
    let gone = match &item.alerts[..] {
        [] => task.is_cause_gone(),
        alerts => !alerts
            .iter()
            .any(|alert| alert.state.is_open() || is_lost(alert)),
    };
    let mark = |holds: bool, text: &str, tone| {
        holds.then(|| Mark {
            text: text.to_owned(),
            tone,
        })
    };
    let approval = match task.approval {
        Approval::None | Approval::Approved => None,
        Approval::Requested | Approval::Refused => {
            Some(names::approval_mark(locale, task.approval))
        }
    };
    let late = task.is_overdue(ctx.now) && item.due().is_some();
    let late_by = late_by(task.due_at, locale, ctx);
    let marks = [
        mark(
            item.is_lost,
            words::by_locale(locale).alert_task.lost,
            Tone::Bad,
        ),
        mark(late, &late_by, Tone::Bad),
        mark(task.stalled, w.stalled, Tone::Warn),
        approval.and_then(|text| mark(true, text, Tone::Warn)),
        mark(task.is_partly_withheld(), w.withheld, Tone::Bad),
        mark(!task.escalated.is_empty(), w.escalated, Tone::Warn),
        mark(gone, w.gone, Tone::Good),
        mark(
            task.state != TaskState::Open,
            names::state(locale, task.state),
            Tone::Plain,
        ),
    ];
    marks.into_iter().flatten().collect()
}

fn other_line(
    task: &Task,
    mark: String,
    text: String,
    when: Option<String>,
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> OtherLine {
    OtherLine {
        task_id: own(task.task_id.as_str()),
        link: ctx.base_url.map(|base| link(base, task)),
        who: Who::of_scope(&task.scope, task.tier, locale, ctx.reference),
        by: assignee_name(&task.assignee, ctx),
        mark,
        text,
        when,
    }
}

fn to_approve(task: &Task, locale: Locale, ctx: &ComposeContext<'_>) -> OtherLine {
    let w = words::by_locale(locale);
    let what =
        asks_for(task, locale).unwrap_or_else(|| names::item(locale, task.item.kind()).to_owned());
    let waiting = task.asked_at.map(|at| {
        format!(
            "{} {}",
            w.brief.waiting,
            spans::span(locale, ctx.now.since(at))
        )
    });
    other_line(
        task,
        format!("{} {what}", w.brief.asks_for),
        title(task, locale),
        waiting,
        locale,
        ctx,
    )
}

fn title(task: &Task, locale: Locale) -> String {
    let title = titles::of_task(locale, task).unwrap_or_default();
    clean::capped(&title, TEXT_CHARS_MAX)
}

fn to_verify(task: &Task, locale: Locale, ctx: &ComposeContext<'_>) -> OtherLine {
    let (mark, text) = task
        .finish
        .as_ref()
        .map_or_else(Default::default, |finish| {
            let mark = names_of_tasks::result_with_subscribers(locale, finish);
            (
                mark,
                clean::capped(&notes::summary(locale, finish), TEXT_CHARS_MAX),
            )
        });
    other_line(task, mark, text, ended(task, locale, ctx), locale, ctx)
}

fn unexplained(task: &Task, locale: Locale, ctx: &ComposeContext<'_>) -> OtherLine {
    let w = words::by_locale(locale);
    let waiting = task.gone_at.map(|at| {
        format!(
            "{} {}",
            w.brief.waiting,
            spans::span(locale, ctx.now.since(at))
        )
    });
    other_line(
        task,
        w.alert_task.lost_mark.to_owned(),
        title(task, locale),
        waiting,
        locale,
        ctx,
    )
}

fn report(task: &Task, locale: Locale, ctx: &ComposeContext<'_>) -> OtherLine {
    let (mark, text) = task
        .finish
        .as_ref()
        .map_or_else(Default::default, |finish| {
            let about = names_of_tasks::report_up(locale, finish.report.about).to_owned();
            (about, clean::capped(&finish.report.text, TEXT_CHARS_MAX))
        });
    other_line(task, mark, text, ended(task, locale, ctx), locale, ctx)
}

fn ended(task: &Task, locale: Locale, ctx: &ComposeContext<'_>) -> Option<String> {
    task.ended_at
        .map(|at| figures::moment(locale, ctx.zone, ctx.now, at))
}
