//! The actions by name, and what one of them makes of a task.

use super::finish::Closing;
use crate::domain::alert::Alert;
use crate::domain::ids::ManagerId;
use crate::domain::mail::Notice;
use crate::domain::outgoing::OutgoingEvent;
use crate::domain::task::{Step, Task};

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
    /// Its name on the command line and in a task's steps.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Accept => Step::ACCEPT,
            Self::Start => Step::START,
            Self::Approve { .. } => Step::APPROVE,
            Self::Refuse { .. } => Step::REFUSE,
            Self::Close(_) => Step::CLOSE,
            Self::Verify => Step::VERIFY,
            Self::Reopen { .. } => Step::REOPEN,
            Self::Cancel { .. } => Step::CANCEL,
            Self::Reassign { .. } => Step::REASSIGN,
        }
    }
}

/// What was done, as it is told afterwards; a name that is no action's comes back as it is.
pub(super) fn past(name: &str) -> &str {
    match name {
        Step::ACCEPT => "accepted",
        Step::START => "started",
        Step::APPROVE => "approved",
        Step::REFUSE => "refused",
        Step::CLOSE => "closed",
        Step::VERIFY => "verified",
        Step::REOPEN => "reopened",
        Step::CANCEL => "cancelled",
        Step::REASSIGN => "reassigned",
        Step::ADD => "added",
        other => other,
    }
}

/// What an action makes: all of it is saved together.
#[derive(Debug, Clone, PartialEq)]
pub struct Acted {
    /// The task as it stands now, its version one above what was read.
    pub task: Task,
    /// What is to be told.
    pub notices: Vec<Notice>,
    /// The alerts that it changed.
    pub alerts: Vec<Alert>,
    /// What BOSS and CRM are told of a task that is done.
    pub closed: Option<OutgoingEvent>,
}
