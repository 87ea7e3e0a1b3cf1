//! What BOSS says: subscribers, memberships, bills, payments, feeds, retractions.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{BillId, GroupId, PaymentId, SubscriberId};
use crate::domain::local_day::Month;
use crate::domain::money::Fen;
use crate::domain::short_text::ShortText;

/// A subscriber's canonical status.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In base; so is a subscriber of which nothing else is known.
    #[default]
    Active,
    /// 单停: in base, suspended.
    SuspendedOneWay,
    /// 双停: in base, suspended.
    Suspended,
    /// 停机保号: in base.
    Reserved,
    /// 预销: in base, the last hour in which the subscriber can be kept.
    PreCancelled,
    /// 主动销号: churned.
    CancelledVoluntary,
    /// 欠费/管理销号: churned.
    CancelledInvoluntary,
    /// 携出: churned.
    PortedOut,
    /// 无效修正: neither in base nor churned.
    Invalid,
}

impl Status {
    /// Every status with its spelling in events and in status maps.
    pub const ALL: [(&'static str, Self); 9] = [
        ("active", Self::Active),
        ("suspended_one_way", Self::SuspendedOneWay),
        ("suspended", Self::Suspended),
        ("reserved", Self::Reserved),
        ("pre_cancelled", Self::PreCancelled),
        ("cancelled_voluntary", Self::CancelledVoluntary),
        ("cancelled_involuntary", Self::CancelledInvoluntary),
        ("ported_out", Self::PortedOut),
        ("invalid", Self::Invalid),
    ];

    /// Reads the canonical spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, status)| *status)
    }

    /// Counts as a member.
    #[must_use]
    pub fn in_base(self) -> bool {
        matches!(
            self,
            Self::Active
                | Self::SuspendedOneWay
                | Self::Suspended
                | Self::Reserved
                | Self::PreCancelled
        )
    }

    /// Stopped one way or both.
    #[must_use]
    pub fn is_suspended(self) -> bool {
        matches!(self, Self::SuspendedOneWay | Self::Suspended)
    }

    /// Has left the operator.
    #[must_use]
    pub fn is_churned(self) -> bool {
        matches!(
            self,
            Self::CancelledVoluntary | Self::CancelledInvoluntary | Self::PortedOut
        )
    }
}

/// Why a subscriber was stopped; any other spelling counts as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// 欠费
    Arrears,
    /// 申请
    Request,
    /// 挂失
    Lost,
    /// 管理
    Admin,
    /// 高额
    HighUsage,
    /// 关联
    Linked,
}

/// How the producer spelled the code, when it did not send a canonical status. Part of the event's
/// meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCode {
    pub code_set: ShortText,
    pub code: ShortText,
}

/// `boss.subscriber.status.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriberStatus {
    pub subscriber_id: SubscriberId,
    /// The canonical status, mapped where a code was sent.
    pub status: Status,
    /// The code it was mapped from.
    pub code: Option<StatusCode>,
    /// Why, for a suspension.
    pub reason: Option<StopReason>,
}

/// Stage of a port-out (携号转网).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortStage {
    /// CXXZ: asked whether the subscriber may be ported.
    Queried,
    /// SQXZ: got the code; the guard begins.
    Authorised,
    /// Gone; the status event does the counting.
    Ported,
    /// Withdrawn; the guard ends.
    Withdrawn,
}

/// `boss.port_out.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortOut {
    pub subscriber_id: SubscriberId,
    /// How far it went.
    pub stage: PortStage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Into the group, out of any other.
    Joined,
    /// Out of the group, if in it.
    Left,
}

/// What a member is to his group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    #[default]
    Member,
    /// 集团联系人
    KeyContact,
    /// 决策人
    DecisionMaker,
}

/// Which population of members an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Population {
    /// Members of a group customer: the four indicators.
    #[default]
    Group,
    /// VIP club members: a second, separate membership.
    VipClub,
}

/// `boss.membership.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub subscriber_id: SubscriberId,
    pub group_id: GroupId,
    pub change: Change,
    /// What the member is.
    pub role: Role,
    /// 锁定号码: its loss is news whatever the group's size.
    pub locked: bool,
    /// Which population of members.
    pub population: Population,
}

/// `boss.bill.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    pub bill_id: BillId,
    pub group_id: GroupId,
    /// Whose subscriber; none is the group's unified-pay account (统付).
    pub subscriber_id: Option<SubscriberId>,
    pub period: Month,
    /// The amount; negative for corrections.
    pub amount_fen: Fen,
    /// Due on this local day.
    pub due_on: NaiveDate,
}

/// `boss.payment.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub payment_id: PaymentId,
    pub bill_id: BillId,
    pub amount_fen: Fen,
}

/// `boss.feed.v1`: the feed of that day is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    pub feed: ShortText,
    /// The day that is closed.
    pub date: NaiveDate,
    /// How many events the producer sent for it.
    pub events: u64,
}

/// `boss.retraction.v1`: the target must be treated as if it had never come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retraction {
    /// Source of the target.
    pub source: ShortText,
    /// Id of the target.
    pub id: ShortText,
}
