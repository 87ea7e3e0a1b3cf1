//! 三查: a manager's morning brief: changes at his group customers, coming dates, and open work.
//!
//! Values only; `plan` gathers them, `notify` writes them. Invariant: a brief states how many
//! changes it leaves out.

use serde::{Deserialize, Serialize};

use super::alert::Alert;
use super::event::{PortStage, Status, StopReason};
use super::ids::{GroupId, ManagerId};
use super::local_day::{LocalDay, Timestamp};
use super::reminder::Reminder;
use super::task::Task;

/// Most changes of a group customer that a brief shows; the others are counted.
pub(crate) const CHANGES_SHOWN_MAX: usize = 20;

/// The kind of a change of a subscriber, complaint, answer or bill of a group customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ChangeKind {
    /// 停机, with its reason.
    Stopped(Option<StopReason>),
    /// 复机
    Restored,
    /// 预销
    PreCancelled,
    /// 离网, with the churned status.
    Churned(Status),
    /// Into another group customer.
    Moved,
    /// 退出集团: out of this group customer, into no other.
    Left,
    /// 入网
    Joined,
    /// 携号转网, with its stage.
    Porting(PortStage),
    /// A complaint was filed.
    ComplaintFiled,
    /// A complaint filed earlier is still open.
    ComplaintOpen,
    /// An answer with a low score.
    LowScore,
    /// Overdue bills, reported together.
    Overdue,
    /// From another group customer.
    MovedIn,
    /// 停机保号
    Reserved,
}

impl ChangeKind {
    /// The order in which changes are shown: the gravest has the smallest number.
    #[must_use]
    pub(crate) const fn gravity(self) -> u8 {
        match self {
            Self::Churned(_) => 0,
            Self::Porting(PortStage::Ported | PortStage::Authorised) => 1,
            Self::PreCancelled => 2,
            Self::Porting(PortStage::Queried) => 3,
            Self::Moved | Self::Left => 4,
            Self::ComplaintFiled => 5,
            Self::ComplaintOpen => 6,
            Self::Overdue => 7,
            Self::Stopped(_) | Self::Reserved => 8,
            Self::LowScore => 9,
            Self::Joined | Self::MovedIn => 10,
            Self::Restored => 11,
            Self::Porting(PortStage::Withdrawn) => 12,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GroupChange {
    pub kind: ChangeKind,
    pub at: Timestamp,
    /// The subscriber, complaint or answer; for bills, the number of overdue ones.
    pub subject: Box<str>,
    /// The group customer that it moved to or came from, the score (on the 100 scale), or the
    /// overdue fen.
    pub detail: Option<Box<str>>,
}

/// Overdue bills of a group customer and its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Overdue {
    pub bills: i64,
    /// The unpaid amount in fen.
    pub fen: i64,
}

/// Changes at one group customer since the last brief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupChanges {
    pub group_id: GroupId,
    pub members: i64,
    /// Members at the month's start.
    pub opening: i64,
    pub churned: i64,
    /// The changes that are shown, the gravest first.
    pub changes: Vec<GroupChange>,
    /// How many changes are not shown.
    pub more: usize,
}

/// A task of the work list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkItem {
    pub task: Task,
    pub alerts: Vec<Alert>,
    /// Mean bill of the last three billed periods of its group customer, in fen.
    pub at_stake_fen: Option<i64>,
    /// Whether nothing is left to keep of its subscribers: only the reason is asked for.
    pub is_lost: bool,
}

impl WorkItem {
    /// The deadline of its task; none while its clock is stopped, or is to be, since nothing is left
    /// to keep.
    #[must_use]
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.task
            .due_if(self.is_lost || self.task.gone_at.is_some())
    }
}

/// A group customer whose manager changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    pub group_id: GroupId,
    pub from: ManagerId,
    pub to: ManagerId,
}

/// The brief of one manager and morning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    pub manager_id: ManagerId,
    pub day: LocalDay,
    /// Changes since then are included.
    pub since: Timestamp,
    /// 查客户信息
    pub groups: Vec<GroupChanges>,
    /// Notice-level alerts since the last brief: one line each, no task.
    pub notices: Vec<Alert>,
    /// Group customers that he got or gave up.
    pub handed_over: Vec<HandedOver>,
    /// 查关键时刻: this morning's reminders.
    pub dates: Vec<Reminder>,
    /// 查工作计划: his open tasks, 要事第一.
    pub work: Vec<WorkItem>,
    /// How many of them were over the daily cap and got no mail of their own.
    pub over_cap: usize,
    /// How many tasks of his were due or done on the last working day, and how many of those are
    /// done.
    pub yesterday: (usize, usize),
    /// Tasks of others that wait for his approval.
    pub to_approve: Vec<Task>,
    /// Done tasks of others that he must verify.
    pub to_verify: Vec<Task>,
    /// Reports of others that were not urgent, with their tasks.
    pub reports: Vec<Task>,
    /// Tasks of others whose subscribers have all gone, without a reason given for days.
    pub unexplained: Vec<Task>,
}

impl Brief {
    /// A brief without content.
    #[must_use]
    pub(crate) const fn empty(manager_id: ManagerId, day: LocalDay, since: Timestamp) -> Self {
        Self {
            manager_id,
            day,
            since,
            groups: Vec::new(),
            notices: Vec::new(),
            handed_over: Vec::new(),
            dates: Vec::new(),
            work: Vec::new(),
            over_cap: 0,
            yesterday: (0, 0),
            to_approve: Vec::new(),
            to_verify: Vec::new(),
            reports: Vec::new(),
            unexplained: Vec::new(),
        }
    }

    /// Whether it has no content.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            groups,
            notices,
            handed_over,
            dates,
            work,
            to_approve,
            to_verify,
            reports,
            unexplained,
            ..
        } = self;
        groups.is_empty()
            && notices.is_empty()
            && handed_over.is_empty()
            && dates.is_empty()
            && work.is_empty()
            && to_approve.is_empty()
            && to_verify.is_empty()
            && reports.is_empty()
            && unexplained.is_empty()
    }
}
