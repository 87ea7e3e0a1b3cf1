//! The Chinese words for the codes of lists and reports: what events, the store and programs call
//! `port_out` is 成员携转意向 to people.
//!
//! It knows only words; those of mails are in `notify`. Invariant: a code without a word comes back
//! as it is, so that nothing is hidden.

use crate::domain::alert::{AlertState, ResolvedBecause};
use crate::domain::event::{Channel, Effect, Every, Intent, KeyDateKind};
use crate::domain::indicator::{AlertKind, ScopeKind, Severity, Verdict};
use crate::domain::job_action::JobAction;
use crate::domain::locale::Locale;
use crate::domain::mail::{MailKind, MailState};
use crate::domain::reject::RejectClass;
use crate::domain::reminder::OccasionKind;
use crate::domain::risk_grade::RiskGrade;
use crate::domain::source_state::SourceStatus;
use crate::domain::task::StepKind;
use crate::domain::task::{
    Approval, ItemKind, Means, OriginKind, ReportUp, Resource, TaskClass, TaskKind, TaskResult,
    TaskState,
};
use crate::domain::trust::Trust;
use crate::follow_up::promises::PromiseState;
use crate::notify::words::{mails, names, names_of_tasks, notes};

const ZH: Locale = Locale::ZhCn;

/// The names of a closed set.
pub(crate) fn names<T, const N: usize>(
    all: [T; N],
    name: fn(T) -> &'static str,
) -> Vec<&'static str> {
    all.map(name).to_vec()
}

pub(crate) fn severities() -> Vec<&'static str> {
    names(Severity::ALL, Severity::name)
}

pub(crate) fn alert_states() -> Vec<&'static str> {
    names(AlertState::ALL, AlertState::name)
}

pub(crate) fn resolved_because() -> Vec<&'static str> {
    names(ResolvedBecause::ALL, ResolvedBecause::name)
}

pub(crate) fn mail_kinds() -> Vec<&'static str> {
    names(MailKind::ALL, MailKind::name)
}

pub(crate) fn mail_states() -> Vec<&'static str> {
    names(MailState::ALL, MailState::name)
}

pub(crate) fn reject_classes() -> Vec<&'static str> {
    names(RejectClass::ALL, RejectClass::name)
}

pub(crate) fn alert_kinds() -> Vec<&'static str> {
    AlertKind::all().map(AlertKind::name).collect()
}

/// The levels that alerts and rows are of.
pub(crate) fn scopes() -> Vec<&'static str> {
    names(ScopeKind::ALL, ScopeKind::name)
}

pub(crate) fn verdicts() -> Vec<&'static str> {
    names(Verdict::ALL, Verdict::name)
}

pub(crate) fn trusts() -> Vec<&'static str> {
    names(Trust::ALL, Trust::name)
}

/// Of key dates, and of public holidays.
pub(crate) fn key_dates() -> Vec<&'static str> {
    KeyDateKind::ALL
        .map(KeyDateKind::name)
        .into_iter()
        .chain([OccasionKind::Festival.name()])
        .collect()
}

pub(crate) fn scope(code: &str) -> &str {
    ScopeKind::parse(code).map_or(code, |kind| match kind {
        ScopeKind::Group => "集团",
        ScopeKind::Unit => "单位",
        ScopeKind::Company => "公司",
    })
}

pub(crate) fn verdict(code: &str) -> &str {
    Verdict::parse(code).map_or(code, |verdict| match verdict {
        Verdict::FeedIncomplete => "数据不全",
        Verdict::InsufficientData => "样本不足",
        Verdict::Ok => "正常",
        Verdict::Breach => "超限",
        Verdict::Watch => "关注",
    })
}

/// Of a trust mark.
pub(crate) fn trust(code: &str) -> &str {
    Trust::parse(code).map_or(code, |mark| match mark {
        Trust::Ok => "可信",
        Trust::Warning => "存疑",
        Trust::Failed => "不可信",
    })
}

pub(crate) fn risk_grade(code: &str) -> &str {
    RiskGrade::parse(code).map_or(code, |grade| match grade {
        RiskGrade::Normal => "正常",
        RiskGrade::Attention => "关注",
        RiskGrade::AtRisk => "有风险",
        RiskGrade::Critical => "高危",
    })
}

/// Of an indicator or signal.
pub(crate) fn alert_kind(code: &str) -> &str {
    AlertKind::parse(code).map_or(code, |kind| names::alert_kind(ZH, kind))
}

pub(crate) fn severity(code: &str) -> &str {
    Severity::parse(code).map_or(code, |severity| names::severity(ZH, severity))
}

/// Of an alert's state.
pub(crate) fn alert_state(code: &str) -> &str {
    AlertState::parse(code).map_or(code, |state| match state {
        AlertState::Firing => "预警中",
        AlertState::Acknowledged => "处理中",
        AlertState::Resolved => "已解除",
    })
}

/// Why an alert no longer holds.
pub(crate) fn resolved(code: &str) -> &str {
    ResolvedBecause::parse(code).map_or(code, |because| notes::resolved_because(ZH, because))
}

/// Where a task comes from.
pub(crate) fn origin(code: &str) -> &str {
    OriginKind::parse(code).map_or(code, |kind| names_of_tasks::origin(ZH, kind))
}

/// 三落实.
pub(crate) fn task_kind(code: &str) -> &str {
    TaskKind::parse(code).map_or(code, |one| names::task_kind(ZH, one))
}

/// 定工作事项.
pub(crate) fn item(code: &str) -> &str {
    ItemKind::parse(code).map_or(code, |one| names::item(ZH, one))
}

/// 定工作手段.
pub(crate) fn means(code: &str) -> &str {
    Means::parse(code).map_or(code, |one| names::means(ZH, one))
}

/// 定所需资源.
pub(crate) fn resource(code: &str) -> &str {
    Resource::parse(code).map_or(code, |one| names::resource(ZH, one))
}

/// Means and resources in one list.
pub(crate) fn means_or_resource(code: &str) -> &str {
    Means::parse(code).map_or_else(|| resource(code), |one| names::means(ZH, one))
}

/// 要事第一.
pub(crate) fn class(code: &str) -> &str {
    TaskClass::parse(code).map_or(code, |one| names::class(ZH, one))
}

pub(crate) fn approval(code: &str) -> &str {
    Approval::parse(code).map_or(code, |one| names::approval_mark(ZH, one))
}

/// Of a task's state.
pub(crate) fn task_state(code: &str) -> &str {
    TaskState::parse(code).map_or(code, |one| names::state(ZH, one))
}

/// How a task ended.
pub(crate) fn result(code: &str) -> &str {
    TaskResult::parse(code).map_or(code, |one| names_of_tasks::result(ZH, one))
}

/// What a task reports upwards.
pub(crate) fn report_up(code: &str) -> &str {
    ReportUp::parse(code).map_or(code, |about| names_of_tasks::report_up(ZH, about))
}

/// What was done to a task or an alert.
pub(crate) fn step(code: &str) -> &str {
    StepKind::parse(code).map_or(code, |step| match step {
        StepKind::Add => "建单",
        StepKind::Accept => "接单",
        StepKind::Start => "开始处理",
        StepKind::Close => "办结",
        StepKind::Reassign => "改派",
        StepKind::HandOver => "移交",
        StepKind::Approve => "批准",
        StepKind::Refuse => "不批准",
        StepKind::Verify => "核实",
        StepKind::Reopen => "退回重办",
        StepKind::Cancel => "取消",
        StepKind::DayPassed => "当日已过",
        StepKind::PlanChanged => "改变方案",
        StepKind::SubscribersGone => "已没有需要挽留的号码",
        StepKind::SubscribersBack => "又有需要挽留的号码",
        StepKind::ClockResumed => "并入新预警，恢复计时",
        StepKind::CauseBack => "原因消除后又出现，重新派发",
        StepKind::Acknowledge => "确认",
    })
}

pub(crate) fn mail_kind(code: &str) -> &str {
    MailKind::parse(code).map_or(code, |kind| mails::kind(ZH, kind))
}

/// Of a mail's state.
pub(crate) fn mail_state(code: &str) -> &str {
    MailState::parse(code).map_or(code, |state| mails::state(ZH, state))
}

pub(crate) fn source_state(code: &str) -> &str {
    SourceStatus::parse(code).map_or(code, |state| match state {
        SourceStatus::Reading => "读取中",
        SourceStatus::Done => "已读完",
        SourceStatus::Paused => "已暂停",
        SourceStatus::Ignored => "不读取",
    })
}

pub(crate) fn reject_class(code: &str) -> &str {
    RejectClass::parse(code).map_or(code, |class| match class {
        RejectClass::NotJson => "不是 JSON",
        RejectClass::NotCloudevent => "不是 CloudEvent",
        RejectClass::TooFarAhead => "时间超前",
        RejectClass::UnknownType => "类型不明",
        RejectClass::InvalidField => "字段有误",
        RejectClass::UnknownCode => "代码不明",
        RejectClass::TooLate => "过迟",
        RejectClass::Conflict => "冲突",
    })
}

/// What a job does.
pub(crate) fn action(code: &str) -> &str {
    JobAction::parse(code).map_or(code, |action| match action {
        JobAction::DailyReport => "发布日报",
        JobAction::DailyBrief => "发送晨报",
        JobAction::KeyDateReminders => "关键时刻提醒",
        JobAction::HolidayPlans => "节日关怀计划",
        JobAction::EscalateTasks => "超时督办",
        JobAction::CloseMonth => "关账",
        JobAction::CheckStore => "校验存储",
        JobAction::PruneHistory => "清理过期数据",
        JobAction::Backup => "备份",
    })
}

/// By which way somebody was met.
pub(crate) fn channel(code: &str) -> &str {
    Channel::parse(code).map_or(code, |channel| match channel {
        Channel::Visit => "上门",
        Channel::Call => "电话",
        Channel::Mail => "邮件",
        Channel::Event => "活动",
    })
}

/// How strongly a customer means to leave.
pub(crate) fn intent(code: &str) -> &str {
    Intent::parse(code).map_or(code, |intent| match intent {
        Intent::None => "无",
        Intent::Weak => "较小",
        Intent::Strong => "较大",
    })
}

/// What a contact did.
pub(crate) fn effect(code: &str) -> &str {
    Effect::parse(code).map_or(code, |effect| match effect {
        Effect::Good => "好",
        Effect::Neutral => "一般",
        Effect::Bad => "差",
    })
}

/// How often a key date comes.
pub(crate) fn every(code: &str) -> &str {
    Every::parse(code).map_or(code, |every| match every {
        Every::Year => "每年",
        Every::Once => "一次",
    })
}

pub(crate) fn promise(code: &str) -> &str {
    PromiseState::parse(code).map_or(code, |state| match state {
        PromiseState::Open => "未到期",
        PromiseState::Kept => "按时兑现",
        PromiseState::KeptLate => "逾期兑现",
        PromiseState::Broken => "未兑现",
    })
}

/// Of a key date, and of a public holiday.
pub(crate) fn key_date(code: &str) -> &str {
    if code == OccasionKind::Festival.name() {
        return "法定节日";
    }
    KeyDateKind::parse(code).map_or(code, |kind| names::key_date(ZH, kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::indicator::Signal;
    use crate::report::{Column, ColumnKind};
    use crate::views::daily::DAILY;
    use crate::views::lists::{AlertRow, MailRow, REJECTS, ReminderRow, TaskRow};

    const TABLES: [fn() -> Vec<&'static Column>; 7] = [
        || AlertRow::COLUMNS.iter().map(|of| &of.column).collect(),
        || TaskRow::COLUMNS.iter().map(|of| &of.column).collect(),
        || TaskRow::DETAILS.iter().map(|of| &of.column).collect(),
        || MailRow::COLUMNS.iter().map(|of| &of.column).collect(),
        || ReminderRow::COLUMNS.iter().map(|of| &of.column).collect(),
        || REJECTS.iter().map(|of| &of.column).collect(),
        || DAILY.iter().map(|of| &of.column).collect(),
    ];

    #[test]
    fn every_code_of_a_closed_list_has_a_chinese_word() {
        for column in TABLES.iter().flat_map(|columns| columns()) {
            let Some(names) = column.names else { continue };
            let (ColumnKind::Code(word) | ColumnKind::Codes(word)) = column.kind else {
                panic!("{} has names, and no words for them", column.name);
            };
            for name in names() {
                let word = word(name);
                assert!(word != name && !word.is_ascii(), "{name}: {word}");
            }
        }
        assert_eq!(
            (alert_kind("new_one"), alert_kind(Signal::PortOut.name())),
            ("new_one", "成员携转意向")
        );
        assert_eq!(verdict("new_one"), "new_one");
    }
}
