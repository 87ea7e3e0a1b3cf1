//! The actions by name, and what one of them makes of a task.

use super::finish::Closing;
use crate::domain::alert::Alert;
use crate::domain::ids::ManagerId;
use crate::domain::mail::Notice;
use crate::domain::outgoing::OutgoingEvent;
use crate::domain::task::Task;

/// Something that is done to a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Take it.
    Accept,
    /// Begin to work on it.
    Start,
    /// Agree to its means and resources.
    Approve {
        /// On which terms.
        note: Option<String>,
    },
    /// Do not agree to them.
    Refuse {
        /// Why.
        note: String,
    },
    /// 三处理: it is done.
    Close(Closing),
    /// It was done well.
    Verify,
    /// It was not: back to work.
    Reopen {
        /// What is missing.
        note: String,
    },
    /// Give it to somebody else.
    Reassign {
        /// To whom.
        to: ManagerId,
    },
}

impl Action {
    /// What a step is called by which somebody takes a task.
    pub const ACCEPT: &'static str = "accept";
    /// By which work begins: by hand, or by a contact.
    pub const START: &'static str = "start";
    /// By which a task is done, likewise.
    pub const CLOSE: &'static str = "close";
    /// By which a task goes to somebody else, by hand.
    pub const REASSIGN: &'static str = "reassign";
    /// By which somebody above agrees.
    pub const APPROVE: &'static str = "approve";
    /// By which he does not.
    pub const REFUSE: &'static str = "refuse";
    /// By which somebody above finds that a task was done well.
    pub const VERIFY: &'static str = "verify";
    /// By which somebody above takes the end of a task back.
    pub const REOPEN: &'static str = "reopen";

    /// Its name on the command line and in a task's steps.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Accept => Self::ACCEPT,
            Self::Start => Self::START,
            Self::Approve { .. } => Self::APPROVE,
            Self::Refuse { .. } => Self::REFUSE,
            Self::Close(_) => Self::CLOSE,
            Self::Verify => Self::VERIFY,
            Self::Reopen { .. } => Self::REOPEN,
            Self::Reassign { .. } => Self::REASSIGN,
        }
    }
}

/// What was done, as it is told afterwards; a name that is no action's comes back as it is.
pub(super) fn past(name: &str) -> &str {
    match name {
        Action::ACCEPT => "accepted",
        Action::START => "started",
        Action::APPROVE => "approved",
        Action::REFUSE => "refused",
        Action::CLOSE => "closed",
        Action::VERIFY => "verified",
        Action::REOPEN => "reopened",
        Action::REASSIGN => "reassigned",
        "add" => "added",
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
