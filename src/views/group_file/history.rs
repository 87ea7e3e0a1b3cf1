//! Contacts, promises, plans and notes.

use chrono::NaiveDate;

use super::gather::GroupFile;
use crate::domain::event::{KeyDate, KeyDay};
use crate::domain::task::Task;
use crate::follow_up::key_dates::next_on;
use crate::follow_up::promises::PromiseState;
use crate::report::{Cell, Column, Kind, Listing};
use crate::views::codes;
use crate::views::column::{at, code, some, text};

impl GroupFile<'_> {
    pub(super) fn contacts(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            at("at", "时间"),
            Column::text("contact_id", "联系").detail(),
            Column::text("manager_id", "客户经理"),
            Column::code("channel", "方式", codes::channel),
            Column::code("intent", "离网意向", codes::intent),
            Column::code("effect", "效果", codes::effect),
            Column::text("note", "内容").masking(),
            Column::text("opinion", "客户意见").masking(),
        ]);
        for (time, contact) in &self.contacts {
            list.push(vec![
                self.instants.cell(*time),
                text(contact.contact_id.as_str()),
                text(contact.manager_id.as_str()),
                code(contact.channel),
                some(contact.intent, code),
                some(contact.effect, code),
                some(contact.note.as_deref(), text),
                some(contact.opinion.as_deref(), text),
            ]);
        }
        list
    }

    pub(super) fn promises(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("contact_id", "联系"),
            Column::text("manager_id", "承诺人"),
            Column::text("promised_on", "承诺日期"),
            Column::code("state", "状态", codes::promise),
            Column::text("kept_on", "兑现日期"),
            Column::text("note", "内容").masking(),
        ]);
        for promise in &self.promises {
            let kept_on = match promise.state {
                PromiseState::Kept(on) | PromiseState::KeptLate(on) => Some(on),
                PromiseState::Open | PromiseState::Broken => None,
            };
            list.push(vec![
                text(promise.contact.contact_id.as_str()),
                text(promise.contact.manager_id.as_str()),
                text(promise.promised_on.to_string()),
                text(promise.state.name()),
                some(kept_on, |on| text(on.to_string())),
                some(promise.contact.note.as_deref(), text),
            ]);
        }
        list
    }

    pub(super) fn key_dates(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("key_date_id", "关键时刻").detail(),
            Column::code("kind", "类型", codes::key_date),
            Column::text("title", "事由").masking(),
            Column::text("contact", "联系人").masking(),
            Column::text("date", "日期"),
            Column::text("every", "周期"),
            Column::text("next_on", "下次"),
        ]);
        let live = self
            .reference
            .key_dates
            .values()
            .filter_map(|history| history.latest());
        let mut live: Vec<(Option<NaiveDate>, &KeyDate)> = live
            .filter(|key_date| key_date.group_id == *self.group_id && !key_date.removed)
            .map(|key_date| (next_on(key_date, self.today.date()), key_date))
            .collect();
        // In the order of the next days; key dates without one come last.
        live.sort_by_key(|(next, key_date)| (next.is_none(), *next, key_date.key_date_id.clone()));
        for (next, key_date) in live {
            list.push(vec![
                text(key_date.key_date_id.as_str()),
                code(key_date.kind),
                text(&*key_date.title),
                some(key_date.contact.as_deref(), text),
                text(day_text(key_date.day)),
                code(key_date.every),
                some(next, |on| text(on.to_string())),
            ]);
        }
        list
    }

    pub(super) fn projects(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("project_id", "项目"),
            Column::text("title", "名称").masking(),
            Column::text("due_on", "期限"),
            Column::new("closed", "已结", Kind::Bool),
        ]);
        let latest = self
            .reference
            .projects
            .values()
            .filter_map(|history| history.latest());
        for project in latest.filter(|project| project.group_id == *self.group_id) {
            list.push(vec![
                text(project.project_id.as_str()),
                text(&*project.title),
                some(project.due_on, |on| text(on.to_string())),
                Cell::Bool(project.closed),
            ]);
        }
        list
    }

    pub(super) fn notes(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            at("ended_at", "时间"),
            Column::text("task_id", "任务"),
            Column::text("assignee", "负责人"),
            Column::code("result", "结果", codes::result),
            Column::text("note", "档案").masking(),
            Column::text("summary", "小结").masking(),
            Column::code("report_up", "上报", codes::report_up).detail(),
            Column::text("report_text", "上报内容").masking().detail(),
        ]);
        let mut done: Vec<&Task> = self
            .tasks
            .iter()
            .filter(|task| task.finish.is_some())
            .collect();
        done.sort_by_key(|task| (std::cmp::Reverse(task.ended_at), task.task_id.clone()));
        for task in done {
            let Some(finish) = &task.finish else { continue };
            list.push(vec![
                some(task.ended_at, |t| self.instants.cell(t)),
                text(task.task_id.as_str()),
                text(task.assignee.name()),
                text(finish.result.name()),
                text(finish.note.clone()),
                text(finish.summary.clone()),
                text(finish.report.about.name()),
                text(finish.report.text.clone()),
            ]);
        }
        list
    }
}

/// A key date in the calendar that it is kept in: `2026-10-01`, `农历 8-15`, `农历 闰6-1`.
fn day_text(day: KeyDay) -> String {
    match day {
        KeyDay::Solar(on) => on.to_string(),
        KeyDay::Lunar(day) => format!("农历 {day}"),
    }
}
