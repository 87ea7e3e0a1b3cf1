//! What managers have kept and lost in a month.

use crate::domain::reference::Reference;
use crate::follow_up::verification::Results;
use crate::report::{Column, ColumnKind, Instants, Listing};
use crate::views::column::{ListColumn, column, count, int, listing, some, text};

#[derive(Debug)]
struct ResultRow<'a> {
    of: &'a Results,
    name: Option<String>,
}

const fn rate(name: &'static str, zh: &'static str) -> Column {
    Column::new(name, zh, ColumnKind::Percent)
}

impl<'a> ResultRow<'a> {
    const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("manager_id", "客户经理"), |r| {
            text(r.of.assignee.name())
        }),
        column(Column::text("name", "姓名"), |r| {
            some(r.name.as_deref(), text)
        }),
        column(count("done", "完成"), |r| int(r.of.done)),
        column(count("retained", "已挽留"), |r| {
            r.of.save_rate.claimed.retained.into()
        }),
        column(count("partly_retained", "部分挽留").if_room(), |r| {
            r.of.save_rate.claimed.partly_retained.into()
        }),
        column(count("lost", "已流失"), |r| {
            r.of.save_rate.claimed.lost.into()
        }),
        column(count("unreachable", "未联系上").if_room(), |r| {
            r.of.save_rate.claimed.unreachable.into()
        }),
        column(rate("save_rate", "维系成功率"), |r| {
            r.of.save_rate.claimed.rate().into()
        }),
        column(count("must_verify", "须核实").if_room(), |r| {
            int(r.of.must_verify)
        }),
        column(count("verified", "已核实").if_room(), |r| {
            int(r.of.verified)
        }),
        column(
            count("verified_retained", "核实已挽留").if_room(),
            |r| r.of.save_rate.verified.retained.into(),
        ),
        column(rate("verified_save_rate", "核实成功率"), |r| {
            r.of.save_rate.verified.rate().into()
        }),
        column(
            count("named_members", "预警点名成员").if_room(),
            |r| r.of.members.named.into(),
        ),
        column(
            count("kept_members", "30 天后仍为成员").if_room(),
            |r| r.of.members.kept.into(),
        ),
        column(rate("member_save_rate", "成员维系成功率"), |r| {
            r.of.members.rate().into()
        }),
    ];
}

/// `tasks results`
#[must_use]
pub(crate) fn results(results: &[Results], reference: &Reference) -> Listing<'static> {
    let rows = results.iter().map(|of| ResultRow {
        of,
        name: of
            .assignee
            .manager()
            .and_then(|manager| reference.manager(manager))
            .map(|known| known.name.to_string()),
    });
    listing(ResultRow::COLUMNS, rows, Instants::Utc)
}
