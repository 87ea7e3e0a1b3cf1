//! The events of BOSS: subscribers, memberships, bills, payments, feeds, retractions.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{BillId, GroupId, PaymentId, SubscriberId};
use crate::domain::local_day::Month;
use crate::domain::money::Fen;
use crate::domain::names::names;
use crate::domain::short_text::ShortText;

names! {
    /// A subscriber's canonical status.
    #[derive(Default)]
    pub enum Status {
        /// In base; also the default of a subscriber without a status event.
        #[default]
        Active = "active",
        /// 单停: in base, suspended.
        SuspendedOneWay = "suspended_one_way",
        /// 双停: in base, suspended.
        Suspended = "suspended",
        /// 停机保号: in base.
        Reserved = "reserved",
        /// 预销: in base, the last chance to keep the subscriber.
        PreCancelled = "pre_cancelled",
        /// 主动销号: churned.
        CancelledVoluntary = "cancelled_voluntary",
        /// 欠费/管理销号: churned.
        CancelledInvoluntary = "cancelled_involuntary",
        /// 携出: churned.
        PortedOut = "ported_out",
        /// 无效修正: neither in base nor churned.
        Invalid = "invalid",
    }
}

impl Status {
    /// Whether it counts as a member.
    #[must_use]
    pub(crate) fn in_base(self) -> bool {
        matches!(
            self,
            Self::Active
                | Self::SuspendedOneWay
                | Self::Suspended
                | Self::Reserved
                | Self::PreCancelled
        )
    }

    /// Whether it is stopped one way or both.
    #[must_use]
    pub(crate) fn is_suspended(self) -> bool {
        matches!(self, Self::SuspendedOneWay | Self::Suspended)
    }

    /// Whether it has left the operator.
    #[must_use]
    pub fn is_churned(self) -> bool {
        matches!(
            self,
            Self::CancelledVoluntary | Self::CancelledInvoluntary | Self::PortedOut
        )
    }
}

names! {
    /// The reason of a suspension; an unknown spelling counts as none.
    pub enum StopReason {
        /// 欠费
        Arrears = "arrears",
        /// 申请
        Request = "request",
        /// 挂失
        Lost = "lost",
        /// 管理
        Admin = "admin",
        /// 高额
        HighUsage = "high_usage",
        /// 关联
        Linked = "linked",
    }
}

/// The producer's own code, where it did not send a canonical status. Part of the event's meaning.
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
    /// The reason of a suspension.
    pub reason: Option<StopReason>,
}

names! {
    /// Stage of a port-out (携号转网).
    pub enum PortStage {
        /// CXXZ: the subscriber asked whether it may be ported.
        Queried = "queried",
        /// SQXZ: it got the authorisation code; the guard begins.
        Authorised = "authorised",
        /// Ported out; the status event does the counting.
        Ported = "ported",
        /// Withdrawn; the guard ends.
        Withdrawn = "withdrawn",
    }
}

/// `boss.port_out.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortOut {
    pub subscriber_id: SubscriberId,
    pub stage: PortStage,
}

names! {
    pub enum MemberChangeKind {
        /// Into the group, out of any other.
        Joined = "joined",
        /// Out of the group, if in it.
        Left = "left",
    }
    /// The role of a member in his group.
    #[derive(Default)]
    pub enum Role {
        #[default]
        Member = "member",
        /// 集团联系人
        KeyContact = "key_contact",
        /// 决策人
        DecisionMaker = "decision_maker",
    }
    /// The population that a membership belongs to.
    #[derive(Default)]
    pub enum Population {
        /// Members of a group customer: the four indicators.
        #[default]
        Group = "group",
        /// VIP club members: a second, separate membership.
        VipClub = "vip_club",
    }
}

/// `boss.membership.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub subscriber_id: SubscriberId,
    pub group_id: GroupId,
    pub change: MemberChangeKind,
    pub role: Role,
    /// 锁定号码: its loss raises an alert whatever the group's size.
    pub locked: bool,
    pub population: Population,
}

/// `boss.bill.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    pub bill_id: BillId,
    pub group_id: GroupId,
    /// The subscriber; none for the group's unified-pay account (统付).
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
