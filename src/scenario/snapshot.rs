//! What there is, as expectations are compared with it.
//!
//! It may not know what is expected. Invariant: each list shows every field that `fields` names for
//! it, since both read the same columns.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::fields::{List, figure_name, names_of, verdict_name};
use crate::domain::daily_row::ShownRow;
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::reminder::{Occasion, Reminder};
use crate::notify::words::names;
use crate::report::daily_column::DailyColumn;
use crate::report::{Cell, Instants, Reader};
use crate::store::{QueuedMail, StoredReject};
use crate::views::column::ListColumn;
use crate::views::daily::{DAILY, OF_SCENARIOS};
use crate::views::lists::{AlertRow, MailRow, REJECTS, ReminderRow, TaskRow, origin};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ListedItem {
    /// What it is, for people.
    pub(super) label: String,
    pub(super) fields: Vec<(Cow<'static, str>, Cell<'static>)>,
}

impl ListedItem {
    /// What it is, for people.
    #[must_use]
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    fn with<R>(mut self, columns: &[ListColumn<R>], row: &R) -> Self {
        let fields = columns
            .iter()
            .flat_map(|column| names_of(column).map(|name| (name, column.cell(row))));
        self.fields.extend(fields);
        self
    }
}

fn item(label: String) -> ListedItem {
    ListedItem {
        label,
        fields: Vec::new(),
    }
}

/// All there is at an instant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Snapshot {
    /// The local date.
    pub today: LocalDay,
    pub lists: BTreeMap<List, Vec<ListedItem>>,
}

#[must_use]
pub(crate) fn alert(row: &AlertRow<'_>) -> ListedItem {
    let (key, state) = (&row.alert.key, row.alert.state.name());
    let about = key
        .subject
        .text()
        .map_or_else(String::new, |subject| format!(" about {subject}"));
    let (kind, scope, period) = (key.kind.name(), &key.scope, key.period);
    item(format!("{kind} of {scope}{about}, {period}, {state}")).with(AlertRow::COLUMNS, row)
}

#[must_use]
pub(crate) fn task(row: &TaskRow<'_>) -> ListedItem {
    let task = row.task;
    let kinds: Vec<&str> = row.alert_kinds.iter().map(|kind| kind.name()).collect();
    let label = format!(
        "{} task of {} for {} from {} ({}), {}",
        task.kind.name(),
        task.scope,
        task.assignee.name(),
        origin(task),
        kinds.join(", "),
        task.state.name()
    );
    item(label)
        .with(TaskRow::COLUMNS, row)
        .with(TaskRow::DETAILS, row)
}

/// A mail; `reader` is the id of who has its address, if that is known.
#[must_use]
pub(crate) fn mail(queued: &QueuedMail, reader: Option<&str>) -> ListedItem {
    let mail = &queued.mail;
    let to = reader.unwrap_or(&mail.recipient);
    item(format!("{} to {to}: {}", mail.kind.name(), mail.subject))
        .with(MailRow::COLUMNS, &MailRow::of_queued(queued, reader))
}

#[must_use]
pub(crate) fn reminder(reminder: &Reminder) -> ListedItem {
    let title = match &reminder.occasion {
        Occasion::KeyDate(of) => &*of.title,
        Occasion::Festival(of) => names::festival(Locale::ZhCn, of.festival),
    };
    let label = format!(
        "reminder of {title} on {}, {} days ahead, sent on {}",
        reminder.occurs_on, reminder.lead_days, reminder.send_on
    );
    item(label).with(ReminderRow::COLUMNS, &ReminderRow::new(reminder, None))
}

/// A row of the daily report: its figures, and its verdicts.
#[must_use]
pub(crate) fn figures(shown: &ShownRow) -> (ListedItem, ListedItem) {
    let row = &shown.row;
    let of_row = |what: &str, name: fn(&DailyColumn) -> Option<Cow<'static, str>>| {
        let reader = Reader {
            locale: Locale::En,
            instants: Instants::Utc,
        };
        let mut item = item(format!("{what} of {} on {}", row.scope, row.day));
        let fields = DAILY.iter().filter_map(|daily| {
            let name = name(daily)?;
            Some((name, daily.cell(shown, reader).into_owned()))
        });
        item.fields.extend(fields);
        item.with(OF_SCENARIOS, row)
    };
    (
        of_row("figures", figure_name),
        of_row("verdicts", verdict_name),
    )
}

/// A delivery that was no event, or a conflict.
#[must_use]
pub(crate) fn reject(reject: &StoredReject) -> ListedItem {
    item(format!("{}: {}", reject.class, reject.reason)).with(REJECTS, reject)
}
