//! An alert that is over, in a sentence: what happened then, and what came of it.
//!
//! Invariant: nothing in it is said as if it still were so.

use super::of_kind::state;
use crate::domain::alert::Alert;
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::locale::Locale;
use crate::notify::clean;

/// A resolved alert of a kind that is worded in the present tense while it holds.
#[must_use]
pub(super) fn sentence(locale: Locale, alert: &Alert) -> Option<String> {
    let AlertKind::Signal(signal) = alert.key.kind else {
        return None;
    };
    if alert.state.is_open() {
        return None;
    }
    let (period, subject) = (
        alert.key.period.to_string(),
        clean::name(alert.key.subject.as_str()),
    );
    let what = match locale {
        Locale::ZhCn => zh(signal, &subject, &period)?,
        Locale::En => en(signal, &subject, &period)?,
    };
    Some(match (locale, signal) {
        // What is about the whole customer has no state of a subject.
        (_, Signal::ContactGap) => what,
        (Locale::ZhCn, _) => format!("{what}；结果：{}。", state(locale, alert)),
        (Locale::En, _) => format!("{what}; outcome: {}.", state(locale, alert)),
    })
}

fn zh(signal: Signal, subject: &str, period: &str) -> Option<String> {
    Some(match signal {
        Signal::KeyLine => format!("关键联系人或决策人的号码 {subject} 自 {period} 起异动"),
        Signal::PreCancel => format!("成员号码 {subject} 于 {period} 申请销户，并非因欠费"),
        Signal::PortOut => format!("成员号码 {subject} 自 {period} 起有携转动作"),
        Signal::MajorComplaint => format!("{period} 受理重大投诉 {subject}"),
        Signal::ComplaintOpen => format!("{period} 受理的投诉 {subject} 曾超过时限未办结"),
        Signal::ContactGap => "季度临近结束时，曾没有一次上门或电话走访。".to_owned(),
        _ => return None,
    })
}

fn en(signal: Signal, subject: &str, period: &str) -> Option<String> {
    Some(match signal {
        Signal::KeyLine => format!(
            "The line {subject} of a key contact or decision maker was in trouble from {period} on"
        ),
        Signal::PreCancel => {
            format!("The member's line {subject} was pre-cancelled on {period}, not for arrears")
        }
        Signal::PortOut => {
            format!("The member's line {subject} was about to port from {period} on")
        }
        Signal::MajorComplaint => format!("The major complaint {subject} was filed on {period}"),
        Signal::ComplaintOpen => {
            format!("The complaint {subject} of {period} was open for too long")
        }
        Signal::ContactGap => {
            "The quarter was about to end, and nobody had visited or called.".to_owned()
        }
        _ => return None,
    })
}
