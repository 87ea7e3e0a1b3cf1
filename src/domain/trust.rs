//! How far a report's figures can be trusted, and why not further.
//!
//! It does not judge. Invariant: a reason holds what a sentence about it needs; what was published
//! before reasons were so is read back as it was written.

use serde::{Deserialize, Serialize};

use super::local_day::LocalDay;
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

/// Why figures are not trusted.
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
    }
}
