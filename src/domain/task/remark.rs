//! What the worker itself notes on a task.
//!
//! Invariant: what a remark is follows from what it is, never from how it reads.

use serde::{Deserialize, Deserializer, Serialize};

use super::Task;
use crate::domain::alert::ResolvedBecause;
use crate::domain::locale::Locale;

/// A note on a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// It is one more than so many that its assignee is told of on a day: it stands in his brief
    /// only.
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
            (Locale::ZhCn, Self::OverCap(most)) => {
                format!("超出当日新任务上限（{most} 个），未单独发邮件，请在晨报清单中处理")
            }
            (Locale::ZhCn, Self::Cancelled(because)) => {
                format!("任务自动取消：接单前{}", because.text(locale))
            }
            (Locale::ZhCn, Self::DayPassed) => "任务自动取消：计划日期已过".to_owned(),
            (Locale::ZhCn, Self::CauseGone(because)) => {
                format!("预警已解除：{}，请按实际情况收尾", because.text(locale))
            }
            (Locale::En, Self::OverCap(most)) => {
                format!(
                    "more than the day's {most} new tasks: no mail of its own, it stands in the brief"
                )
            }
            (Locale::En, Self::Cancelled(because)) => format!(
                "cancelled by itself, before anybody accepted it: {}",
                because.text(locale)
            ),
            (Locale::En, Self::DayPassed) => {
                "cancelled by itself: the day that it was for has passed".to_owned()
            }
            (Locale::En, Self::CauseGone(because)) => {
                format!(
                    "its cause is gone: {}; bring it to an end as things stand",
                    because.text(locale)
                )
            }
        }
    }
}

impl Task {
    /// Whether its assignee was not told of it because he was told of so many that day.
    #[must_use]
    pub const fn is_over_cap(&self) -> bool {
        matches!(self.remark, Some(Remark::OverCap(_)))
    }
}

/// Reads a remark; one that a program of before wrote is a text.
pub(super) fn stored<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Remark>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Remark(Remark),
        Text(String),
    }
    let stored = Option::<Stored>::deserialize(reader)?;
    Ok(stored.map(|stored| match stored {
        Stored::Remark(remark) => remark,
        Stored::Text(text) => Remark::Said(text),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct OfTask {
        #[serde(default, deserialize_with = "stored")]
        remark: Option<Remark>,
    }

    #[test]
    fn every_remark_comes_back_and_a_text_of_before_is_one_too() {
        let because = ResolvedBecause::Recovered;
        let all = [
            Remark::OverCap(20),
            Remark::Cancelled(because),
            Remark::DayPassed,
            Remark::CauseGone(because),
            Remark::Said("x".to_owned()),
        ];
        for remark in all.into_iter().map(Some).chain([None]) {
            let text = serde_json::to_string(&OfTask {
                remark: remark.clone(),
            })
            .expect("JSON");
            assert_eq!(
                serde_json::from_str::<OfTask>(&text)
                    .expect("the same")
                    .remark,
                remark
            );
        }
        let before: OfTask =
            serde_json::from_str(r#"{"remark":"起因已消除：指标已恢复正常"}"#).expect("a text");
        assert_eq!(
            before.remark,
            Some(Remark::Said("起因已消除：指标已恢复正常".to_owned()))
        );
        assert!(
            serde_json::from_str::<OfTask>("{}")
                .expect("none")
                .remark
                .is_none()
        );
    }
}
