//! An alert as every mail about tasks shows it: figures, bar, why, which subscribers.
//!
//! Invariant: it shows the alert's present state; one that no longer holds is marked so.

use serde::Serialize;

use super::super::clean;
use super::super::pending::ComposeContext;
use super::super::words::explain::{self, Bar, LabelledFigure};
use super::super::words::phrases::rest;
use super::super::words::{self, alerts_of_one, names, notes, phrases};
use crate::domain::alert::{Alert, Period};
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::{AlertKind, Severity, Signal};
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::timeline::{Departures, SubscriberTrouble};

/// Most subscribers that a mail names for an alert; the rest are counted.
const SUBJECTS_MAX: usize = 10;

#[derive(Debug, Serialize)]
pub(crate) struct AlertView {
    title: String,
    headline: String,
    severity: &'static str,
    critical: bool,
    value: Option<String>,
    limit: Option<String>,
    subject: Option<String>,
    cells: Vec<LabelledFigure>,
    bar: Option<Bar>,
    why: String,
    fired: String,
    period: String,
    /// A mark that it holds no more, or that its subscriber has gone.
    gone: Option<&'static str>,
    /// Whether the subscriber has not left, so that `gone` is a good sign.
    is_good: bool,
    /// The name of the list below.
    listed: &'static str,
    subjects: Vec<String>,
    more_subjects: Option<String>,
    /// Who left in a batch, by what he did.
    left: Vec<LabelledFigure>,
}

impl AlertView {
    /// Alerts that share a view (at least one): one as it is, several of a kind as one.
    #[must_use]
    pub(crate) fn of_kind(
        alerts: &[&Alert],
        departures: &Departures,
        locale: Locale,
        ctx: &ComposeContext<'_>,
    ) -> Self {
        let one = Self::of_alert(alerts[0], departures, locale, ctx);
        if alerts.len() == 1 {
            return one;
        }
        let (shown, hidden) = ctx.room.first(alerts, SUBJECTS_MAX);
        let severity = alerts
            .iter()
            .map(|alert| alert.severity)
            .min()
            .unwrap_or(Severity::Notice);
        let opened = alerts.iter().map(|alert| alert.opened_at);
        Self {
            headline: explain::headline_of_kind(locale, alerts),
            severity: names::severity(locale, severity),
            critical: severity == Severity::Critical,
            value: Some(explain::count(alerts.len() as i64)),
            limit: None,
            subject: None,
            cells: Vec::new(),
            bar: None,
            why: explain::states(locale, alerts),
            fired: opened
                .max()
                .map(|at| fired(alerts[0].key.kind, at, locale, ctx))
                .unwrap_or_default(),
            period: explain::days(alerts),
            gone: None,
            subjects: shown
                .iter()
                .map(|alert| explain::subject_state(locale, alert))
                .collect(),
            more_subjects: rest(hidden, locale),
            ..one
        }
    }

    /// The alert in a language.
    #[must_use]
    pub(crate) fn of_alert(
        alert: &Alert,
        departures: &Departures,
        locale: Locale,
        ctx: &ComposeContext<'_>,
    ) -> Self {
        let why = &alert.explanation;
        let in_unit = |figure: Option<f64>, beside| match alert.key.kind {
            AlertKind::Indicator(indicator) => {
                figure.map(|figure| explain::value(locale, indicator, figure, beside))
            }
            AlertKind::Signal(_) => None,
        };
        let is_batch = alert.key.kind == AlertKind::Signal(Signal::BatchLeave);
        let leavers = is_batch.then(|| explain::count(why.k));
        let (shown, hidden) = ctx.room.first(&alert.members, SUBJECTS_MAX);
        let subjects: Vec<String> = shown
            .iter()
            .map(|subscriber| clean::name(subscriber.as_str()))
            .collect();
        let subject = alert.key.subject.text().map(clean::name);
        let gone = match (why.trouble, alert.resolved_because) {
            (Some(SubscriberTrouble::Gone(how)), _) => Some(names::departure(locale, how)),
            (Some(now @ SubscriberTrouble::InBase(_)), Some(_)) => {
                Some(names::trouble(locale, now))
            }
            (_, because) => {
                because.map(|because| notes::kind_resolved_because(locale, alert.key.kind, because))
            }
        };
        Self {
            title: if is_batch {
                explain::batch(locale, why)
            } else {
                names::alert_kind(locale, alert.key.kind).to_owned()
            },
            headline: explain::headline(locale, alert),
            severity: names::severity(locale, alert.severity),
            critical: alert.severity == Severity::Critical,
            value: in_unit(why.value, why.limit).or(leavers),
            limit: in_unit(why.limit, why.value),
            cells: explain::cells(locale, alert),
            bar: explain::bar(alert),
            why: explain::sentence(locale, alert),
            fired: fired(alert.key.kind, alert.opened_at, locale, ctx),
            period: match alert.key.period {
                Period::Month(month) => month.to_string(),
                Period::Day(day) => day.to_string(),
            },
            is_good: !matches!(why.trouble, Some(SubscriberTrouble::Gone(_))),
            gone,
            left: if is_batch {
                left(alert, departures, locale, ctx)
            } else {
                Vec::new()
            },
            more_subjects: if is_batch { None } else { rest(hidden, locale) },
            listed: alerts_of_one::listed(locale, &alert.key.subject),
            // A subscriber that the headline names already is not repeated.
            subjects: if is_batch || (subjects.len() == 1 && subjects.first() == subject.as_ref()) {
                Vec::new()
            } else {
                subjects
            },
            subject,
        }
    }
}

/// The subscribers that left in a batch, by what each did; who is back by now is not among them.
fn left(
    alert: &Alert,
    departures: &Departures,
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> Vec<LabelledFigure> {
    let w = words::by_locale(locale);
    let (churned, left) = alert.explanation.leavers();
    let is_cut = alert.unnamed() > 0;
    let of = |label: &'static str, is_churned: bool, counted: i64| {
        let takes = |subscriber: &&SubscriberId| {
            departures
                .get(*subscriber)
                .is_some_and(|how| how.is_churned() == is_churned)
        };
        let subscribers: Vec<&SubscriberId> = alert.members.iter().filter(takes).collect();
        let (shown, hidden) = ctx.room.first(&subscribers, SUBJECTS_MAX);
        let unnamed = usize::try_from(counted)
            .unwrap_or_default()
            .saturating_sub(subscribers.len());
        let hidden = hidden + if is_cut { unnamed } else { 0 };
        let named = shown
            .iter()
            .map(|subscriber| clean::name(subscriber.as_str()))
            .chain(rest(hidden, locale));
        (!subscribers.is_empty()).then(|| LabelledFigure {
            label,
            value: named.collect::<Vec<_>>().join(w.comma),
        })
    };
    [
        of(phrases::leavers(locale, true), true, churned),
        of(phrases::leavers(locale, false), false, left),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// When an alert fired; of what is missing also as of when it is, where not everything has been
/// read.
fn fired(kind: AlertKind, at: Timestamp, locale: Locale, ctx: &ComposeContext<'_>) -> String {
    let fired = ctx.instant(at, locale);
    let Some(read) = ctx.read_until.filter(|_| kind.is_about_what_is_missing()) else {
        return fired;
    };
    phrases::fired_as_of(locale, &fired, &ctx.instant(read, locale))
}
