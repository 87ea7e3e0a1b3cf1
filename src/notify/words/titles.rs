//! The titles of tasks, in both languages, complete by `match`.
//!
//! Invariant: names, notes and titles of others are shown as they were written.

use super::checks::leavers;
use super::{names, names_of_tasks, written};
use crate::domain::ids::mask_phone;
use crate::domain::locale::Locale;
use crate::domain::task::{Task, TaskTitle};

/// Most subscribers that a title names.
const NAMED_MAX: usize = 3;

/// The title of a task; none where its alerts give it.
#[must_use]
pub(crate) fn title(locale: Locale, title: &TaskTitle) -> Option<String> {
    match locale {
        Locale::ZhCn => zh(title),
        Locale::En => en(title),
    }
}

/// The title of a task. One that somebody wrote may name what was refused or is withheld: it tells
/// so, and an offer in it is not shown. One about members who left names the first of them.
#[must_use]
pub(crate) fn of_task(locale: Locale, task: &Task) -> Option<String> {
    let text = title(locale, &task.title)?;
    if task.hides(&text) {
        let origin = names_of_tasks::origin(locale, task.origin.kind());
        return Some(format!("{origin}{}", written::shown(locale, task, &text)));
    }
    let more = match (&task.title, locale) {
        (TaskTitle::Left(left), _) => return Some(text + &named(locale, task, *left)),
        (TaskTitle::Written(_), Locale::ZhCn) if task.is_partly_withheld() => {
            "（其中谈判、优惠暂不得使用）"
        }
        (TaskTitle::Written(_), Locale::En) if task.is_partly_withheld() => {
            " (no negotiation and no offer for now)"
        }
        (TaskTitle::Written(_), Locale::ZhCn) if task.is_partly_refused() => "（所请未批准）",
        (TaskTitle::Written(_), Locale::En) if task.is_partly_refused() => {
            " (what it asked for was refused)"
        }
        _ => "",
    };
    Some(text + more)
}

/// The first of the subscribers that a task names, of so many, masked and in parentheses; empty
/// where it names none.
fn named(locale: Locale, task: &Task, all: i64) -> String {
    let shown: Vec<String> = task
        .subscribers
        .iter()
        .take(NAMED_MAX)
        .map(|subscriber| mask_phone(subscriber.as_str()))
        .collect();
    let has_more = all > shown.len() as i64;
    match (locale, shown.is_empty()) {
        (_, true) => String::new(),
        (Locale::ZhCn, false) => {
            let more = if has_more { " 等" } else { "" };
            format!("（{}{more}）", shown.join("、"))
        }
        (Locale::En, false) => {
            let more = if has_more { " and others" } else { "" };
            format!(" ({}{more})", shown.join(", "))
        }
    }
}

fn zh(title: &TaskTitle) -> Option<String> {
    Some(match title {
        TaskTitle::OfAlerts => return None,
        TaskTitle::Promise { on, what } => {
            format!("{on} 前：{}", what.as_deref().unwrap_or("后续联系"))
        }
        TaskTitle::StrongIntent(what) => format!(
            "离网意向较大：{}",
            what.as_deref().unwrap_or("客户表示要离网")
        ),
        TaskTitle::Project(title) => title.to_string(),
        TaskTitle::JointVisitForProject(title) => format!("重点项目：{title}"),
        TaskTitle::JointVisitForBatch { churned, left } => {
            format!(
                "成员批量离开集团：{}",
                leavers(Locale::ZhCn, *churned, *left)
            )
        }
        TaskTitle::JointVisitForKeyContact(subscriber) => {
            format!(
                "关键人号码 {} 出现离网意向",
                mask_phone(subscriber.as_str())
            )
        }
        TaskTitle::HandOver(name) => format!("原客户经理 {name}"),
        TaskTitle::KeyDate { title, on } => format!("{title}（{on}）"),
        TaskTitle::Festival { festival, on } => {
            format!("{}（{on}）", names::festival(Locale::ZhCn, *festival))
        }
        TaskTitle::Growth { opening, now } => format!("月初 {opening} 户，现有 {now} 户"),
        TaskTitle::Left(left) => format!("主动离网或携出 {left} 户"),
        TaskTitle::Kept { on, days } => format!("挽留满 {days} 天（{on} 挽留）"),
        TaskTitle::Written(title) => title.clone(),
    })
}

fn en(title: &TaskTitle) -> Option<String> {
    Some(match title {
        TaskTitle::OfAlerts => return None,
        TaskTitle::Promise { on, what } => {
            format!(
                "by {on}: {}",
                what.as_deref().unwrap_or("a further contact")
            )
        }
        TaskTitle::StrongIntent(what) => format!(
            "strong intent to leave: {}",
            what.as_deref().unwrap_or("the customer says so")
        ),
        TaskTitle::Project(title) => title.to_string(),
        TaskTitle::JointVisitForProject(title) => format!("key project: {title}"),
        TaskTitle::JointVisitForBatch { churned, left } => {
            format!(
                "many members left: {}",
                leavers(Locale::En, *churned, *left)
            )
        }
        TaskTitle::JointVisitForKeyContact(subscriber) => format!(
            "the key contact's line {} showed an intent to leave",
            mask_phone(subscriber.as_str())
        ),
        TaskTitle::HandOver(name) => format!("account manager before: {name}"),
        TaskTitle::KeyDate { title, on } => format!("{title} ({on})"),
        TaskTitle::Festival { festival, on } => {
            format!("{} ({on})", names::festival(Locale::En, *festival))
        }
        TaskTitle::Growth { opening, now } => {
            format!("members: {opening} at the month's beginning, {now} now")
        }
        TaskTitle::Left(left) => {
            format!("members who left of their own will or ported out: {left}")
        }
        TaskTitle::Kept { on, days } => format!("kept on {on}, {days} days ago"),
        TaskTitle::Written(title) => title.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::festival::Festival;
    use crate::domain::ids::SubscriberId;
    use crate::domain::local_day::LocalDay;
    use crate::notify::fixtures;

    #[test]
    fn every_title_reads_in_both_languages_and_shows_no_phone_number() {
        let on = fixtures::date("2026-08-05");
        let subscriber = SubscriberId::parse("13800008000").expect("an id");
        let batch = |churned, left| TaskTitle::JointVisitForBatch { churned, left };
        let all = [
            TaskTitle::Promise { on, what: None },
            TaskTitle::StrongIntent(None),
            TaskTitle::JointVisitForProject("X".into()),
            batch(3, 0),
            batch(0, 2),
            batch(3, 2),
            TaskTitle::JointVisitForKeyContact(subscriber),
            TaskTitle::HandOver("X".into()),
            TaskTitle::Festival {
                festival: Festival::MidAutumn,
                on,
            },
            TaskTitle::Growth {
                opening: 90,
                now: 120,
            },
            TaskTitle::Left(3),
            TaskTitle::Kept {
                on: LocalDay::from_date(on),
                days: 30,
            },
        ];
        for one in all {
            let titles = [Locale::ZhCn, Locale::En].map(|locale| title(locale, &one));
            let [Some(zh), Some(en)] = titles else {
                panic!("{one:?}")
            };
            assert!(fixtures::are_zh_and_en(&zh, &en), "{zh} {en}");
            assert!(!format!("{zh}{en}").contains("13800008000"), "{zh} {en}");
        }
        assert_eq!(title(Locale::En, &TaskTitle::OfAlerts), None);
    }

    #[test]
    fn a_win_back_names_the_first_of_those_who_left() {
        let named = |all: i64, ids: &[&str]| {
            let id = |id: &&str| SubscriberId::parse(id).expect("an id");
            let task = Task {
                title: TaskTitle::Left(all),
                subscribers: ids.iter().map(id).collect(),
                ..fixtures::task(&[fixtures::churn_alert()], "M001")
            };
            [Locale::ZhCn, Locale::En].map(|locale| of_task(locale, &task).expect("a title"))
        };
        let ids = ["13800008000", "13800008001", "13800008002", "13800008003"];
        assert_eq!(
            named(2, &ids[..2]),
            [
                "主动离网或携出 2 户（138****8000、138****8001）",
                "members who left of their own will or ported out: 2 (138****8000, 138****8001)"
            ]
        );
        let [zh, en] = named(4, &ids);
        assert!(zh.ends_with("138****8002 等）"), "{zh}");
        assert!(en.ends_with("138****8002 and others)"), "{en}");
    }
}
