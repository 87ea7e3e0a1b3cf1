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

pub use check::{Check, CheckPart};
pub use choices::{
    Approval, EscalationReason, EscalationStep, ItemKind, Means, PlanKind, ReportUp, Resource,
    StepKind, TaskClass, TaskKind, TaskResult, TaskState,
};
pub use english::InEnglish;
pub use item::{INSTRUCTION_CHARS_MAX, Item};
pub use life::{
    Actor, ContactOutcome, EndingContact, Escalated, Finish, Moved, Origin, Step, SubscribersGone,
    UpwardReport,
};
pub use new_task::NewTask;
pub use record::{Assignee, Lead, Task};
pub use system_note::SystemNote;
pub use title::TaskTitle;
