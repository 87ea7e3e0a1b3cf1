//! How far a report's figures can be trusted, and why not further.
//!
//! It does not judge. Invariant: a reason holds what a sentence about it needs; what was published
//! before reasons were so is read back as it was written.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::local_day::LocalDay;
use super::locale::Locale;
use super::names::names;

names! {
    /// How far a report's figures can be trusted.
    #[derive(Default)]
    pub enum Trust {
        /// Nothing speaks against it.
        #[default]
        Ok = "ok",
        /// A check is off by more than 3 points, or a source lagged.
        Warning = "warning",
        /// A check is off by more than 5 points.
        Failed = "failed",
    }
}

/// Why figures are not trusted; its display is an English sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustReason {
    /// A required feed of a day is not there.
    FeedOpen {
        feed: String,
        /// Of which day.
        day: LocalDay,
    },
    /// A required feed of a day was closed with another number of events than were accepted.
    FeedCount {
        feed: String,
        /// Of which day.
        day: LocalDay,
        /// How many its closing says.
        sent: u64,
        /// How many were accepted.
        accepted: u64,
    },
    /// The balance formula and the counted loss are apart.
    BalanceGap {
        /// By how much, in tenths of a point.
        tenths: u64,
    },
    /// A month came to another number than was first published.
    ChurnedRestated {
        /// What was first published.
        first: i64,
        now: i64,
    },
    /// A sum is more than a report's integers hold; the nearest number is shown.
    Beyond64Bits {
        /// Which figure, by its column.
        figure: String,
        /// The exact sum, in digits.
        sum: String,
    },
    /// Sources had not been read to the end of the day.
    NotReadPast { sources: Vec<String> },
    /// As a sentence, from before reasons were told apart.
    #[serde(untagged)]
    Written(String),
}

impl TrustReason {
    /// As people read it.
    #[must_use]
    pub fn text(&self, locale: Locale) -> Cow<'_, str> {
        if locale == Locale::En {
            return self.to_string().into();
        }
        match self {
            Self::FeedOpen { feed, day } => format!("数据源 {feed} {day} 的数据未报完"),
            Self::FeedCount {
                feed,
                day,
                sent,
                accepted,
            } => {
                format!("数据源 {feed} {day} 报送 {sent} 条，实收 {accepted} 条")
            }
            Self::BalanceGap { tenths } => {
                format!(
                    "平衡法离网率与成员流失率相差 {}.{} 个百分点",
                    tenths / 10,
                    tenths % 10
                )
            }
            Self::ChurnedRestated { first, now } => format!("离网数首次发布为 {first}，现为 {now}"),
            Self::Beyond64Bits { figure, sum } => {
                format!("{figure} 为 {sum}，超出 64 位整数，所列为其最接近的数")
            }
            Self::NotReadPast { sources } => format!("未读过零点的数据源：{}", sources.join("、")),
            Self::Written(sentence) => return Cow::Borrowed(sentence),
        }
        .into()
    }
}

impl fmt::Display for TrustReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FeedOpen { feed, day } => write!(f, "feed {feed} of {day} is not closed"),
            Self::FeedCount {
                feed,
                day,
                sent,
                accepted,
            } => {
                write!(
                    f,
                    "feed {feed} of {day} was closed with {sent} events, {accepted} were accepted"
                )
            }
            Self::BalanceGap { tenths } => {
                write!(
                    f,
                    "balance formula and counted loss differ by {}.{} points",
                    tenths / 10,
                    tenths % 10
                )
            }
            Self::ChurnedRestated { first, now } => {
                write!(f, "churned was first published as {first}, is {now} now")
            }
            Self::Beyond64Bits { figure, sum } => {
                write!(
                    f,
                    "{figure} is {sum}, more than 64 bits hold; the nearest number that they hold is shown"
                )
            }
            Self::NotReadPast { sources } => {
                write!(f, "not read past midnight: {}", sources.join(", "))
            }
            Self::Written(sentence) => f.write_str(sentence),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_reads_back_and_so_does_a_sentence_of_before() {
        let day = LocalDay::from_number(20_604);
        let reasons = vec![
            TrustReason::FeedCount {
                feed: "billing".to_owned(),
                day,
                sent: 7,
                accepted: 6,
            },
            TrustReason::BalanceGap { tenths: 32 },
            TrustReason::Written("churned was first published as 9, is 12 now".to_owned()),
        ];
        let written = serde_json::to_string(&reasons).unwrap();
        assert!(
            written.ends_with(r#","churned was first published as 9, is 12 now"]"#),
            "{written}"
        );
        assert_eq!(
            serde_json::from_str::<Vec<TrustReason>>(&written).unwrap(),
            reasons
        );
        assert_eq!(
            reasons[1].to_string(),
            "balance formula and counted loss differ by 3.2 points"
        );
    }
}
