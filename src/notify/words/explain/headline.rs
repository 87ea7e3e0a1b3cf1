//! An alert in one line.

use super::figures::{count, decimal, percent, value, yuan};
use super::of_kind::state;
use crate::domain::alert::{Alert, Explanation};
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::locale::Locale;
use crate::notify::clean;
use crate::notify::words::names;

/// The alert in one line: what, how much, against which limit.
#[must_use]
pub(crate) fn headline(locale: Locale, alert: &Alert) -> String {
    let name = names::alert_kind(locale, alert.key.kind);
    let figure = match alert.key.kind {
        AlertKind::Indicator(indicator) => alert
            .explanation
            .value
            .zip(alert.explanation.limit)
            .map(|(now, limit)| {
                let (now, limit) = (
                    value(locale, indicator, now, Some(limit)),
                    value(locale, indicator, limit, Some(now)),
                );
                match locale {
                    Locale::ZhCn => format!("{name} {now}（限值 {limit}）"),
                    Locale::En => format!("{name} {now} (limit {limit})"),
                }
            }),
        AlertKind::Signal(signal) => of_signal(locale, signal, name, alert),
    };
    let headline = figure.unwrap_or_else(|| match alert.key.subject.text() {
        Some(subject) => format!("{name} {}", clean::name(subject)),
        None => name.to_owned(),
    });
    // Whose subject is one tells how that stands.
    match alert.state.is_open() || alert.key.is_about_one() {
        true => headline,
        false => headline + locale.pick("（已结束）", " (over)"),
    }
}

fn of_signal(locale: Locale, signal: Signal, name: &str, alert: &Alert) -> Option<String> {
    let (why, subject) = (&alert.explanation, clean::name(alert.key.subject.as_str()));
    Some(match (signal, locale) {
        (Signal::BatchLeave, _) => batch(locale, why),
        (Signal::SuspensionBurst, Locale::ZhCn) => format!("{name} {} 户", count(why.k)),
        (Signal::SuspensionBurst, Locale::En) => format!("{name}: {}", count(why.k)),
        (Signal::ComplaintHotspot, Locale::ZhCn) => format!("{name} {subject} {} 件", count(why.k)),
        (Signal::ComplaintHotspot, Locale::En) => format!("{name}: {subject}, {}", count(why.k)),
        (Signal::Arrears, Locale::ZhCn) => format!("{name} {}", yuan(locale, why.fen?)),
        (Signal::Arrears, Locale::En) => format!("{name}: {}", yuan(locale, why.fen?)),
        (Signal::RevenueDrop, Locale::ZhCn) => {
            format!("{name} 下降 {}", percent(why.value?, why.limit, 1))
        }
        (Signal::RevenueDrop, Locale::En) => {
            format!("{name} of {}", percent(why.value?, why.limit, 1))
        }
        (Signal::LowScore, Locale::ZhCn) => format!("{name} {} 分", decimal(why.value?, why.limit)),
        (Signal::LowScore, Locale::En) => format!("{name}: {}", decimal(why.value?, why.limit)),
        (
            Signal::LockedNumberLost | Signal::KeyLine | Signal::PreCancel | Signal::PortOut,
            Locale::ZhCn,
        ) => {
            format!("{name} {subject}（{}）", present_state(locale, alert)?)
        }
        (
            Signal::LockedNumberLost | Signal::KeyLine | Signal::PreCancel | Signal::PortOut,
            Locale::En,
        ) => {
            format!("{name} {subject} ({})", present_state(locale, alert)?)
        }
        _ => return None,
    })
}

/// The state now of the subscriber of an alert, which may be another than the one that raised it.
fn present_state(locale: Locale, alert: &Alert) -> Option<&'static str> {
    alert.explanation.trouble.map(|_| state(locale, alert))
}

/// A batch of leavers in words, by what they left: the operator, or the group customer only.
#[must_use]
pub(crate) fn batch(locale: Locale, why: &Explanation) -> String {
    let (churned, left) = why.leavers();
    let (c, l) = (count(churned), count(left));
    match (locale, churned, left) {
        (Locale::ZhCn, _, 0) => format!("集团个人客户批量离网 {c} 户"),
        (Locale::ZhCn, 0, _) => format!("成员批量退出集团 {l} 户"),
        (Locale::ZhCn, ..) => format!("成员批量离网 {c} 户、退出集团 {l} 户"),
        (Locale::En, _, 0) => format!("Members churning in a batch: {c}"),
        (Locale::En, 0, _) => format!("Members leaving the group in a batch: {l}"),
        (Locale::En, ..) => format!("Members going in a batch: {c} churned, {l} left the group"),
    }
}
