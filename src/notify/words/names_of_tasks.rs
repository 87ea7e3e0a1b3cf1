//! Names of what a task comes from, how it ended, and what changed at a group customer, in both
//! languages, complete by `match`.
//!
//! Invariant: closed lists only; what a person wrote is never here.

use super::by_locale;
use crate::domain::brief::ChangeKind;
use crate::domain::event::{PortStage, Status, StopReason};
use crate::domain::locale::Locale;
use crate::domain::task::{
    EscalationReason, Finish, OriginKind, ReportUp, SubscribersGone, TaskKind, TaskResult,
};

/// Where a task comes from.
#[must_use]
pub(crate) const fn origin(locale: Locale, origin: OriginKind) -> &'static str {
    let (zh, en) = match origin {
        OriginKind::Alert => ("预警", "Alert"),
        OriginKind::Promise => ("兑现承诺", "Promise to keep"),
        OriginKind::ContractEnd => ("合约到期拓展", "Contract ends"),
        OriginKind::Growth => ("成员增长拓展", "Customer has grown"),
        OriginKind::Project => ("重点项目", "Key project"),
        OriginKind::Ceremony => ("网络信号保障", "Network assurance"),
        OriginKind::Holiday => ("节日关怀计划", "Holiday plan"),
        OriginKind::ReturnCall => ("挽留后回访", "Return call"),
        OriginKind::WinBack => ("离网赢回", "Win back"),
        OriginKind::HandOver => ("新任客户经理拜访", "Introduce yourself"),
        OriginKind::JointVisitFor | OriginKind::StrongIntent | OriginKind::JointVisitForProject => {
            ("联合拜访", "Joint visit")
        }
        OriginKind::ByHand => ("人工建单", "Made by hand"),
    };
    locale.pick(zh, en)
}

/// What a joint visit asks of whoever has it; `manager` is the customer's, where that is another.
#[must_use]
pub(crate) fn joint_visit(locale: Locale, manager: Option<&str>) -> String {
    match (locale, manager) {
        (Locale::ZhCn, Some(manager)) => {
            format!("与客户经理 {manager} 一同上门：先约好时间，再一起核对客户情况。")
        }
        (Locale::ZhCn, None) => "联合拜访：先约好时间，再一起核对客户情况。".to_owned(),
        (Locale::En, Some(manager)) => format!(
            "Go together with the account manager, {manager}: agree on a time, and go through the customer’s figures first."
        ),
        (Locale::En, None) => {
            "Joint visit: agree on a time, and go through the customer’s figures first.".to_owned()
        }
    }
}

/// The reason of an escalation.
#[must_use]
pub(crate) const fn escalation(locale: Locale, why: EscalationReason) -> &'static str {
    let (zh, en) = match why {
        EscalationReason::NotAccepted => ("超时未接单", "not accepted in time"),
        EscalationReason::Overdue => ("超时未办结", "not done in time"),
        EscalationReason::Unanswered => ("审批超时未答复", "approval not answered in time"),
    };
    locale.pick(zh, en)
}

/// 重要信息上报
#[must_use]
pub(crate) const fn report_up(locale: Locale, about: ReportUp) -> &'static str {
    let (zh, en) = match about {
        ReportUp::None => ("无", "nothing to report"),
        ReportUp::Competition => ("竞争动向", "competition"),
        ReportUp::EscalatedComplaint => ("投诉升级", "escalated complaint"),
        ReportUp::SpecialNeed => ("特殊需求", "special need"),
    };
    locale.pick(zh, en)
}

/// How a task ended.
#[must_use]
pub(crate) const fn result(locale: Locale, result: TaskResult) -> &'static str {
    let (zh, en) = match result {
        TaskResult::Retained => ("已挽留", "retained"),
        TaskResult::PartlyRetained => ("部分挽留", "partly retained"),
        TaskResult::Lost => ("已流失", "lost"),
        TaskResult::NotNeeded => ("无需挽留", "not needed"),
        TaskResult::Done => ("已完成", "done"),
        TaskResult::NotDone => ("未完成", "not done"),
        TaskResult::Declined => ("客户拒绝", "declined"),
        TaskResult::Won => ("已达成", "won"),
        TaskResult::Later => ("暂缓", "later"),
        TaskResult::Unreachable => ("未联系上", "not reached"),
    };
    locale.pick(zh, en)
}

/// The results that a task of some kind may have, in a line.
#[must_use]
pub(crate) fn results(locale: Locale, kind: TaskKind) -> String {
    TaskResult::of_kind(kind)
        .iter()
        .map(|one| result(locale, *one))
        .collect::<Vec<_>>()
        .join(" / ")
}

/// A result, with how many of the subscribers that the task names had gone by then, if some had.
#[must_use]
pub(crate) fn result_with_subscribers(locale: Locale, finish: &Finish) -> String {
    let (name, w) = (result(locale, finish.result), by_locale(locale));
    let gone = finish
        .subscribers
        .and_then(|gone| subscribers_gone(locale, gone));
    gone.map_or_else(
        || name.to_owned(),
        |gone| format!("{name}{}{gone}{}", w.paren, w.paren_end),
    )
}

/// That a task was done after its deadline.
#[must_use]
pub(crate) const fn done_late(locale: Locale) -> &'static str {
    locale.pick("办结超时", "done late")
}

/// How many of the subscribers that a task names had gone; none where none had.
#[must_use]
pub(crate) fn subscribers_gone(locale: Locale, gone: SubscribersGone) -> Option<String> {
    let SubscribersGone {
        named,
        churned,
        left,
    } = gone;
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
pub(crate) const fn change(locale: Locale, kind: ChangeKind) -> &'static str {
    let (zh, en) = match kind {
        ChangeKind::Stopped(reason) => return stopped(locale, reason),
        ChangeKind::Churned(how) => return churned(locale, how),
        ChangeKind::Porting(stage) => return porting(locale, stage),
        ChangeKind::Restored => ("复机", "restored"),
        ChangeKind::Reserved => ("停机保号", "reserved"),
        ChangeKind::PreCancelled => ("销户待生效", "pre-cancelled"),
        ChangeKind::Moved => ("转出", "moved out"),
        ChangeKind::Left => ("退出集团", "left the group"),
        ChangeKind::Joined => ("入网", "joined"),
        ChangeKind::MovedIn => ("转入", "moved in"),
        ChangeKind::ComplaintFiled => ("新投诉", "new complaint"),
        ChangeKind::ComplaintOpen => ("投诉未结", "complaint open"),
        ChangeKind::LowScore => ("满意度低分", "low score"),
        ChangeKind::Overdue => ("账单逾期", "bill overdue"),
    };
    locale.pick(zh, en)
}

const fn stopped(locale: Locale, reason: Option<StopReason>) -> &'static str {
    let (zh, en) = match reason {
        None => ("停机（原因不明）", "stopped (unknown)"),
        Some(StopReason::Arrears) => ("欠费停机", "stopped (arrears)"),
        Some(StopReason::Request) => ("申请停机", "stopped (request)"),
        Some(StopReason::Lost) => ("挂失停机", "stopped (lost)"),
        Some(StopReason::Admin) => ("管理停机", "stopped (admin)"),
        Some(StopReason::HighUsage) => ("高额停机", "stopped (high usage)"),
        Some(StopReason::Linked) => ("关联停机", "stopped (linked)"),
    };
    locale.pick(zh, en)
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
    let (zh, en) = match stage {
        PortStage::Queried => ("已查询携转资格", "porting queried"),
        PortStage::Authorised => ("已申请携转授权码", "porting authorised"),
        PortStage::Ported => ("已报携出", "port-out reported"),
        PortStage::Withdrawn => ("撤回携转", "porting withdrawn"),
    };
    locale.pick(zh, en)
}
