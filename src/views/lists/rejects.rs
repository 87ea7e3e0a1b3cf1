//! Deliveries that were no events, and conflicts.

use crate::report::{Column, Instants, Listing};
use crate::store::StoredReject;
use crate::views::codes;
use crate::views::column::{ListColumn, at, column, count, int, listing, text};

pub(crate) const REJECTS: &[ListColumn<StoredReject>] = &[
    column(count("reject_id", "编号"), |r| r.reject_id.into()),
    column(Column::text("source", "来源"), |r| text(&*r.source)),
    column(count("position", "位置"), |r| int(r.position)),
    column(
        Column::code("class", "类别", codes::reject_class).one_of(codes::reject_classes),
        |r| r.class.name().into(),
    ),
    column(Column::text("reason", "错误原文").masking(), |r| {
        text(&*r.reason)
    }),
    column(at("at", "时间"), |r| r.rejected_at.into()),
];

/// `rejects list`
#[must_use]
pub(crate) fn rejects(rejects: &[StoredReject], instants: Instants) -> Listing<'static> {
    listing(REJECTS, rejects, instants)
}
