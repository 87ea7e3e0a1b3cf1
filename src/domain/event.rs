//! The events that the worker accepts, as values: what a CloudEvent says once it has been read and checked.
//!
//! It knows nothing of JSON, topics or files. Invariant: an [`Event`] obeys every rule of the input contract,
//! with defaults filled in, so that two events of equal meaning are equal values.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::{BillId, ComplaintId, ContactId, GroupId, KeyDateId, ManagerId, PaymentId, ProjectId, SubscriberId, SurveyId, UnitId};
use super::local_day::{Month, Timestamp};
use super::money::Fen;

/// One accepted event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, who and which: the total order of events.
    pub order: Order,
    /// What happened.
    pub data: EventData,
}

/// The total order of events: time, then id, then source, texts compared as bytes.
/// (`source`, `id`) is the event's identity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Order {
    /// When it happened.
    pub time: Timestamp,
    /// The producer's id, unique within the source.
    pub id: Box<str>,
    /// Who produced it, e.g. `/boss/gz/crm`.
    pub source: Box<str>,
}

/// What happened, by type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventData {
    /// `boss.subscriber.status.v1`
    SubscriberStatus(SubscriberStatus),
    /// `boss.port_out.v1`
    PortOut(PortOut),
    /// `boss.membership.v1`
    Membership(Membership),
    /// `boss.bill.v1`
    Bill(Bill),
    /// `boss.payment.v1`
    Payment(Payment),
    /// `crm.complaint.v1`
    Complaint(Complaint),
    /// `crm.survey.v1`
    Survey(Survey),
    /// `crm.contact.v1`
    Contact(Contact),
    /// `crm.unit.v1`
    Unit(Unit),
    /// `crm.group.v1`
    Group(Group),
    /// `crm.manager.v1`
    Manager(Manager),
    /// `crm.project.v1`
    Project(Project),
    /// `crm.key_date.v1`
    KeyDate(KeyDate),
    /// `boss.feed.v1`
    Feed(Feed),
    /// `boss.retraction.v1`
    Retraction(Retraction),
}

impl EventData {
    /// The CloudEvents type.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::SubscriberStatus(_) => "boss.subscriber.status.v1",
            Self::PortOut(_) => "boss.port_out.v1",
            Self::Membership(_) => "boss.membership.v1",
            Self::Bill(_) => "boss.bill.v1",
            Self::Payment(_) => "boss.payment.v1",
            Self::Complaint(_) => "crm.complaint.v1",
            Self::Survey(_) => "crm.survey.v1",
            Self::Contact(_) => "crm.contact.v1",
            Self::Unit(_) => "crm.unit.v1",
            Self::Group(_) => "crm.group.v1",
            Self::Manager(_) => "crm.manager.v1",
            Self::Project(_) => "crm.project.v1",
            Self::KeyDate(_) => "crm.key_date.v1",
            Self::Feed(_) => "boss.feed.v1",
            Self::Retraction(_) => "boss.retraction.v1",
        }
    }

    /// Every CloudEvents type.
    pub fn type_names() -> impl Iterator<Item = &'static str> {
        [
            "boss.subscriber.status.v1",
            "boss.port_out.v1",
            "boss.membership.v1",
            "boss.bill.v1",
            "boss.payment.v1",
            "crm.complaint.v1",
            "crm.survey.v1",
            "crm.contact.v1",
            "crm.unit.v1",
            "crm.group.v1",
            "crm.manager.v1",
            "crm.project.v1",
            "crm.key_date.v1",
            "boss.feed.v1",
            "boss.retraction.v1",
        ]
        .into_iter()
    }

    /// Whether the latest event per id holds and none is ever too late.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        matches!(self, Self::Unit(_) | Self::Group(_) | Self::Manager(_) | Self::Project(_) | Self::KeyDate(_))
    }
}

/// A subscriber's canonical status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In base.
    Active,
    /// 单停: in base, suspended.
    SuspendedOneWay,
    /// 双停: in base, suspended.
    Suspended,
    /// 停机保号: in base.
    Reserved,
    /// 预销: in base, the last hour in which the line can be kept.
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
        Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, status)| *status)
    }

    /// Counts as a member's line.
    #[must_use]
    pub fn in_base(self) -> bool {
        matches!(self, Self::Active | Self::SuspendedOneWay | Self::Suspended | Self::Reserved | Self::PreCancelled)
    }

    /// Stopped one way or both.
    #[must_use]
    pub fn is_suspended(self) -> bool {
        matches!(self, Self::SuspendedOneWay | Self::Suspended)
    }

    /// Has left the operator.
    #[must_use]
    pub fn is_churned(self) -> bool {
        matches!(self, Self::CancelledVoluntary | Self::CancelledInvoluntary | Self::PortedOut)
    }
}

/// Why a line was stopped; any other spelling counts as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// How the producer spelled the code, when it did not send a canonical status. Part of the event's meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCode {
    /// Which status map.
    pub code_set: Box<str>,
    /// The province's code.
    pub code: Box<str>,
}

/// `boss.subscriber.status.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriberStatus {
    /// Whose status.
    pub subscriber_id: SubscriberId,
    /// The canonical status, mapped where a code was sent.
    pub status: Status,
    /// The code it was mapped from.
    pub code: Option<StatusCode>,
    /// Why, for a suspension.
    pub reason: Option<StopReason>,
}

/// Stage of a port-out (携号转网).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortStage {
    /// CXXZ: asked whether the line may be ported.
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
    /// Whose line.
    pub subscriber_id: SubscriberId,
    /// How far it went.
    pub stage: PortStage,
}

/// Joined or left.
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
    /// One of many.
    #[default]
    Member,
    /// 集团联系人
    KeyContact,
    /// 决策人
    DecisionMaker,
}

/// Which line of membership an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Population {
    /// Members of a group customer: the four indicators.
    #[default]
    Group,
    /// VIP club members: a second, separate line.
    VipClub,
}

/// `boss.membership.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Whose line.
    pub subscriber_id: SubscriberId,
    /// Which group.
    pub group_id: GroupId,
    /// In or out.
    pub change: Change,
    /// What the member is.
    pub role: Role,
    /// 锁定号码: its loss is news whatever the group's size.
    pub locked: bool,
    /// Which line of membership.
    pub population: Population,
}

/// `boss.bill.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Which bill.
    pub bill_id: BillId,
    /// Who is served.
    pub group_id: GroupId,
    /// Whose line; none is the group's unified-pay account (统付).
    pub subscriber_id: Option<SubscriberId>,
    /// The billing period.
    pub period: Month,
    /// The amount; negative for corrections.
    pub amount_fen: Fen,
    /// Due on this local day.
    pub due_on: NaiveDate,
}

/// `boss.payment.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Towards which bill.
    pub bill_id: BillId,
    /// How much.
    pub amount_fen: Fen,
}

/// State of a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintState {
    /// Open.
    Filed,
    /// Taken back: does not count.
    Withdrawn,
    /// Settled: counts, is no longer open.
    Resolved,
}

/// How bad a complaint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintSeverity {
    /// As most are.
    #[default]
    Normal,
    /// 重大投诉
    Major,
}

/// `crm.complaint.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// Which complaint.
    pub complaint_id: ComplaintId,
    /// Whose.
    pub group_id: GroupId,
    /// About which line.
    pub subscriber_id: Option<SubscriberId>,
    /// Its state.
    pub state: ComplaintState,
    /// What about.
    pub category: Option<Box<str>>,
    /// How bad.
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
    /// What a point of this scale is worth on the 100 scale.
    #[must_use]
    pub const fn factor(self) -> i64 {
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
    /// Which answer.
    pub survey_id: SurveyId,
    /// Whose.
    pub group_id: GroupId,
    /// The score in thousandths of its scale's point, exact.
    pub score_thousandths: i64,
    /// Its scale.
    pub scale: Scale,
}

impl Survey {
    /// The score on the 100 scale, in thousandths.
    #[must_use]
    pub const fn hundred_thousandths(&self) -> i64 {
        self.score_thousandths * self.scale.factor()
    }
}

/// How a manager reached the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 上门
    Visit,
    /// 电话
    Call,
    /// 邮件
    Mail,
    /// 活动
    Event,
}

/// How strongly the customer means to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Not at all.
    None,
    /// A little.
    Weak,
    /// 离网意向较大
    Strong,
}

/// What a contact did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Good.
    Good,
    /// Neither.
    Neutral,
    /// Bad.
    Bad,
}

/// `crm.contact.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Which contact.
    pub contact_id: ContactId,
    /// With whom.
    pub group_id: GroupId,
    /// By whom.
    pub manager_id: ManagerId,
    /// How.
    pub channel: Channel,
    /// Free text.
    pub note: Option<Box<str>>,
    /// Date of a promised follow-up.
    pub promised_on: Option<NaiveDate>,
    /// The contact whose promise this keeps.
    pub fulfils: Option<ContactId>,
    /// To leave.
    pub intent: Option<Intent>,
    /// What the customer thinks.
    pub opinion: Option<Box<str>>,
    /// What it did.
    pub effect: Option<Effect>,
}

/// `crm.unit.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Which unit.
    pub unit_id: UnitId,
    /// Its name.
    pub name: Box<str>,
    /// Its head.
    pub head_manager_id: Option<ManagerId>,
    /// 客服中心主任
    pub service_head_id: Option<ManagerId>,
    /// 首席客户经理
    pub chief_id: Option<ManagerId>,
}

/// Value tier of a group customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tier {
    /// The most valuable.
    A,
    /// Second.
    B,
    /// Third.
    C,
    /// The rest.
    D,
}

/// How a group is looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitMode {
    /// In person.
    #[default]
    Visit,
    /// By telephone.
    Call,
}

/// `crm.group.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Which group customer.
    pub group_id: GroupId,
    /// Its name.
    pub name: Box<str>,
    /// Its unit.
    pub unit_id: UnitId,
    /// Its account manager.
    pub manager_id: ManagerId,
    /// Its tier.
    pub tier: Tier,
    /// Its industry.
    pub industry: Option<Box<str>>,
    /// The group above it.
    pub parent_group_id: Option<GroupId>,
    /// How it is looked after.
    pub visit_mode: VisitMode,
    /// No longer a customer.
    pub closed: bool,
}

/// `crm.manager.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manager {
    /// Which manager.
    pub manager_id: ManagerId,
    /// His name.
    pub name: Box<str>,
    /// His mail address; a text that is none counts as no known address.
    pub email: Box<str>,
    /// Who is above.
    pub supervisor_id: Option<ManagerId>,
    /// 首席客户经理
    pub chief: bool,
    /// Who stands in.
    pub delegate_id: Option<ManagerId>,
    /// Away up to and including this day.
    pub away_until: Option<NaiveDate>,
    /// Works here.
    pub active: bool,
    /// `zh-CN` or `en`.
    pub locale: Option<Box<str>>,
}

/// `crm.project.v1`: a key project (重点工作项目).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Which project.
    pub project_id: ProjectId,
    /// Whose.
    pub group_id: GroupId,
    /// Its title.
    pub title: Box<str>,
    /// Due on.
    pub due_on: Option<NaiveDate>,
    /// Finished.
    pub closed: bool,
}

/// Kind of a key date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyDateKind {
    /// 生日
    Birthday,
    /// 周年
    Anniversary,
    /// 合约到期
    ContractEnd,
    /// 庆典
    Ceremony,
    /// Any other.
    Custom,
}

/// The date itself, in the calendar that it is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyDay {
    /// 公历
    Solar(NaiveDate),
    /// 农历
    Lunar {
        /// 1–12
        month: u8,
        /// 1–30
        day: u8,
        /// 闰月
        leap: bool,
    },
}

/// How often a key date comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Each year.
    Year,
    /// Once; solar only.
    Once,
}

/// `crm.key_date.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDate {
    /// Which key date.
    pub key_date_id: KeyDateId,
    /// Whose.
    pub group_id: GroupId,
    /// What kind.
    pub kind: KeyDateKind,
    /// Its title.
    pub title: Box<str>,
    /// Of which person.
    pub contact: Option<Box<str>>,
    /// When.
    pub day: KeyDay,
    /// How often.
    pub every: Every,
    /// Days ahead of it at which to remind; none means the kind's default.
    pub lead_days: Option<Vec<i32>>,
    /// No longer kept.
    pub removed: bool,
}

/// `boss.feed.v1`: the feed of that day is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Its name.
    pub feed: Box<str>,
    /// The day that is closed.
    pub date: NaiveDate,
    /// How many events the producer sent for it.
    pub events: u64,
}

/// `boss.retraction.v1`: the target must be treated as if it had never come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retraction {
    /// Source of the target.
    pub source: Box<str>,
    /// Id of the target.
    pub id: Box<str>,
}
