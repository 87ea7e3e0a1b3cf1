//! `groups show`: the file of a group customer (服务档案), all that is known of it on one page.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use chrono::{Datelike, NaiveDate};

use crate::domain::alert::{Alert, TaskId};
use crate::domain::daily_row::DailyRow;
use crate::domain::event::{Contact, Every, KeyDate, KeyDay};
use crate::domain::ids::GroupId;
use crate::domain::indicator::{Indicator, Scope};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reference::Reference;
use crate::domain::task::Task;
use crate::follow_up::promises::{Promise, PromiseState, promises};
use crate::pipeline::World;
use crate::plan::daily_rows;
use crate::report::{Cell, Column, Document, Kind, Listing, words};
use crate::store::Store;

use super::error::AppError;
use super::lists::{Instants, alerts, at, code, count, some, text};
use super::settings::Setup;
use super::{reports, task_lists};

/// Everything that is known of one group customer.
struct GroupFile<'a> {
    group_id: &'a GroupId,
    reference: &'a Reference,
    row: Option<DailyRow>,
    alerts: Vec<Alert>,
    tasks: Vec<Task>,
    /// Its contacts, the latest first.
    contacts: Vec<(Timestamp, &'a Contact)>,
    promises: Vec<Promise<'a>>,
    today: LocalDay,
    now: Timestamp,
    instants: Instants,
}

/// The file of a group customer.
///
/// # Errors
/// When there is none, or the store says no.
pub fn group_file(setup: &Setup, store: &Store, group_id: &GroupId, instants: Instants) -> Result<Document<'static>, AppError> {
    let now = reports::now(setup, store)?;
    let (zone, rules) = (setup.config.timezone, setup.rules());
    let today = zone.day_of(now);
    let (world, all_alerts, all_tasks) =
        store.read("read a group customer's file", |tx| Ok((World::read(tx)?, tx.alerts()?, tx.tasks()?)))?;
    let reference = &world.reference;
    if reference.group(group_id).is_none() && !world.series.contains_key(group_id) {
        return Err(anyhow!("there is no group customer {group_id}\nhint: `sisan report daily --scope group` lists them").into());
    }
    let scope = Scope::Group(group_id.clone());
    let rows = daily_rows(world.picture(&rules), today, now, false, &BTreeMap::new());
    let of_group = reference.contacts.values().filter_map(|history| history.entries().last());
    let of_group = of_group.filter(|(_, contact)| contact.group_id == *group_id);
    let mut contacts: Vec<(Timestamp, &Contact)> = of_group.map(|(order, contact)| (order.time, contact)).collect();
    contacts.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.contact_id.cmp(&other.contact_id)));
    let file = GroupFile {
        group_id,
        reference,
        row: rows.into_iter().find(|row| row.scope == scope),
        alerts: all_alerts.into_iter().filter(|alert| alert.key.scope == scope).collect(),
        promises: promises(&contacts, zone, today.date()),
        tasks: all_tasks.iter().filter(|task| task.scope == scope).cloned().collect(),
        contacts,
        today,
        now,
        instants,
    };
    Ok(file.document(&task_lists::must_verify(&all_tasks, zone)))
}

impl GroupFile<'_> {
    fn document(&self, to_verify: &BTreeSet<TaskId>) -> Document<'static> {
        Document::default()
            .with_one("group", "集团客户", self.group())
            .with_one("figures", "成员与当月数据", self.figures())
            .with_many("indicators", "四项指标", self.indicators())
            .with_many("alerts", "告警", alerts(&self.alerts, self.instants))
            .with_many("tasks", "任务", task_lists::tasks(&self.tasks, to_verify, self.now, self.instants))
            .with_many("contacts", "联系记录", self.contacts())
            .with_many("promises", "承诺", self.promises())
            .with_many("key_dates", "关键时刻", self.key_dates())
            .with_many("projects", "重点项目", self.projects())
            .with_many("notes", "服务档案", self.notes())
    }

    fn group(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("group_id", "编号"),
            Column::text("name", "名称").masking(),
            Column::text("unit_id", "单位"),
            Column::text("unit", "单位名称"),
            Column::text("manager_id", "客户经理"),
            Column::text("manager", "客户经理姓名"),
            Column::text("tier", "等级"),
            Column::text("industry", "行业"),
            Column::text("parent_group_id", "上级集团"),
            Column::text("visit_mode", "走访方式"),
            Column::new("closed", "已撤销", Kind::Bool),
        ]);
        let known = self.reference.group(self.group_id);
        let unit = known.and_then(|group| self.reference.unit(&group.unit_id));
        let manager = known.and_then(|group| self.reference.manager(&group.manager_id));
        list.push(vec![
            text(self.group_id.as_str()),
            some(known, |group| text(&*group.name)),
            some(known, |group| text(group.unit_id.as_str())),
            some(unit, |unit| text(&*unit.name)),
            some(known, |group| text(group.manager_id.as_str())),
            some(manager, |manager| text(&*manager.name)),
            some(known, |group| text(format!("{:?}", group.tier))),
            some(known.and_then(|group| group.industry.as_ref()), |industry| text(&**industry)),
            some(known.and_then(|group| group.parent_group_id.as_ref()), |parent| text(parent.as_str())),
            some(known, |group| code(group.visit_mode)),
            some(known, |group| Cell::Bool(group.closed)),
        ]);
        list
    }

    fn figures(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("date", "日期"),
            count("members", "成员"),
            count("in_use", "在用"),
            count("suspended", "停机"),
            count("newly_suspended", "今日新停机"),
            count("opening", "月初成员"),
            count("joined", "本月加入"),
            count("lost", "本月流失"),
            count("churned", "本月离网"),
            count("churned_voluntary", "其中主动销户"),
            count("churned_involuntary", "其中被动销户"),
            count("ported_out", "其中携出"),
            count("complaints", "本月投诉"),
            count("open_complaints", "未结投诉"),
            count("survey_answers", "本月答卷"),
            count("developed", "本月发展"),
        ]);
        if let Some(row) = &self.row {
            let f = &row.figures;
            let counts = [
                f.closing,
                f.closing - f.suspended,
                f.suspended,
                f.newly_suspended,
                f.opening,
                f.joined,
                f.lost,
                f.churned(),
                f.churned_voluntary,
                f.churned_involuntary,
                f.ported_out,
                f.complaints,
                f.open_complaints,
                f.survey_answers,
                f.developed,
            ];
            list.push([text(self.today.to_string())].into_iter().chain(counts.map(Cell::Int)).collect());
        }
        list
    }

    fn indicators(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("indicator", "指标"),
            Column::new("value", "值", Kind::Number),
            Column::new("verdict", "判定", Kind::Code(words::verdict)),
        ]);
        if let Some(row) = &self.row {
            for indicator in Indicator::ALL {
                let judged = row.judged(indicator);
                list.push(vec![text(indicator.name()), some(judged.value, Cell::Float), text(judged.verdict.name())]);
            }
        }
        list
    }

    fn contacts(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            at("at", "时间"),
            Column::text("contact_id", "联系").detail(),
            Column::text("manager_id", "客户经理"),
            Column::text("channel", "方式"),
            Column::text("intent", "离网意向"),
            Column::text("effect", "效果"),
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

    fn promises(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("contact_id", "联系"),
            Column::text("manager_id", "承诺人"),
            Column::text("promised_on", "承诺日期"),
            Column::text("state", "状态"),
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

    fn key_dates(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("key_date_id", "关键时刻").detail(),
            Column::text("kind", "类型"),
            Column::text("title", "事由").masking(),
            Column::text("contact", "联系人").masking(),
            Column::text("date", "日期"),
            Column::text("every", "周期"),
            Column::text("next_on", "下次"),
        ]);
        let live = self.reference.key_dates.values().filter_map(|history| history.latest());
        let mut live: Vec<(Option<NaiveDate>, &KeyDate)> = live
            .filter(|key_date| key_date.group_id == *self.group_id && !key_date.removed)
            .map(|key_date| (next_on(key_date, self.today.date()), key_date))
            .collect();
        // What comes first stands first, what comes no more last.
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

    fn projects(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("project_id", "项目"),
            Column::text("title", "名称").masking(),
            Column::text("due_on", "期限"),
            Column::new("closed", "已结", Kind::Bool),
        ]);
        let latest = self.reference.projects.values().filter_map(|history| history.latest());
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

    fn notes(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            at("ended_at", "时间"),
            Column::text("task_id", "任务"),
            Column::text("assignee", "负责人"),
            Column::text("result", "结果"),
            Column::text("note", "档案").masking(),
            Column::text("summary", "小结").masking(),
            Column::text("report_up", "上报").detail(),
            Column::text("report_text", "上报内容").masking().detail(),
        ]);
        let mut done: Vec<&Task> = self.tasks.iter().filter(|task| task.finish.is_some()).collect();
        done.sort_by_key(|task| (std::cmp::Reverse(task.ended_at), task.task_id.clone()));
        for task in done {
            let Some(finish) = &task.finish else { continue };
            list.push(vec![
                some(task.ended_at, |t| self.instants.cell(t)),
                text(task.task_id.as_str()),
                text(super::lists::assignee(&task.assignee)),
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
        KeyDay::Lunar { month, day, leap } => format!("农历 {}{month}-{day}", if leap { "闰" } else { "" }),
    }
}

/// When a solar key date comes next, from today on; 29 February is kept on the 28th in common years.
fn next_on(key_date: &KeyDate, today: NaiveDate) -> Option<NaiveDate> {
    let KeyDay::Solar(first) = key_date.day else { return None };
    let on = |year| first.with_year(year).or_else(|| first.with_day(28)?.with_year(year));
    let comes = |day: &NaiveDate| *day >= today && *day >= first;
    match key_date.every {
        Every::Once => Some(first).filter(comes),
        Every::Year => (today.year()..=today.year().max(first.year()) + 1).filter_map(on).find(comes),
    }
}
