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
    /// What a job may do.
    pub enum Action {
        /// Publishes the day before, and earlier ones that changed.
        DailyReport = "daily_report",
        /// Has every manager's brief written.
        DailyBrief = "daily_brief",
        /// Makes the reminders of key dates.
        KeyDateReminders = "key_date_reminders",
        /// Makes the reminders of public holidays.
        HolidayPlans = "holiday_plans",
        /// Sweeps over tasks, and begins planned work.
        EscalateTasks = "escalate_tasks",
        /// Makes old months final.
        CloseMonth = "close_month",
        /// Reads the whole store once through.
        CheckStore = "check_store",
        /// Deletes what has passed its retention.
        PruneHistory = "prune_history",
        /// Makes a checked copy of the store.
        Backup = "backup",
    }
}

impl Action {
    /// Every name, for people.
    #[must_use]
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    /// Does it.
    ///
    /// # Errors
    /// When the store fails, something outside of it fails, or the run has taken too long.
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
