//! Why an alert holds no more, and what the system notes on a task, in both languages, complete by
//! `match`.
//!
//! Invariant: what a person wrote is never here.

use crate::domain::alert::ResolvedBecause;
use crate::domain::locale::Locale;
use crate::domain::task::SystemNote;

/// Why an alert was resolved.
#[must_use]
pub const fn resolved_because(locale: Locale, because: ResolvedBecause) -> &'static str {
    match (locale, because) {
        (Locale::ZhCn, ResolvedBecause::Recovered) => "已恢复正常",
        (Locale::ZhCn, ResolvedBecause::Restored) => "号码已恢复",
        (Locale::ZhCn, ResolvedBecause::Lost) => "号码已离网或退出集团",
        (Locale::ZhCn, ResolvedBecause::Lapsed) => "后续未发生",
        (Locale::ZhCn, ResolvedBecause::Withdrawn) => "客户已撤回携转",
        (Locale::ZhCn, ResolvedBecause::Retracted) => "原事件已撤销",
        (Locale::ZhCn, ResolvedBecause::TaskDone) => "任务已完成",
        (Locale::ZhCn, ResolvedBecause::MonthEnded) => "统计期已结束",
        (Locale::En, ResolvedBecause::Recovered) => "it is back to normal",
        (Locale::En, ResolvedBecause::Restored) => "the lines are back",
        (Locale::En, ResolvedBecause::Lost) => "the line has churned or left",
        (Locale::En, ResolvedBecause::Lapsed) => "nothing came of it",
        (Locale::En, ResolvedBecause::Withdrawn) => "the customer no longer wants to port out",
        (Locale::En, ResolvedBecause::Retracted) => "the event behind it was retracted",
        (Locale::En, ResolvedBecause::TaskDone) => "its task is done",
        (Locale::En, ResolvedBecause::MonthEnded) => "its period has ended",
    }
}

/// What the system notes on a task.
#[must_use]
pub fn system_note(locale: Locale, note: SystemNote) -> String {
    match (locale, note) {
        (Locale::ZhCn, SystemNote::OverCap(most)) => {
            format!("超出当日新任务上限（{most} 个），未单独发邮件，请在晨报清单中处理")
        }
        (Locale::ZhCn, SystemNote::Cancelled(because)) => {
            let because = resolved_because(locale, because);
            format!("任务自动取消：接单前{because}")
        }
        (Locale::ZhCn, SystemNote::DayPassed) => "任务自动取消：计划日期已过".to_owned(),
        (Locale::ZhCn, SystemNote::CauseGone(because)) => {
            let because = resolved_because(locale, because);
            format!("预警已解除：{because}，请按实际情况收尾")
        }
        (Locale::En, SystemNote::OverCap(most)) => {
            format!(
                "more than the day's {most} new tasks: no mail of its own, it stands in the brief"
            )
        }
        (Locale::En, SystemNote::Cancelled(because)) => {
            let because = resolved_because(locale, because);
            format!("cancelled by itself, before anybody accepted it: {because}")
        }
        (Locale::En, SystemNote::DayPassed) => {
            "cancelled by itself: the day that it was for has passed".to_owned()
        }
        (Locale::En, SystemNote::CauseGone(because)) => {
            let because = resolved_because(locale, because);
            format!("its cause is gone: {because}; bring it to an end as things stand")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_why_the_cause_of_its_task_is_gone() {
        let of = |locale| {
            [SystemNote::Cancelled, SystemNote::CauseGone]
                .map(|note| system_note(locale, note(ResolvedBecause::Restored)))
        };
        assert_eq!(
            of(Locale::ZhCn),
            [
                "任务自动取消：接单前号码已恢复",
                "预警已解除：号码已恢复，请按实际情况收尾"
            ]
        );
        assert_eq!(
            of(Locale::En),
            [
                "cancelled by itself, before anybody accepted it: the lines are back",
                "its cause is gone: the lines are back; bring it to an end as things stand"
            ]
        );
    }
}
