//! Words of the mails that go upwards: `approval_request`, `escalation` and `report_up`.

use serde::Serialize;

use crate::domain::locale::Locale;
use crate::domain::task::EscalationReason;

/// Words of `approval_request`, `escalation` and `report_up`.
#[derive(Debug, Serialize)]
pub(crate) struct UpwardWords {
    /// Mark of `approval_request`.
    pub approval_mark: &'static str,
    /// Mark of `escalation`.
    pub escalation_mark: &'static str,
    /// Mark of `report_up`.
    pub report_mark: &'static str,
    pub urgent: &'static str,
    pub answer_by: &'static str,
    /// Waiting for so long.
    pub waiting: &'static str,
    pub has_it: &'static str,
    /// It should have happened by then.
    pub should_by: &'static str,
    /// Heading: what is expected of the reader.
    pub your_part: &'static str,
    /// Heading: what to decide.
    pub decide: &'static str,
    /// If the reader agrees.
    pub if_approved: &'static str,
    pub if_refused: &'static str,
    /// How to answer where tasks have pages.
    pub answer_on_page: &'static str,
    /// How to answer where they have none: before the task's number.
    pub answer_by_number: &'static str,
    pub asks: &'static str,
    /// What needs an answer.
    pub needs_approval: &'static str,
    /// Heading: what is planned.
    pub plan: &'static str,
    /// What is at stake.
    pub stake: &'static str,
    pub reports: &'static str,
    /// Heading: what is reported.
    pub text: &'static str,
    /// How the task ended.
    pub result: &'static str,
    /// 小结
    pub summary: &'static str,
    /// 服务档案
    pub note: &'static str,
    pub cost: &'static str,
    pub ended: &'static str,
    /// A story worth sharing.
    pub is_case: &'static str,
    /// What the reader of a report may do.
    pub report_next: &'static str,
}

/// 中文
pub(crate) const ZH_CN: UpwardWords = UpwardWords {
    approval_mark: "待审批",
    escalation_mark: "超时督办",
    report_mark: "重要信息上报",
    urgent: "加急",
    answer_by: "审批时限",
    waiting: "已等待",
    has_it: "当前处理人",
    should_by: "原定时限",
    your_part: "请督办",
    decide: "请审批",
    if_approved: "批准：客户经理可按下面的方案开始，时限从批准起继续计算。",
    if_refused: "不批准：以上各项不得使用，任务改用其余手段继续；请写一句理由。",
    answer_on_page: "打开任务页，选“批准”或“不批准”。",
    answer_by_number: "把决定和任务编号告知运维登记：",
    asks: "申请人",
    needs_approval: "须审批",
    plan: "拟采取措施",
    stake: "月均出账",
    reports: "上报人",
    text: "上报内容",
    result: "任务结果",
    summary: "成果小结",
    note: "档案记录",
    cost: "费用",
    ended: "完成时间",
    is_case: "可作案例分享",
    report_next: "上报的任务已经结束；需要跟进的，请另派任务。",
};

pub(crate) const EN: UpwardWords = UpwardWords {
    approval_mark: "approval",
    escalation_mark: "escalation",
    report_mark: "report",
    urgent: "urgent",
    answer_by: "Answer by",
    waiting: "Waiting for",
    has_it: "With",
    should_by: "was due by",
    your_part: "What is expected of you",
    decide: "Please decide",
    if_approved: "If you approve: the manager may start as planned below; the due clock runs on from then.",
    if_refused: "If you refuse: none of these may be used, the task goes on by its other means; please give the reason in a sentence.",
    answer_on_page: "Open the task and choose approve or refuse.",
    answer_by_number: "Tell the operators your decision and the number of the task: ",
    asks: "Asked by",
    needs_approval: "Needs approval",
    plan: "What is planned",
    stake: "Mean monthly bill",
    reports: "Reported by",
    text: "The report",
    result: "Result of the task",
    summary: "Summary",
    note: "Archive note",
    cost: "Cost",
    ended: "Ended",
    is_case: "A story worth sharing",
    report_next: "The task has ended; if more is to be done, please make a task of it.",
};

/// What the reader of an escalation about a task is expected to do of which nothing is left to keep:
/// one of these.
#[must_use]
pub(crate) const fn expected_where_lost(locale: Locale) -> [&'static str; 3] {
    match locale {
        Locale::ZhCn => [
            "号码已流失：请督促尽快问清离开原因并补录。",
            "原因可能波及其他成员的，安排一并走访。",
            "负责人办不了的，改派他人。",
        ],
        Locale::En => [
            "The lines have gone: see that the reason is found out and entered soon.",
            "If other members may follow for the same reason, have them visited too.",
            "If its assignee cannot do it, reassign it.",
        ],
    }
}

/// What the reader of an escalation is expected to do: one of these.
#[must_use]
pub(crate) const fn expected_of_reader(locale: Locale, why: EscalationReason) -> [&'static str; 3] {
    match (locale, why) {
        (Locale::ZhCn, EscalationReason::NotAccepted) => [
            "问清能否马上接单；不在岗的，您可代为接单。",
            "接不了的，改派给能按时做完的人。",
            "客户情况紧急的，安排人陪同处理。",
        ],
        (Locale::ZhCn, EscalationReason::Overdue) => [
            "问清卡在哪一步，今天能否做完。",
            "缺人、缺资源的，您来协调；需要时陪同上门。",
            "做不完的，改派他人，并向客户说明。",
        ],
        (Locale::ZhCn, EscalationReason::Unanswered) => [
            "请直接批准或不批准：审批人没有按时答复。",
            "拿不准的，先问清客户情况和费用。",
            "不批准的，写明理由，任务改用其余手段继续。",
        ],
        (Locale::En, EscalationReason::NotAccepted) => [
            "Ask whether the task can be accepted now; accept it in the manager's place if he is away.",
            "Else reassign it to somebody who can do it in time.",
            "If the customer cannot wait, send somebody along.",
        ],
        (Locale::En, EscalationReason::Overdue) => [
            "Ask what it is stuck on, and whether it can be done today.",
            "Get the people or resources that are missing; go along where that helps.",
            "Else reassign it, and tell the customer.",
        ],
        (Locale::En, EscalationReason::Unanswered) => [
            "Please approve or refuse yourself: nobody answered in time.",
            "If in doubt, ask for the customer's situation and the cost first.",
            "If you refuse, give the reason: the task goes on by its other means.",
        ],
    }
}
