//! What was done to a task or an alert, and by whom.

use crate::domain::locale::Locale;
use crate::domain::task::{Step, StepCause};
use crate::notify::words::notes;
use crate::report::{Cell, Column, Instants, Listing};
use crate::views::codes;
use crate::views::column::{ListColumn, at, column, listing, some, text};

/// A step, and the language of its reader; programs have none.
struct StepRow<'a> {
    step: &'a Step,
    reader: Option<Locale>,
}

impl<'a> StepRow<'a> {
    const COLUMNS: &'a [ListColumn<Self>] = &[
        column(at("at", "时间"), |r| r.step.at.into()),
        column(Column::code("what", "动作", codes::step), |r| {
            r.step.what.name().into()
        }),
        column(Column::text("manager_id", "名义"), |r| {
            some(r.step.by.manager_id.as_ref(), |manager| {
                text(manager.as_str())
            })
        }),
        column(Column::text("user", "系统用户"), |r| {
            r.step.by.user.clone().into()
        }),
        column(Column::text("from", "原负责人"), |r| {
            some(r.step.moved.as_ref(), |moved| text(moved.from.name()))
        }),
        column(Column::text("to", "现负责人"), |r| {
            some(r.step.moved.as_ref(), |moved| text(moved.to.name()))
        }),
        column(
            Column::code("taken_back", "退回的结果", codes::result),
            |r| {
                r.step
                    .finish
                    .as_ref()
                    .map(|finish| finish.result.name())
                    .into()
            },
        ),
        column(Column::text("note", "说明").masking(), note),
        column(Column::text("cause_id", "依据编号"), |r| {
            some(r.step.cause.as_ref(), |cause| match cause {
                StepCause::Lead(alert_id, _) | StepCause::LeadResolved(alert_id, _) => {
                    text(alert_id.to_string())
                }
                StepCause::Contact(contact_id) => text(contact_id.as_str()),
            })
        }),
    ];
}

/// The note of whoever took the step; its reader gets what the worker took it for.
fn note(row: &StepRow<'_>) -> Cell<'static> {
    match (&row.step.cause, row.reader) {
        (Some(cause), Some(locale)) => text(notes::step_cause(locale, cause)),
        _ => row.step.note.clone().into(),
    }
}

pub(crate) fn steps(steps: &[Step], instants: Instants) -> Listing<'static> {
    let reader = instants.reader();
    let rows = steps.iter().map(|step| StepRow { step, reader });
    listing(StepRow::COLUMNS, rows, instants)
}
