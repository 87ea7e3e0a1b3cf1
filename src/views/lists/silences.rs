//! Silences.

use crate::domain::silence::Silence;
use crate::report::{Column, Instants, Listing};
use crate::views::codes;
use crate::views::column::{ListColumn, at, column, listing, some, text};

const SILENCES: &[ListColumn<Silence>] = &[
    column(Column::text("silence_id", "静默"), |r| {
        text(r.silence_id.as_str())
    }),
    column(Column::code("scope", "范围", codes::scope), |r| {
        r.scope.name().into()
    }),
    column(Column::text("scope_id", "编号"), |r| text(r.scope.id())),
    column(Column::code("kind", "类型", codes::alert_kind), |r| {
        r.kind.map(|kind| kind.name()).into()
    }),
    column(Column::text("until", "截止"), |r| {
        text(r.until.to_string())
    }),
    column(Column::text("reason", "原因").masking(), |r| {
        text(&*r.reason)
    }),
    column(Column::text("manager_id", "名义"), |r| {
        some(r.by.manager_id.as_ref(), |manager| text(manager.as_str()))
    }),
    column(Column::text("user", "系统用户").if_room(), |r| {
        r.by.user.clone().into()
    }),
    column(at("made_at", "设置").if_room(), |r| r.made_at.into()),
];

/// `alerts silences`
#[must_use]
pub(crate) fn silences(silences: &[Silence], instants: Instants) -> Listing<'static> {
    listing(SILENCES, silences, instants)
}
