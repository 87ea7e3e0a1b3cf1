//! Notices and the mails that carry them: identities and states.
//!
//! It may not know how a mail is rendered or sent: `notify` does that. Invariant: a mail has one
//! identity (recipient, kind, covered notices, local day), one recipient and one Message-ID, all
//! fixed when it is queued.

use serde::{Deserialize, Serialize};

use super::alert::{MailId, ReminderId, TaskId, digest_id};
use super::ids::{GroupId, ManagerId};
use super::indicator::Severity;
use super::last_reply::LastReply;
use super::local_day::{LocalDay, Timestamp};
use super::names::names;
use super::ops_notice::OpsNotice;
use super::task::{Assignee, EscalationReason};

/// When a mail is tried that is never tried again.
pub const NEVER: Timestamp = Timestamp::from_micros(i64::MAX);

names! {
    pub enum MailKind {
        /// A task raised by an alert, to its assignee.
        AlertTask = "alert_task",
        /// Tasks whose mails piled up while the relay was down, to their assignee.
        Digest = "digest",
        /// 三查: changes, coming dates and open work, to every manager each working morning.
        DailyBrief = "daily_brief",
        /// Key dates and public holidays, to the manager, with an iCalendar part.
        Reminder = "reminder",
        /// A request for approval of a task, to the approver.
        ApprovalRequest = "approval_request",
        /// 重要信息上报: an urgent report, to the supervisor.
        ReportUp = "report_up",
        /// A task that was not accepted, done or answered in time, to the next level above.
        Escalation = "escalation",
        OpsNotice = "ops_notice",
    }
}

/// The topic of a notice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NoticeTopic {
    /// A task, new or joined by a further alert.
    Task(TaskId),
    /// A task that waits for approval.
    Approval(TaskId),
    /// A task that is escalated, and why.
    Escalation(TaskId, EscalationReason),
    /// The report of a task that ended.
    Report(TaskId),
    Brief(ManagerId, LocalDay),
    Reminder(ReminderId),
    /// A message to the operators.
    Ops(OpsNotice),
}

/// A pending notification. It commits with the task or reminder that it is about; composing takes
/// it and queues the mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub topic: NoticeTopic,
    pub assignee: Assignee,
    /// Its group customer: mails are grouped by it.
    pub group_id: Option<GroupId>,
    /// Critical notices go at once, others wait for their group.
    pub severity: Severity,
    /// When it came about.
    pub created_at: Timestamp,
    /// Not composed before this.
    pub due_at: Timestamp,
    /// Useless after this.
    pub useful_until: Option<Timestamp>,
}

impl Notice {
    /// A notice for the operators.
    #[must_use]
    pub const fn for_operators(what: OpsNotice, now: Timestamp) -> Self {
        Self {
            topic: NoticeTopic::Ops(what),
            assignee: Assignee::Fallback,
            group_id: None,
            severity: Severity::Warning,
            created_at: now,
            due_at: now,
            useful_until: None,
        }
    }

    /// Its id: a digest of topic, assignee and time; the same in every run.
    #[must_use]
    pub fn notice_id(&self) -> String {
        let (day, ops);
        let (what, id) = match &self.topic {
            NoticeTopic::Task(id) => ("task", id.as_str()),
            NoticeTopic::Approval(id) => ("approval", id.as_str()),
            NoticeTopic::Escalation(id, why) => (why.name(), id.as_str()),
            NoticeTopic::Report(id) => ("report", id.as_str()),
            NoticeTopic::Brief(_, on) => {
                day = on.to_string();
                ("brief", day.as_str())
            }
            NoticeTopic::Reminder(id) => ("reminder", id.as_str()),
            NoticeTopic::Ops(notice) => {
                // Two notices of one topic may have the same instant: an event clock is stopped
                // between events.
                ops = serde_json::to_string(notice).expect("enums of plain values are JSON");
                ("ops", ops.as_str())
            }
        };
        let to = match &self.assignee {
            Assignee::Manager(id) => id.as_str(),
            Assignee::Fallback => "",
        };
        digest_id('N', &[what, id, to, &self.created_at.to_string()])
    }
}

names! {
    /// State of a mail in the outbox.
    pub enum MailState {
        /// Waits for its first attempt.
        Queued = "queued",
        /// Claimed for sending, outcome not yet known.
        Sending = "sending",
        /// Accepted by the relay.
        Sent = "sent",
        /// Deferred by the relay; will be retried.
        Deferred = "deferred",
        /// The reply to the final dot was lost: the relay may have accepted it; retried once with
        /// the same Message-ID.
        Uncertain = "uncertain",
        /// Replaced by a digest or by a newer mail.
        Superseded = "superseded",
        Expired = "expired",
        Dead = "dead",
        /// Waits for an operator's release: loading, or restored.
        Held = "held",
    }
}

/// A mail's proposals, which the port-out guard may withhold while the mail waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The tasks whose offers or negotiations it shows, sorted; at least one.
    pub tasks: Vec<TaskId>,
    /// Every notice that the mail covers: queued again if the mail may not be sent.
    pub notices: Vec<Notice>,
}

/// A composed mail, with all data that determine its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub kind: MailKind,
    /// Address of the one recipient.
    pub recipient: String,
    /// His name, for the To header.
    pub recipient_name: String,
    /// Digest of the sorted ids of the notices that it covers.
    pub subject_key: String,
    pub topics: Vec<NoticeTopic>,
    /// The local day on which it was queued.
    pub local_day: LocalDay,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub calendar: Option<String>,
    /// When it was queued: its Date header.
    pub queued_at: Timestamp,
    /// Useless after this.
    pub useful_until: Option<Timestamp>,
    /// None if it proposes nothing that must be checked again before sending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Proposal>,
}

impl Mail {
    /// Its id: a digest of recipient, kind, subject key and local day.
    #[must_use]
    pub fn mail_id(&self) -> MailId {
        MailId::new(digest_id(
            'M',
            &[
                &self.recipient,
                self.kind.name(),
                &self.subject_key,
                &self.local_day.to_string(),
            ],
        ))
    }

    /// Whether what it says would be of no use any more at an instant.
    #[must_use]
    pub(crate) fn is_past_use(&self, at: Timestamp) -> bool {
        self.useful_until.is_some_and(|until| until < at)
    }
}

/// The delivery state of a mail in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDelivery {
    pub state: MailState,
    /// Attempts that reached the relay.
    pub attempts: u32,
    /// Attempts without a final reply: each may have delivered it.
    pub lost_replies: u32,
    /// While it is `sending`: whether the end of its message may have been written, so that the
    /// relay may have accepted it. Committed before that write; a mail that is only claimed is not
    /// in flight.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_flight: bool,
    /// Not sent before this.
    pub next_attempt_at: Timestamp,
    /// When the relay accepted it.
    pub sent_at: Option<Timestamp>,
    /// How the last attempt ended.
    pub last_reply: Option<LastReply>,
}
