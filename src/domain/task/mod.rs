//! Tasks of the 四三工作法: the work, its assignee, means and deadline, and how it ended.
//!
//! It may not know why a task begins: `follow_up` decides that. Every choice is from a closed list.
//! Invariant: a task always has an assignee and names its item, means and resources.

mod check;
mod choices;
mod english;
mod item;
mod life;
mod new_task;
mod record;
mod system_note;
mod title;
mod written;

pub(crate) use check::{Check, CheckPart};
pub use choices::Means;
pub use choices::ReportUp;
pub use choices::StepKind;
pub use choices::TaskClass;
pub use choices::TaskKind;
pub use choices::TaskResult;
pub use choices::TaskState;
pub(crate) use choices::{
    Approval, EscalationReason, EscalationStep, ItemKind, OriginKind, PlanKind, Resource,
};
pub(crate) use english::InEnglish;
pub(crate) use item::INSTRUCTION_CHARS_MAX;
pub use item::Item;
pub use life::Origin;
pub use life::Step;
pub use life::UpwardReport;
pub(crate) use life::{
    Actor, ContactOutcome, EndingContact, Escalated, Finish, Moved, StepCause, SubscribersGone,
};
pub(crate) use new_task::NewTask;
pub(crate) use record::{Assignee, Lead};
pub use record::{Task, VisitCause};
pub(crate) use system_note::SystemNote;
pub use title::TaskTitle;
