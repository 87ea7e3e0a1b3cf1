//! The numbers of the sweep, as configured.

/// Numbers of the sweep. All are ours, and assumptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweepRules {
    /// In progress without a contact for so many working days: stalled.
    pub stalled_days: u32,
    /// An approval that nobody has answered for so many working days.
    pub unanswered_days: u32,
    /// All subscribers of a task have gone, and nobody has given the reason, for so many working
    /// days.
    pub reason_days: u32,
    /// Working days in which a new manager introduces himself to a customer of tier A or B.
    pub introduce_key_days: u32,
    /// And to any other.
    pub introduce_days: u32,
    /// A kept customer is called again after so many days.
    pub return_call_days: u32,
    /// Members who left of their own will are asked after so many days.
    pub win_back_days: u32,
    /// What was missed is caught up for so many days.
    pub caught_up_days: u32,
}

impl SweepRules {
    /// How many days ago members left at most who are asked today.
    #[must_use]
    pub(crate) const fn win_back_days_max(self) -> i32 {
        self.win_back_days.saturating_add(self.caught_up_days) as i32
    }
}

#[cfg(test)]
impl Default for SweepRules {
    fn default() -> Self {
        Self {
            stalled_days: 5,
            unanswered_days: 1,
            reason_days: 5,
            introduce_key_days: 3,
            introduce_days: 10,
            return_call_days: 30,
            win_back_days: 60,
            caught_up_days: 7,
        }
    }
}
