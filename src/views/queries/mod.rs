//! What a list or a file shows: read by an index and a limit, page by page, and never more than is
//! asked for. Each list has a filter, whose rule stands beside it.

mod alerts;
mod jobs;
mod last;
mod mails;
mod rejects;
mod reminders;
mod results;
mod silences;
mod sources;
mod tasks;
mod to_verify;

#[cfg(test)]
pub(crate) use alerts::AlertsOf;
pub(crate) use alerts::{AlertFilter, AlertWithTasks, alert_with_tasks, alerts, in_order};
pub(crate) use jobs::jobs;
pub(crate) use last::Limit;
pub(crate) use mails::mails;
pub(crate) use rejects::{RejectFilter, rejects};
pub(crate) use reminders::{ReminderFilter, reminders};
pub(crate) use results::month_results;
pub(crate) use silences::silences;
pub(crate) use sources::{SourceFilter, sources};
#[cfg(test)]
pub(crate) use tasks::TasksOf;
pub(crate) use tasks::{
    ListedTasks, TaskFilter, TaskWithAlerts, task_with_alerts, tasks, units_of,
};
pub(crate) use to_verify::ToVerify;
