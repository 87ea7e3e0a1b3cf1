//! The early signals (预警): their names, what each is about, how urgent it is.
//!
//! It does not know when one is raised: `evaluate` does.

use serde::{Deserialize, Serialize};

use super::event::Tier;
use super::indicator::Severity;

/// An early signal: of group customers, but for one that is of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// 锁定号码流失
    LockedNumberLost,
    /// The subscriber of a key contact or decision maker is in trouble.
    KeyLine,
    /// 集团个人客户批量离网
    BatchLeave,
    /// 集中停机: many members were suspended within days.
    SuspensionBurst,
    /// 预销: the last hour in which a subscriber can be kept.
    PreCancel,
    /// 携转授权: a member has got the code for porting; asked for it, that is a notice.
    PortOut,
    /// 集团业务收入异动: far less was billed than in the months before.
    RevenueDrop,
    Arrears,
    /// 重大投诉督办
    MajorComplaint,
    /// A complaint is open for too long.
    ComplaintOpen,
    /// Many complaints of one category in a unit.
    ComplaintHotspot,
    /// One low answer to a survey.
    LowScore,
    /// A valuable customer whom nobody has visited or called in the quarter.
    ContactGap,
    /// No member is left.
    GroupGone,
}

impl Signal {
    /// All signals, in the contract's order.
    pub const ALL: [Self; 14] = [
        Self::LockedNumberLost,
        Self::KeyLine,
        Self::BatchLeave,
        Self::SuspensionBurst,
        Self::PreCancel,
        Self::PortOut,
        Self::RevenueDrop,
        Self::Arrears,
        Self::MajorComplaint,
        Self::ComplaintOpen,
        Self::ComplaintHotspot,
        Self::LowScore,
        Self::ContactGap,
        Self::GroupGone,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LockedNumberLost => "locked_number_lost",
            Self::KeyLine => "key_line",
            Self::BatchLeave => "batch_leave",
            Self::SuspensionBurst => "suspension_burst",
            Self::PreCancel => "pre_cancel",
            Self::PortOut => "port_out",
            Self::RevenueDrop => "revenue_drop",
            Self::Arrears => "arrears",
            Self::MajorComplaint => "major_complaint",
            Self::ComplaintOpen => "complaint_open",
            Self::ComplaintHotspot => "complaint_hotspot",
            Self::LowScore => "low_score",
            Self::ContactGap => "contact_gap",
            Self::GroupGone => "group_gone",
        }
    }

    /// Whether it is of units; all others are of group customers.
    #[must_use]
    pub const fn is_of_units(self) -> bool {
        matches!(self, Self::ComplaintHotspot)
    }

    /// Whether it is about one subscriber, which is then the alert's subject.
    #[must_use]
    pub const fn is_about_a_subscriber(self) -> bool {
        matches!(
            self,
            Self::LockedNumberLost | Self::KeyLine | Self::PreCancel | Self::PortOut
        )
    }

    /// How urgent it is for a customer of that tier; none is a unit, or a customer of whom nothing
    /// is known.
    #[must_use]
    pub fn severity(self, tier: Option<Tier>) -> Severity {
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
pub const fn is_valuable(tier: Option<Tier>) -> bool {
    matches!(tier, Some(Tier::A | Tier::B))
}
