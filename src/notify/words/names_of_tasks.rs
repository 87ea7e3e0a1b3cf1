//! Names of what a task comes from, how it ended, and what changed at a group customer, in both
//! languages, complete by `match`.
//!
//! Invariant: closed lists only; what a person wrote is never here.

use crate::domain::brief::ChangeKind;
use crate::domain::event::{PortStage, Status, StopReason};
use crate::domain::locale::Locale;
use crate::domain::task::{
    EscalationReason, Origin, ReportUp, SubscribersGone, TaskKind, TaskResult,
};

/// Where a task comes from.
#[must_use]
pub const fn origin(locale: Locale, origin: &Origin) -> &'static str {
    match (locale, origin) {
        (Locale::ZhCn, Origin::Alert) => "预警",
        (Locale::ZhCn, Origin::Promise(_)) => "兑现承诺",
        (Locale::ZhCn, Origin::ContractEnd { .. }) => "合约到期拓展",
        (Locale::ZhCn, Origin::Growth(..)) => "成员增长拓展",
        (Locale::ZhCn, Origin::Project(_)) => "重点项目",
        (Locale::ZhCn, Origin::Ceremony { .. }) => "网络信号保障",
        (Locale::ZhCn, Origin::Holiday { .. }) => "节日关怀计划",
        (Locale::ZhCn, Origin::ReturnCall(_)) => "挽留后回访",
        (Locale::ZhCn, Origin::WinBack(..)) => "离网赢回",
        (Locale::ZhCn, Origin::HandOver(..)) => "新任客户经理拜访",
        (
            Locale::ZhCn,
            Origin::JointVisitFor(_) | Origin::StrongIntent(_) | Origin::JointVisitForProject(_),
        ) => "联合拜访",
        (Locale::ZhCn, Origin::ByHand(..)) => "人工建单",
        (Locale::En, Origin::Alert) => "Alert",
        (Locale::En, Origin::Promise(_)) => "Promise to keep",
        (Locale::En, Origin::ContractEnd { .. }) => "Contract ends",
        (Locale::En, Origin::Growth(..)) => "Customer has grown",
        (Locale::En, Origin::Project(_)) => "Key project",
        (Locale::En, Origin::Ceremony { .. }) => "Network assurance",
        (Locale::En, Origin::Holiday { .. }) => "Holiday plan",
        (Locale::En, Origin::ReturnCall(_)) => "Return call",
        (Locale::En, Origin::WinBack(..)) => "Win back",
        (Locale::En, Origin::HandOver(..)) => "Introduce yourself",
        (
            Locale::En,
            Origin::JointVisitFor(_) | Origin::StrongIntent(_) | Origin::JointVisitForProject(_),
        ) => "Joint visit",
        (Locale::En, Origin::ByHand(..)) => "Made by hand",
    }
}

/// Why a task is told upwards.
#[must_use]
pub const fn escalation(locale: Locale, why: EscalationReason) -> &'static str {
    match locale {
        Locale::ZhCn => why.zh(),
        Locale::En => match why {
            EscalationReason::NotAccepted => "not accepted in time",
            EscalationReason::Overdue => "not done in time",
            EscalationReason::Unanswered => "approval not answered in time",
        },
    }
}

/// 重要信息上报
#[must_use]
pub const fn report_up(locale: Locale, about: ReportUp) -> &'static str {
    match locale {
        Locale::ZhCn => about.zh(),
        Locale::En => match about {
            ReportUp::None => "nothing to report",
            ReportUp::Competition => "competition",
            ReportUp::EscalatedComplaint => "escalated complaint",
            ReportUp::SpecialNeed => "special need",
        },
    }
}

/// How a task ended.
#[must_use]
pub const fn result(locale: Locale, result: TaskResult) -> &'static str {
    match locale {
        Locale::ZhCn => result.zh(),
        Locale::En => match result {
            TaskResult::Retained => "retained",
            TaskResult::PartlyRetained => "partly retained",
            TaskResult::Lost => "lost",
            TaskResult::NotNeeded => "not needed",
            TaskResult::Done => "done",
            TaskResult::NotDone => "not done",
            TaskResult::Declined => "declined",
            TaskResult::Won => "won",
            TaskResult::Later => "later",
            TaskResult::Unreachable => "not reached",
        },
    }
}

/// The results that a task of some kind may have, in a line.
#[must_use]
pub fn results(locale: Locale, kind: TaskKind) -> String {
    TaskResult::of(kind)
        .iter()
        .map(|one| result(locale, *one))
        .collect::<Vec<_>>()
        .join(" / ")
}

/// How many of the lines that a task names had gone; none where none had.
#[must_use]
pub fn subscribers_gone(locale: Locale, lines: SubscribersGone) -> Option<String> {
    let SubscribersGone {
        named,
        churned,
        left,
    } = lines;
    Some(match (locale, churned, left) {
        (_, 0, 0) => return None,
        (Locale::ZhCn, m, 0) => format!("所列 {named} 户中 {m} 户已离网"),
        (Locale::ZhCn, 0, m) => format!("所列 {named} 户中 {m} 户已退出集团"),
        (Locale::ZhCn, churned, left) => {
            format!("所列 {named} 户中 {churned} 户已离网、{left} 户已退出集团")
        }
        (Locale::En, m, 0) => format!("{m} of the {named} lines named have churned"),
        (Locale::En, 0, m) => format!("{m} of the {named} lines named have left the group"),
        (Locale::En, churned, left) => format!(
            "of the {named} lines named {churned} have churned and {left} have left the group"
        ),
    })
}

#[must_use]
pub const fn change(locale: Locale, kind: ChangeKind) -> &'static str {
    match (locale, kind) {
        (_, ChangeKind::Stopped(reason)) => stopped(locale, reason),
        (_, ChangeKind::Churned(how)) => churned(locale, how),
        (_, ChangeKind::Porting(stage)) => porting(locale, stage),
        (Locale::ZhCn, ChangeKind::Restored) => "复机",
        (Locale::ZhCn, ChangeKind::PreCancelled) => "销户待生效",
        (Locale::ZhCn, ChangeKind::Moved) => "转出",
        (Locale::ZhCn, ChangeKind::Left) => "退出集团",
        (Locale::ZhCn, ChangeKind::Joined) => "入网",
        (Locale::ZhCn, ChangeKind::ComplaintFiled) => "新投诉",
        (Locale::ZhCn, ChangeKind::ComplaintOpen) => "投诉未结",
        (Locale::ZhCn, ChangeKind::LowScore) => "满意度低分",
        (Locale::ZhCn, ChangeKind::Overdue) => "账单逾期",
        (Locale::En, ChangeKind::Restored) => "restored",
        (Locale::En, ChangeKind::PreCancelled) => "pre-cancelled",
        (Locale::En, ChangeKind::Moved) => "moved out",
        (Locale::En, ChangeKind::Left) => "left the group",
        (Locale::En, ChangeKind::Joined) => "joined",
        (Locale::En, ChangeKind::ComplaintFiled) => "new complaint",
        (Locale::En, ChangeKind::ComplaintOpen) => "complaint open",
        (Locale::En, ChangeKind::LowScore) => "low score",
        (Locale::En, ChangeKind::Overdue) => "bill overdue",
    }
}

const fn stopped(locale: Locale, reason: Option<StopReason>) -> &'static str {
    match (locale, reason) {
        (Locale::ZhCn, None) => "停机（原因不明）",
        (Locale::ZhCn, Some(StopReason::Arrears)) => "欠费停机",
        (Locale::ZhCn, Some(StopReason::Request)) => "申请停机",
        (Locale::ZhCn, Some(StopReason::Lost)) => "挂失停机",
        (Locale::ZhCn, Some(StopReason::Admin)) => "管理停机",
        (Locale::ZhCn, Some(StopReason::HighUsage)) => "高额停机",
        (Locale::ZhCn, Some(StopReason::Linked)) => "关联停机",
        (Locale::En, None) => "stopped (unknown)",
        (Locale::En, Some(StopReason::Arrears)) => "stopped (arrears)",
        (Locale::En, Some(StopReason::Request)) => "stopped (request)",
        (Locale::En, Some(StopReason::Lost)) => "stopped (lost)",
        (Locale::En, Some(StopReason::Admin)) => "stopped (admin)",
        (Locale::En, Some(StopReason::HighUsage)) => "stopped (high usage)",
        (Locale::En, Some(StopReason::Linked)) => "stopped (linked)",
    }
}

const fn churned(locale: Locale, how: Status) -> &'static str {
    match (locale, how) {
        (Locale::ZhCn, Status::CancelledVoluntary) => "主动离网",
        (Locale::ZhCn, Status::CancelledInvoluntary) => "被动离网",
        (Locale::ZhCn, Status::PortedOut) => "已携出",
        (Locale::ZhCn, _) => "离网",
        (Locale::En, Status::CancelledVoluntary) => "churned (own will)",
        (Locale::En, Status::CancelledInvoluntary) => "churned (by us)",
        (Locale::En, Status::PortedOut) => "churned (ported out)",
        (Locale::En, _) => "churned",
    }
}

const fn porting(locale: Locale, stage: PortStage) -> &'static str {
    match (locale, stage) {
        (Locale::ZhCn, PortStage::Queried) => "已查询携转资格",
        (Locale::ZhCn, PortStage::Authorised) => "已申请携转授权码",
        (Locale::ZhCn, PortStage::Ported) => "已携出",
        (Locale::ZhCn, PortStage::Withdrawn) => "撤回携转",
        (Locale::En, PortStage::Queried) => "porting queried",
        (Locale::En, PortStage::Authorised) => "porting authorised",
        (Locale::En, PortStage::Ported) => "ported out",
        (Locale::En, PortStage::Withdrawn) => "porting withdrawn",
    }
}
