//! What people do with tasks in a scenario.
//!
//! It may not know what an action does. Invariant: a value that a field may not hold is refused
//! here, with its place in the file.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::Table;

use super::expectation::{self, Pattern};
use super::faults::Faults;
use super::fields::List;
use super::snapshot::ListedItem;
use crate::domain::ids::ManagerId;
use crate::domain::names::names;
use crate::domain::task::{ReportUp, TaskResult, UpwardReport};
use crate::domain::zone::Zone;
use crate::follow_up::act::{Action, Closing};

names! {
    /// What can be done with a task.
    pub(crate) enum Operation {
        Accept = "accept",
        Start = "start",
        Approve = "approve",
        Refuse = "refuse",
        Close = "close",
        Verify = "verify",
        Reopen = "reopen",
        Cancel = "cancel",
        Reassign = "reassign",
    }
}

/// The fields of an act in a scenario.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Said {
    /// Which task; exactly one must be so.
    task: Option<Table>,
    #[serde(rename = "do")]
    operation: Option<Operation>,
    #[serde(rename = "as", deserialize_with = "manager")]
    pub by: Option<ManagerId>,
    /// To whom it is given.
    #[serde(deserialize_with = "manager")]
    to: Option<ManagerId>,
    /// 更新服务档案, or the note of the action.
    note: Option<String>,
    /// 重要信息上报
    report_up: Option<ReportUp>,
    report: Option<String>,
    /// Whether that is urgent.
    urgent: bool,
    /// 工作成果
    result: Option<TaskResult>,
    /// 小结
    summary: Option<String>,
    cost_fen: Option<u32>,
    /// Whether it is a story worth sharing.
    case: bool,
    /// That it is refused, with these words.
    pub refused: Option<String>,
}

fn manager<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<ManagerId>, D::Error> {
    let id = String::deserialize(reader)?;
    ManagerId::parse(&id).map(Some).map_err(D::Error::custom)
}

/// Somebody does something with a task.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    /// Its place in the file, for people.
    pub place: String,
    task: Pattern,
    pub operation: Operation,
    pub keys: Said,
}

impl Act {
    /// Whether it is done with this task.
    #[must_use]
    pub(crate) fn means(&self, task: &ListedItem) -> bool {
        self.task.fits(task)
    }

    /// The action; what is left out of a closing is empty, and refused as it would be.
    ///
    /// # Errors
    /// What it lacks.
    pub(crate) fn action(&self) -> Result<Action, &'static str> {
        let keys = self.keys.clone();
        let note = keys.note.clone().unwrap_or_default();
        Ok(match self.operation {
            Operation::Accept => Action::Accept,
            Operation::Start => Action::Start,
            Operation::Approve => Action::Approve { note: keys.note },
            Operation::Refuse => Action::Refuse { note },
            Operation::Verify => Action::Verify,
            Operation::Reopen => Action::Reopen { note },
            Operation::Cancel => Action::Cancel { note },
            Operation::Reassign => Action::Reassign {
                to: keys.to.ok_or("lacks `to`, whom it is given to")?,
            },
            Operation::Close => Action::Close(Closing {
                note,
                report: Some(UpwardReport {
                    about: keys.report_up.unwrap_or(ReportUp::None),
                    text: keys.report.unwrap_or_default(),
                    urgent: keys.urgent,
                }),
                result: keys.result.ok_or("lacks `result`")?,
                summary: keys.summary,
                cost_fen: keys.cost_fen.map(i64::from),
                is_case: keys.case,
            }),
        })
    }
}

/// An act, if its fields name a task and an operation.
pub(super) fn read_act(
    mut keys: Said,
    key: &str,
    zone: Zone,
    faults: &mut Faults<'_>,
) -> Option<Act> {
    let task_key = format!("{key}.task");
    let task = keys.task.take();
    if task.is_none() {
        faults.refuse(
            &task_key,
            "expected which task, like { group = \"G1\", kind = \"retention\" }",
        );
    }
    if keys.operation.is_none() {
        faults.refuse(
            &format!("{key}.do"),
            "is missing; hint: do = \"accept\", or what else is done",
        );
    }
    Some(Act {
        place: faults.place(key),
        task: expectation::pattern(List::Tasks, task?, &task_key, zone, faults),
        operation: keys.operation?,
        keys,
    })
}
