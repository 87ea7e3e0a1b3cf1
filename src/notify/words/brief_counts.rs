//! The numbers of `daily_brief` in a few words.
//!
//! Invariant: what there is none of is not said, but that there is nothing to do.

use super::tables::by_locale;
use crate::domain::locale::Locale;

/// What waits for a superior: to be approved, verified, read, explained.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WaitingForReader {
    pub(crate) to_approve: usize,
    pub(crate) to_verify: usize,
    pub(crate) reports: usize,
    pub(crate) unexplained: usize,
}

/// The tasks of the work list, and how many are critical and overdue.
#[must_use]
pub(crate) fn work(locale: Locale, tasks: usize, critical: usize, overdue: usize) -> String {
    let w = by_locale(locale);
    let work = match (tasks, locale) {
        (0, Locale::ZhCn) => "无待办".to_owned(),
        (0, Locale::En) => "no tasks".to_owned(),
        (n, Locale::ZhCn) => format!("待办 {n} 项"),
        (1, Locale::En) => "1 task".to_owned(),
        (n, Locale::En) => format!("{n} tasks"),
    };
    let marks = listed(
        locale,
        [(critical, "紧急", "critical"), (overdue, "超时", "overdue")],
    );
    if marks.is_empty() {
        work
    } else {
        format!("{work}{}{marks}{}", w.paren, w.paren_end)
    }
}

#[must_use]
pub(crate) fn waiting(locale: Locale, waiting: WaitingForReader) -> String {
    listed(
        locale,
        [
            (waiting.to_approve, "待审批", "to approve"),
            (waiting.to_verify, "待核实", "to verify"),
            (waiting.reports, "上报", "reported"),
            (waiting.unexplained, "待补录原因", "unexplained"),
        ],
    )
}

/// What a reader without a task is shown: customers with changes, notices, key dates.
#[must_use]
pub(crate) fn to_watch(locale: Locale, customers: usize, notices: usize, dates: usize) -> String {
    listed(
        locale,
        [
            (customers, "有变动的集团", "customers with changes"),
            (notices, "关注", "to watch"),
            (dates, "关键时刻", "key dates"),
        ],
    )
}

/// What was done of the last working day's work.
#[must_use]
pub(crate) fn done(locale: Locale, done: usize, of: usize) -> String {
    match locale {
        Locale::ZhCn => format!("应办 {of}、办结 {done}"),
        Locale::En => format!("{done}/{of}"),
    }
}

/// Tasks over the daily cap, which had no mail of their own; none where there are none.
#[must_use]
pub(crate) fn over_cap(locale: Locale, count: usize) -> Option<String> {
    (count > 0).then(|| match locale {
        Locale::ZhCn => format!("其中 {count} 项超出每日上限，没有单独发信，只列在这里。"),
        Locale::En => format!(
            "{count} of them are over the daily cap: they had no mail of their own and stand only here."
        ),
    })
}

fn listed<const N: usize>(locale: Locale, counts: [(usize, &str, &str); N]) -> String {
    let counted = counts.into_iter().filter(|(count, ..)| *count > 0);
    let parts = counted.map(|(count, zh, en)| match locale {
        Locale::ZhCn => format!("{zh} {count}"),
        Locale::En => format!("{count} {en}"),
    });
    parts.collect::<Vec<_>>().join(by_locale(locale).comma)
}
