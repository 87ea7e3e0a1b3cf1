//! Money and moments, short enough for a line of a table.
//!
//! Invariant: pure; a moment without its zone is only for mails that name the zone once for all.

use super::explain;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::zone::Zone;

/// An amount, to the fen where there are any.
#[must_use]
pub(crate) fn money(locale: Locale, fen: i64) -> String {
    let (yuan, rest) = (explain::count(fen / 100), (fen % 100).unsigned_abs());
    let sign = if fen < 0 && fen > -100 { "-" } else { "" };
    let amount = if rest == 0 {
        yuan
    } else {
        format!("{sign}{yuan}.{rest:02}")
    };
    in_yuan(locale, &amount)
}

/// An amount to whole yuan: a mean, an estimate.
#[must_use]
pub(crate) fn about(locale: Locale, fen: i64) -> String {
    in_yuan(
        locale,
        &explain::count(fen.saturating_add(50).div_euclid(100)),
    )
}

fn in_yuan(locale: Locale, amount: &str) -> String {
    match locale {
        Locale::ZhCn => format!("{amount} 元"),
        Locale::En => format!("CNY {amount}"),
    }
}

/// A moment as seen from `now`: the time alone with `today` or `tomorrow`, else with the date.
#[must_use]
pub(crate) fn moment(locale: Locale, zone: Zone, now: Timestamp, at: Timestamp) -> String {
    let (local, days) = (
        zone.local(at),
        zone.day_of(at).number() - zone.day_of(now).number(),
    );
    let time = local.format("%H:%M");
    match (locale, days) {
        (Locale::ZhCn, 0) => format!("今天 {time}"),
        (Locale::ZhCn, 1) => format!("明天 {time}"),
        (Locale::ZhCn, -1) => format!("昨天 {time}"),
        (Locale::En, 0) => format!("today {time}"),
        (Locale::En, 1) => format!("tomorrow {time}"),
        (Locale::En, -1) => format!("yesterday {time}"),
        _ => local.format("%m-%d %H:%M").to_string(),
    }
}

/// How far off a date is.
#[must_use]
pub(crate) fn days_left(locale: Locale, days: i32) -> String {
    match (locale, days) {
        (Locale::ZhCn, 0) => "今天".to_owned(),
        (Locale::ZhCn, 1) => "明天".to_owned(),
        (Locale::ZhCn, days) if days < 0 => format!("已过 {} 天", -days),
        (Locale::ZhCn, days) => format!("还有 {days} 天"),
        (Locale::En, 0) => "today".to_owned(),
        (Locale::En, 1) => "tomorrow".to_owned(),
        (Locale::En, days) if days < 0 => format!("{} days ago", -days),
        (Locale::En, days) => format!("in {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::fixtures;
    use proptest::prelude::*;

    #[test]
    fn money_is_written_to_the_fen_and_an_estimate_to_the_yuan() {
        assert_eq!(
            (money(Locale::ZhCn, 123_456), money(Locale::En, 120_000)),
            ("1,234.56 元".into(), "CNY 1,200".into())
        );
        assert_eq!(
            (money(Locale::En, -5), money(Locale::En, -123_405)),
            ("CNY -0.05".into(), "CNY -1,234.05".into())
        );
        assert_eq!(
            (about(Locale::ZhCn, 861_333), about(Locale::ZhCn, 861_350)),
            ("8,613 元".into(), "8,614 元".into())
        );
    }

    #[test]
    fn a_moment_is_told_from_today() {
        let (zone, now) = (fixtures::zone(), fixtures::now());
        let at = |text| moment(Locale::ZhCn, zone, now, fixtures::at(text));
        assert_eq!(
            [
                at("2026-07-15 23:59"),
                at("2026-07-16 00:00"),
                at("2026-07-17 09:30")
            ],
            ["今天 23:59", "明天 00:00", "07-17 09:30"]
        );
    }

    proptest! {
        #[test]
        fn money_reads_back_as_the_same_number_of_fen(fen in -1_000_000_000_i64..1_000_000_000) {
            let digits: String = money(Locale::En, fen).chars().filter(|c| c.is_ascii_digit() || matches!(c, '-' | '.')).collect();
            let (yuan, rest) = digits.split_once('.').unwrap_or((&digits, "0"));
            let read = yuan.trim_start_matches('-').parse::<i64>().expect("yuan") * 100 + rest.parse::<i64>().expect("fen");
            prop_assert_eq!(if digits.starts_with('-') { -read } else { read }, fen);
        }
    }
}
