//! What people do with tasks in a scenario.
//!
//! It may not know what an action does. Invariant: what a field may hold is refused here, where it
//! stands.

use toml::{Table, Value};

use super::expectation::{self, Pattern};
use super::fields::List;
use super::reading::{Faults, under};
use super::seen::Seen;
use super::words::json_of;
use crate::domain::ids::ManagerId;
use crate::domain::task::{Report, ReportUp, TaskResult};
use crate::domain::zone::Zone;
use crate::follow_up::act::{Action, Closing};

/// What can be done with a task.
const DOINGS: [&str; 9] = [
    "accept", "start", "approve", "refuse", "close", "verify", "reopen", "cancel", "reassign",
];

/// Somebody does something with a task.
#[derive(Debug, Clone)]
pub struct Act {
    /// Where it stands, for people.
    pub place: String,
    /// Which task; exactly one must be so.
    task: Pattern,
    /// What is done with it.
    pub doing: String,
    pub by: Option<ManagerId>,
    /// To whom it is given.
    pub to: Option<ManagerId>,
    /// 更新服务档案, or what is said about it.
    pub note: Option<String>,
    /// 重要信息上报
    pub report_up: Option<ReportUp>,
    pub report: Option<String>,
    /// Whether that is urgent.
    pub urgent: bool,
    /// 工作成果
    pub result: Option<TaskResult>,
    /// 小结
    pub summary: Option<String>,
    pub cost_fen: Option<i64>,
    /// Whether it is a story worth sharing.
    pub is_case: bool,
    /// That it is refused, with these words.
    pub refused: Option<String>,
}

impl Act {
    /// Whether it is done with this task.
    #[must_use]
    pub fn means(&self, task: &Seen) -> bool {
        self.task.fits(task)
    }

    /// The action; what is left out of a closing is empty, and refused as it would be.
    ///
    /// # Errors
    /// What it lacks.
    pub fn action(&self) -> Result<Action, &'static str> {
        let note = || self.note.clone().unwrap_or_default();
        Ok(match self.doing.as_str() {
            "accept" => Action::Accept,
            "start" => Action::Start,
            "approve" => Action::Approve {
                note: self.note.clone(),
            },
            "refuse" => Action::Refuse { note: note() },
            "verify" => Action::Verify,
            "reopen" => Action::Reopen { note: note() },
            "cancel" => Action::Cancel { note: note() },
            "reassign" => Action::Reassign {
                to: self.to.clone().ok_or("lacks `to`, whom it is given to")?,
            },
            _ => Action::Close(Closing {
                note: note(),
                report: Some(Report {
                    about: self.report_up.unwrap_or(ReportUp::None),
                    text: self.report.clone().unwrap_or_default(),
                    urgent: self.urgent,
                }),
                result: self.result.ok_or("lacks `result`")?,
                summary: self.summary.clone(),
                cost_fen: self.cost_fen,
                is_case: self.is_case,
            }),
        })
    }
}

const KEYS: [&str; 13] = [
    "task",
    "do",
    "as",
    "to",
    "note",
    "report_up",
    "report",
    "urgent",
    "result",
    "summary",
    "cost_fen",
    "case",
    "refused",
];

pub(super) fn read(act: &Value, key: &str, zone: Zone, faults: &mut Faults<'_>) -> Option<Act> {
    let Value::Table(act) = act else {
        faults.refuse(
            key,
            "expected a table like { task = { group = \"G1\" }, do = \"accept\", as = \"M1\" }",
        );
        return None;
    };
    faults.only(act, key, &KEYS);
    let task = match act.get("task") {
        Some(Value::Table(task)) => {
            expectation::pattern(List::Tasks, task, &under(key, "task"), zone, faults)
        }
        _ => {
            faults.refuse(
                &under(key, "task"),
                "expected which task, like { group = \"G1\", kind = \"retention\" }",
            );
            return None;
        }
    };
    let doing = named(
        act,
        "do",
        key,
        faults,
        |name| DOINGS.contains(&name).then(|| name.to_owned()),
        &DOINGS,
    );
    if doing.is_none() && !act.contains_key("do") {
        faults.refuse(
            &under(key, "do"),
            format!("is missing; hint: one of {}", DOINGS.join(", ")),
        );
    }
    let results: Vec<&str> = TaskResult::ALL.iter().map(|one| one.name()).collect();
    let reports: Vec<&str> = ReportUp::ALL.iter().map(|one| one.name()).collect();
    Some(Act {
        place: faults.place(key),
        task,
        doing: doing?,
        by: named(
            act,
            "as",
            key,
            faults,
            |id| ManagerId::parse(id).ok(),
            &["the id of a manager"],
        ),
        to: named(
            act,
            "to",
            key,
            faults,
            |id| ManagerId::parse(id).ok(),
            &["the id of a manager"],
        ),
        note: faults.text(act, "note", key),
        report_up: named(act, "report_up", key, faults, ReportUp::parse, &reports),
        report: faults.text(act, "report", key),
        urgent: faults.yes_or_no(act, "urgent", key).unwrap_or(false),
        result: named(act, "result", key, faults, TaskResult::parse, &results),
        summary: faults.text(act, "summary", key),
        cost_fen: faults
            .count(act, "cost_fen", key)
            .and_then(|fen| i64::try_from(fen).ok()),
        is_case: faults.yes_or_no(act, "case", key).unwrap_or(false),
        refused: faults.text(act, "refused", key),
    })
}

fn named<T>(
    act: &Table,
    name: &str,
    key: &str,
    faults: &mut Faults<'_>,
    read: impl Fn(&str) -> Option<T>,
    names: &[&str],
) -> Option<T> {
    let value = act.get(name)?;
    let read = value.as_str().and_then(read);
    if read.is_none() {
        faults.refuse(
            &under(key, name),
            format!(
                "{} is none there is; hint: one of {}",
                json_of(value),
                names.join(", ")
            ),
        );
    }
    read
}
