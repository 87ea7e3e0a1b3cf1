//! What was done to a task or an alert, and by whom.

use crate::domain::task::Step;
use crate::report::{Column, Instants, Listing};
use crate::views::codes;
use crate::views::column::{ListColumn, at, column, listing, some, text};

const STEPS: &[ListColumn<Step>] = &[
    column(at("at", "时间"), |r| r.at.into()),
    column(Column::code("what", "动作", codes::step), |r| {
        r.what.name().into()
    }),
    column(Column::text("manager_id", "名义"), |r| {
        some(r.by.manager_id.as_ref(), |manager| text(manager.as_str()))
    }),
    column(Column::text("user", "系统用户"), |r| {
        r.by.user.clone().into()
    }),
    column(Column::text("from", "原负责人"), |r| {
        some(r.moved.as_ref(), |moved| text(moved.from.name()))
    }),
    column(Column::text("to", "现负责人"), |r| {
        some(r.moved.as_ref(), |moved| text(moved.to.name()))
    }),
    column(
        Column::code("taken_back", "退回的结果", codes::result),
        |r| r.finish.as_ref().map(|finish| finish.result.name()).into(),
    ),
    column(Column::text("note", "说明").masking(), |r| {
        r.note.clone().into()
    }),
];

pub(crate) fn steps(steps: &[Step], instants: Instants) -> Listing<'static> {
    listing(STEPS, steps, instants)
}
