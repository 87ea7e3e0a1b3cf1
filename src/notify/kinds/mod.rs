//! One struct per kind of mail, each with a pure `render()`; its templates are in the folder of its
//! name.

pub mod alert_task;
mod alert_view;
pub mod approval_request;
mod brief_customers;
mod brief_work;
pub mod daily_brief;
pub mod digest;
pub mod escalation;
pub mod occasion;
pub mod ops_notice;
pub mod reminder;
pub mod report_up;
mod task_update;
mod task_view;
mod who;

pub use alert_task::AlertTaskMail;
pub use approval_request::ApprovalRequestMail;
pub use daily_brief::DailyBriefMail;
pub use digest::DigestMail;
pub use escalation::EscalationMail;
pub use ops_notice::OpsNoticeMail;
pub use reminder::{DATES_MAX, ReminderMail};
pub use report_up::ReportUpMail;
pub use task_view::TaskFacts;
