//! The counts of a row of the daily report.

use serde::{Deserialize, Serialize};

/// The counts of a row: per group, or summed over groups, for month M up to date D. The contract on
/// indicators has a table with the definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Members at the month's start, less those now `invalid`.
    pub opening: i64,
    /// Members at the day's end.
    pub closing: i64,
    /// Members not in the opening base.
    pub joined: i64,
    /// In the opening base, not members now.
    pub lost: i64,
    /// Churned by the customer's own wish.
    pub churned_voluntary: i64,
    /// Churned by the operator.
    pub churned_involuntary: i64,
    pub ported_out: i64,
    /// Members that are suspended.
    pub suspended: i64,
    /// Of those, suspended since the start of the day.
    pub newly_suspended: i64,
    /// First filed in the month, not withdrawn.
    pub complaints: i64,
    /// Open, filed in any month.
    pub open_complaints: i64,
    /// Answers of the month.
    pub survey_answers: i64,
    /// Sum of scores on the 100 scale, in thousandths.
    pub survey_score_thousandths: i64,
    /// Subscribers that joined a group for the first time.
    pub developed: i64,
    /// Subscribers with a bill of the period.
    pub billed: i64,
    /// Bills of the period, in fen, exact: a report's row shows at most 64 bits.
    pub billed_fen: i128,
}

impl Figures {
    /// Members of the opening base with a churned status.
    #[must_use]
    pub(crate) const fn churned(&self) -> i64 {
        self.churned_voluntary + self.churned_involuntary + self.ported_out
    }

    /// Adds another group's figures of the same day. Counts of things never exceed 64 bits.
    pub(crate) fn add_all(&mut self, other: &Self) {
        for (mine, theirs) in self.counts_mut().into_iter().zip(other.counts()) {
            *mine = mine.saturating_add(theirs);
        }
        self.billed_fen = self.billed_fen.saturating_add(other.billed_fen);
    }

    /// Subtracts another group's figures of the same day.
    pub(crate) fn subtract_all(&mut self, other: &Self) {
        for (mine, theirs) in self.counts_mut().into_iter().zip(other.counts()) {
            *mine = mine.saturating_sub(theirs);
        }
        self.billed_fen = self.billed_fen.saturating_sub(other.billed_fen);
    }

    /// Whether every figure is 0.
    #[must_use]
    pub(crate) fn is_zero(&self) -> bool {
        self.billed_fen == 0 && self.counts().iter().all(|n| *n == 0)
    }

    /// All counts of things, in order.
    #[must_use]
    pub(crate) fn counts(&self) -> [i64; 15] {
        let mut copy = *self;
        copy.counts_mut().map(|n| *n)
    }

    fn counts_mut(&mut self) -> [&mut i64; 15] {
        [
            &mut self.opening,
            &mut self.closing,
            &mut self.joined,
            &mut self.lost,
            &mut self.churned_voluntary,
            &mut self.churned_involuntary,
            &mut self.ported_out,
            &mut self.suspended,
            &mut self.newly_suspended,
            &mut self.complaints,
            &mut self.open_complaints,
            &mut self.survey_answers,
            &mut self.survey_score_thousandths,
            &mut self.developed,
            &mut self.billed,
        ]
    }
}
