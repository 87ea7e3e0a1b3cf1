//! `alert_task`: the open tasks of one group customer (or unit, or the company) that alerts began or joined.
//!
//! Figures first, then why it fired, who, what to do, by when. It does not know who gets it.
//! Invariant: it tells every alert of every task that it shows, as they stand now.

use minijinja::value::Value;
use serde::Serialize;

use super::super::explain::{self, Bar, Cell};
use super::super::locale::Locale;
use super::super::template::{self, Frame, RenderError, Rendered, own};
use super::super::words::{self, Words, names};
use super::super::{clean, compose::ComposeContext};
use super::who::Who;
use crate::domain::alert::{Alert, Period};
use crate::domain::indicator::{AlertKind, Severity, Signal};
use crate::domain::task::{Approval, Item, Task, TaskState};
use crate::domain::zone::Zone;

/// Most lines (numbers) that a mail names for an alert; the rest are counted.
pub const LINES_MAX: usize = 10;
/// Most alerts shown for a task; the rest are counted.
pub const ALERTS_MAX: usize = 20;

/// The mail with everything that it shows.
#[derive(Debug, Serialize)]
pub struct AlertTaskMail {
    w: &'static Words,
    severity: &'static str,
    critical: bool,
    who: Who,
    headline: String,
    more: Option<String>,
    tasks: Vec<TaskView>,
    useful: bool,
    #[serde(skip)]
    frame: Frame,
}

#[derive(Debug, Serialize)]
struct TaskView {
    task_id: Value,
    link: Option<Value>,
    kind: &'static str,
    class: &'static str,
    state: &'static str,
    severity: &'static str,
    accept_by: Option<String>,
    due: String,
    approval: &'static str,
    waits: bool,
    item: &'static str,
    parts: Vec<Cell>,
    steps: Vec<String>,
    means: String,
    resources: Option<String>,
    checks: Vec<String>,
    remark: Option<String>,
    alerts: Vec<AlertView>,
    more_alerts: usize,
}

#[derive(Debug, Serialize)]
struct AlertView {
    title: &'static str,
    headline: String,
    severity: &'static str,
    critical: bool,
    value: Option<String>,
    limit: Option<String>,
    line: Option<String>,
    cells: Vec<Cell>,
    bar: Option<Bar>,
    why: String,
    fired: String,
    period: String,
    gone: Option<&'static str>,
    lines: Vec<String>,
    more_lines: usize,
}

impl AlertTaskMail {
    /// The mail about `tasks` (at least one, all of one scope, the most urgent first), each with all its alerts.
    #[must_use]
    pub fn new(tasks: &[(&Task, &[Alert])], locale: Locale, instead_of: Option<String>, ctx: &ComposeContext<'_>) -> Self {
        let w = words::of(locale);
        let holding =
            tasks.iter().flat_map(|(_, alerts)| alerts.iter()).filter(|alert| alert.state.is_open()).map(|alert| alert.severity).min();
        let severity = holding.or(tasks.iter().map(|(task, _)| task.severity).min()).unwrap_or(Severity::Notice);
        let who = tasks.first().map(|(task, _)| Who::of(&task.scope, task.tier, locale, ctx.reference)).unwrap_or_default();
        let views: Vec<TaskView> = tasks.iter().map(|(task, alerts)| task_view(task, alerts, locale, ctx)).collect();
        let alerts: usize = tasks.iter().map(|(_, alerts)| alerts.len()).sum();
        // The most urgent that still holds; the views are sorted so within a task.
        let shown = || views.iter().flat_map(|view| &view.alerts);
        let headline =
            shown().find(|alert| alert.gone.is_none()).or(shown().next()).map(|alert| alert.headline.clone()).unwrap_or_default();
        let more = (alerts > 1).then(|| match locale {
            Locale::ZhCn => format!("，共 {alerts} 项"),
            Locale::En => format!(" and {} more", alerts - 1),
        });
        let deadline = views.first().map(|view| (view.accept_by.clone(), view.due.clone())).unwrap_or_default();
        let preview = match deadline {
            (Some(accept_by), _) => format!("{}{}{accept_by}", w.alert_task.accept_by, w.colon),
            (None, due) => format!("{}{}{due}", w.alert_task.due, w.colon),
        };
        Self {
            w,
            severity: names::severity(locale, severity),
            critical: severity == Severity::Critical,
            who,
            headline,
            more,
            useful: views.iter().any(|view| view.link.is_some()),
            tasks: views,
            frame: Frame { w, preview, instead_of },
        }
    }

    /// Subject, text and HTML.
    ///
    /// # Errors
    /// [`RenderError`] when a template does not fit this struct.
    pub fn render(&self) -> Result<Rendered, RenderError> {
        template::render("alert_task", self, &self.frame)
    }
}

fn task_view(task: &Task, alerts: &[Alert], locale: Locale, ctx: &ComposeContext<'_>) -> TaskView {
    let w = words::of(locale);
    let joined = |texts: Vec<&str>| texts.join(w.comma);
    let (parts, steps) = item_parts(&task.item, locale);
    let mut alerts: Vec<&Alert> = alerts.iter().collect();
    alerts.sort_by_key(|alert| (!alert.state.is_open(), alert.severity, alert.opened_at, alert.alert_id()));
    let shown: Vec<AlertView> = alerts.iter().take(ALERTS_MAX).map(|alert| alert_view(alert, locale, ctx.zone)).collect();
    TaskView {
        task_id: own(task.task_id.as_str()),
        link: ctx.base_url.map(|base| link(base, task)),
        kind: names::task_kind(locale, task.kind),
        class: names::class(locale, task.class),
        state: names::state(locale, task.state),
        severity: names::severity(locale, task.severity),
        accept_by: (task.state == TaskState::Open).then(|| ctx.zone.display(task.accept_by)),
        due: ctx.zone.display(task.due_at),
        approval: names::approval(locale, task.approval),
        waits: matches!(task.approval, Approval::Requested | Approval::Refused),
        item: names::item(locale, task.item.kind()),
        parts,
        steps,
        means: joined(task.means.iter().map(|one| names::means(locale, *one)).collect()),
        resources: (!task.resources.is_empty()).then(|| joined(task.resources.iter().map(|one| names::resource(locale, *one)).collect())),
        checks: task.checks.iter().map(|check| clean::phrase(check)).collect(),
        remark: task.remark.as_deref().map(clean::phrase).filter(|text| !text.is_empty()),
        more_alerts: alerts.len() - shown.len(),
        alerts: shown,
    }
}

/// The task's page; the base comes from the configuration, the id is our own.
fn link(base: &str, task: &Task) -> Value {
    let url = format!("{}/tasks/{}", base.trim_end_matches('/'), task.task_id);
    own(&url.replace('&', "&amp;").replace('"', "%22").replace('\'', "%27").replace('<', "%3C").replace('>', "%3E"))
}

fn item_parts(item: &Item, locale: Locale) -> (Vec<Cell>, Vec<String>) {
    let cell = |zh, en, text: &str| Cell {
        label: match locale {
            Locale::ZhCn => zh,
            Locale::En => en,
        },
        value: clean::phrase(text),
    };
    match item {
        Item::Information { way, what } => (vec![cell("方式", "way", way), cell("内容", "what", what)], Vec::new()),
        Item::Service { what } => (vec![cell("内容", "what", what)], Vec::new()),
        Item::Visit { whom, purpose, prepare, steps } => {
            let parts = vec![cell("拜访对象", "whom", whom), cell("目的", "purpose", purpose), cell("准备", "prepare", prepare)];
            (parts, steps.iter().map(|step| clean::phrase(step)).collect())
        }
        Item::Retention { plan } => (vec![cell("方案", "plan", plan)], Vec::new()),
    }
}

fn alert_view(alert: &Alert, locale: Locale, zone: Zone) -> AlertView {
    let why = &alert.explanation;
    let in_unit = |figure: Option<f64>| match alert.key.kind {
        AlertKind::Indicator(indicator) => figure.map(|figure| explain::value(locale, indicator, figure)),
        AlertKind::Signal(_) => None,
    };
    let leavers = (alert.key.kind == AlertKind::Signal(Signal::BatchLeave)).then(|| explain::count(why.k));
    let lines: Vec<String> = alert.members.iter().take(LINES_MAX).map(|line| clean::name(line.as_str())).collect();
    let subject = clean::name(&alert.key.subject);
    let gone = (!alert.state.is_open()).then(|| match (alert.resolved_because, locale) {
        (Some(because), _) => names::resolved(locale, because),
        (None, Locale::ZhCn) => "原因已消失",
        (None, Locale::En) => "its cause is gone",
    });
    AlertView {
        title: names::alert_kind(locale, alert.key.kind),
        headline: explain::headline(locale, alert),
        severity: names::severity(locale, alert.severity),
        critical: alert.severity == Severity::Critical,
        value: in_unit(why.value).or(leavers),
        limit: in_unit(why.limit),
        cells: explain::cells(locale, alert),
        bar: explain::bar(alert),
        why: explain::sentence(locale, alert),
        fired: zone.display(alert.opened_at),
        period: match alert.key.period {
            Period::Month(month) => month.to_string(),
            Period::Day(day) => day.to_string(),
        },
        gone,
        more_lines: alert.members.len() - lines.len(),
        // A line that the headline names already is not said again.
        lines: if lines.len() == 1 && lines[0] == subject { Vec::new() } else { lines },
        line: (!subject.is_empty()).then_some(subject),
    }
}
