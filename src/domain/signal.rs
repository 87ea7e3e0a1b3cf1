//! The early signals (预警): their names, subjects and severities.
//!
//! It may not know when one is raised: `evaluate` decides that.

use super::event::Tier;
use super::indicator::Severity;
use super::names::names;

names! {
    /// An early signal: of group customers, except one that is of units.
    pub enum Signal {
        /// 锁定号码流失
        LockedNumberLost = "locked_number_lost",
        /// The subscriber of a key contact or decision maker is in trouble.
        KeyLine = "key_line",
        /// 集团个人客户批量离网
        BatchLeave = "batch_leave",
        /// 集中停机: many members were suspended within days.
        SuspensionBurst = "suspension_burst",
        /// 预销: the last chance to keep a subscriber.
        PreCancel = "pre_cancel",
        /// 携转授权: a member has got the porting code; a query alone is a notice.
        PortOut = "port_out",
        /// 集团业务收入异动: far less was billed than in the months before.
        RevenueDrop = "revenue_drop",
        Arrears = "arrears",
        /// 重大投诉督办
        MajorComplaint = "major_complaint",
        /// A complaint is open for too long.
        ComplaintOpen = "complaint_open",
        /// Many complaints of one category in a unit.
        ComplaintHotspot = "complaint_hotspot",
        /// One low answer to a survey.
        LowScore = "low_score",
        /// A valuable customer whom nobody has visited or called in the quarter.
        ContactGap = "contact_gap",
        /// No member is left.
        GroupGone = "group_gone",
    }
}

impl Signal {
    /// Whether its scope is a unit; all others are of group customers.
    #[must_use]
    pub(crate) const fn is_of_units(self) -> bool {
        matches!(self, Self::ComplaintHotspot)
    }

    /// Whether its subject is one subscriber.
    #[must_use]
    pub(crate) const fn is_about_a_subscriber(self) -> bool {
        matches!(
            self,
            Self::LockedNumberLost | Self::KeyLine | Self::PreCancel | Self::PortOut
        )
    }

    /// The severity for a customer of that tier; none for a unit, or for a customer without
    /// reference data.
    #[must_use]
    pub(crate) fn severity(self, tier: Option<Tier>) -> Severity {
        match self {
            Self::LockedNumberLost
            | Self::KeyLine
            | Self::BatchLeave
            | Self::MajorComplaint
            | Self::GroupGone => Severity::Critical,
            Self::SuspensionBurst
            | Self::RevenueDrop
            | Self::Arrears
            | Self::ComplaintOpen
            | Self::ComplaintHotspot => Severity::Warning,
            Self::PreCancel | Self::PortOut if is_valuable(tier) => Severity::Warning,
            Self::PreCancel | Self::PortOut | Self::LowScore | Self::ContactGap => Severity::Notice,
        }
    }
}

/// Whether a customer is of tier A or B.
#[must_use]
pub(crate) const fn is_valuable(tier: Option<Tier>) -> bool {
    matches!(tier, Some(Tier::A | Tier::B))
}
