//! One function for each action.

use crate::domain::job_action::JobAction;
use crate::domain::job_outcome::JobOutcome;
use crate::runtime::AppError;

use super::run::JobRun;
use super::{
    backup, check_store, close_month, daily_brief, daily_report, escalate_tasks, prune_history,
    reminders,
};

impl JobRun<'_> {
    /// Runs an action.
    ///
    /// # Errors
    /// When the store or another resource fails, or the deadline passes.
    pub(crate) fn perform(&mut self, action: JobAction) -> Result<JobOutcome, AppError> {
        match action {
            JobAction::DailyReport => daily_report::run(self),
            JobAction::DailyBrief => daily_brief::run(self),
            JobAction::KeyDateReminders => reminders::key_dates(self),
            JobAction::HolidayPlans => reminders::holidays(self),
            JobAction::EscalateTasks => escalate_tasks::run(self),
            JobAction::CloseMonth => close_month::run(self),
            JobAction::CheckStore => check_store::run(self),
            JobAction::PruneHistory => prune_history::run(self),
            JobAction::Backup => backup::run(self),
        }
    }
}
