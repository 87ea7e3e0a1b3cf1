//! Several alerts of one kind, each about a line, in one line: how many, from when to when, and
//! their present states.

use super::headline::headline;
use crate::domain::alert::{Alert, Period, ResolvedBecause};
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::timeline::SubscriberTrouble;
use crate::notify::clean;
use crate::notify::words::{self, names};

/// Groups of alerts that share one line, in order: those of one kind whose subject is a line are
/// one group; every other alert is a group by itself.
#[must_use]
pub(crate) fn by_kind<'a>(alerts: &[&'a Alert]) -> Vec<Vec<&'a Alert>> {
    let mut kinds: Vec<Vec<&Alert>> = Vec::new();
    for alert in alerts {
        let joins = |one: &&mut Vec<&Alert>| {
            alert.key.kind.is_about_a_subscriber() && one[0].key.kind == alert.key.kind
        };
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
        Locale::ZhCn => format!("{name} {n} 户（{days}）：{states}"),
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
    let phrases = counts.into_iter().map(|(state, n)| match locale {
        Locale::ZhCn => format!("{n} 户{state}"),
        Locale::En => format!("{n} {state}"),
    });
    phrases
        .collect::<Vec<_>>()
        .join(words::by_locale(locale).comma)
}

/// The line of an alert, and its present state.
#[must_use]
pub(crate) fn line_state(locale: Locale, alert: &Alert) -> String {
    let w = words::by_locale(locale);
    format!(
        "{}{}{}{}",
        clean::name(alert.key.subject.as_str()),
        w.paren,
        state(locale, alert),
        w.paren_end
    )
}

/// The present state of the line of an alert.
fn state(locale: Locale, alert: &Alert) -> &'static str {
    let trouble = |trouble: SubscriberTrouble| names::trouble(locale, trouble);
    match (alert.explanation.trouble, alert.resolved_because) {
        (Some(gone @ SubscriberTrouble::Gone(_)), _) => trouble(gone),
        (_, Some(because)) if !alert.state.is_open() => because_of(locale, because),
        (Some(now), _) => trouble(now),
        (None, _) => names::alert_kind(locale, alert.key.kind),
    }
}

/// Why it holds no more, of a line, in a word or two.
const fn because_of(locale: Locale, because: ResolvedBecause) -> &'static str {
    match (locale, because) {
        (Locale::ZhCn, ResolvedBecause::Restored) => "已恢复",
        (Locale::ZhCn, ResolvedBecause::Recovered) => "已不再待销户或停机",
        (Locale::ZhCn, ResolvedBecause::Withdrawn) => "已撤回",
        (Locale::ZhCn, ResolvedBecause::Lost) => "已离网或退出",
        (Locale::ZhCn, ResolvedBecause::Lapsed) => "后续未发生",
        (Locale::ZhCn, ResolvedBecause::Retracted) => "记录已撤销",
        (Locale::ZhCn, ResolvedBecause::TaskDone | ResolvedBecause::MonthEnded) => "已处理",
        (Locale::En, ResolvedBecause::Restored) => "restored",
        (Locale::En, ResolvedBecause::Recovered) => "no longer stopped or pre-cancelled",
        (Locale::En, ResolvedBecause::Withdrawn) => "withdrawn",
        (Locale::En, ResolvedBecause::Lost) => "gone",
        (Locale::En, ResolvedBecause::Lapsed) => "lapsed",
        (Locale::En, ResolvedBecause::Retracted) => "retracted",
        (Locale::En, ResolvedBecause::TaskDone | ResolvedBecause::MonthEnded) => "dealt with",
    }
}
