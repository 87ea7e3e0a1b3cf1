//! The actions by name.

use crate::domain::job_outcome::JobOutcome;
use crate::domain::names::names;
use crate::runtime::AppError;

use super::run::JobRun;
use super::{
    backup, check_store, close_month, daily_brief, daily_report, escalate_tasks, prune_history,
    reminders,
};

names! {
    pub enum JobAction {
        /// Publishes the day before, and earlier ones that changed.
        DailyReport = "daily_report",
        /// Queues every manager's brief.
        DailyBrief = "daily_brief",
        /// Makes the reminders of key dates.
        KeyDateReminders = "key_date_reminders",
        /// Makes the reminders of public holidays.
        HolidayPlans = "holiday_plans",
        /// Sweeps tasks, and begins planned work.
        EscalateTasks = "escalate_tasks",
        /// Closes old months.
        CloseMonth = "close_month",
        /// Reads the whole store once and checks it.
        CheckStore = "check_store",
        /// Deletes what has passed its retention.
        PruneHistory = "prune_history",
        /// Makes a checked copy of the store.
        Backup = "backup",
    }
}

impl JobAction {
    /// Every name, as a list for messages.
    #[must_use]
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    /// Runs the action.
    ///
    /// # Errors
    /// When the store or another resource fails, or the deadline passes.
    pub(crate) fn run(self, run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
        match self {
            Self::DailyReport => daily_report::run(run),
            Self::DailyBrief => daily_brief::run(run),
            Self::KeyDateReminders => reminders::key_dates(run),
            Self::HolidayPlans => reminders::holidays(run),
            Self::EscalateTasks => escalate_tasks::run(run),
            Self::CloseMonth => close_month::run(run),
            Self::CheckStore => check_store::run(run),
            Self::PruneHistory => prune_history::run(run),
            Self::Backup => backup::run(run),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::codes;

    #[test]
    fn every_action_has_a_chinese_word() {
        for name in JobAction::ALL.map(JobAction::name) {
            let word = codes::action(name);
            assert!(!word.is_ascii(), "{name}: {word}");
        }
    }
}
