//! Reminders of key dates, and of public holidays, which are of no group customer.

use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::reminder::{KeyDateOccasion, Occasion, Reminder};
use crate::notify::words::names;
use crate::report::{Cell, Column, Instants, Kind, Listing};
use crate::views::codes;
use crate::views::column::{
    ListColumn, code, column, count, int, listing, short, some, text, yes_or_no,
};

pub(crate) const REMINDERS: &[ListColumn<Reminder>] = &[
    column(Column::text("reminder_id", "提醒").detail(), |r| {
        text(r.reminder_id().as_str())
    }),
    short(
        "key_date",
        column(Column::text("key_date_id", "关键时刻").if_room(), |r| {
            some(key_date(r), |of| text(of.key_date_id.as_str()))
        }),
    ),
    short(
        "group",
        column(Column::text("group_id", "集团"), |r| {
            some(r.group_id().map(GroupId::as_str), text)
        }),
    ),
    column(
        Column::code("kind", "类型", codes::key_date).one_of(codes::key_dates),
        |r| key_date(r).map_or("festival".into(), |of| code(of.kind)),
    ),
    column(Column::text("title", "事由"), |r| match &r.occasion {
        Occasion::KeyDate(of) => text(&*of.title),
        Occasion::Festival(of) => names::festival(Locale::ZhCn, of.festival).into(),
    }),
    column(Column::text("lunar", "农历").if_room(), |r| {
        some(key_date(r).and_then(|of| of.lunar), |lunar| {
            text(lunar.kept.to_string())
        })
    }),
    short(
        "on",
        column(Column::new("occurs_on", "日期", Kind::Day), |r| {
            day(r.occurs_on)
        }),
    ),
    column(count("lead_days", "提前天数").if_room(), |r| {
        int(r.lead_days)
    }),
    column(Column::new("send_on", "发送", Kind::Day), |r| {
        day(r.send_on)
    }),
    column(yes_or_no("late", "迟").if_room(), |r| r.late.into()),
    column(yes_or_no("provisional", "暂定").if_room(), |r| {
        r.is_provisional().into()
    }),
    column(Column::text("assignee", "负责人"), |r| {
        text(r.assignee.name())
    }),
];

/// `reminders list`
#[must_use]
pub fn reminders(reminders: &[Reminder]) -> Listing<'static> {
    listing(REMINDERS, reminders, Instants::Utc)
}

const fn key_date(reminder: &Reminder) -> Option<&KeyDateOccasion> {
    match &reminder.occasion {
        Occasion::KeyDate(of) => Some(of),
        Occasion::Festival(_) => None,
    }
}

fn day(on: chrono::NaiveDate) -> Cell<'static> {
    LocalDay::from_date(on).into()
}
