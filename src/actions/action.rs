//! The actions by name.

use crate::domain::job_outcome::JobOutcome;
use crate::runtime::AppError;

use super::run::JobRun;
use super::{
    backup, check_store, close_month, daily_brief, daily_report, escalate_tasks, prune_history,
    reminders,
};

/// What a job may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Publishes the day before, and earlier ones that changed.
    DailyReport,
    /// Has every manager's brief written.
    DailyBrief,
    /// Makes the reminders of key dates.
    KeyDateReminders,
    /// Makes the reminders of public holidays.
    HolidayPlans,
    /// Sweeps over tasks, and begins planned work.
    EscalateTasks,
    /// Makes old months final.
    CloseMonth,
    /// Reads the whole store once through.
    CheckStore,
    /// Deletes what has passed its retention.
    PruneHistory,
    /// Makes a checked copy of the store.
    Backup,
}

impl Action {
    /// Every action with its name.
    pub const ALL: [(&'static str, Self); 9] = [
        ("daily_report", Self::DailyReport),
        ("daily_brief", Self::DailyBrief),
        ("key_date_reminders", Self::KeyDateReminders),
        ("holiday_plans", Self::HolidayPlans),
        ("escalate_tasks", Self::EscalateTasks),
        ("close_month", Self::CloseMonth),
        ("check_store", Self::CheckStore),
        ("prune_history", Self::PruneHistory),
        ("backup", Self::Backup),
    ];

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, action)| *action)
    }

    /// Every name, for people.
    #[must_use]
    pub fn names() -> String {
        Self::ALL.map(|(name, _)| name).join(", ")
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
