//! One struct per kind of mail, each with a pure `render()`; its templates are in the folder of its name.

pub mod alert_task;
pub mod digest;
pub mod occasion;
pub mod ops_notice;
pub mod reminder;
mod who;

pub use alert_task::AlertTaskMail;
pub use digest::DigestMail;
pub use ops_notice::OpsNoticeMail;
pub use reminder::ReminderMail;
