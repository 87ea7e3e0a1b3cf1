//! Why a command was refused.

use crate::domain::alert::{AlertId, MailId, TaskId};
use crate::domain::mail::MailState;
use crate::follow_up::acknowledging::AcknowledgeRefusal;
use crate::follow_up::act::Refusal;
use crate::follow_up::silencing::SilenceRefusal;
use crate::store::StoreError;

/// Why a command was refused; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error("there is no task {0}\nhint: `sisan tasks list` lists them")]
    NoTask(TaskId),
    #[error("there is no alert {0}\nhint: `sisan alerts list` lists them")]
    NoAlert(AlertId),
    #[error("there is no mail {0}\nhint: `sisan outbox list` lists them")]
    NoMail(MailId),
    #[error(
        "what mail {0} says is no longer kept: it cannot be sent again\nhint: `retention.mail_bodies_days` says how long it is"
    )]
    NoBody(MailId),
    #[error("mail {mail_id} is {state}\nhint: only a dead one is sent again; `sisan outbox list --state dead` lists them", state = state.name())]
    MailNotDead { mail_id: MailId, state: MailState },
    #[error("there is no partition {0}\nhint: `sisan sources list` lists them")]
    NoPartition(String),
    /// A seek was asked for a file.
    #[error(
        "{0} is no partition of a topic: only those go on at another offset\nhint: `sisan sources accept {0}` has a file read anew from its beginning"
    )]
    NotAPartition(String),
    /// No such file was read or paused.
    #[error("no file {0} was read or paused\nhint: `sisan sources list` lists them")]
    NoFile(String),
    /// An accept was asked for a partition.
    #[error(
        "{0} is a partition of a topic, no file\nhint: `sisan sources seek {0} --to OFFSET` says where it goes on"
    )]
    NotAFile(String),
    /// The first load is not done yet.
    #[error(
        "the first load is not done, and accepts the events of every source\nhint: send those of {0}, then `sisan load done`"
    )]
    FirstLoad(String),
    /// Some input of the load has not been read.
    #[error("the load is not done: more is to be read of {}\nhint: let the worker read on, then try again", .0.join(", "))]
    Behind(Vec<String>),
    /// Some input of the load is paused: no worker reads on before somebody sees to it.
    #[error("the load is not done: reading is paused of {}\nhint: `sisan sources list --state paused` says why and what to do", .0.join(", "))]
    Paused(Vec<String>),
    /// The action may not be done to this task.
    #[error(transparent)]
    Task(#[from] Refusal),
    /// This alert may not be acknowledged.
    #[error(transparent)]
    Acknowledge(#[from] AcknowledgeRefusal),
    /// These alerts may not be silenced.
    #[error(transparent)]
    Silence(#[from] SilenceRefusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CommandError {
    /// Whether the command makes no sense for this object, whatever its state.
    #[must_use]
    pub(crate) const fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::NotAPartition(_) | Self::NotAFile(_) | Self::FirstLoad(_)
        )
    }
}
