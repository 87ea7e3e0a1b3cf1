//! Lengths of time in both languages, and time limits that have passed.

use chrono::TimeDelta;

use crate::domain::locale::Locale;

/// A span of time in its two greatest units; what is negative counts as none.
#[must_use]
pub(crate) fn span(locale: Locale, span: TimeDelta) -> String {
    let minutes = span.num_minutes().max(0);
    let (days, hours, minutes) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
    let unit = |n: i64, zh: &str, en: &str| match locale {
        Locale::ZhCn => format!("{n} {zh}"),
        Locale::En => format!("{n} {en}"),
    };
    let (great, small) = match (days, hours) {
        (0, 0) => return unit(minutes, "分钟", "min"),
        (0, hours) => (
            unit(hours, "小时", "h"),
            (minutes > 0).then(|| unit(minutes, "分", "min")),
        ),
        (days, hours) => (
            unit(days, "天", "d"),
            (hours > 0).then(|| unit(hours, "小时", "h")),
        ),
    };
    small.map_or(great.clone(), |small| format!("{great} {small}"))
}

/// A time limit that passed so long ago, as it is shown.
#[must_use]
pub(crate) fn late(locale: Locale, limit: &str, since: TimeDelta) -> String {
    let since = span(locale, since);
    match locale {
        Locale::ZhCn => format!("{limit}（已超时 {since}）"),
        Locale::En => format!("{limit} (late by {since})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_its_two_greatest_units() {
        let minutes = TimeDelta::minutes;
        assert_eq!(span(Locale::ZhCn, minutes(135)), "2 小时 15 分");
        assert_eq!(span(Locale::ZhCn, minutes(1440 * 3 + 61)), "3 天 1 小时");
        assert_eq!(
            (
                span(Locale::En, minutes(120)),
                span(Locale::En, minutes(-3))
            ),
            ("2 h".into(), "0 min".into())
        );
    }
}
