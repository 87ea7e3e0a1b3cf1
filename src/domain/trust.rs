//! How far a report's figures can be trusted, and the reasons.
//!
//! It does not judge. Invariant: a reason holds all data that its text needs; a reason published
//! before these variants existed is read back as a sentence.

use serde::{Deserialize, Serialize};

use super::local_day::LocalDay;
use super::names::names;

names! {
    /// How far a report's figures can be trusted.
    #[derive(Default)]
    pub enum Trust {
        /// No check found anything.
        #[default]
        Ok = "ok",
        /// A check is off by more than 3 points, or a source lagged.
        Warning = "warning",
        /// A check is off by more than 5 points.
        Failed = "failed",
    }
}

/// Why figures are not fully trusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustReason {
    /// A required feed of a day is not closed.
    FeedOpen {
        feed: String,
        /// The day of the feed.
        day: LocalDay,
    },
    /// A required feed of a day was closed with another number of events than were accepted.
    FeedCount {
        feed: String,
        /// Of which day.
        day: LocalDay,
        /// The number in its closing.
        sent: u64,
        /// The number of accepted events.
        accepted: u64,
    },
    /// The balance formula and the counted loss differ.
    BalanceGap {
        /// The difference, in tenths of a point.
        tenths: u64,
    },
    /// The churned count of a month differs from the first published one.
    ChurnedRestated {
        /// The first published count.
        first: i64,
        now: i64,
    },
    /// A sum exceeds a report's integers; the nearest number is shown.
    Beyond64Bits {
        /// The column of the figure.
        figure: String,
        /// The exact sum, in digits.
        sum: String,
    },
    /// Sources had not been read to the end of the day.
    NotReadPast { sources: Vec<String> },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_reads_back() {
        let day = LocalDay::from_number(20_604);
        let reasons = vec![
            TrustReason::FeedCount {
                feed: "billing".to_owned(),
                day,
                sent: 7,
                accepted: 6,
            },
            TrustReason::BalanceGap { tenths: 32 },
        ];
        let written = serde_json::to_string(&reasons).unwrap();
        assert_eq!(
            serde_json::from_str::<Vec<TrustReason>>(&written).unwrap(),
            reasons
        );
    }
}
