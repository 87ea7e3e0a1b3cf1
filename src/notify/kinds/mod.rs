//! One struct per kind of mail, each with a pure `render()`; its templates are in the folder of its
//! name.

pub(crate) mod alert_task;
mod alert_view;
pub(crate) mod approval_request;
mod brief_customers;
mod brief_work;
pub(crate) mod daily_brief;
pub(crate) mod digest;
pub(crate) mod escalation;
pub(crate) mod occasion;
pub(crate) mod ops_notice;
pub(crate) mod reminder;
pub(crate) mod report_up;
mod task_update;
mod task_view;
mod who;

pub(crate) use alert_task::AlertTaskMail;
pub(crate) use approval_request::ApprovalRequestMail;
pub(crate) use daily_brief::DailyBriefMail;
pub(crate) use digest::DigestMail;
pub(crate) use escalation::EscalationMail;
pub(crate) use ops_notice::OpsNoticeMail;
pub(crate) use reminder::{DATES_MAX, ReminderMail};
pub(crate) use report_up::ReportUpMail;
pub(crate) use task_view::TaskFacts;
