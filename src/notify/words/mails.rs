//! Kinds and states of mails, in both languages, complete by `match`.

use crate::domain::locale::Locale;
use crate::domain::mail::{MailKind, MailState};

#[must_use]
pub(crate) const fn kind(locale: Locale, kind: MailKind) -> &'static str {
    let zh = match kind {
        MailKind::AlertTask => "任务",
        MailKind::Digest => "汇总",
        MailKind::DailyBrief => "晨报",
        MailKind::Reminder => "提醒",
        MailKind::ApprovalRequest => "请批",
        MailKind::ReportUp => "重要信息上报",
        MailKind::Escalation => "超时督办",
        MailKind::OpsNotice => "运维通知",
    };
    locale.pick(zh, kind.name())
}

#[must_use]
pub(crate) const fn state(locale: Locale, state: MailState) -> &'static str {
    let zh = match state {
        MailState::Queued => "待发",
        MailState::Sending => "发送中",
        MailState::Sent => "已发",
        MailState::Deferred => "待重发",
        MailState::Uncertain => "待确认",
        MailState::Superseded => "已被取代",
        MailState::Expired => "已过期",
        MailState::Dead => "发送失败",
        MailState::Held => "暂缓发送",
    };
    locale.pick(zh, state.name())
}
