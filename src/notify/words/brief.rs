//! Words of `daily_brief`.

use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct BriefWords {
    /// Name of the mail.
    pub mark: &'static str,
    /// The instant since which changes are listed.
    pub since: &'static str,
    /// Before what is to be done first.
    pub first: &'static str,
    /// 查客户信息
    pub check_customers: &'static str,
    /// 查关键时刻
    pub check_dates: &'static str,
    /// 查工作计划
    pub check_work: &'static str,
    /// The numbers of the sections, as they are shown.
    pub numbers: [&'static str; 3],
    pub no_changes: &'static str,
    pub no_dates: &'static str,
    /// Nothing is to be done.
    pub no_work: &'static str,
    pub members: &'static str,
    /// At the month's start.
    pub opening: &'static str,
    /// Churned in the month.
    pub churned: &'static str,
    /// Heading of the notices.
    pub notices: &'static str,
    /// Heading of the group customers that changed hands.
    pub handed_over: &'static str,
    /// The mail that shows the dates in full.
    pub dates_mail: &'static str,
    pub tasks: &'static str,
    /// Of them, critical ones.
    pub critical: &'static str,
    /// Of them, overdue ones.
    pub overdue: &'static str,
    /// Of them, those due today.
    pub due_today: &'static str,
    /// K of n of the last working day.
    pub yesterday: &'static str,
    /// Before the due time.
    pub due: &'static str,
    /// Before the time to accept by.
    pub accept_by: &'static str,
    /// Mark of a task that nobody has touched for days.
    pub stalled: &'static str,
    /// Mark of a task with something withheld.
    pub withheld: &'static str,
    /// Mark of a joint visit.
    pub joint: &'static str,
    /// Mark of a task that was escalated.
    pub escalated: &'static str,
    /// Mark of a task whose cause is gone.
    pub gone: &'static str,
    /// Section of the tasks of which only the reason is asked for.
    pub lost: &'static str,
    /// Heading of what waits for the reader's answer.
    pub to_approve: &'static str,
    /// Heading of what the reader must check.
    pub to_verify: &'static str,
    /// Heading of what others report.
    pub reports: &'static str,
    /// Heading of subscribers that have gone without a reason given by anybody.
    pub unexplained: &'static str,
    pub asks_for: &'static str,
    /// Waits for so long.
    pub waiting: &'static str,
}

/// 中文
pub(crate) const ZH_CN: BriefWords = BriefWords {
    mark: "四三晨报",
    since: "变动自",
    first: "先办",
    check_customers: "查客户信息",
    check_dates: "查关键时刻",
    check_work: "查工作计划",
    numbers: ["一", "二", "三"],
    no_changes: "集团客户没有变动。",
    no_dates: "今天没有要提醒的日子。",
    no_work: "没有待办任务。",
    members: "在网",
    opening: "月初",
    churned: "本月离网",
    notices: "关注（不派任务）",
    handed_over: "集团移交",
    dates_mail: "日历文件（生日附祝福语草稿）在今早的“关键时刻提醒”邮件里。",
    tasks: "待办",
    critical: "紧急",
    overdue: "超时",
    due_today: "今天到期",
    yesterday: "上一工作日",
    due: "办结时限",
    accept_by: "接单时限",
    stalled: "5 个工作日未跟进",
    withheld: "不得提优惠",
    joint: "联合拜访",
    escalated: "已报主管督办",
    gone: "预警已解除",
    lost: "已流失，待补录原因",
    to_approve: "待我审批",
    to_verify: "待我核实",
    reports: "下级上报",
    unexplained: "已流失、迟迟未补录原因",
    asks_for: "申请",
    waiting: "已等",
};

pub(crate) const EN: BriefWords = BriefWords {
    mark: "Morning brief",
    since: "Changes since",
    first: "First",
    check_customers: "Customers",
    check_dates: "Key dates",
    check_work: "Work plan",
    numbers: ["1", "2", "3"],
    no_changes: "Nothing changed at your group customers.",
    no_dates: "No date to be reminded of today.",
    no_work: "Nothing is to be done.",
    members: "members",
    opening: "at opening",
    churned: "churned this month",
    notices: "To watch (no task)",
    handed_over: "Changed hands",
    dates_mail: "This morning's mail of key dates has a calendar file, and a draft greeting for each birthday.",
    tasks: "tasks",
    critical: "critical",
    overdue: "overdue",
    due_today: "due today",
    yesterday: "done last working day",
    due: "due",
    accept_by: "accept by",
    stalled: "stalled",
    withheld: "no offers allowed",
    joint: "joint visit",
    escalated: "told upwards",
    gone: "cause is gone",
    lost: "lost, the reason is to be entered",
    to_approve: "Waiting for your approval",
    to_verify: "For you to verify",
    reports: "Reported to you",
    unexplained: "Lost, and nobody has said why",
    asks_for: "asks for",
    waiting: "waiting",
};
