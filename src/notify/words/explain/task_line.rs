//! The line below an action on a task: what has become of it, in the language of whoever acted.
//!
//! Invariant: a due time that has passed is marked as late, and a task that has ended shows none.

use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::task::{Approval, Task};
use crate::domain::zone::Zone;
use crate::notify::words::{dates, names, spans};

/// The current state of a task, in a line.
#[must_use]
pub(crate) fn task_line(locale: Locale, task: &Task, zone: Zone, now: Timestamp) -> String {
    let (id, assignee) = (&task.task_id, task.assignee.name());
    let mut parts = vec![names::state(locale, task.state).to_owned()];
    if task.verified {
        parts.push(locale.pick("已核实", "verified").to_owned());
    }
    if task.state.is_open() {
        parts.push(names::approval_mark(locale, task.approval).to_owned());
        parts.push(due(locale, task, zone, now));
    }
    if task.is_partly_withheld() {
        parts.push(withheld(locale, task));
    }
    parts.push(match locale {
        Locale::ZhCn => format!("版本 {}", task.version),
        Locale::En => format!("version {}", task.version),
    });
    match locale {
        Locale::ZhCn => format!("任务 {id}（负责人 {assignee}）：{}", parts.join("，")),
        Locale::En => format!("task {id} of {assignee}: {}", parts.join(", ")),
    }
}

fn due(locale: Locale, task: &Task, zone: Zone, now: Timestamp) -> String {
    let Some(at) = task.due() else {
        let stopped = (
            "已没有需要挽留的号码，办结时限停计",
            "without a due time, since none of its lines is left to keep",
        );
        return locale.pick(stopped.0, stopped.1).to_owned();
    };
    let (shown, late) = (
        dates::moment(locale, at, zone),
        spans::span(locale, now.since(at)),
    );
    let (is_late, waits) = (task.is_overdue(now), task.approval == Approval::Requested);
    match (locale, is_late, waits) {
        (Locale::ZhCn, true, _) => format!("办结时限 {shown}（已超时 {late}）"),
        (Locale::ZhCn, false, true) => format!("原定办结时限 {shown}，待批期间停计"),
        (Locale::ZhCn, false, false) => format!("办结时限 {shown}"),
        (Locale::En, true, _) => format!("due {shown} (late by {late})"),
        (Locale::En, false, true) => format!("due {shown} before its clock was stopped"),
        (Locale::En, false, false) => format!("due {shown}"),
    }
}

/// What the port-out guard withholds.
fn withheld(locale: Locale, task: &Task) -> String {
    let means = task.withheld_means.iter();
    let resources = task.all_withheld_resources();
    let names: Vec<&str> = means
        .map(|one| names::means(locale, *one))
        .chain(resources.iter().map(|one| names::resource(locale, *one)))
        .collect();
    match locale {
        Locale::ZhCn => format!("有号码可携出，暂不得使用：{}", names.join("、")),
        Locale::En => format!("without {}: a line may be ported", names.join(" and ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::task::{Means, TaskState};
    use crate::notify::fixtures;
    use chrono::TimeDelta;

    #[test]
    fn what_has_become_of_a_task_is_told_in_both_languages_and_a_passed_due_time_as_passed() {
        let task = fixtures::task(&[fixtures::churn_alert()], "M001");
        let zone = Zone::parse("Asia/Shanghai").expect("known zone");
        let both = |task: &Task, after: TimeDelta| {
            [Locale::ZhCn, Locale::En]
                .map(|locale| task_line(locale, task, zone, task.due_at.plus(after)))
        };
        let waiting = Task {
            state: TaskState::InProgress,
            approval: Approval::None,
            withheld_means: vec![Means::Negotiation],
            ..task.clone()
        };
        for (after, has) in [(TimeDelta::hours(-1), false), (TimeDelta::hours(2), true)] {
            let [zh, en] = both(&waiting, after);
            assert_eq!(zh.contains("（已超时 2 小时）"), has, "{zh}");
            assert_eq!(en.contains("(late by 2 h)"), has, "{en}");
            assert!(fixtures::are_zh_and_en(&zh, &en), "{zh} {en}");
            assert!(
                zh.contains("处理中，无需审批") && zh.contains("北京时间"),
                "{zh}"
            );
        }
        let done = Task {
            state: TaskState::Done,
            verified: true,
            ..task
        };
        let [zh, en] = both(&done, TimeDelta::hours(2));
        assert!(zh.contains("已完成，已核实，版本"), "{zh}");
        assert!(en.contains("done, verified, version"), "{en}");
    }
}
