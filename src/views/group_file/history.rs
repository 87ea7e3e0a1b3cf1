//! Contacts, promises, plans and notes.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::gather::GroupFile;
use crate::domain::event::{Contact, KeyDate, KeyDay, Project};
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::reminder::LunarKept;
use crate::domain::task::{Finish, Task};
use crate::follow_up::key_dates::next_on;
use crate::follow_up::promises::Promise;
use crate::notify::words::{dates, notes};
use crate::report::{Column, Listing};
use crate::views::codes;
use crate::views::column::{ListColumn, at, column, listing, some, text, yes_or_no};

impl<'a> GroupFile<'a> {
    const CONTACTS: &'a [ListColumn<(Timestamp, &'a Contact)>] = &[
        column(at("at", "时间"), |(time, _)| (*time).into()),
        column(Column::text("contact_id", "联系").detail(), |(_, r)| {
            text(r.contact_id.as_str())
        }),
        column(Column::text("manager_id", "客户经理"), |(_, r)| {
            text(r.manager_id.as_str())
        }),
        column(
            Column::code("channel", "方式", codes::channel),
            |(_, r)| text(r.channel.name()),
        ),
        column(
            Column::code("intent", "离网意向", codes::intent),
            |(_, r)| some(r.intent, |one| text(one.name())),
        ),
        column(Column::code("effect", "效果", codes::effect), |(_, r)| {
            some(r.effect, |one| text(one.name()))
        }),
        column(Column::text("note", "内容").masking(), |(_, r)| {
            some(r.note.as_deref(), text)
        }),
        column(
            Column::text("opinion", "客户意见").masking(),
            |(_, r)| some(r.opinion.as_deref(), text),
        ),
    ];

    const PROMISES: &'a [ListColumn<Promise<'a>>] = &[
        column(Column::text("contact_id", "联系"), |r| {
            text(r.contact.contact_id.as_str())
        }),
        column(Column::text("manager_id", "承诺人"), |r| {
            text(r.contact.manager_id.as_str())
        }),
        column(Column::text("promised_on", "承诺日期"), |r| {
            text(r.promised_on.to_string())
        }),
        column(Column::code("state", "状态", codes::promise), |r| {
            text(r.state.name())
        }),
        column(Column::text("kept_on", "兑现日期"), |r| {
            some(r.kept_on, |on| text(on.to_string()))
        }),
        column(Column::text("note", "内容").masking(), |r| {
            some(r.contact.note.as_deref(), text)
        }),
    ];

    pub(super) fn contacts(&self) -> Listing<'static> {
        listing(Self::CONTACTS, &self.contacts, self.instants)
    }

    pub(super) fn promises(&self) -> Listing<'static> {
        listing(Self::PROMISES, &self.promises, self.instants)
    }

    pub(super) fn key_dates(&self) -> Listing<'static> {
        let live = self
            .reference
            .key_dates
            .values()
            .filter_map(|history| history.latest());
        let mut live: Vec<ListedKeyDate<'_>> = live
            .filter(|key_date| key_date.group_id == *self.group_id && !key_date.removed)
            .map(|key_date| ListedKeyDate {
                key_date,
                next_on: next_on(key_date, self.today.date()),
                reader: self.instants.reader(),
            })
            .collect();
        // In the order of the next days; key dates without one come last.
        live.sort_by_key(|r| (r.next_on.is_none(), r.next_on, &r.key_date.key_date_id));
        listing(ListedKeyDate::COLUMNS, live, self.instants)
    }

    pub(super) fn projects(&self) -> Listing<'static> {
        let latest = self
            .reference
            .projects
            .values()
            .filter_map(|history| history.latest());
        let own = latest.filter(|project| project.group_id == *self.group_id);
        listing(PROJECTS, own, self.instants)
    }

    pub(super) fn notes(&self) -> Listing<'static> {
        let mut done: Vec<DoneTask<'_>> = self
            .tasks
            .iter()
            .filter_map(|task| {
                let finish = task.finish.as_ref()?;
                let locale = self.instants.reader().unwrap_or_default();
                Some(DoneTask {
                    task,
                    finish,
                    locale,
                })
            })
            .collect();
        done.sort_by_key(|r| (Reverse(r.task.ended_at), &r.task.task_id));
        listing(DoneTask::COLUMNS, done, self.instants)
    }
}

#[derive(Debug)]
struct ListedKeyDate<'a> {
    key_date: &'a KeyDate,
    /// When it falls next, if it ever does.
    next_on: Option<NaiveDate>,
    /// In which language, to people.
    reader: Option<Locale>,
}

impl<'a> ListedKeyDate<'a> {
    const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("key_date_id", "关键时刻").detail(), |r| {
            text(r.key_date.key_date_id.as_str())
        }),
        column(Column::code("kind", "类型", codes::key_date), |r| {
            text(r.key_date.kind.name())
        }),
        column(Column::text("title", "事由").masking(), |r| {
            text(&*r.key_date.title)
        }),
        column(Column::text("contact", "联系人").masking(), |r| {
            some(r.key_date.contact.as_deref(), text)
        }),
        column(Column::text("date", "日期"), |r| {
            text(day_text(r.key_date.day, r.reader))
        }),
        column(Column::code("every", "周期", codes::every), |r| {
            text(r.key_date.every.name())
        }),
        column(Column::text("next_on", "下次"), |r| {
            some(r.next_on, |on| text(on.to_string()))
        }),
    ];
}

const PROJECTS: &[ListColumn<Project>] = &[
    column(Column::text("project_id", "项目"), |r| {
        text(r.project_id.as_str())
    }),
    column(Column::text("title", "名称").masking(), |r| {
        text(&*r.title)
    }),
    column(Column::text("due_on", "期限"), |r| {
        some(r.due_on, |on| text(on.to_string()))
    }),
    column(yes_or_no("closed", "已结"), |r| r.closed.into()),
];

/// A task that was finished, and how.
#[derive(Debug)]
struct DoneTask<'a> {
    task: &'a Task,
    finish: &'a Finish,
    locale: Locale,
}

impl<'a> DoneTask<'a> {
    const COLUMNS: &'a [ListColumn<Self>] = &[
        column(at("ended_at", "时间"), |r| r.task.ended_at.into()),
        column(Column::text("task_id", "任务"), |r| {
            text(r.task.task_id.as_str())
        }),
        column(Column::text("assignee", "负责人"), |r| {
            text(r.task.assignee.name())
        }),
        column(Column::code("result", "结果", codes::result), |r| {
            r.finish.result.name().into()
        }),
        column(Column::text("subscribers_gone", "所列已离开"), |r| {
            let some_gone = r.finish.subscribers.filter(|gone| gone.all() > 0);
            some(some_gone, |gone| {
                text(format!("{}/{}", gone.all(), gone.named))
            })
        }),
        column(Column::text("note", "档案").masking(), |r| {
            text(notes::archive_note(r.locale, r.finish))
        }),
        column(Column::text("summary", "小结").masking(), |r| {
            text(notes::summary(r.locale, r.finish))
        }),
        column(
            Column::code("report_up", "上报", codes::report_up).detail(),
            |r| r.finish.report.about.name().into(),
        ),
        column(
            Column::text("report_text", "上报内容").masking().detail(),
            |r| text(&*r.finish.report.text),
        ),
    ];
}

/// A key date in the calendar that it is kept in, for people or for programs: `2026-10-01`,
/// `农历八月十五`, `lunar leap 6-1`.
fn day_text(day: KeyDay, reader: Option<Locale>) -> String {
    match day {
        KeyDay::Solar(on) => on.to_string(),
        KeyDay::Lunar(day) => dates::lunar(
            reader.unwrap_or(Locale::En),
            LunarKept {
                kept: day,
                falls_on: day,
            },
        ),
    }
}
