//! A task as every mail about tasks shows it: what it comes from, what is to be done with what, by
//! when, who has it.
//!
//! Invariant: what the port-out guard withholds is never shown as something to use.

use std::borrow::Cow;

use minijinja::value::Value;
use serde::Serialize;

use super::super::clean;
use super::super::pending::ComposeContext;
use super::super::template::own;
use super::super::words::explain::{self, LabelledFigure};
use super::super::words::phrases::rest;
use super::super::words::{
    self, checks, figures, names, names_of_tasks, notes, spans, titles, written,
};
use super::alert_view::AlertView;
use super::task_update::{TaskUpdate, refused, update_of};
use super::who::{assignee_name, manager_name};
use crate::domain::alert::{Alert, AlertState, ResolvedBecause};
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::task::{
    Approval, Assignee, Item, Lead, Means, Origin, Resource, Task, TaskState,
};
use crate::domain::timeline::Departures;

/// Most tasks that a mail shows in full; the rest are counted.
pub(crate) const TASKS_MAX: usize = 20;
/// Most alerts shown for a task; the rest are counted.
const ALERTS_MAX: usize = 20;
/// Most checks, steps and escalations shown for a task; the rest are counted.
const LINES_MAX: usize = 20;

/// A task with the other data that a mail shows of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TaskFacts<'a> {
    pub task: &'a Task,
    /// Every alert that it answers.
    pub alerts: &'a [Alert],
    /// Mean bill of its group customer, in fen.
    pub at_stake_fen: Option<i64>,
    /// Without an answer until then it is escalated.
    pub answer_by: Option<Timestamp>,
    /// Who was asked for it.
    pub approver: Option<&'a Assignee>,
    /// Whether nothing is left to keep of its subscribers: only the reason is asked for.
    pub is_lost: bool,
    /// How the subscribers that it names have gone.
    pub departures: &'a Departures,
    /// When the first of the notices that the mail is written for came about: what was done to the
    /// task before was in an earlier mail.
    pub noticed_from: Timestamp,
}

impl<'a> TaskFacts<'a> {
    /// Its alerts; of a cancelled task those that its cancelling resolved as they were before, since
    /// nobody has dealt with them.
    pub(super) fn alerts_but_for_cancelling(&self) -> Cow<'a, [Alert]> {
        if !self.is_cancelled() {
            return Cow::Borrowed(self.alerts);
        }
        let before = |alert: &Alert| match alert.resolved_because {
            Some(ResolvedBecause::TaskDone) => Alert {
                state: AlertState::Acknowledged,
                resolved_at: None,
                resolved_because: None,
                ..alert.clone()
            },
            _ => alert.clone(),
        };
        self.alerts.iter().map(before).collect()
    }

    /// Whether its time limits run: they stop once nothing is left to keep, unless it is urgent.
    pub(super) fn has_limit(&self) -> bool {
        self.task.due_if(self.is_lost).is_some()
    }

    /// Whether nothing is left to do of it.
    pub(super) fn is_cancelled(&self) -> bool {
        self.task.state == TaskState::Cancelled
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct TaskView {
    pub(super) task_id: Value,
    pub(super) link: Option<Value>,
    /// Its subject, in one line.
    pub(super) headline: String,
    kind: &'static str,
    class: &'static str,
    state: &'static str,
    pub(super) assignee: String,
    pub(super) accept_by: Option<String>,
    /// None while its due clock is stopped, since nothing is left to keep.
    pub(super) due: Option<String>,
    /// The request to its assignee in that case.
    pub(super) lost: Option<&'static str>,
    /// That nothing is left to do, where somebody above has cancelled it.
    pub(super) cancelled: Option<&'static str>,
    /// Its last change, with who did it and why.
    pub(super) update: Option<TaskUpdate>,
    refused: Option<String>,
    stake: Option<String>,
    origin: Option<OriginView>,
    /// With whom its assignee goes, of a joint visit.
    joint: Option<String>,
    approval: &'static str,
    waits: bool,
    /// What of its means and resources needs an answer.
    pub(super) asks_for: Option<String>,
    withheld: Option<String>,
    item: String,
    parts: Vec<LabelledFigure>,
    steps: Vec<String>,
    means: String,
    resources: Option<String>,
    checks: Vec<String>,
    escalated: Vec<String>,
    remark: Option<String>,
    pub(super) alerts: Vec<AlertView>,
    more_alerts: Option<String>,
}

/// Where a task comes from that no alert began.
#[derive(Debug, Serialize)]
struct OriginView {
    name: &'static str,
    title: Option<String>,
}

impl OriginView {
    fn of_task(task: &Task, locale: Locale) -> Option<Self> {
        (task.origin != Origin::Alert).then(|| Self {
            name: names_of_tasks::origin(locale, task.origin.kind()),
            title: titles::of_task(locale, task).map(|title| clean::phrase(&title)),
        })
    }
}

impl TaskView {
    /// The task in a language; the alerts that still hold come first, the most urgent of them at
    /// the top.
    #[must_use]
    pub(crate) fn of_task(facts: &TaskFacts<'_>, locale: Locale, ctx: &ComposeContext<'_>) -> Self {
        let (task, w) = (facts.task, words::by_locale(locale));
        let (parts, steps) = item_parts(&written::item(locale, task), locale, ctx);
        let alerts = sorted(facts.alerts);
        let kinds = explain::by_kind(&alerts);
        let (shown, hidden) = ctx.room.first(&kinds, ALERTS_MAX);
        let shown: Vec<AlertView> = shown
            .iter()
            .map(|alerts| AlertView::of_kind(alerts, facts.departures, locale, ctx))
            .collect();
        let (means, resources) = (usable_means(task), usable_resources(task));
        let is_cancelled = facts.is_cancelled();
        Self {
            task_id: own(task.task_id.as_str()),
            link: ctx.base_url.map(|base| link(base, task)),
            headline: headline(task, facts.alerts, locale),
            kind: names::task_kind(locale, task.kind),
            class: names::class(locale, task.class),
            state: names::state(locale, task.state),
            assignee: assignee_name(&task.assignee, ctx),
            accept_by: (task.waits_to_be_accepted() && facts.has_limit())
                .then(|| deadline(task.accept_by, locale, ctx)),
            due: task
                .due()
                .filter(|_| facts.has_limit() && !is_cancelled)
                .map(|at| due(task, at, locale, ctx)),
            update: update_of(task, facts.noticed_from, locale, ctx),
            refused: refused(task, locale),
            lost: (facts.is_lost && !is_cancelled).then_some(w.alert_task.lost),
            cancelled: is_cancelled.then_some(w.alert_task.cancelled),
            stake: facts.at_stake_fen.map(|fen| figures::about(locale, fen)),
            origin: OriginView::of_task(task, locale),
            joint: joint(task, locale, ctx),
            approval: names::approval(locale, task.approval),
            waits: matches!(task.approval, Approval::Requested | Approval::Refused),
            asks_for: asks_for(task, locale),
            withheld: listed(&task.withheld_means, &task.all_withheld_resources(), locale),
            item: item(task, locale),
            parts,
            steps,
            means: means
                .iter()
                .map(|one| names::means(locale, *one))
                .collect::<Vec<_>>()
                .join(w.comma),
            resources: listed(&[], &resources, locale),
            checks: ctx.room.lines(
                checks::checks(locale, task)
                    .iter()
                    .map(|check| clean::instruction(check)),
                LINES_MAX,
                locale,
            ),
            escalated: escalated(task, locale, ctx),
            remark: task
                .system_note
                .map(|note| notes::system_note(locale, note)),
            more_alerts: rest(hidden, locale),
            alerts: shown,
        }
    }
}

/// What a joint visit asks for: its assignee is the chief account manager, who goes with the
/// customer's manager.
fn joint(task: &Task, locale: Locale, ctx: &ComposeContext<'_>) -> Option<String> {
    task.origin.is_joint_visit().then(|| {
        let group = task.scope.group().and_then(|id| ctx.reference.group(id));
        let manager = group
            .map(|group| &group.manager_id)
            .filter(|manager| task.assignee.manager() != Some(manager))
            .map(|manager| manager_name(manager, ctx.reference));
        names_of_tasks::joint_visit(locale, manager.as_deref())
    })
}

/// When a task is due; while an answer is awaited its clock is stopped.
pub(super) fn due(task: &Task, at: Timestamp, locale: Locale, ctx: &ComposeContext<'_>) -> String {
    if task.approval == Approval::Requested {
        let w = words::by_locale(locale);
        let stopped = w.alert_task.clock_stopped;
        format!(
            "{}{}{stopped}{}",
            ctx.instant(at, locale),
            w.paren,
            w.paren_end
        )
    } else {
        deadline(at, locale, ctx)
    }
}

/// A time limit; one that has passed is marked as late.
pub(super) fn deadline(at: Timestamp, locale: Locale, ctx: &ComposeContext<'_>) -> String {
    let shown = ctx.instant(at, locale);
    if ctx.now <= at {
        shown
    } else {
        spans::late(locale, &shown, ctx.now.since(at))
    }
}

/// The alerts that still hold first, then as [`Lead`] puts them: the most urgent, those about the
/// customer, the newest.
pub(super) fn sorted(alerts: &[Alert]) -> Vec<&Alert> {
    let mut alerts: Vec<&Alert> = alerts.iter().collect();
    alerts.sort_by_cached_key(|alert| {
        let lead = Lead::of_alert(alert);
        (!alert.state.is_open(), lead.place(), lead.alert_id)
    });
    alerts
}

/// A task in one line: its title where it has one, else the most urgent of its alerts that still
/// hold, with those of its kind.
#[must_use]
pub(crate) fn headline(task: &Task, alerts: &[Alert], locale: Locale) -> String {
    let title = titles::of_task(locale, task).map(|title| clean::phrase(&title));
    match (title, explain::by_kind(&sorted(alerts)).first()) {
        (Some(title), _) => title,
        (None, Some(alerts)) => explain::headline_of_kind(locale, alerts),
        (None, None) => names_of_tasks::origin(locale, task.origin.kind()).to_owned(),
    }
}

/// The kind of its item; where a part was refused, the parts below it are those of before.
fn item(task: &Task, locale: Locale) -> String {
    let (w, name) = (
        words::by_locale(locale),
        names::item(locale, task.item.kind()),
    );
    if task.is_partly_refused() {
        format!(
            "{name}{}{}{}",
            w.paren, w.alert_task.before_refusal, w.paren_end
        )
    } else {
        name.to_owned()
    }
}

/// What of its means and resources needs an answer; none where nothing does.
#[must_use]
pub(crate) fn asks_for(task: &Task, locale: Locale) -> Option<String> {
    let means: Vec<Means> = usable_means(task)
        .into_iter()
        .filter(|one| one.needs_approval())
        .collect();
    let resources: Vec<Resource> = usable_resources(task)
        .into_iter()
        .filter(|one| one.needs_approval())
        .collect();
    listed(&means, &resources, locale)
}

fn usable_means(task: &Task) -> Vec<Means> {
    task.means
        .iter()
        .copied()
        .filter(|one| !task.withheld_means.contains(one))
        .collect()
}

fn usable_resources(task: &Task) -> Vec<Resource> {
    task.resources
        .iter()
        .copied()
        .filter(|one| !task.withheld_resources.contains(one))
        .collect()
}

fn listed(means: &[Means], resources: &[Resource], locale: Locale) -> Option<String> {
    let names = means
        .iter()
        .map(|one| names::means(locale, *one))
        .chain(resources.iter().map(|one| names::resource(locale, *one)));
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| names.join(words::by_locale(locale).comma))
}

fn escalated(task: &Task, locale: Locale, ctx: &ComposeContext<'_>) -> Vec<String> {
    let w = words::by_locale(locale);
    let one = |why, at, to| {
        let (why, at, to) = (
            names_of_tasks::escalation(locale, why),
            ctx.instant(at, locale),
            assignee_name(to, ctx),
        );
        format!("{why}{}{to}{}{at}{}", w.paren, w.semicolon, w.paren_end)
    };
    ctx.room.lines(
        task.escalated
            .iter()
            .map(|escalated| one(escalated.why, escalated.at, &escalated.to)),
        LINES_MAX,
        locale,
    )
}

/// The task's page; the base comes from the configuration, the id is our own.
pub(super) fn link(base: &str, task: &Task) -> Value {
    let url = format!("{}/tasks/{}", base.trim_end_matches('/'), task.task_id);
    own(&url
        .replace('&', "&amp;")
        .replace('"', "%22")
        .replace('\'', "%27")
        .replace('<', "%3C")
        .replace('>', "%3E"))
}

fn item_parts(
    item: &Item,
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> (Vec<LabelledFigure>, Vec<String>) {
    let w = &words::by_locale(locale).alert_task;
    let cell = |label, text: &str| LabelledFigure {
        label,
        value: clean::instruction(text),
    };
    match item {
        Item::Information { way, what } => (
            vec![cell(w.item_way, way), cell(w.item_what, what)],
            Vec::new(),
        ),
        Item::Service { what } => (vec![cell(w.item_what, what)], Vec::new()),
        Item::Visit {
            whom,
            purpose,
            prepare,
            steps,
        } => {
            let parts = vec![
                cell(w.item_whom, whom),
                cell(w.item_purpose, purpose),
                cell(w.item_prepare, prepare),
            ];
            (
                parts,
                ctx.room.lines(
                    steps.iter().map(|step| clean::instruction(step)),
                    LINES_MAX,
                    locale,
                ),
            )
        }
        Item::Retention { plan } => (vec![cell(w.item_plan, plan)], Vec::new()),
    }
}
