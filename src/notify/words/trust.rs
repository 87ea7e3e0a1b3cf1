//! Why figures are not trusted, in both languages, complete by `match`.

use crate::domain::locale::Locale;
use crate::domain::trust::TrustReason;

/// A sentence without its full stop; a reason from before reasons had kinds is shown as it was
/// written.
#[must_use]
pub(crate) fn reason(locale: Locale, reason: &TrustReason) -> String {
    match locale {
        Locale::ZhCn => zh(reason),
        Locale::En => en(reason),
    }
}

/// The rows of a report that a reason applies to, by their ids: of `all` rows `count`, of which some
/// are named.
#[must_use]
pub(crate) fn rows(locale: Locale, named: &[&str], count: usize, all: usize) -> String {
    match locale {
        Locale::ZhCn if count == all && count > 1 => format!("全部 {count} 行"),
        Locale::En if count == all && count > 1 => format!("all {count} rows"),
        Locale::ZhCn if count > named.len() => format!("{} 等 {count} 行", named.join("、")),
        Locale::En if count > named.len() => {
            format!("{} and {} more", named.join(", "), count - named.len())
        }
        Locale::ZhCn => named.join("、"),
        Locale::En => named.join(", "),
    }
}

fn zh(reason: &TrustReason) -> String {
    match reason {
        TrustReason::FeedOpen { feed, day } => format!("数据源 {feed} {day} 的数据未报完"),
        TrustReason::FeedCount {
            feed,
            day,
            sent,
            accepted,
        } => format!("数据源 {feed} {day} 报送 {sent} 条，实收 {accepted} 条"),
        TrustReason::BalanceGap { tenths } => {
            format!("平衡法离网率与成员流失率相差 {} 个百分点", points(*tenths))
        }
        TrustReason::ChurnedRestated { first, now } => {
            format!("离网数首次发布为 {first}，现为 {now}")
        }
        TrustReason::Beyond64Bits { figure, sum } => {
            format!("{figure} 为 {sum}，超出 64 位整数，所列为其最接近的数")
        }
        TrustReason::NotReadPast { sources } => {
            format!("未读过零点的数据源：{}", sources.join("、"))
        }
    }
}

fn en(reason: &TrustReason) -> String {
    match reason {
        TrustReason::FeedOpen { feed, day } => format!("feed {feed} of {day} is not closed"),
        TrustReason::FeedCount {
            feed,
            day,
            sent,
            accepted,
        } => {
            format!("feed {feed} of {day} was closed with {sent} events, {accepted} were accepted")
        }
        TrustReason::BalanceGap { tenths } => format!(
            "balance formula and counted loss differ by {} points",
            points(*tenths)
        ),
        TrustReason::ChurnedRestated { first, now } => {
            format!("churned was first published as {first}, is {now} now")
        }
        TrustReason::Beyond64Bits { figure, sum } => format!(
            "{figure} is {sum}, more than 64 bits hold; the nearest number that they hold is shown"
        ),
        TrustReason::NotReadPast { sources } => {
            format!("not read past midnight: {}", sources.join(", "))
        }
    }
}

fn points(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::local_day::LocalDay;
    use crate::notify::fixtures;

    #[test]
    fn rows_are_named_where_they_are_few_and_counted_where_they_are_many() {
        let named = ["company", "U01"];
        assert_eq!(
            [2, 9, 20].map(|count| rows(Locale::ZhCn, &named, count, 20)),
            ["company、U01", "company、U01 等 9 行", "全部 20 行"]
        );
        assert_eq!(
            [2, 9, 20].map(|count| rows(Locale::En, &named, count, 20)),
            ["company, U01", "company, U01 and 7 more", "all 20 rows"]
        );
    }

    #[test]
    fn every_reason_reads_in_both_languages() {
        let day = LocalDay::from_number(20_604);
        let feed = "billing".to_owned();
        let all = [
            TrustReason::FeedOpen {
                feed: feed.clone(),
                day,
            },
            TrustReason::FeedCount {
                feed,
                day,
                sent: 7,
                accepted: 6,
            },
            TrustReason::BalanceGap { tenths: 32 },
            TrustReason::ChurnedRestated { first: 9, now: 12 },
            TrustReason::Beyond64Bits {
                figure: "billed_fen".to_owned(),
                sum: "1".to_owned(),
            },
            TrustReason::NotReadPast {
                sources: vec!["boss".to_owned()],
            },
        ];
        for one in all {
            let (zh, en) = (reason(Locale::ZhCn, &one), reason(Locale::En, &one));
            assert!(fixtures::are_zh_and_en(&zh, &en), "{zh} {en}");
        }
        assert_eq!(
            reason(Locale::En, &TrustReason::BalanceGap { tenths: 32 }),
            "balance formula and counted loss differ by 3.2 points"
        );
    }
}
