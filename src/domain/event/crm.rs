//! The events of the CRM: complaints, answers, contacts, and the reference events.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{
    ComplaintId, ContactId, GroupId, KeyDateId, ManagerId, ProjectId, SubscriberId, SurveyId,
    UnitId,
};
use crate::domain::mailbox::mailbox;
use crate::domain::names::names;
use crate::domain::short_text::ShortText;

names! {
    pub enum ComplaintState {
        Filed = "filed",
        /// Withdrawn: does not count.
        Withdrawn = "withdrawn",
        /// Settled: counts, and is no longer open.
        Resolved = "resolved",
    }
    /// The severity of a complaint.
    #[derive(Default)]
    pub enum ComplaintSeverity {
        #[default]
        Normal = "normal",
        /// 重大投诉
        Major = "major",
    }
}

/// `crm.complaint.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    pub complaint_id: ComplaintId,
    pub group_id: GroupId,
    pub subscriber_id: Option<SubscriberId>,
    pub state: ComplaintState,
    pub category: Option<ShortText>,
    pub severity: ComplaintSeverity,
}

/// The scale of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    /// 0–100
    Hundred,
    /// 0–10, ×10
    Ten,
    /// 1–5, ×20
    Five,
}

impl Scale {
    /// The factor of a point of this scale to the 100 scale.
    #[must_use]
    pub(crate) const fn factor(self) -> i64 {
        match self {
            Self::Hundred => 1,
            Self::Ten => 10,
            Self::Five => 20,
        }
    }
}

/// `crm.survey.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    pub survey_id: SurveyId,
    pub group_id: GroupId,
    /// The score in thousandths of a point of its scale, exact.
    pub score_thousandths: i64,
    pub scale: Scale,
}

impl Survey {
    /// The score on the 100 scale, in thousandths.
    #[must_use]
    pub(crate) const fn hundred_thousandths(&self) -> i64 {
        self.score_thousandths * self.scale.factor()
    }
}

names! {
    /// The channel of a contact.
    pub enum Channel {
        /// 上门
        Visit = "visit",
        /// 电话
        Call = "call",
        /// 邮件
        Mail = "mail",
        /// 活动
        Event = "event",
    }
    /// The customer's intent to leave.
    pub enum Intent {
        None = "none",
        Weak = "weak",
        /// 离网意向较大
        Strong = "strong",
    }
    /// The effect of a contact.
    pub enum Effect {
        Good = "good",
        Neutral = "neutral",
        Bad = "bad",
    }
}

/// `crm.contact.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub contact_id: ContactId,
    pub group_id: GroupId,
    pub manager_id: ManagerId,
    pub channel: Channel,
    pub note: Option<ShortText>,
    /// Date of a promised follow-up.
    pub promised_on: Option<NaiveDate>,
    /// The contact whose promise this one fulfils.
    pub fulfils: Option<ContactId>,
    pub intent: Option<Intent>,
    /// The customer's opinion.
    pub opinion: Option<ShortText>,
    pub effect: Option<Effect>,
}

/// `crm.unit.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub unit_id: UnitId,
    pub name: ShortText,
    pub head_manager_id: Option<ManagerId>,
    /// 客服中心主任
    pub service_head_id: Option<ManagerId>,
    /// 首席客户经理
    pub chief_id: Option<ManagerId>,
}

names! {
    /// Value tier of a group customer.
    pub enum Tier {
        /// The most valuable.
        A = "A",
        /// Second.
        B = "B",
        C = "C",
        D = "D",
    }
    /// How a group is served.
    #[derive(Default)]
    pub enum VisitMode {
        #[default]
        Visit = "visit",
        Call = "call",
    }
}

/// `crm.group.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub group_id: GroupId,
    pub name: ShortText,
    pub unit_id: UnitId,
    pub manager_id: ManagerId,
    pub tier: Tier,
    pub industry: Option<ShortText>,
    /// The group above it.
    pub parent_group_id: Option<GroupId>,
    pub visit_mode: VisitMode,
    /// No longer a customer.
    pub closed: bool,
}

/// `crm.manager.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manager {
    pub manager_id: ManagerId,
    pub name: ShortText,
    /// His mail address as received; [`Manager::mailbox`] gives the usable one.
    pub email: ShortText,
    pub supervisor_id: Option<ManagerId>,
    /// 首席客户经理
    pub chief: bool,
    pub delegate_id: Option<ManagerId>,
    /// Away up to and including this day.
    pub away_until: Option<NaiveDate>,
    pub active: bool,
    /// `zh-CN` or `en`.
    pub locale: Option<ShortText>,
}

impl Manager {
    /// The address that he is mailed to; none if it is unusable: then he counts as inactive.
    #[must_use]
    pub(crate) fn mailbox(&self) -> Option<String> {
        mailbox(&self.email)
    }
}

/// `crm.project.v1`: a key project (重点工作项目).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    pub project_id: ProjectId,
    pub group_id: GroupId,
    pub title: ShortText,
    pub due_on: Option<NaiveDate>,
    pub closed: bool,
}

names! {
    /// Kind of a key date.
    pub enum KeyDateKind {
        /// 生日
        Birthday = "birthday",
        /// 周年
        Anniversary = "anniversary",
        /// 合约到期
        ContractEnd = "contract_end",
        /// 庆典
        Ceremony = "ceremony",
        Custom = "custom",
    }
}

/// The date, in its own calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyDay {
    /// 公历
    Solar(NaiveDate),
    /// 农历
    Lunar(LunarDay),
}

/// A day of the lunar calendar (农历), without a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LunarDay {
    /// 1–12
    pub month: u8,
    /// 1–30
    pub day: u8,
    /// 闰月
    pub leap: bool,
}

/// `8-15`, or `leap 6-1`.
impl fmt::Display for LunarDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}-{}",
            if self.leap { "leap " } else { "" },
            self.month,
            self.day
        )
    }
}

names! {
    /// How often a key date recurs.
    pub enum Every {
        Year = "year",
        /// Once; solar only.
        Once = "once",
    }
}

/// `crm.key_date.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDate {
    pub key_date_id: KeyDateId,
    pub group_id: GroupId,
    pub kind: KeyDateKind,
    pub title: ShortText,
    pub contact: Option<ShortText>,
    pub day: KeyDay,
    pub every: Every,
    /// Days ahead at which to remind; none means the kind's default.
    pub lead_days: Option<Vec<i32>>,
    pub removed: bool,
}
