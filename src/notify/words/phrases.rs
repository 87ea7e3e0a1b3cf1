//! Short sentences of the mails with a number, a name or a time in them.
//!
//! It does not know the mails: they give the values. Invariant: a value from outside is cleaned
//! before it is given.

use chrono::TimeDelta;

use super::{figures, spans};
use crate::domain::locale::Locale;
use crate::domain::task::StepKind;

/// Behind a headline: how many there are, if not one.
#[must_use]
pub(crate) fn more(count: usize, locale: Locale) -> Option<String> {
    (count > 1).then(|| match locale {
        Locale::ZhCn => format!("，共 {count} 项"),
        Locale::En => format!(" and {} more", count - 1),
    })
}

/// So many more that are not shown; none where all are.
#[must_use]
pub(crate) fn rest(count: usize, locale: Locale) -> Option<String> {
    (count > 0).then(|| match locale {
        Locale::ZhCn => format!("另有 {count} 项未列出"),
        Locale::En => format!("and {count} more"),
    })
}

/// Heading of the subscribers that churned, and of those that only left their group customer.
#[must_use]
pub(crate) const fn leavers(locale: Locale, have_churned: bool) -> &'static str {
    match (locale, have_churned) {
        (Locale::ZhCn, true) => "离网",
        (Locale::ZhCn, false) => "退出集团",
        (Locale::En, true) => "churned",
        (Locale::En, false) => "left the group",
    }
}

/// When an alert fired about what is missing, and up to when everything had been read.
#[must_use]
pub(crate) fn fired_as_of(locale: Locale, fired: &str, read: &str) -> String {
    match locale {
        Locale::ZhCn => format!("{fired}（数据截至 {read}）"),
        Locale::En => format!("{fired} (by what was read up to {read})"),
    }
}

/// Who asks for what.
#[must_use]
pub(crate) fn asks_for(locale: Locale, who: &str, what: &str) -> String {
    match locale {
        Locale::ZhCn => format!("{who} 申请{what}"),
        Locale::En => format!("{who} asks for {what}"),
    }
}

/// Who reports about what.
#[must_use]
pub(crate) fn reports(locale: Locale, who: &str, about: &str) -> String {
    match locale {
        Locale::ZhCn => format!("{who} 上报：{about}"),
        Locale::En => format!("{who} reports: {about}"),
    }
}

/// The score of an answer.
#[must_use]
pub(crate) fn score(locale: Locale, score: &str) -> String {
    match locale {
        Locale::ZhCn => format!("{score} 分"),
        Locale::En => format!("score {score}"),
    }
}

/// So many bills.
#[must_use]
pub(crate) fn bills(locale: Locale, count: &str) -> String {
    match locale {
        Locale::ZhCn => format!("{count} 笔"),
        Locale::En => format!("{count} bills"),
    }
}

/// A group customer that the reader has taken over from somebody.
#[must_use]
pub(crate) fn taken_over(locale: Locale, group: &str, from: &str) -> String {
    match locale {
        Locale::ZhCn => format!("新接手：{group}（原客户经理 {from}）"),
        Locale::En => format!("now yours: {group} (before: {from})"),
    }
}

/// A group customer that somebody has taken over from the reader.
#[must_use]
pub(crate) fn handed_on(locale: Locale, group: &str, to: &str) -> String {
    match locale {
        Locale::ZhCn => format!("已移交：{group}（现客户经理 {to}）"),
        Locale::En => format!("no longer yours: {group} (now: {to})"),
    }
}

/// By how much something is late; under a minute, that it has just become due.
#[must_use]
pub(crate) fn late_by(locale: Locale, late: TimeDelta) -> String {
    match locale {
        Locale::ZhCn if late < TimeDelta::minutes(1) => "时限已到".to_owned(),
        Locale::ZhCn => format!("已超 {}", spans::span(locale, late)),
        Locale::En if late < TimeDelta::minutes(1) => "just due".to_owned(),
        Locale::En => format!("late by {}", spans::span(locale, late)),
    }
}

/// Who is late, with what, by how much.
#[must_use]
pub(crate) fn is_late(locale: Locale, who: &str, why: &str, late_by: &str) -> String {
    match locale {
        Locale::ZhCn => format!("{who} {why}，{late_by}"),
        Locale::En => format!("{who}: {why}, {late_by}"),
    }
}

/// Of `count` tasks that were written while mail was down, `critical` are critical.
#[must_use]
pub(crate) fn piled_up(locale: Locale, count: usize, critical: usize) -> String {
    match locale {
        Locale::ZhCn => format!("邮件中断期间积压任务 {count} 项，其中紧急 {critical} 项"),
        Locale::En => {
            format!("{count} tasks from while mail was down, {critical} of them critical")
        }
    }
}

/// The name of the last change of a task, as the mark of a mail; none of a step that its assignee
/// need not hear of.
#[must_use]
pub(crate) const fn change_of_task(locale: Locale, step: StepKind) -> Option<&'static str> {
    Some(match (step, locale) {
        (StepKind::Reopen, Locale::ZhCn) => "退回重办",
        (StepKind::Reopen, Locale::En) => "sent back",
        (StepKind::Refuse, Locale::ZhCn) => "未批准",
        (StepKind::Refuse, Locale::En) => "refused",
        (StepKind::Approve, Locale::ZhCn) => "已批准",
        (StepKind::Approve, Locale::En) => "approved",
        (StepKind::Cancel, Locale::ZhCn) => "已取消",
        (StepKind::Cancel, Locale::En) => "cancelled",
        (StepKind::Reassign | StepKind::HandOver, Locale::ZhCn) => "转交给您",
        (StepKind::Reassign | StepKind::HandOver, Locale::En) => "given to you",
        _ => return None,
    })
}

/// Who had a task before.
#[must_use]
pub(crate) fn assignee_before(locale: Locale, name: &str) -> String {
    match locale {
        Locale::ZhCn => format!("原负责人 {name}"),
        Locale::En => format!("before: {name}"),
    }
}

/// Without what somebody did not agree to.
#[must_use]
pub(crate) fn without(locale: Locale, names: &str) -> String {
    match locale {
        Locale::ZhCn => format!("不使用{names}，按其余手段办理"),
        Locale::En => format!("without {names}, by the other means"),
    }
}

/// A title, with its customer in brackets.
#[must_use]
pub(crate) fn with_customer(locale: Locale, title: &str, customer: &str) -> String {
    match locale {
        Locale::ZhCn => format!("{title}（{customer}）"),
        Locale::En => format!("{title} ({customer})"),
    }
}

/// A key date: its day, what it is, and how long it is to it.
#[must_use]
pub(crate) fn key_date(
    locale: Locale,
    (day, title, left): (&str, &str, &str),
    has_customer: bool,
) -> String {
    match locale {
        Locale::ZhCn if has_customer => format!("{day} {title}{left}"),
        Locale::ZhCn => format!("{day} {title}，{left}"),
        Locale::En => format!("{day} {title}, {left}"),
    }
}

/// How long it is to a key date.
#[must_use]
pub(crate) fn days_to(locale: Locale, days: i32) -> String {
    match (locale, days) {
        (Locale::ZhCn, 0) => "就是今天".to_owned(),
        (Locale::ZhCn, 1) => "就在明天".to_owned(),
        _ => figures::days_left(locale, days),
    }
}

/// What follows a surname where somebody is called by a title.
const TITLES: [&str; 22] = [
    "总",
    "董",
    "工",
    "主任",
    "经理",
    "局长",
    "校长",
    "院长",
    "处长",
    "科长",
    "部长",
    "厂长",
    "站长",
    "所长",
    "行长",
    "董事长",
    "书记",
    "主席",
    "老师",
    "教授",
    "先生",
    "女士",
];

/// Whether a contact is named by surname and title (郭总), and not by full name: one that ends with
/// the character of a short title has a surname of one character before it.
fn is_titled(contact: &str) -> bool {
    let is_surname = |name: &str, title: &str| match name.chars().count() {
        1 => true,
        2 => title.chars().count() > 1,
        _ => false,
    };
    let mut titles = TITLES.iter();
    titles.any(|title| {
        let name = contact.strip_suffix(title);
        name.is_some_and(|name| is_surname(name, title))
    })
}

/// A draft of a birthday greeting: by title, never by full name.
#[must_use]
pub(crate) fn greeting(locale: Locale, contact: Option<&str>, from: &str) -> String {
    let contact = contact.filter(|contact| is_titled(contact));
    let hello = match (locale, contact) {
        (Locale::ZhCn, None) => "您好".to_owned(),
        (Locale::ZhCn, Some(whom)) => format!("{whom}，您好"),
        (Locale::En, None) => "Dear customer".to_owned(),
        (Locale::En, Some(whom)) => format!("Dear {whom}"),
    };
    match locale {
        Locale::ZhCn => format!(
            "{hello}！值此生日之际，祝您身体健康、工作顺利、阖家幸福。感谢您一直以来的信任，有任何通信方面的需要，请随时找我。{from}"
        ),
        Locale::En => format!(
            "{hello}, happy birthday! I wish you health, success and joy. Thank you for your trust; whenever you need anything from us, please call me. {from}"
        ),
    }
}

/// A time, with a remark.
#[must_use]
pub(crate) fn remarked(locale: Locale, shown: &str, remark: &str) -> String {
    match locale {
        Locale::ZhCn => format!("{shown}，{remark}"),
        Locale::En => format!("{shown}, {remark}"),
    }
}

/// Who did something in no manager's name: an operator, or the program itself.
#[must_use]
pub(crate) const fn nobody_named(locale: Locale, is_operator: bool) -> &'static str {
    match (locale, is_operator) {
        (Locale::ZhCn, true) => "运维",
        (Locale::En, true) => "the operators",
        (Locale::ZhCn, false) => "系统",
        (Locale::En, false) => "the system",
    }
}

/// The day before what the subject of a mail tells of it.
#[must_use]
pub(crate) fn on_day(locale: Locale, day: &str) -> String {
    match locale {
        Locale::ZhCn => day.to_owned(),
        Locale::En => format!("{day}:"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_is_by_title_and_never_by_full_name() {
        for (contact, hello) in [
            ("郭总", "郭总，您好！"),
            ("欧阳主任", "欧阳主任，您好！"),
            ("曹新永", "您好！"),
            ("曹新永总", "您好！"),
            ("李建工", "您好！"),
            ("总", "您好！"),
        ] {
            let text = greeting(Locale::ZhCn, Some(contact), "王芳");
            assert!(text.starts_with(hello), "{text}");
        }
    }
}
