//! The present state of the subject of an alert in a word or two, where alerts of one kind share a
//! line.
//!
//! Invariant: a state is said in the words of its subject: a subscriber, a complaint or an answer.

use super::names;
use crate::domain::alert::{Alert, AlertState, AlertSubject, ResolvedBecause};
use crate::domain::locale::Locale;

/// The name of a list of what alerts with this subject name.
pub(crate) const fn listed(locale: Locale, subject: &AlertSubject) -> &'static str {
    let (zh, en) = match subject {
        AlertSubject::Complaint(_) => ("投诉", "Complaints"),
        AlertSubject::Answer(_) => ("答卷", "Answers"),
        _ => ("涉及号码", "Lines"),
    };
    locale.pick(zh, en)
}

/// Why the alert holds no more.
pub(crate) const fn because_of(
    locale: Locale,
    subject: &AlertSubject,
    because: ResolvedBecause,
) -> &'static str {
    match (locale, subject, because) {
        (Locale::ZhCn, AlertSubject::Complaint(_), ResolvedBecause::Recovered) => "已办结或撤诉",
        (Locale::ZhCn, AlertSubject::Answer(_), ResolvedBecause::Recovered) => "评分已更正",
        (Locale::En, AlertSubject::Complaint(_), ResolvedBecause::Recovered) => {
            "resolved or withdrawn"
        }
        (Locale::En, AlertSubject::Answer(_), ResolvedBecause::Recovered) => "score corrected",
        _ => because_of_subscriber(locale, because),
    }
}

/// Why the alert about a subscriber holds no more.
pub(super) const fn because_of_subscriber(
    locale: Locale,
    because: ResolvedBecause,
) -> &'static str {
    match (locale, because) {
        (Locale::ZhCn, ResolvedBecause::Recovered) => "已不再达到预警条件",
        (Locale::En, ResolvedBecause::Recovered) => "no longer so",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::indicator::{AlertKind, Signal};

    #[test]
    fn a_list_of_complaints_or_answers_is_not_called_lines() {
        let named = |signal, subject| {
            let kind = AlertKind::Signal(signal);
            let subject = AlertSubject::parse(kind, subject).expect("a subject of that kind");
            listed(Locale::ZhCn, &subject)
        };
        assert_eq!(named(Signal::MajorComplaint, "C1"), "投诉");
        assert_eq!(named(Signal::LowScore, "S1"), "答卷");
        assert_eq!(named(Signal::PortOut, "13800008000"), "涉及号码");
    }
}
