//! The present state of the subject of an alert in a word or two, where alerts of one kind share a
//! line.
//!
//! Invariant: a state is said in the words of its subject: a line, a complaint or an answer.

use super::names;
use crate::domain::alert::{Alert, AlertState, AlertSubject, ResolvedBecause};
use crate::domain::locale::Locale;

/// Why the alert holds no more.
pub(crate) const fn because_of(
    locale: Locale,
    subject: &AlertSubject,
    because: ResolvedBecause,
) -> &'static str {
    match (locale, because) {
        (_, ResolvedBecause::Recovered) => recovered(locale, subject),
        (Locale::ZhCn, ResolvedBecause::Restored) => "已恢复",
        (Locale::ZhCn, ResolvedBecause::Withdrawn) => "已撤回",
        (Locale::ZhCn, ResolvedBecause::Lost) => "已离网或退出",
        (Locale::ZhCn, ResolvedBecause::Lapsed) => "后续未发生",
        (Locale::ZhCn, ResolvedBecause::Retracted) => "记录已撤销",
        (Locale::ZhCn, ResolvedBecause::TaskDone | ResolvedBecause::MonthEnded) => "已处理",
        (Locale::En, ResolvedBecause::Restored) => "restored",
        (Locale::En, ResolvedBecause::Withdrawn) => "withdrawn",
        (Locale::En, ResolvedBecause::Lost) => "gone",
        (Locale::En, ResolvedBecause::Lapsed) => "lapsed",
        (Locale::En, ResolvedBecause::Retracted) => "retracted",
        (Locale::En, ResolvedBecause::TaskDone | ResolvedBecause::MonthEnded) => "dealt with",
    }
}

/// What has mended.
const fn recovered(locale: Locale, subject: &AlertSubject) -> &'static str {
    match (locale, subject) {
        (Locale::ZhCn, AlertSubject::Complaint(_)) => "已办结或撤诉",
        (Locale::ZhCn, AlertSubject::Answer(_)) => "评分已更正",
        (Locale::ZhCn, _) => "已不再待销户或停机",
        (Locale::En, AlertSubject::Complaint(_)) => "resolved or withdrawn",
        (Locale::En, AlertSubject::Answer(_)) => "score corrected",
        (Locale::En, _) => "no longer stopped or pre-cancelled",
    }
}

/// That it still holds, of a subject without a trouble of its own.
pub(crate) const fn holds(locale: Locale, alert: &Alert) -> &'static str {
    match (locale, &alert.key.subject, alert.state) {
        (Locale::ZhCn, AlertSubject::Complaint(_), _) => "未办结",
        (Locale::En, AlertSubject::Complaint(_), _) => "open",
        (Locale::ZhCn, AlertSubject::Answer(_), AlertState::Firing) => "待处理",
        (Locale::ZhCn, AlertSubject::Answer(_), _) => "处理中",
        (Locale::En, AlertSubject::Answer(_), AlertState::Firing) => "not yet answered",
        (Locale::En, AlertSubject::Answer(_), _) => "being answered",
        _ => names::alert_kind(locale, alert.key.kind),
    }
}
