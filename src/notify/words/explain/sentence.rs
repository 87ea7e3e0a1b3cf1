//! Why an alert fired, in a sentence or two.

use super::figures::{self, P_SHOWN_MIN, count, decimal, percent, probability, yuan};
use super::headline::batch;
use super::over;
use crate::domain::alert::{Alert, Explanation, Period};
use crate::domain::indicator::{AlertKind, Indicator, Signal};
use crate::domain::locale::Locale;
use crate::domain::timeline::SubscriberTrouble;
use crate::notify::clean;
use crate::notify::words::{checks, names, notes};

/// Why it fired, in a sentence or two.
#[must_use]
pub(crate) fn sentence(locale: Locale, alert: &Alert) -> String {
    if let Some(over) = over::sentence(locale, alert) {
        return over;
    }
    let first = match (alert.key.kind, locale) {
        (AlertKind::Indicator(indicator), _) => of_indicator(locale, indicator, alert),
        (AlertKind::Signal(signal), Locale::ZhCn) => of_signal_zh(signal, alert),
        (AlertKind::Signal(signal), Locale::En) => of_signal_en(signal, alert),
    };
    let said = match alert.key.scope.group().and_then(|_| chance(locale, alert)) {
        Some(second) if locale == Locale::En => format!("{first} {second}"),
        Some(second) => first + &second,
        None => first,
    };
    as_it_was(locale, alert, said)
}

/// What was so when an alert ended, of one that has: its figures are those of then.
fn as_it_was(locale: Locale, alert: &Alert, said: String) -> String {
    let ended = alert.resolved_because.filter(|_| !alert.state.is_open());
    let Some(because) = ended else { return said };
    let because = notes::kind_resolved_because(locale, alert.key.kind, because);
    match locale {
        Locale::ZhCn => format!("预警已结束：{because}。结束前：{said}"),
        Locale::En => format!("The alert is over: {because}. Before that: {said}"),
    }
}

fn of_indicator(locale: Locale, indicator: Indicator, alert: &Alert) -> String {
    let (period, k, n) = (
        period(locale, alert.key.period),
        count(alert.explanation.k),
        count(alert.explanation.n),
    );
    match (locale, indicator) {
        (Locale::ZhCn, Indicator::ChurnRate) => {
            format!("{period}内，期初 {n} 户成员中已有 {k} 户离网。")
        }
        (Locale::ZhCn, Indicator::MemberLossRate) => {
            format!("{period}内，期初 {n} 户成员中已流失 {k} 户（含离网、退出和转走）。")
        }
        (Locale::ZhCn, Indicator::ComplaintRate10k) => {
            format!("{period}内，{n} 户期初成员已产生 {k} 件投诉。")
        }
        (Locale::ZhCn, Indicator::Satisfaction) => {
            format!("{period}内收到 {k} 份答卷，平均分低于标准值。")
        }
        (Locale::En, Indicator::ChurnRate) => {
            format!("In {period}, {k} of the {n} members at opening have left the operator.")
        }
        (Locale::En, Indicator::MemberLossRate) => {
            format!(
                "In {period}, {k} of the {n} members at opening are lost (left, withdrawn or moved)."
            )
        }
        (Locale::En, Indicator::ComplaintRate10k) => {
            format!("In {period}, {k} complaints were filed, with {n} members at opening.")
        }
        (Locale::En, Indicator::Satisfaction) => {
            format!("In {period}, {k} answers came in; their mean is below the standard.")
        }
    }
}

fn of_signal_zh(signal: Signal, alert: &Alert) -> String {
    let (why, period, subject) = (
        &alert.explanation,
        period(Locale::ZhCn, alert.key.period),
        clean::name(alert.key.subject.as_str()),
    );
    let (k, n) = (count(why.k), count(why.n));
    let trouble = |else_said| {
        why.trouble
            .map_or(else_said, |trouble| names::trouble(Locale::ZhCn, trouble))
    };
    let money = || {
        why.fen
            .map(|fen| yuan(Locale::ZhCn, fen))
            .unwrap_or_default()
    };
    let share = || share_of_drop(why);
    match signal {
        Signal::LockedNumberLost => {
            format!("锁定号码 {subject} 于 {period} 流失。锁定号码不论客户大小，流失即预警。")
        }
        Signal::KeyLine => key_line(Locale::ZhCn, &subject, &period, why.trouble),
        Signal::BatchLeave => format!(
            "{}，期初 {n} 户成员：{}。",
            window(Locale::ZhCn, why, &period),
            batch(Locale::ZhCn, why)
        ),
        Signal::SuspensionBurst => suspended(Locale::ZhCn, why, &period),
        Signal::PreCancel => pre_cancel(Locale::ZhCn, &subject, &period, why.trouble),
        Signal::PortOut => format!(
            "成员号码 {subject} 自 {period} 起有携转动作，目前：{}。",
            trouble("查询资格或申请授权码")
        ),
        Signal::RevenueDrop => format!(
            "最近一个出账月的账单合计比前三个月的均值少 {}，下降 {}。",
            money(),
            share()
        ),
        Signal::Arrears => format!(
            "截至 {period} 有 {k} 个账户的账单逾期未缴清，合计 {}。",
            money()
        ),
        Signal::MajorComplaint => {
            format!("{period} 受理重大投诉 {subject}，办结或撤回前持续督办。")
        }
        Signal::ComplaintOpen => format!("{period} 受理的投诉 {subject} 超过时限仍未办结。"),
        Signal::ComplaintHotspot => hotspot(Locale::ZhCn, &subject, &k, why),
        Signal::LowScore => low_score(Locale::ZhCn, &subject, &period, why),
        Signal::ContactGap => "本季度即将结束，还没有一次上门或电话走访。".to_owned(),
        Signal::GroupGone => format!("{period} 起，该集团已没有在网成员。"),
    }
}

fn suspended(locale: Locale, why: &Explanation, period: &str) -> String {
    let (days, k, n) = (window(locale, why, period), count(why.k), count(why.n));
    match locale {
        Locale::ZhCn => {
            format!("{days}，期初 {n} 户成员中有 {k} 户停机，且集团统付账户并未欠费。")
        }
        Locale::En => format!(
            "{days}, {k} of {n} members were suspended, and the group's own account is not in arrears."
        ),
    }
}

/// The days that a count is of; about which days, where an alert is older than this figure.
fn window(locale: Locale, why: &Explanation, period: &str) -> String {
    match (why.window, locale) {
        (Some((first, last)), _) => checks::days(locale, first, last),
        (None, Locale::ZhCn) => format!("{period} 前后几天内"),
        (None, Locale::En) => format!("In the few days around {period}"),
    }
}

fn of_signal_en(signal: Signal, alert: &Alert) -> String {
    let (why, period, subject) = (
        &alert.explanation,
        period(Locale::En, alert.key.period),
        clean::name(alert.key.subject.as_str()),
    );
    let (k, n) = (count(why.k), count(why.n));
    let trouble = |else_said| {
        why.trouble
            .map_or(else_said, |trouble| names::trouble(Locale::En, trouble))
    };
    let money = || why.fen.map(|fen| yuan(Locale::En, fen)).unwrap_or_default();
    let share = || share_of_drop(why);
    match signal {
        Signal::LockedNumberLost => {
            format!(
                "The locked number {subject} was lost on {period}. A locked number is news whatever the customer's size."
            )
        }
        Signal::KeyLine => key_line(Locale::En, &subject, &period, why.trouble),
        Signal::BatchLeave => format!(
            "{}, of {n} members: {}.",
            window(Locale::En, why, &period),
            batch(Locale::En, why)
        ),
        Signal::SuspensionBurst => suspended(Locale::En, why, &period),
        Signal::PreCancel => pre_cancel(Locale::En, &subject, &period, why.trouble),
        Signal::PortOut => {
            format!(
                "The member's line {subject} has been about to port since {period}; now: {}.",
                trouble("asked about it")
            )
        }
        Signal::RevenueDrop => {
            format!(
                "The bills of the last billed month are {} under the mean of the three before, a drop of {}.",
                money(),
                share()
            )
        }
        Signal::Arrears => format!(
            "By {period} the bills of {k} accounts are overdue, {} in all.",
            money()
        ),
        Signal::MajorComplaint => format!(
            "The major complaint {subject} was filed on {period}; it is watched until it is settled."
        ),
        Signal::ComplaintOpen => {
            format!("The complaint {subject} of {period} has been open for too long.")
        }
        Signal::ComplaintHotspot => hotspot(Locale::En, &subject, &k, why),
        Signal::LowScore => low_score(Locale::En, &subject, &period, why),
        Signal::ContactGap => {
            "The quarter is about to end, and nobody has visited or called.".to_owned()
        }
        Signal::GroupGone => format!("Since {period} the group has no member left."),
    }
}

/// By which share the revenue has dropped, with the digits that tell it from the least share that
/// counts.
fn share_of_drop(why: &Explanation) -> String {
    let share = why.value.map(|share| percent(share, why.limit, 1));
    share.unwrap_or_default()
}

/// A subscriber who decides: what is wrong with it, if that is known.
fn key_line(
    locale: Locale,
    subject: &str,
    period: &str,
    trouble: Option<SubscriberTrouble>,
) -> String {
    let trouble = trouble.map(|trouble| names::trouble(locale, trouble));
    match (locale, trouble) {
        (Locale::ZhCn, Some(trouble)) => {
            format!("关键联系人或决策人的号码 {subject} 自 {period} 起异动，目前：{trouble}。")
        }
        (Locale::ZhCn, None) => format!(
            "关键联系人或决策人的号码 {subject} 于 {period} 停机、申请销户、离网或进入携转。"
        ),
        (Locale::En, Some(trouble)) => format!(
            "The line {subject} of a key contact or decision maker has been in trouble since {period}; now: {trouble}."
        ),
        (Locale::En, None) => format!(
            "The line {subject} of a key contact or decision maker was suspended, pre-cancelled, churned or began porting on {period}."
        ),
    }
}

/// A subscriber with a request to cancel: whether it can still be kept.
fn pre_cancel(
    locale: Locale,
    subject: &str,
    period: &str,
    trouble: Option<SubscriberTrouble>,
) -> String {
    let gone = trouble
        .filter(|trouble| matches!(trouble, SubscriberTrouble::Gone(_)))
        .map(|gone| names::trouble(locale, gone));
    match (locale, gone) {
        (Locale::ZhCn, Some(gone)) => {
            format!("成员号码 {subject} 于 {period} 申请销户，现{gone}。")
        }
        (Locale::ZhCn, None) => format!(
            "成员号码 {subject} 于 {period} 申请销户，并非因欠费：生效之前是最后的挽留机会。"
        ),
        (Locale::En, Some(gone)) => {
            format!("The member's line {subject} was pre-cancelled on {period}; now: {gone}.")
        }
        (Locale::En, None) => format!(
            "The member's line {subject} was pre-cancelled on {period}, not for arrears: the last chance to keep it."
        ),
    }
}

fn hotspot(locale: Locale, category: &str, k: &str, why: &Explanation) -> String {
    let usual = decimal(why.expected.unwrap_or_default(), Some(why.k as f64));
    match locale {
        Locale::ZhCn => {
            format!("近期“{category}”类投诉 {k} 件，此前同样长的时间平均 {usual} 件。")
        }
        Locale::En => format!(
            "There were {k} complaints about “{category}” of late; in as many days before there were {usual} on average."
        ),
    }
}

fn low_score(locale: Locale, survey: &str, period: &str, why: &Explanation) -> String {
    let score = decimal(why.value.unwrap_or_default(), why.limit);
    match locale {
        Locale::ZhCn => format!("{period} 的一份答卷（{survey}）只有 {score} 分。"),
        Locale::En => format!("The answer {survey} of {period} scores {score} only."),
    }
}

fn period(locale: Locale, period: Period) -> String {
    match (locale, period) {
        (Locale::ZhCn, Period::Month(month)) => format!("{} 年 {} 月", month.year(), month.month()),
        (_, period) => period.to_string(),
    }
}

/// How likely that many are by chance, where the test was made: against the limit, or with
/// suspensions against what is normal.
fn chance(locale: Locale, alert: &Alert) -> Option<String> {
    let why = &alert.explanation;
    let (expected, p, k) = (figures::expected(why.expected?, why), why.p?, count(why.k));
    let (is, p) = (
        if p < P_SHOWN_MIN {
            ("低于", "below")
        } else {
            ("为", "of")
        },
        probability(p.max(P_SHOWN_MIN)),
    );
    let against = if alert.key.kind == AlertKind::Signal(Signal::SuspensionBurst) {
        ("同期正常约", "Normally one would expect about")
    } else {
        ("按限值应有", "Exactly at the limit one would expect")
    };
    let stands = if alert.state.is_open() {
        "现为"
    } else {
        "实为"
    };
    Some(match locale {
        Locale::ZhCn => format!(
            "{} {expected}，{stands} {k}，偶然出现的可能性{} {p}。",
            against.0, is.0
        ),
        Locale::En => {
            format!(
                "{} {expected}; {k} or more come by chance with a probability {} {p}.",
                against.1, is.1
            )
        }
    })
}
