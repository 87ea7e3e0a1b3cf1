//! Why an alert fires, as figures and as a sentence.
//!
//! It decides nothing: every figure is one that `evaluate` put into the alert's explanation; one that is not there is
//! left out, never made up. Invariant: pure, no phone number comes out.

use serde::Serialize;

use super::clean;
use super::locale::Locale;
use crate::domain::alert::{Alert, Explanation, Period};
use crate::domain::indicator::{AlertKind, Indicator, Signal};

/// Smaller probabilities are only said to be smaller.
const P_SHOWN_MIN: f64 = 0.000_1;

/// A labelled figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// What it is.
    pub label: &'static str,
    /// The figure.
    pub value: String,
}

/// A bar of value against limit, as shares of its width in percent; drawn by table cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// On the right side of the limit, 1–97.
    pub within: u32,
    /// On the wrong side, 1–97.
    pub beyond: u32,
    /// Left blank; the three and the mark of 1 add up to 100.
    pub blank: u32,
    /// The wrong side is below the limit (satisfaction), so the second part is what is missing.
    pub below: bool,
}

/// A count with thousands separated.
#[must_use]
pub fn count(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A value or a limit in the indicator's unit.
#[must_use]
pub fn value(locale: Locale, indicator: Indicator, value: f64) -> String {
    match (indicator, locale) {
        (Indicator::ChurnRate | Indicator::MemberLossRate, _) => format!("{:.2}%", value * 100.0),
        (Indicator::ComplaintRate10k, _) => decimal(value, 1),
        (Indicator::Satisfaction, Locale::ZhCn) => format!("{} 分", decimal(value, 1)),
        (Indicator::Satisfaction, Locale::En) => decimal(value, 1),
    }
}

fn decimal(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A probability for people.
#[must_use]
pub fn probability(p: f64) -> String {
    if p < P_SHOWN_MIN { "< 0.01%".to_owned() } else { format!("{:.2}%", p * 100.0) }
}

/// The alert in one line: what, how much, against which limit.
#[must_use]
pub fn headline(locale: Locale, alert: &Alert) -> String {
    let name = super::words::names::alert_kind(locale, alert.key.kind);
    let why = &alert.explanation;
    match (alert.key.kind, why.value, why.limit) {
        (AlertKind::Indicator(indicator), Some(now), Some(limit)) => {
            let (now, limit) = (value(locale, indicator, now), value(locale, indicator, limit));
            match locale {
                Locale::ZhCn => format!("{name} {now}（限值 {limit}）"),
                Locale::En => format!("{name} {now} (limit {limit})"),
            }
        }
        (AlertKind::Signal(Signal::BatchLeave), ..) => match locale {
            Locale::ZhCn => format!("{name} {} 个", count(why.k)),
            Locale::En => format!("{name}: {}", count(why.k)),
        },
        _ if !alert.key.subject.is_empty() => format!("{name} {}", clean::name(&alert.key.subject)),
        _ => name.to_owned(),
    }
}

/// The figures that stand behind it, as far as the explanation holds them.
#[must_use]
pub fn cells(locale: Locale, alert: &Alert) -> Vec<Cell> {
    let why = &alert.explanation;
    let label = |zh, en| match locale {
        Locale::ZhCn => zh,
        Locale::En => en,
    };
    let (k, n) = match alert.key.kind {
        AlertKind::Indicator(Indicator::ChurnRate) => (label("已离网", "left"), Some(label("期初成员", "members at opening"))),
        AlertKind::Indicator(Indicator::MemberLossRate) => (label("已流失", "lost"), Some(label("期初成员", "members at opening"))),
        AlertKind::Indicator(Indicator::ComplaintRate10k) => (label("投诉", "complaints"), Some(label("期初成员", "members at opening"))),
        AlertKind::Indicator(Indicator::Satisfaction) => (label("答卷", "answers"), None),
        AlertKind::Signal(Signal::BatchLeave) => (label("已离网", "left"), Some(label("窗口起始成员", "members before"))),
        AlertKind::Signal(_) => return Vec::new(),
    };
    let mut cells = vec![Cell { label: k, value: count(why.k) }];
    if let Some(label) = n {
        cells.push(Cell { label, value: count(why.n) });
    }
    if let Some(expected) = why.expected {
        cells.push(Cell { label: label("限值下预期", "expected at limit"), value: format!("{expected:.1}") });
    }
    // Above group level every value over the limit is a breach: chance has no say.
    if alert.key.scope.group().is_none() {
        return cells;
    }
    if let Some(needed) = why.needed {
        let label = if why.p.is_none() { label("判定所需", "needed to judge") } else { label("报警起点", "fires from") };
        cells.push(Cell { label, value: count(needed) });
    }
    if let Some(p) = why.p {
        cells.push(Cell { label: label("偶然概率 p", "chance p"), value: probability(p) });
    }
    cells
}

/// Why it fired, in a sentence or two.
#[must_use]
pub fn sentence(locale: Locale, alert: &Alert) -> String {
    let (why, period, line) = (&alert.explanation, period(locale, alert.key.period), clean::name(&alert.key.subject));
    let (k, n) = (count(why.k), count(why.n));
    let first = match (locale, alert.key.kind) {
        (Locale::ZhCn, AlertKind::Indicator(Indicator::ChurnRate)) => format!("{period}内，期初 {n} 个成员中已有 {k} 个离网。"),
        (Locale::ZhCn, AlertKind::Indicator(Indicator::MemberLossRate)) => {
            format!("{period}内，期初 {n} 个成员中已流失 {k} 个（含离网、退出和转走）。")
        }
        (Locale::ZhCn, AlertKind::Indicator(Indicator::ComplaintRate10k)) => format!("{period}内，{n} 个期初成员已产生 {k} 件投诉。"),
        (Locale::ZhCn, AlertKind::Indicator(Indicator::Satisfaction)) => format!("{period}内收到 {k} 份答卷，平均分低于标准值。"),
        (Locale::ZhCn, AlertKind::Signal(Signal::LockedNumberLost)) => {
            format!("锁定号码 {line} 于 {period} 流失。锁定号码不论客户大小，流失即报警。")
        }
        (Locale::ZhCn, AlertKind::Signal(Signal::KeyLine)) => {
            format!("关键联系人或决策人的号码 {line} 于 {period} 停机、预销、离网或进入携转。")
        }
        (Locale::ZhCn, AlertKind::Signal(Signal::BatchLeave)) => format!("截至 {period} 的几天内，{n} 个成员中有 {k} 个离网。"),
        (Locale::ZhCn, AlertKind::Signal(Signal::GroupGone)) => format!("{period} 起，该集团已没有在网成员。"),
        (Locale::En, AlertKind::Indicator(Indicator::ChurnRate)) => {
            format!("In {period}, {k} of the {n} members at opening have left the operator.")
        }
        (Locale::En, AlertKind::Indicator(Indicator::MemberLossRate)) => {
            format!("In {period}, {k} of the {n} members at opening are lost (left, withdrawn or moved).")
        }
        (Locale::En, AlertKind::Indicator(Indicator::ComplaintRate10k)) => {
            format!("In {period}, {k} complaints were filed, with {n} members at opening.")
        }
        (Locale::En, AlertKind::Indicator(Indicator::Satisfaction)) => {
            format!("In {period}, {k} answers came in; their mean is below the standard.")
        }
        (Locale::En, AlertKind::Signal(Signal::LockedNumberLost)) => {
            format!("The locked number {line} was lost on {period}. A locked number is news whatever the customer's size.")
        }
        (Locale::En, AlertKind::Signal(Signal::KeyLine)) => format!(
            "The line {line} of a key contact or decision maker was suspended, pre-cancelled, churned or began porting on {period}."
        ),
        (Locale::En, AlertKind::Signal(Signal::BatchLeave)) => format!("In the few days up to {period}, {k} of {n} members left."),
        (Locale::En, AlertKind::Signal(Signal::GroupGone)) => format!("Since {period} the group has no member left."),
    };
    match alert.key.scope.group().and_then(|_| chance(locale, why)) {
        Some(second) if locale == Locale::En => format!("{first} {second}"),
        Some(second) => first + &second,
        None => first,
    }
}

fn period(locale: Locale, period: Period) -> String {
    match (locale, period) {
        (Locale::ZhCn, Period::Month(month)) => format!("{} 年 {} 月", month.year(), month.month()),
        (_, period) => period.to_string(),
    }
}

/// How likely that many are by chance, where the test was made.
fn chance(locale: Locale, why: &Explanation) -> Option<String> {
    let (expected, p, k) = (why.expected?, why.p?, count(why.k));
    let (is, p) = (if p < P_SHOWN_MIN { ("低于", "below") } else { ("为", "of") }, probability(p.max(P_SHOWN_MIN)));
    Some(match locale {
        Locale::ZhCn => format!("若实际水平恰在限值上，预期只有 {expected:.1} 个；出现 {k} 个及以上的概率{} {p}。", is.0),
        Locale::En => {
            format!("Exactly at the limit one would expect {expected:.1}; {k} or more come by chance with a probability {} {p}.", is.1)
        }
    })
}

/// The bar of value against limit; none for signals.
#[must_use]
pub fn bar(alert: &Alert) -> Option<Bar> {
    let AlertKind::Indicator(indicator) = alert.key.kind else { return None };
    let (value, limit) = (alert.explanation.value?, alert.explanation.limit?);
    let below = indicator == Indicator::Satisfaction;
    let beyond = if below { value < limit } else { value > limit };
    if !(value.is_finite() && limit.is_finite() && beyond && value >= 0.0 && limit > 0.0) {
        return None;
    }
    // Satisfaction has an end of scale; rates get a bar that the greater of the two nearly fills.
    let full = if below { 100.0 } else { value * 1.1 };
    let share = |part: f64| ((part / full * 99.0).round() as u32).clamp(1, 97);
    let within = share(value.min(limit)).min(90);
    let beyond = share((value - limit).abs()).min(98 - within);
    Some(Bar { within, beyond, blank: 99 - within - beyond, below })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::fixtures;
    use proptest::prelude::*;

    #[test]
    fn figures_are_written_for_people() {
        assert_eq!((count(0), count(999), count(-1000), count(1_234_567)), ("0".into(), "999".into(), "-1,000".into(), "1,234,567".into()));
        assert_eq!(value(Locale::ZhCn, Indicator::ChurnRate, 0.09), "9.00%");
        assert_eq!(value(Locale::ZhCn, Indicator::ComplaintRate10k, 40.0), "40");
        assert_eq!(value(Locale::ZhCn, Indicator::Satisfaction, 71.46), "71.5 分");
        assert_eq!((probability(0.004_31), probability(3e-7)), ("0.43%".into(), "< 0.01%".into()));
    }

    #[test]
    fn a_figure_that_the_explanation_lacks_is_left_out() {
        let mut alert = fixtures::churn_alert();
        alert.explanation.p = None;
        alert.explanation.needed = None;
        let labels: Vec<_> = cells(Locale::En, &alert).into_iter().map(|cell| cell.label).collect();
        assert_eq!(labels, ["left", "members at opening", "expected at limit"]);
        assert!(!sentence(Locale::En, &alert).contains("chance"));
    }

    proptest! {
        #[test]
        fn a_bar_is_always_as_wide_as_its_table(value in 0.0f64..1e6, limit in 1e-6f64..1e6, satisfaction: bool) {
            let mut alert = fixtures::churn_alert();
            if satisfaction {
                alert.key.kind = AlertKind::Indicator(Indicator::Satisfaction);
            }
            alert.explanation.value = Some(value);
            alert.explanation.limit = Some(limit);
            if let Some(bar) = bar(&alert) {
                prop_assert!(bar.within > 0 && bar.beyond > 0 && bar.blank > 0, "{bar:?}");
                prop_assert_eq!(bar.within + bar.beyond + bar.blank + 1, 100);
            }
        }
    }
}
