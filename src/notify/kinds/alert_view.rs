//! An alert as every mail about tasks shows it: figures, bar, why, which lines.
//!
//! Invariant: it shows the alert as it stands now; one that no longer holds says so.

use serde::Serialize;

use super::super::clean;
use super::super::compose::ComposeContext;
use super::super::explain::{self, Bar, Cell};
use super::super::locale::Locale;
use super::super::room::rest;
use super::super::words::names;
use crate::domain::alert::{Alert, Period};
use crate::domain::indicator::{AlertKind, Severity, Signal};

/// Most lines (numbers) that a mail names for an alert; the rest are counted.
const LINES_MAX: usize = 10;

/// An alert.
#[derive(Debug, Serialize)]
pub struct AlertView {
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
    more_lines: Option<String>,
}

impl AlertView {
    /// The alert in a language.
    #[must_use]
    pub fn of(alert: &Alert, locale: Locale, ctx: &ComposeContext<'_>) -> Self {
        let why = &alert.explanation;
        let in_unit = |figure: Option<f64>| match alert.key.kind {
            AlertKind::Indicator(indicator) => figure.map(|figure| explain::value(locale, indicator, figure)),
            AlertKind::Signal(_) => None,
        };
        let leavers = (alert.key.kind == AlertKind::Signal(Signal::BatchLeave)).then(|| explain::count(why.k));
        let (shown, hidden) = ctx.room.first(&alert.members, LINES_MAX);
        let lines: Vec<String> = shown.iter().map(|line| clean::name(line.as_str())).collect();
        let subject = clean::name(&alert.key.subject);
        let gone = (!alert.state.is_open()).then(|| match (alert.resolved_because, locale) {
            (Some(because), _) => names::resolved(locale, because),
            (None, Locale::ZhCn) => "原因已消失",
            (None, Locale::En) => "its cause is gone",
        });
        Self {
            title: names::alert_kind(locale, alert.key.kind),
            headline: explain::headline(locale, alert),
            severity: names::severity(locale, alert.severity),
            critical: alert.severity == Severity::Critical,
            value: in_unit(why.value).or(leavers),
            limit: in_unit(why.limit),
            cells: explain::cells(locale, alert),
            bar: explain::bar(alert),
            why: explain::sentence(locale, alert),
            fired: ctx.zone.display(alert.opened_at),
            period: match alert.key.period {
                Period::Month(month) => month.to_string(),
                Period::Day(day) => day.to_string(),
            },
            gone,
            more_lines: rest(hidden, locale),
            // A line that the headline names already is not said again.
            lines: if lines.len() == 1 && lines[0] == subject { Vec::new() } else { lines },
            line: (!subject.is_empty()).then_some(subject),
        }
    }
}
