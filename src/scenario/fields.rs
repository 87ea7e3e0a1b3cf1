//! What can be expected: the lists of what there is, and the fields of each.
//!
//! It may not know a scenario. Invariant: a field is a column of a view, so that a scenario uses
//! the columns of a thing's list.

use std::borrow::Cow;

use serde::Deserialize;

use crate::domain::names::names;
use crate::report::Column;
use crate::report::daily_column::DailyColumn;
use crate::views::column::ListColumn;
use crate::views::daily::{DAILY, OF_SCENARIOS};
use crate::views::lists::{AlertRow, MailRow, REJECTS, ReminderRow, TaskRow};

names! {
    /// A list of what there is.
    pub(crate) enum List {
        /// Alerts, resolved ones too.
        Alerts = "alerts",
        /// Tasks, ended ones too.
        Tasks = "tasks",
        /// Mails, whatever became of them.
        Mails = "mails",
        /// Reminders of key dates.
        Reminders = "reminders",
        /// Rows of the daily report as of now.
        Figures = "figures",
        /// The verdicts of those rows.
        Verdicts = "verdicts",
        /// Deliveries that were no events, and conflicts.
        Rejects = "rejects",
    }
}

/// A list as the key of a table: another one is refused with the names of all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct ListKey(pub(super) List);

/// A field that an expectation may name.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: Cow<'static, str>,
    pub(super) column: &'static Column,
}

impl List {
    /// The fields that an expectation may name, of what it lists.
    pub(super) fn fields(self) -> Vec<Field> {
        match self {
            Self::Alerts => fields_of(AlertRow::COLUMNS),
            Self::Tasks => [fields_of(TaskRow::COLUMNS), fields_of(TaskRow::DETAILS)].concat(),
            Self::Mails => fields_of(MailRow::COLUMNS),
            Self::Reminders => fields_of(ReminderRow::COLUMNS),
            Self::Rejects => fields_of(REJECTS),
            Self::Figures => fields_of_row(figure_name),
            Self::Verdicts => fields_of_row(verdict_name),
        }
    }
}

impl TryFrom<String> for ListKey {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let list = List::parse(&name).map(Self);
        list.ok_or_else(|| format!("is no key here; hint: {}", List::ONE_OF))
    }
}

/// The names that a column has in a scenario.
pub(super) fn names_of<R>(column: &ListColumn<R>) -> impl Iterator<Item = Cow<'static, str>> {
    let short = column.short.map(Cow::Borrowed);
    short.into_iter().chain([column.column.name.clone()])
}

/// The name of a column of the daily report among figures, if it is one.
pub(super) fn figure_name(daily: &DailyColumn) -> Option<Cow<'static, str>> {
    (daily.is_built() && daily.column.nested.is_none()).then(|| daily.column.name.clone())
}

/// The name of a column of the daily report among verdicts: that of the indicator.
pub(super) fn verdict_name(daily: &DailyColumn) -> Option<Cow<'static, str>> {
    match daily.column.nested {
        Some(("verdicts", indicator)) => Some(indicator.into()),
        Some(_) => None,
        None => Some(daily.column.name.clone())
            .filter(|name| ["date", "scope", "scope_id"].contains(&&**name)),
    }
}

fn fields_of<R>(columns: &'static [ListColumn<R>]) -> Vec<Field> {
    let fields = columns.iter().flat_map(|of| {
        names_of(of).map(|name| Field {
            name,
            column: &of.column,
        })
    });
    fields.collect()
}

fn fields_of_row(name: fn(&DailyColumn) -> Option<Cow<'static, str>>) -> Vec<Field> {
    let of_report = DAILY.iter().filter_map(|daily| {
        name(daily).map(|name| Field {
            name,
            column: &daily.column,
        })
    });
    fields_of(OF_SCENARIOS)
        .into_iter()
        .chain(of_report)
        .collect()
}
