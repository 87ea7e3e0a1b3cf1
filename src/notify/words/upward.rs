//! Words of the mails that go upwards: `approval_request`, `escalation` and `report_up`.

use serde::Serialize;

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
