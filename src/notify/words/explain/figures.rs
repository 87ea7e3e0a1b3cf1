//! Figures as people read them, and the bar of value against limit.

use serde::Serialize;

use crate::domain::alert::{Alert, Explanation};
use crate::domain::digits::telling_decimals;
use crate::domain::indicator::{AlertKind, Indicator};
use crate::domain::locale::Locale;

/// Smaller probabilities are shown only as smaller than this.
pub(super) const P_SHOWN_MIN: f64 = 0.000_1;

/// A bar of value against limit, as shares of its width in percent; drawn by table cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Bar {
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
pub(crate) fn count(n: i64) -> String {
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

/// A value in the indicator's unit beside its limit, or a limit beside its value.
#[must_use]
pub(crate) fn value(
    locale: Locale,
    indicator: Indicator,
    value: f64,
    beside: Option<f64>,
) -> String {
    match (indicator, locale) {
        (Indicator::ChurnRate | Indicator::MemberLossRate, _) => percent(value, beside, 2),
        (Indicator::ComplaintRate10k, _) => decimal(value, beside),
        (Indicator::Satisfaction, Locale::ZhCn) => format!("{} 分", decimal(value, beside)),
        (Indicator::Satisfaction, Locale::En) => decimal(value, beside),
    }
}

/// A number to one decimal where it has any, or to as many as tell it from the one beside it.
pub(super) fn decimal(value: f64, beside: Option<f64>) -> String {
    let places = telling_decimals(value, beside, 1.0, 1);
    let text = format!("{value:.places$}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// The count that is expected, which is never spelled like the one that came unless it is that.
pub(super) fn expected(expected: f64, why: &Explanation) -> String {
    let places = telling_decimals(expected, Some(why.k as f64), 1.0, 1);
    format!("{expected:.places$}")
}

/// A probability for people.
#[must_use]
pub(crate) fn probability(p: f64) -> String {
    if p < P_SHOWN_MIN {
        "< 0.01%".to_owned()
    } else {
        format!("{:.2}%", p * 100.0)
    }
}

/// An amount of money with thousands separated.
#[must_use]
pub(crate) fn yuan(locale: Locale, fen: i64) -> String {
    let (sign, whole, part) = (
        if fen < 0 { "-" } else { "" },
        count((fen / 100).abs()),
        (fen % 100).abs(),
    );
    match locale {
        Locale::ZhCn => format!("{sign}{whole}.{part:02} 元"),
        Locale::En => format!("CNY {sign}{whole}.{part:02}"),
    }
}

/// A share in percent, to so many decimals or to as many as tell it from the one beside it.
pub(super) fn percent(share: f64, beside: Option<f64>, least: usize) -> String {
    let places = telling_decimals(share, beside, 100.0, least);
    format!("{:.places$}%", share * 100.0)
}

/// The bar of value against limit; none for signals.
#[must_use]
pub(crate) fn bar(alert: &Alert) -> Option<Bar> {
    let AlertKind::Indicator(indicator) = alert.key.kind else {
        return None;
    };
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
    Some(Bar {
        within,
        beyond,
        blank: 99 - within - beyond,
        below,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::fixtures;
    use crate::notify::words::explain::{cells, sentence};
    use proptest::prelude::*;

    #[test]
    fn figures_are_written_for_people() {
        assert_eq!(
            (count(0), count(999), count(-1000), count(1_234_567)),
            (
                "0".into(),
                "999".into(),
                "-1,000".into(),
                "1,234,567".into()
            )
        );
        let value = |indicator, figure| value(Locale::ZhCn, indicator, figure, None);
        assert_eq!(value(Indicator::ChurnRate, 0.09), "9.00%");
        assert_eq!(value(Indicator::ComplaintRate10k, 40.0), "40");
        assert_eq!(value(Indicator::Satisfaction, 71.46), "71.5 分");
        assert_eq!(
            (probability(0.004_31), probability(3e-7)),
            ("0.43%".into(), "< 0.01%".into())
        );
    }

    #[test]
    fn a_figure_that_the_explanation_lacks_is_left_out() {
        let mut alert = fixtures::churn_alert();
        alert.explanation.p = None;
        alert.explanation.needed = None;
        let labels: Vec<_> = cells(Locale::En, &alert)
            .into_iter()
            .map(|cell| cell.label)
            .collect();
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
