//! The actions by name, and the task, notices and alerts that one of them produces.

use super::finish::Closing;
use crate::domain::alert::Alert;
use crate::domain::ids::ManagerId;
use crate::domain::mail::Notice;
use crate::domain::task::{StepKind, Task};

/// Something that is done to a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Accept,
    /// Begin to work on it.
    Start,
    /// Agree to its means and resources.
    Approve {
        note: Option<String>,
    },
    /// Do not agree to them.
    Refuse {
        note: String,
    },
    /// 三处理: it is done.
    Close(Closing),
    /// It was done well.
    Verify,
    /// It was not: back to work.
    Reopen {
        note: String,
    },
    /// It has become pointless.
    Cancel {
        note: String,
    },
    /// Give it to somebody else.
    Reassign {
        to: ManagerId,
    },
}

impl Action {
    /// The step of a task that it makes.
    #[must_use]
    pub(crate) const fn step(&self) -> StepKind {
        match self {
            Self::Accept => StepKind::Accept,
            Self::Start => StepKind::Start,
            Self::Approve { .. } => StepKind::Approve,
            Self::Refuse { .. } => StepKind::Refuse,
            Self::Close(_) => StepKind::Close,
            Self::Verify => StepKind::Verify,
            Self::Reopen { .. } => StepKind::Reopen,
            Self::Cancel { .. } => StepKind::Cancel,
            Self::Reassign { .. } => StepKind::Reassign,
        }
    }
}

/// The results of an action: all of them are saved together.
#[derive(Debug, Clone, PartialEq)]
pub struct Acted {
    /// The task after the action, its version one above the one that was read.
    pub task: Task,
    /// The notices to send.
    pub notices: Vec<Notice>,
    /// The alerts that the action changed.
    pub alerts: Vec<Alert>,
    /// Whether the task was closed, which is reported to BOSS and CRM.
    pub is_closed: bool,
}
