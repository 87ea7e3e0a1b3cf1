//! Names of the closed lists, in both languages, complete by `match`.

use crate::domain::event::{KeyDateKind, Tier};
use crate::domain::festival::Festival;
use crate::domain::indicator::{AlertKind, Indicator, Severity, Signal};
use crate::domain::locale::Locale;
use crate::domain::task::{Approval, ItemKind, Means, Resource, TaskClass, TaskKind, TaskState};
use crate::domain::timeline::Departure;

/// An indicator or a signal.
#[must_use]
pub const fn alert_kind(locale: Locale, kind: AlertKind) -> &'static str {
    match (locale, kind) {
        (Locale::ZhCn, AlertKind::Indicator(indicator)) => match indicator {
            Indicator::ChurnRate => "用户离网率",
            Indicator::MemberLossRate => "成员流失率",
            Indicator::ComplaintRate10k => "万名用户投诉率",
            Indicator::Satisfaction => "满意度",
        },
        (Locale::ZhCn, AlertKind::Signal(signal)) => match signal {
            Signal::LockedNumberLost => "锁定号码流失",
            Signal::KeyLine => "关键人号码异动",
            Signal::BatchLeave => "集团个人客户批量离网",
            Signal::SuspensionBurst => "成员集中停机",
            Signal::PreCancel => "成员申请销户",
            Signal::PortOut => "成员携转意向",
            Signal::RevenueDrop => "集团业务收入异动",
            Signal::Arrears => "集团欠费",
            Signal::MajorComplaint => "重大投诉督办",
            Signal::ComplaintOpen => "投诉超时未结",
            Signal::ComplaintHotspot => "投诉集中",
            Signal::LowScore => "满意度低分",
            Signal::ContactGap => "本季未走访",
            Signal::GroupGone => "集团成员清零",
        },
        (Locale::En, AlertKind::Indicator(indicator)) => match indicator {
            Indicator::ChurnRate => "Churn rate",
            Indicator::MemberLossRate => "Member loss rate",
            Indicator::ComplaintRate10k => "Complaints per 10,000 users",
            Indicator::Satisfaction => "Satisfaction",
        },
        (Locale::En, AlertKind::Signal(signal)) => match signal {
            Signal::LockedNumberLost => "Locked number lost",
            Signal::KeyLine => "Key line in trouble",
            Signal::BatchLeave => "Members leaving in a batch",
            Signal::SuspensionBurst => "Members suspended in a burst",
            Signal::PreCancel => "Member pre-cancelled",
            Signal::PortOut => "Member about to port out",
            Signal::RevenueDrop => "Revenue drop",
            Signal::Arrears => "Bills overdue",
            Signal::MajorComplaint => "Major complaint",
            Signal::ComplaintOpen => "Complaint open for too long",
            Signal::ComplaintHotspot => "Complaints pile up",
            Signal::LowScore => "Low score",
            Signal::ContactGap => "Nobody visited or called",
            Signal::GroupGone => "No member left",
        },
    }
}

/// How a line left its group customer.
#[must_use]
pub const fn departure(locale: Locale, how: Departure) -> &'static str {
    match (locale, how) {
        (Locale::ZhCn, Departure::Cancelled) => "号码已销号（离网）",
        (Locale::ZhCn, Departure::PortedOut) => "号码已携出（离网）",
        (Locale::ZhCn, Departure::Left) => "号码已退出集团",
        (Locale::ZhCn, Departure::Moved) => "号码已转入其他集团",
        (Locale::En, Departure::Cancelled) => "the line was cancelled",
        (Locale::En, Departure::PortedOut) => "the line was ported out",
        (Locale::En, Departure::Left) => "the line has left the group",
        (Locale::En, Departure::Moved) => "the line has moved to another group",
    }
}

#[must_use]
pub const fn severity(locale: Locale, severity: Severity) -> &'static str {
    match (locale, severity) {
        (Locale::ZhCn, Severity::Critical) => "紧急",
        (Locale::ZhCn, Severity::Warning) => "预警",
        (Locale::ZhCn, Severity::Notice) => "关注",
        (Locale::En, Severity::Critical) => "critical",
        (Locale::En, Severity::Warning) => "warning",
        (Locale::En, Severity::Notice) => "notice",
    }
}

#[must_use]
pub const fn tier(locale: Locale, tier: Tier) -> &'static str {
    match (locale, tier) {
        (Locale::ZhCn, Tier::A) => "A级",
        (Locale::ZhCn, Tier::B) => "B级",
        (Locale::ZhCn, Tier::C) => "C级",
        (Locale::ZhCn, Tier::D) => "D级",
        (Locale::En, Tier::A) => "tier A",
        (Locale::En, Tier::B) => "tier B",
        (Locale::En, Tier::C) => "tier C",
        (Locale::En, Tier::D) => "tier D",
    }
}

/// 三落实
#[must_use]
pub const fn task_kind(locale: Locale, kind: TaskKind) -> &'static str {
    match locale {
        Locale::ZhCn => kind.zh(),
        Locale::En => kind.name(),
    }
}

/// 定工作事项
#[must_use]
pub const fn item(locale: Locale, item: ItemKind) -> &'static str {
    match locale {
        Locale::ZhCn => item.zh(),
        Locale::En => match item {
            ItemKind::Information => "information",
            ItemKind::Service => "service",
            ItemKind::Visit => "visit",
            ItemKind::Retention => "retention",
        },
    }
}

/// 定工作手段
#[must_use]
pub const fn means(locale: Locale, means: Means) -> &'static str {
    match locale {
        Locale::ZhCn => means.zh(),
        Locale::En => match means {
            Means::Visit => "visit",
            Means::Call => "call",
            Means::SocialEvent => "social event",
            Means::Demo => "demo",
            Means::OrderHandling => "order handling",
            Means::ComplaintFollowUp => "complaint follow-up",
            Means::Negotiation => "negotiation",
            Means::Collect => "collecting arrears",
        },
    }
}

/// 定所需资源
#[must_use]
pub const fn resource(locale: Locale, resource: Resource) -> &'static str {
    match locale {
        Locale::ZhCn => resource.zh(),
        Locale::En => match resource {
            Resource::Chief => "chief account manager",
            Resource::Trial => "product trial",
            Resource::Gift => "gift",
            Resource::Offer => "offer",
            Resource::Event => "event",
            Resource::IndustryManager => "industry manager",
            Resource::NetworkEngineer => "network engineer",
        },
    }
}

/// Order of the work list.
#[must_use]
pub const fn class(locale: Locale, class: TaskClass) -> &'static str {
    match locale {
        Locale::ZhCn => class.zh(),
        Locale::En => match class {
            TaskClass::Promise => "promised to the customer",
            TaskClass::Key => "key",
            TaskClass::Routine => "routine",
        },
    }
}

/// State of a task.
#[must_use]
pub const fn state(locale: Locale, state: TaskState) -> &'static str {
    match locale {
        Locale::ZhCn => state.zh(),
        Locale::En => match state {
            TaskState::Open => "open",
            TaskState::Accepted => "accepted",
            TaskState::InProgress => "in progress",
            TaskState::Done => "done",
            TaskState::Cancelled => "cancelled",
        },
    }
}

/// Whether somebody must agree first, as a sentence.
#[must_use]
pub const fn approval(locale: Locale, approval: Approval) -> &'static str {
    match (locale, approval) {
        (Locale::ZhCn, Approval::None) => "无需审批，接单后即可处理",
        (Locale::ZhCn, Approval::Requested) => {
            "须先经主管或单位负责人批准，批准前不能开始；等待期间不计时限"
        }
        (Locale::ZhCn, Approval::Approved) => "已批准，可以开始",
        (Locale::ZhCn, Approval::Refused) => "未批准：不得谈判，不得使用优惠、礼品或活动",
        (Locale::En, Approval::None) => "not needed, start once accepted",
        (Locale::En, Approval::Requested) => {
            "your supervisor or unit head must agree first; the clock stands still meanwhile"
        }
        (Locale::En, Approval::Approved) => "given, you may start",
        (Locale::En, Approval::Refused) => "refused: no negotiation, offer, gift or event",
    }
}

/// Kind of a key date.
#[must_use]
pub const fn key_date(locale: Locale, kind: KeyDateKind) -> &'static str {
    match (locale, kind) {
        (Locale::ZhCn, KeyDateKind::Birthday) => "生日",
        (Locale::ZhCn, KeyDateKind::Anniversary) => "周年",
        (Locale::ZhCn, KeyDateKind::ContractEnd) => "合约到期",
        (Locale::ZhCn, KeyDateKind::Ceremony) => "庆典",
        (Locale::ZhCn, KeyDateKind::Custom) => "约定日期",
        (Locale::En, KeyDateKind::Birthday) => "birthday",
        (Locale::En, KeyDateKind::Anniversary) => "anniversary",
        (Locale::En, KeyDateKind::ContractEnd) => "contract end",
        (Locale::En, KeyDateKind::Ceremony) => "ceremony",
        (Locale::En, KeyDateKind::Custom) => "agreed date",
    }
}

/// A public holiday.
#[must_use]
pub const fn festival(locale: Locale, festival: Festival) -> &'static str {
    match locale {
        Locale::ZhCn => festival.zh(),
        Locale::En => festival.en(),
    }
}

/// What kind of public holiday: those that the manual names first of all are told apart.
#[must_use]
pub const fn festival_kind(locale: Locale, festival: Festival) -> &'static str {
    match (locale, festival.is_first_of_all()) {
        (Locale::ZhCn, true) => "重点节日",
        (Locale::ZhCn, false) => "法定节日",
        (Locale::En, true) => "major public holiday",
        (Locale::En, false) => "public holiday",
    }
}
