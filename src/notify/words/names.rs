//! Names of the closed lists, in both languages, complete by `match`.

use crate::domain::event::{KeyDateKind, PortStage, Status, Tier};
use crate::domain::festival::Festival;
use crate::domain::indicator::{AlertKind, Indicator, Severity, Signal};
use crate::domain::locale::Locale;
use crate::domain::task::{Approval, ItemKind, Means, Resource, TaskClass, TaskKind, TaskState};
use crate::domain::timeline::{Departure, SubscriberTrouble};

/// An indicator or a signal.
#[must_use]
pub(crate) const fn alert_kind(locale: Locale, kind: AlertKind) -> &'static str {
    let (zh, en) = match kind {
        AlertKind::Indicator(indicator) => match indicator {
            Indicator::ChurnRate => ("用户离网率", "Churn rate"),
            Indicator::MemberLossRate => ("成员流失率", "Member loss rate"),
            Indicator::ComplaintRate10k => ("万名用户投诉率", "Complaints per 10,000 users"),
            Indicator::Satisfaction => ("满意度", "Satisfaction"),
        },
        AlertKind::Signal(signal) => match signal {
            Signal::LockedNumberLost => ("锁定号码流失", "Locked number lost"),
            Signal::KeyLine => ("关键人号码异动", "Key line in trouble"),
            Signal::BatchLeave => ("成员批量离开集团", "Members leaving in a batch"),
            Signal::SuspensionBurst => ("成员集中停机", "Members suspended in a burst"),
            Signal::PreCancel => ("成员申请销户", "Member pre-cancelled"),
            Signal::PortOut => ("成员携转意向", "Member about to port out"),
            Signal::RevenueDrop => ("集团业务收入异动", "Revenue drop"),
            Signal::Arrears => ("集团欠费", "Bills overdue"),
            Signal::MajorComplaint => ("重大投诉督办", "Major complaint"),
            Signal::ComplaintOpen => ("投诉超时未结", "Complaint open for too long"),
            Signal::ComplaintHotspot => ("投诉集中", "Complaints pile up"),
            Signal::LowScore => ("满意度低分", "Low score"),
            Signal::ContactGap => ("本季未走访", "Nobody visited or called"),
            Signal::GroupGone => ("集团成员清零", "No member left"),
        },
    };
    locale.pick(zh, en)
}

#[must_use]
pub(crate) const fn whole_company(locale: Locale) -> &'static str {
    locale.pick("全公司", "The company")
}

/// What group customers are counted under whose unit is not known.
#[must_use]
pub(crate) const fn unassigned(locale: Locale) -> &'static str {
    locale.pick("未划归单位", "No unit")
}

/// How a subscriber left its group customer.
#[must_use]
pub(crate) const fn departure(locale: Locale, how: Departure) -> &'static str {
    let (zh, en) = match how {
        Departure::Cancelled => ("号码已销号（离网）", "the line was cancelled"),
        Departure::PortedOut => ("号码已携出（离网）", "the line was ported out"),
        Departure::Left => ("号码已退出集团", "the line has left the group"),
        Departure::Moved => ("号码已转入其他集团", "the line has moved to another group"),
    };
    locale.pick(zh, en)
}

/// What is the matter with a subscriber.
#[must_use]
pub(crate) const fn trouble(locale: Locale, trouble: SubscriberTrouble) -> &'static str {
    use SubscriberTrouble::{Churned, Gone, InBase, Lost, Porting, PreCancelled, Suspended};
    let (zh, en) = match trouble {
        Lost => ("不再是集团成员", "no member any more"),
        Suspended => ("停机", "suspended"),
        PreCancelled { for_arrears: false } => ("销户待生效", "pre-cancelled"),
        PreCancelled { for_arrears: true } => ("欠费销户待生效", "pre-cancelled for arrears"),
        Churned => ("离网", "churned"),
        Porting(PortStage::Queried) => ("已查询携转资格", "asked about porting"),
        Porting(PortStage::Authorised) => ("已申请携转授权码", "authorised for porting"),
        Porting(PortStage::Ported) | Gone(Departure::PortedOut) => ("已携出", "ported out"),
        Porting(PortStage::Withdrawn) => ("携转已撤回", "porting withdrawn"),
        Gone(Departure::Cancelled) => ("已销号", "cancelled"),
        Gone(Departure::Left) => ("已退出集团", "left the group"),
        Gone(Departure::Moved) => ("已转入其他集团", "moved to another group"),
        InBase(status) => return in_base(locale, status),
    };
    locale.pick(zh, en)
}

/// How a subscriber stands that has not gone.
const fn in_base(locale: Locale, status: Status) -> &'static str {
    let (zh, en) = match status {
        Status::SuspendedOneWay => ("现为单停", "now suspended one way"),
        Status::Suspended => ("现为停机", "now suspended"),
        Status::Reserved => ("现为停机保号", "now reserved"),
        Status::PreCancelled => ("现为销户待生效", "now pre-cancelled"),
        Status::Active
        | Status::CancelledVoluntary
        | Status::CancelledInvoluntary
        | Status::PortedOut
        | Status::Invalid => ("现正常在网", "in service now"),
    };
    locale.pick(zh, en)
}

#[must_use]
pub(crate) const fn severity(locale: Locale, severity: Severity) -> &'static str {
    let (zh, en) = match severity {
        Severity::Critical => ("紧急", "critical"),
        Severity::Warning => ("预警", "warning"),
        Severity::Notice => ("关注", "notice"),
    };
    locale.pick(zh, en)
}

#[must_use]
pub(crate) const fn tier(locale: Locale, tier: Tier) -> &'static str {
    let (zh, en) = match tier {
        Tier::A => ("A级", "tier A"),
        Tier::B => ("B级", "tier B"),
        Tier::C => ("C级", "tier C"),
        Tier::D => ("D级", "tier D"),
    };
    locale.pick(zh, en)
}

/// 三落实
#[must_use]
pub(crate) const fn task_kind(locale: Locale, kind: TaskKind) -> &'static str {
    let (zh, en) = match kind {
        TaskKind::Relationship => ("关系维护", "relationship"),
        TaskKind::Retention => ("客户挽留", "retention"),
        TaskKind::Expansion => ("信息化业务拓展", "expansion"),
    };
    locale.pick(zh, en)
}

/// 定工作事项
#[must_use]
pub(crate) const fn item(locale: Locale, item: ItemKind) -> &'static str {
    let (zh, en) = match item {
        ItemKind::Information => ("信息沟通", "information"),
        ItemKind::Service => ("服务办理", "service"),
        ItemKind::Visit => ("上门拜访", "visit"),
        ItemKind::Retention => ("挽留", "retention"),
    };
    locale.pick(zh, en)
}

/// 定工作手段
#[must_use]
pub(crate) const fn means(locale: Locale, means: Means) -> &'static str {
    let (zh, en) = match means {
        Means::Visit => ("上门拜访", "visit"),
        Means::Call => ("电话沟通", "call"),
        Means::SocialEvent => ("联谊活动", "social event"),
        Means::Demo => ("产品演示", "demo"),
        Means::OrderHandling => ("业务办理", "order handling"),
        Means::ComplaintFollowUp => ("投诉跟进", "complaint follow-up"),
        Means::Negotiation => ("商务谈判", "negotiation"),
        Means::Collect => ("欠费催缴", "collecting arrears"),
    };
    locale.pick(zh, en)
}

/// 定所需资源
#[must_use]
pub(crate) const fn resource(locale: Locale, resource: Resource) -> &'static str {
    let (zh, en) = match resource {
        Resource::Chief => ("首席客户经理", "chief account manager"),
        Resource::Trial => ("产品试用", "product trial"),
        Resource::Gift => ("礼品", "gift"),
        Resource::Offer => ("优惠", "offer"),
        Resource::Event => ("活动", "event"),
        Resource::IndustryManager => ("行业经理", "industry manager"),
        Resource::NetworkEngineer => ("网络工程师", "network engineer"),
    };
    locale.pick(zh, en)
}

/// Order of the work list.
#[must_use]
pub(crate) const fn class(locale: Locale, class: TaskClass) -> &'static str {
    let (zh, en) = match class {
        TaskClass::Promise => ("已承诺客户", "promised to the customer"),
        TaskClass::Key => ("重点", "key"),
        TaskClass::Routine => ("日常", "routine"),
    };
    locale.pick(zh, en)
}

#[must_use]
pub(crate) const fn state(locale: Locale, state: TaskState) -> &'static str {
    let (zh, en) = match state {
        TaskState::Open => ("待接单", "open"),
        TaskState::Accepted => ("已接单", "accepted"),
        TaskState::InProgress => ("处理中", "in progress"),
        TaskState::Done => ("已完成", "done"),
        TaskState::Cancelled => ("已取消", "cancelled"),
    };
    locale.pick(zh, en)
}

/// Whether somebody must agree first, as a sentence.
#[must_use]
pub(crate) const fn approval(locale: Locale, approval: Approval) -> &'static str {
    let (zh, en) = match approval {
        Approval::None => (
            "无需审批，接单后即可处理",
            "not needed, start once accepted",
        ),
        Approval::Requested => (
            "须先经主管或单位负责人批准，批准前不能开始；等待期间不计时限",
            "your supervisor or unit head must agree first; the clock stands still meanwhile",
        ),
        Approval::Approved => ("已批准，可以开始", "given, you may start"),
        Approval::Refused => (
            "未批准：不得谈判，不得使用优惠、礼品或活动",
            "refused: no negotiation, offer, gift or event",
        ),
    };
    locale.pick(zh, en)
}

/// The same in a word.
#[must_use]
pub(crate) const fn approval_mark(locale: Locale, approval: Approval) -> &'static str {
    let (zh, en) = match approval {
        Approval::None => ("无需审批", "no approval needed"),
        Approval::Requested => ("待审批", "approval pending"),
        Approval::Approved => ("已批准", "approved"),
        Approval::Refused => ("未批准", "refused"),
    };
    locale.pick(zh, en)
}

/// Kind of a key date.
#[must_use]
pub(crate) const fn key_date(locale: Locale, kind: KeyDateKind) -> &'static str {
    let (zh, en) = match kind {
        KeyDateKind::Birthday => ("生日", "birthday"),
        KeyDateKind::Anniversary => ("周年", "anniversary"),
        KeyDateKind::ContractEnd => ("合约到期", "contract end"),
        KeyDateKind::Ceremony => ("庆典", "ceremony"),
        KeyDateKind::Custom => ("约定日期", "agreed date"),
    };
    locale.pick(zh, en)
}

/// A public holiday.
#[must_use]
pub(crate) const fn festival(locale: Locale, festival: Festival) -> &'static str {
    let en = match festival {
        Festival::NewYear => "New Year's Day",
        Festival::Spring => "Spring Festival",
        Festival::Qingming => "Qingming Festival",
        Festival::LabourDay => "Labour Day",
        Festival::DragonBoat => "Dragon Boat Festival",
        Festival::MidAutumn => "Mid-Autumn Festival",
        Festival::NationalDay => "National Day",
    };
    locale.pick(festival.official_name(), en)
}

/// The kind of a public holiday: those that the manual names first have a name of their own.
#[must_use]
pub(crate) const fn festival_kind(locale: Locale, festival: Festival) -> &'static str {
    match (locale, festival.is_first_of_all()) {
        (Locale::ZhCn, true) => "重点节日",
        (Locale::ZhCn, false) => "法定节日",
        (Locale::En, true) => "major public holiday",
        (Locale::En, false) => "public holiday",
    }
}
