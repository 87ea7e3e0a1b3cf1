//! What the file holds, read in one go: no more than the group customer touches.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, TaskId};
use crate::domain::daily_row::DailyRow;
use crate::domain::event::Contact;
use crate::domain::ids::GroupId;
use crate::domain::indicator::Scope;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reference::Reference;
use crate::domain::task::Task;
use crate::evaluate::rules::Rules;
use crate::follow_up::promises::{Promise, promises};
use crate::pipeline::load_read_model_of_group;
use crate::plan::daily_rows;
use crate::report::{Document, Instants};
use crate::store::Store;
use crate::views::error::ViewError;
use crate::views::lists::{TaskListContext, alerts, tasks};
use crate::views::queries::{ToVerify, in_order};

/// The data of one group customer.
pub(super) struct GroupFile<'a> {
    pub(super) group_id: &'a GroupId,
    pub(super) reference: &'a Reference,
    pub(super) row: Option<DailyRow>,
    pub(super) alerts: Vec<Alert>,
    pub(super) tasks: Vec<Task>,
    /// Its contacts, the latest first.
    pub(super) contacts: Vec<(Timestamp, &'a Contact)>,
    pub(super) promises: Vec<Promise<'a>>,
    pub(super) today: LocalDay,
    pub(super) now: Timestamp,
    pub(super) instants: Instants,
}

/// The file of a group customer.
///
/// # Errors
/// When there is none, or the store fails.
pub(crate) fn group_file(
    store: &Store,
    rules: &Rules,
    group_id: &GroupId,
    instants: Instants,
    now: Timestamp,
) -> Result<Document<'static>, ViewError> {
    let zone = rules.zone;
    let today = zone.day_of(now);
    let scope = Scope::Group(group_id.clone());
    let (read_model, mut alerts, tasks, to_verify) =
        store.read_tx("read a group customer's file", |tx| {
            let read_model =
                load_read_model_of_group(tx, group_id, today.month().first_day(), today)?;
            let tasks = tx.tasks_of_scope(&scope)?;
            let to_verify = ToVerify::new(zone).of_tasks(tx, &tasks)?;
            Ok((read_model, tx.alerts_of_scope(&scope)?, tasks, to_verify))
        })?;
    in_order(&mut alerts);
    let reference = &read_model.reference;
    if reference.group(group_id).is_none() && !read_model.series.contains_key(group_id) {
        return Err(ViewError::NoGroup(group_id.clone()));
    }
    let rows = daily_rows(
        read_model.inputs(rules),
        today,
        now,
        false,
        &BTreeMap::new(),
    );
    let mut contacts: Vec<(Timestamp, &Contact)> = reference
        .latest_contacts()
        .filter(|(_, contact)| contact.group_id == *group_id)
        .collect();
    contacts.sort_by(|(a, one), (b, other)| {
        b.cmp(a).then_with(|| one.contact_id.cmp(&other.contact_id))
    });
    let file = GroupFile {
        group_id,
        reference,
        row: rows.into_iter().find(|row| row.scope == scope),
        alerts,
        promises: promises(&contacts, zone, today.date()),
        tasks,
        contacts,
        today,
        now,
        instants,
    };
    Ok(file.document(&to_verify))
}

impl GroupFile<'_> {
    fn document(&self, to_verify: &BTreeSet<TaskId>) -> Document<'static> {
        let unit = self
            .reference
            .group(self.group_id)
            .map(|group| (self.group_id.clone(), group.unit_id.clone()));
        let units = unit.into_iter().collect();
        let beside = TaskListContext {
            to_verify,
            units: &units,
            now: self.now,
            instants: self.instants,
        };
        Document::default()
            .with_one("group", "集团客户", self.group())
            .with_one("figures", "成员与当月数据", self.figures())
            .with_many("indicators", "四项指标", self.indicators())
            .with_many("alerts", "预警", alerts(&self.alerts, self.instants))
            .with_many("tasks", "任务", tasks(&self.tasks, beside))
            .with_many("contacts", "联系记录", self.contacts())
            .with_many("promises", "承诺", self.promises())
            .with_many("key_dates", "关键时刻", self.key_dates())
            .with_many("projects", "重点项目", self.projects())
            .with_many("notes", "服务档案", self.notes())
    }
}
