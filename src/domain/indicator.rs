//! The four indicators, kinds of alerts, verdicts, severities and scopes, by name.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::event::Tier;
use super::ids::{GroupId, UnitId};
use super::names::names;
pub use super::signal::Signal;
pub(crate) use super::signal::is_valuable;

names! {
    /// One of the four indicators.
    pub enum Indicator {
        /// 用户离网率: churned / base.
        ChurnRate = "churn_rate",
        /// 成员流失率: lost / base.
        MemberLossRate = "member_loss_rate",
        /// 万名用户投诉率: complaints × 10,000 / base.
        ComplaintRate10k = "complaint_rate_10k",
        /// 满意度: score sum / answers.
        Satisfaction = "satisfaction",
    }
}

/// The kind of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum AlertKind {
    Indicator(Indicator),
    Signal(Signal),
}

impl AlertKind {
    /// The name of the indicator or signal.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Indicator(indicator) => indicator.name(),
            Self::Signal(signal) => signal.name(),
        }
    }

    /// Whether an alert of this severity, of a customer of that tier, makes a task: all above a
    /// notice do, and a single low answer of a valuable customer, who is called.
    #[must_use]
    pub(crate) fn wants_task(self, severity: Severity, tier: Option<Tier>) -> bool {
        severity != Severity::Notice
            || (self == Self::Signal(Signal::LowScore) && is_valuable(tier))
    }

    #[must_use]
    pub const fn is_about_a_subscriber(self) -> bool {
        matches!(self, Self::Signal(signal) if signal.is_about_a_subscriber())
    }

    /// Whether it counts the subscribers of a whole customer that leave or are suspended.
    #[must_use]
    pub(crate) const fn counts_subscribers(self) -> bool {
        matches!(
            self,
            Self::Signal(Signal::BatchLeave | Signal::SuspensionBurst | Signal::GroupGone)
        )
    }

    /// Whether it is raised by the absence of an event, which unread input may still bring.
    #[must_use]
    pub(crate) const fn is_about_what_is_missing(self) -> bool {
        matches!(
            self,
            Self::Signal(
                Signal::Arrears | Signal::ComplaintOpen | Signal::ContactGap | Signal::RevenueDrop
            )
        )
    }

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Indicator::ALL
            .into_iter()
            .map(Self::Indicator)
            .chain(Signal::ALL.into_iter().map(Self::Signal))
    }

    /// Parses a kind by its name.
    #[must_use]
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.name() == name)
    }
}

impl From<AlertKind> for &'static str {
    fn from(kind: AlertKind) -> Self {
        kind.name()
    }
}

impl TryFrom<String> for AlertKind {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name).ok_or_else(|| format!("`{name}` is no indicator or signal"))
    }
}

names! {
    /// The verdict of an indicator.
    pub enum Verdict {
        /// A required feed is not closed, or closed with another count.
        FeedIncomplete = "feed_incomplete",
        /// No value, or too few answers within the limit.
        InsufficientData = "insufficient_data",
        /// Within the limit.
        Ok = "ok",
        /// Over the limit, and significant at group level.
        Breach = "breach",
        /// Over the limit, but too few to exclude chance.
        Watch = "watch",
    }
    /// How urgent an alert is; the most urgent sorts first.
    pub enum Severity {
        /// Mailed at once.
        Critical = "critical",
        /// Mailed with the next group of mails.
        Warning = "warning",
        /// A line in the brief: no mail of its own, and a task only if [`AlertKind::wants_task`].
        Notice = "notice",
    }
    /// The level of a scope.
    pub enum ScopeKind {
        Group = "group",
        Unit = "unit",
        Company = "company",
    }
}

impl ScopeKind {
    #[must_use]
    pub(crate) const fn of_scope(scope: &Scope) -> Self {
        match scope {
            Scope::Group(_) => Self::Group,
            Scope::Unit(_) => Self::Unit,
            Scope::Company => Self::Company,
        }
    }

    /// Whether alerts of this kind are raised at this level: a signal has one level only.
    #[must_use]
    pub(crate) const fn raises(self, kind: AlertKind) -> bool {
        match kind {
            AlertKind::Indicator(_) => true,
            AlertKind::Signal(signal) if signal.is_of_units() => matches!(self, Self::Unit),
            AlertKind::Signal(_) => matches!(self, Self::Group),
        }
    }
}

/// The scope of a figure or an alert.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// The sum of all groups.
    Company,
    /// A unit; `None` is `unassigned`: groups without a `crm.group`.
    Unit(Option<UnitId>),
    Group(GroupId),
}

impl Scope {
    /// `company`, `unit` or `group`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        ScopeKind::of_scope(self).name()
    }

    /// The id that accompanies the name.
    #[must_use]
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Company => "company",
            Self::Unit(None) => "unassigned",
            Self::Unit(Some(unit)) => unit.as_str(),
            Self::Group(group) => group.as_str(),
        }
    }

    /// Parses [`Scope::name`] and [`Scope::id`].
    #[must_use]
    pub(crate) fn parse(name: &str, id: &str) -> Option<Self> {
        match ScopeKind::parse(name)? {
            ScopeKind::Company => Some(Self::Company),
            ScopeKind::Unit if id == "unassigned" => Some(Self::Unit(None)),
            ScopeKind::Unit => UnitId::parse(id).ok().map(|unit| Self::Unit(Some(unit))),
            ScopeKind::Group => GroupId::parse(id).ok().map(Self::Group),
        }
    }

    #[must_use]
    pub const fn group(&self) -> Option<&GroupId> {
        match self {
            Self::Group(group) => Some(group),
            _ => None,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name(), self.id())
    }
}
