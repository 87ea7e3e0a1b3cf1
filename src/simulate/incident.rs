//! Plain values. It does not know how their events were made, nor what the worker found.

use crate::domain::ids::GroupId;
use crate::domain::indicator::{AlertKind, Indicator, Scope, Signal};
use crate::domain::local_day::LocalDay;
use crate::domain::names::names;

names! {
    pub enum IncidentKind {
        /// Many subscribers of one group are ported out or cancelled within a month.
        ChurnWave = "churn_wave",
        /// Many members of one group go over to another group.
        MemberLoss = "member_loss",
        /// Many complaints of one group within days.
        ComplaintWave = "complaint_wave",
        /// A run of bad answers of one group.
        BadSurveys = "bad_surveys",
        /// A locked number is lost.
        LockedNumberLost = "locked_number_lost",
        /// The subscriber of a key contact or decision maker is in trouble.
        KeyLine = "key_line",
        /// Some members of a small group leave together.
        BatchLeave = "batch_leave",
        /// A whole group leaves.
        GroupGone = "group_gone",
        /// Not planted: chance, or several incidents together, put a group, a unit or the company
        /// over a limit.
        Chance = "chance",
    }
}

impl IncidentKind {
    /// All that are planted.
    pub(crate) const PLANTED: [Self; 8] = [
        Self::ChurnWave,
        Self::MemberLoss,
        Self::ComplaintWave,
        Self::BadSurveys,
        Self::LockedNumberLost,
        Self::KeyLine,
        Self::BatchLeave,
        Self::GroupGone,
    ];

    /// The alert that it is there for; none for chance.
    #[must_use]
    pub(crate) const fn aim(self) -> Option<AlertKind> {
        Some(match self {
            Self::ChurnWave => AlertKind::Indicator(Indicator::ChurnRate),
            Self::MemberLoss => AlertKind::Indicator(Indicator::MemberLossRate),
            Self::ComplaintWave => AlertKind::Indicator(Indicator::ComplaintRate10k),
            Self::BadSurveys => AlertKind::Indicator(Indicator::Satisfaction),
            Self::LockedNumberLost => AlertKind::Signal(Signal::LockedNumberLost),
            Self::KeyLine => AlertKind::Signal(Signal::KeyLine),
            Self::BatchLeave => AlertKind::Signal(Signal::BatchLeave),
            Self::GroupGone => AlertKind::Signal(Signal::GroupGone),
            Self::Chance => return None,
        })
    }

    /// Whether it can put its unit or the company over the limit of this indicator.
    pub(super) const fn burdens(self, kind: AlertKind) -> bool {
        match kind {
            AlertKind::Indicator(Indicator::ChurnRate) => {
                matches!(self, Self::ChurnWave | Self::GroupGone | Self::BatchLeave)
            }
            AlertKind::Indicator(Indicator::MemberLossRate) => {
                matches!(
                    self,
                    Self::ChurnWave | Self::GroupGone | Self::BatchLeave | Self::MemberLoss
                )
            }
            AlertKind::Indicator(Indicator::ComplaintRate10k) => {
                matches!(self, Self::ComplaintWave)
            }
            AlertKind::Indicator(Indicator::Satisfaction) => matches!(self, Self::BadSurveys),
            AlertKind::Signal(_) => false,
        }
    }
}

/// An alert that the events call for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expected {
    /// On this local day its limit is crossed first.
    pub from_day: LocalDay,
    pub kind: AlertKind,
    pub scope: Scope,
    /// The subscriber, for signals about one; else empty.
    pub subject: Box<str>,
}

/// Something that was planted, and what the worker should find of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    pub kind: IncidentKind,
    /// Where; none for chance at a unit or the company.
    pub group_id: Option<GroupId>,
    /// Its first day.
    pub starts_on: LocalDay,
    /// Its last day.
    pub ends_on: LocalDay,
    /// Every alert that it must raise, its aim among them, earliest first. A churn wave is a member
    /// loss too, and a large one may put its unit over the limit.
    pub expected: Vec<Expected>,
}

/// A kind of near miss: over a limit or close to it, but not distinguishable from chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NearMissKind {
    /// One complaint in a group of about 50.
    OneComplaint,
    /// One leaver in a group of about 20.
    OneLeaver,
    FewAnswers,
    /// Two of a small group leave on one day.
    TwoTogether,
}

impl NearMissKind {
    /// The alert that must not come of it, at group level.
    #[must_use]
    pub(crate) const fn never(self) -> AlertKind {
        match self {
            Self::OneComplaint => AlertKind::Indicator(Indicator::ComplaintRate10k),
            Self::OneLeaver => AlertKind::Indicator(Indicator::ChurnRate),
            Self::FewAnswers => AlertKind::Indicator(Indicator::Satisfaction),
            Self::TwoTogether => AlertKind::Signal(Signal::BatchLeave),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    pub kind: NearMissKind,
    pub group_id: GroupId,
    pub day: LocalDay,
}
