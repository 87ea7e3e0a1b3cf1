//! The four indicators, what an alert is about, verdicts, severities and scopes, by name.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::event::Tier;
use super::ids::{GroupId, UnitId};
pub use super::signal::{Signal, is_valuable};

/// One of the four indicators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Indicator {
    /// 用户离网率: churned / base.
    ChurnRate,
    /// 成员流失率: lost / base.
    MemberLossRate,
    /// 万名用户投诉率: complaints × 10,000 / base.
    #[serde(rename = "complaint_rate_10k")]
    ComplaintRate10k,
    /// 满意度: score sum / answers.
    Satisfaction,
}

impl Indicator {
    /// All four, in report order.
    pub const ALL: [Self; 4] = [
        Self::ChurnRate,
        Self::MemberLossRate,
        Self::ComplaintRate10k,
        Self::Satisfaction,
    ];

    /// Its name in reports and alerts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChurnRate => "churn_rate",
            Self::MemberLossRate => "member_loss_rate",
            Self::ComplaintRate10k => "complaint_rate_10k",
            Self::Satisfaction => "satisfaction",
        }
    }
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum AlertKind {
    /// One of the four.
    Indicator(Indicator),
    Signal(Signal),
}

impl AlertKind {
    /// Its name: an indicator's or a signal's.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Indicator(indicator) => indicator.name(),
            Self::Signal(signal) => signal.name(),
        }
    }

    /// Whether an alert so urgent, of a customer of that tier, makes a task: what is more than a
    /// notice does, and one low answer of a valuable customer, who is called.
    #[must_use]
    pub fn wants_task(self, severity: Severity, tier: Option<Tier>) -> bool {
        severity != Severity::Notice
            || (self == Self::Signal(Signal::LowScore) && is_valuable(tier))
    }

    /// Whether it is a signal about one subscriber.
    #[must_use]
    pub const fn is_about_a_subscriber(self) -> bool {
        matches!(self, Self::Signal(signal) if signal.is_about_a_subscriber())
    }

    /// Whether it rests on something that is not there, which what has not been read yet may bring.
    #[must_use]
    pub const fn is_about_what_is_missing(self) -> bool {
        matches!(
            self,
            Self::Signal(
                Signal::Arrears | Signal::ComplaintOpen | Signal::ContactGap | Signal::RevenueDrop
            )
        )
    }

    pub fn all() -> impl Iterator<Item = Self> {
        Indicator::ALL
            .into_iter()
            .map(Self::Indicator)
            .chain(Signal::ALL.into_iter().map(Self::Signal))
    }

    /// The kind of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
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

/// How an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A required feed is not closed, or closed with another count.
    FeedIncomplete,
    /// No value, or too few answers on the right side.
    InsufficientData,
    /// On the right side of the limit.
    Ok,
    /// Over the limit, and significant at group level.
    Breach,
    /// Over the limit, and too few to tell from chance.
    Watch,
}

impl Verdict {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FeedIncomplete => "feed_incomplete",
            Self::InsufficientData => "insufficient_data",
            Self::Ok => "ok",
            Self::Breach => "breach",
            Self::Watch => "watch",
        }
    }
}

/// How urgent an alert is; the most urgent sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// At once.
    Critical,
    /// With the next group of mails.
    Warning,
    /// A line in the brief: no mail of its own, and a task only where [`AlertKind::wants_task`]
    /// says so.
    Notice,
}

impl Severity {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// The level of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    Group,
    Unit,
    Company,
}

impl ScopeKind {
    /// The kind of a scope.
    #[must_use]
    pub const fn of(scope: &Scope) -> Self {
        match scope {
            Scope::Group(_) => Self::Group,
            Scope::Unit(_) => Self::Unit,
            Scope::Company => Self::Company,
        }
    }

    /// `group`, `unit` or `company`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Unit => "unit",
            Self::Company => "company",
        }
    }

    /// Whether alerts of this kind are raised at this level: a signal is at one level only.
    #[must_use]
    pub const fn raises(self, kind: AlertKind) -> bool {
        match kind {
            AlertKind::Indicator(_) => true,
            AlertKind::Signal(signal) if signal.is_of_units() => matches!(self, Self::Unit),
            AlertKind::Signal(_) => matches!(self, Self::Group),
        }
    }
}

/// Whose figures or alert.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// The sum of all groups.
    Company,
    /// A unit; none is `unassigned`: groups without a `crm.group`.
    Unit(Option<UnitId>),
    Group(GroupId),
}

impl Scope {
    /// `company`, `unit` or `group`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Unit(_) => "unit",
            Self::Group(_) => "group",
        }
    }

    /// The id beside it.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Company => "company",
            Self::Unit(None) => "unassigned",
            Self::Unit(Some(unit)) => unit.as_str(),
            Self::Group(group) => group.as_str(),
        }
    }

    /// From [`Scope::name`] and [`Scope::id`].
    #[must_use]
    pub fn parse(name: &str, id: &str) -> Option<Self> {
        match name {
            "company" => Some(Self::Company),
            "unit" if id == "unassigned" => Some(Self::Unit(None)),
            "unit" => UnitId::parse(id).ok().map(|unit| Self::Unit(Some(unit))),
            "group" => GroupId::parse(id).ok().map(Self::Group),
            _ => None,
        }
    }

    /// The group customer, if it is one.
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
