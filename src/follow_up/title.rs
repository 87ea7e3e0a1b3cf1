//! What work that comes from no alert is about, in the reader's language.
//!
//! Names, notes and titles are shown as they were written. Invariant: both languages say the same.

use chrono::NaiveDate;

use super::check_text::how;
use crate::domain::alert::Alert;
use crate::domain::festival::Festival;
use crate::domain::ids::mask_phone;
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;

/// What a task is about that comes from no alert.
#[derive(Debug, Clone, Copy)]
pub enum Title<'a> {
    /// What was promised in a contact, if it was written down, and for which day.
    Promise(NaiveDate, Option<&'a str>),
    /// What a customer said who means to leave.
    StrongIntent(Option<&'a str>),
    Project(&'a str),
    /// A key project for which the chief account manager goes along.
    JointVisitForProject(&'a str),
    /// An alert for which he does.
    JointVisitFor(&'a Alert),
    /// Who was the customer's manager before.
    HandOver(&'a str),
    /// A key date and its day.
    KeyDate(&'a str, NaiveDate),
    /// A public holiday and its day.
    Festival(Festival, NaiveDate),
    /// Members at the beginning of the month and now.
    Growth(i64, i64),
    /// Members who left of their own will.
    Left(i64),
    /// When a customer was kept, and how many days ago that is to be.
    Kept(LocalDay, u32),
}

impl Title<'_> {
    /// As a reader reads it.
    #[must_use]
    pub fn text(self, locale: Locale) -> String {
        match locale {
            Locale::ZhCn => self.zh(),
            Locale::En => self.en(),
        }
    }

    fn zh(self) -> String {
        match self {
            Self::Promise(on, what) => format!("{on} 前：{}", what.unwrap_or("后续联系")),
            Self::StrongIntent(what) => {
                format!("离网意向较大：{}", what.unwrap_or("客户表示要离网"))
            }
            Self::Project(title) => title.to_owned(),
            Self::JointVisitForProject(title) => format!("重点项目：{title}"),
            Self::JointVisitFor(alert) if is_batch(alert) => format!(
                "成员批量离开集团：{}",
                how(&alert.explanation, Locale::ZhCn)
            ),
            Self::JointVisitFor(alert) => {
                format!(
                    "关键人号码 {} 有离网意向",
                    mask_phone(alert.key.subject.as_str())
                )
            }
            Self::HandOver(name) => format!("原客户经理 {name}"),
            Self::KeyDate(title, on) => format!("{title}（{on}）"),
            Self::Festival(festival, on) => format!("{}（{on}）", festival.zh()),
            Self::Growth(opening, now) => format!("月初 {opening} 户，现有 {now} 户"),
            Self::Left(left) => format!("主动离网或携出 {left} 户"),
            Self::Kept(on, days) => format!("挽留满 {days} 天（{on} 挽留）"),
        }
    }

    fn en(self) -> String {
        match self {
            Self::Promise(on, what) => format!("by {on}: {}", what.unwrap_or("a further contact")),
            Self::StrongIntent(what) => format!(
                "strong intent to leave: {}",
                what.unwrap_or("the customer says so")
            ),
            Self::Project(title) => title.to_owned(),
            Self::JointVisitForProject(title) => format!("key project: {title}"),
            Self::JointVisitFor(alert) if is_batch(alert) => {
                format!("many members left: {}", how(&alert.explanation, Locale::En))
            }
            Self::JointVisitFor(alert) => format!(
                "the key contact's line {} may leave",
                mask_phone(alert.key.subject.as_str())
            ),
            Self::HandOver(name) => format!("account manager before: {name}"),
            Self::KeyDate(title, on) => format!("{title} ({on})"),
            Self::Festival(festival, on) => format!("{} ({on})", festival.en()),
            Self::Growth(opening, now) => {
                format!("members: {opening} at the month's beginning, {now} now")
            }
            Self::Left(left) => format!("members who left of their own will or ported out: {left}"),
            Self::Kept(on, days) => format!("kept on {on}, {days} days ago"),
        }
    }
}

fn is_batch(alert: &Alert) -> bool {
    alert.key.kind == AlertKind::Signal(Signal::BatchLeave)
}
