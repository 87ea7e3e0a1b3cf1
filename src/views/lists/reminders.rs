//! Reminders of key dates, and of public holidays, which are of no group customer.

use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::reminder::{KeyDateOccasion, Occasion, OccasionKind, Reminder};
use crate::notify::words::names;
use crate::report::{Cell, Column, ColumnKind, Instants, Listing};
use crate::views::codes;
use crate::views::column::{ListColumn, column, count, int, listing, short, some, text, yes_or_no};

/// A reminder, and for whom the list is; programs get the Chinese names.
#[derive(Debug)]
pub(crate) struct ReminderRow<'a> {
    reminder: &'a Reminder,
    reader: Option<Locale>,
}

impl<'a> ReminderRow<'a> {
    pub(crate) const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("reminder_id", "提醒").detail(), |r| {
            text(r.reminder.reminder_id().as_str())
        }),
        short(
            "key_date",
            column(Column::text("key_date_id", "关键时刻").if_room(), |r| {
                some(r.key_date(), |of| text(of.key_date_id.as_str()))
            }),
        ),
        short(
            "group",
            column(Column::text("group_id", "集团"), |r| {
                some(r.reminder.group_id().map(GroupId::as_str), text)
            }),
        ),
        column(
            Column::code("kind", "类型", codes::key_date).one_of(codes::key_dates),
            |r| match &r.reminder.occasion {
                Occasion::KeyDate(of) => text(of.kind.name()),
                Occasion::Festival(_) => text(OccasionKind::Festival.name()),
            },
        ),
        column(Column::text("title", "事由"), |r| {
            match &r.reminder.occasion {
                Occasion::KeyDate(of) => text(&*of.title),
                Occasion::Festival(of) => {
                    names::festival(r.reader.unwrap_or(Locale::ZhCn), of.festival).into()
                }
            }
        }),
        column(Column::text("lunar", "农历").if_room(), |r| {
            some(r.key_date().and_then(|of| of.lunar), |lunar| {
                text(lunar.kept.to_string())
            })
        }),
        short(
            "on",
            column(Column::new("occurs_on", "日期", ColumnKind::Day), |r| {
                day(r.reminder.occurs_on)
            }),
        ),
        column(count("lead_days", "提前天数").if_room(), |r| {
            int(r.reminder.lead_days)
        }),
        column(Column::new("send_on", "发送", ColumnKind::Day), |r| {
            day(r.reminder.send_on)
        }),
        column(yes_or_no("late", "迟").if_room(), |r| {
            r.reminder.late.into()
        }),
        column(yes_or_no("provisional", "暂定").if_room(), |r| {
            r.reminder.is_provisional().into()
        }),
        column(Column::text("assignee", "负责人"), |r| {
            text(r.reminder.assignee.name())
        }),
    ];

    pub(crate) const fn new(reminder: &'a Reminder, reader: Option<Locale>) -> Self {
        Self { reminder, reader }
    }

    const fn key_date(&self) -> Option<&'a KeyDateOccasion> {
        match &self.reminder.occasion {
            Occasion::KeyDate(of) => Some(of),
            Occasion::Festival(_) => None,
        }
    }
}

/// `reminders list`
#[must_use]
pub(crate) fn reminders(reminders: &[Reminder], instants: Instants) -> Listing<'static> {
    let rows = reminders
        .iter()
        .map(|one| ReminderRow::new(one, instants.reader()));
    listing(ReminderRow::COLUMNS, rows, instants)
}

fn day(on: chrono::NaiveDate) -> Cell<'static> {
    LocalDay::from_date(on).into()
}
