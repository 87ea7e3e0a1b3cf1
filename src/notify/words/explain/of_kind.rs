//! Several alerts of one kind, each about one subscriber, complaint or answer, in one line: how
//! many, from when to when, and their present states.

use super::figures::decimal;
use super::headline::headline;
use crate::domain::alert::{Alert, AlertSubject, Period};
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::timeline::SubscriberTrouble;
use crate::notify::clean;
use crate::notify::words::{self, alerts_of_one, names};

/// Groups of alerts that share one line, in order: those of one kind whose subject is one
/// subscriber, complaint or answer are one group; every other alert is a group by itself.
#[must_use]
pub(crate) fn by_kind<'a>(alerts: &[&'a Alert]) -> Vec<Vec<&'a Alert>> {
    let mut kinds: Vec<Vec<&Alert>> = Vec::new();
    for alert in alerts {
        let joins =
            |one: &&mut Vec<&Alert>| alert.key.is_about_one() && one[0].key.kind == alert.key.kind;
        match kinds.iter_mut().find(joins) {
            Some(one) => one.push(alert),
            None => kinds.push(vec![alert]),
        }
    }
    kinds
}

/// The one line of a group of alerts.
#[must_use]
pub(crate) fn headline_of_kind(locale: Locale, alerts: &[&Alert]) -> String {
    let Some((first, more)) = alerts.split_first() else {
        return String::new();
    };
    if more.is_empty() {
        return headline(locale, first);
    }
    let (name, n, days, states) = (
        names::alert_kind(locale, first.key.kind),
        alerts.len(),
        days(alerts),
        states(locale, alerts),
    );
    match locale {
        Locale::ZhCn => format!("{name} {n} {}（{days}）：{states}", counter(first)),
        Locale::En => format!("{name}: {n} ({days}): {states}"),
    }
}

/// Their first days, from the first to the last.
#[must_use]
pub(crate) fn days(alerts: &[&Alert]) -> String {
    let days = || {
        alerts.iter().filter_map(|alert| {
            if let Period::Day(day) = alert.key.period {
                Some(day)
            } else {
                None
            }
        })
    };
    let short = |day: LocalDay| day.date().format("%m-%d").to_string();
    match (days().min(), days().max()) {
        (Some(first), Some(last)) if first != last => format!("{}…{}", short(first), short(last)),
        (Some(first), _) => short(first),
        _ => String::new(),
    }
}

/// How many of the alerts are in each state, those that hold first.
#[must_use]
pub(crate) fn states(locale: Locale, alerts: &[&Alert]) -> String {
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    let mut sorted = alerts.to_vec();
    sorted.sort_by_key(|alert| !alert.state.is_open());
    for state in sorted.iter().map(|alert| state(locale, alert)) {
        match counts.iter_mut().find(|(one, _)| *one == state) {
            Some((_, n)) => *n += 1,
            None => counts.push((state, 1)),
        }
    }
    let counter = alerts.first().map_or("", |first| counter(first));
    let phrases = counts.into_iter().map(|(state, n)| match locale {
        Locale::ZhCn => format!("{n} {counter}{state}"),
        Locale::En => format!("{n} {state}"),
    });
    phrases
        .collect::<Vec<_>>()
        .join(words::by_locale(locale).comma)
}

/// The subject of an alert, and its present state.
#[must_use]
pub(crate) fn subject_state(locale: Locale, alert: &Alert) -> String {
    let w = words::by_locale(locale);
    let score = alert
        .explanation
        .value
        .filter(|_| matches!(alert.key.subject, AlertSubject::Answer(_)))
        .map(|score| decimal(score, alert.explanation.limit));
    let score = match locale {
        Locale::ZhCn => score.map(|score| format!(" {score} 分")),
        Locale::En => score.map(|score| format!(": {score}")),
    };
    format!(
        "{}{}{}{}{}",
        clean::name(alert.key.subject.as_str()),
        score.unwrap_or_default(),
        w.paren,
        state(locale, alert),
        w.paren_end
    )
}

/// The Chinese measure word for subjects of the kind of an alert's.
const fn counter(alert: &Alert) -> &'static str {
    match alert.key.subject {
        AlertSubject::Complaint(_) => "件",
        AlertSubject::Answer(_) => "份",
        AlertSubject::Subscriber(_) | AlertSubject::Category(_) | AlertSubject::WholeScope => "户",
    }
}

/// The present state of the subject of an alert.
pub(super) fn state(locale: Locale, alert: &Alert) -> &'static str {
    let trouble = |trouble: SubscriberTrouble| names::trouble(locale, trouble);
    let subject = &alert.key.subject;
    match (alert.explanation.trouble, alert.resolved_because) {
        (Some(now @ (SubscriberTrouble::Gone(_) | SubscriberTrouble::InBase(_))), _) => {
            trouble(now)
        }
        (_, Some(because)) if !alert.state.is_open() => {
            alerts_of_one::because_of(locale, subject, because)
        }
        (Some(now), _) => trouble(now),
        (None, _) => alerts_of_one::holds(locale, alert),
    }
}
