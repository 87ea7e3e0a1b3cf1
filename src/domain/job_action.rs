//! What jobs may do, by the names that job files use.
//!
//! It does not know how it is done: `actions` does. Invariant: a job names one of these, or its file
//! is refused.

use super::names::names;

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
