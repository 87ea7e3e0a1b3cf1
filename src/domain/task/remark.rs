//! What the worker itself notes on a task.
//!
//! Invariant: what a remark is follows from what it is, never from how it reads.

use serde::{Deserialize, Serialize};

use crate::domain::alert::ResolvedBecause;
use crate::domain::locale::Locale;

/// A note on a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// It is one more than so many that its assignee is told of on a day: it stands in his brief only.
    OverCap(u32),
    /// Nobody had accepted it when its cause went.
    Cancelled(ResolvedBecause),
    /// A plan was for a day, and that has passed.
    DayPassed,
    /// Somebody works on it; its cause has gone meanwhile.
    CauseGone(ResolvedBecause),
    /// Somebody said so who ended it.
    Said(String),
}

impl Remark {
    /// As a reader reads it.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        match (locale, self) {
            (_, Self::Said(said)) => said.clone(),
            (Locale::ZhCn, Self::OverCap(most)) => format!("超出当日新任务上限（{most} 个），未单独发邮件，请在晨报清单中处理"),
            (Locale::ZhCn, Self::Cancelled(because)) => format!("任务自动取消：接单前{}", because.text(locale)),
            (Locale::ZhCn, Self::DayPassed) => "任务自动取消：计划日期已过".to_owned(),
            (Locale::ZhCn, Self::CauseGone(because)) => format!("预警已解除：{}，请按实际情况收尾", because.text(locale)),
            (Locale::En, Self::OverCap(most)) => {
                format!("more than the day's {most} new tasks: no mail of its own, it stands in the brief")
            }
            (Locale::En, Self::Cancelled(because)) => format!("cancelled by itself, before anybody accepted it: {}", because.text(locale)),
            (Locale::En, Self::DayPassed) => "cancelled by itself: the day that it was for has passed".to_owned(),
            (Locale::En, Self::CauseGone(because)) => {
                format!("its cause is gone: {}; bring it to an end as things stand", because.text(locale))
            }
        }
    }
}
