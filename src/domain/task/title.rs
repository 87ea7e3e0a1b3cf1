//! The title of a task, where its alerts do not give it.
//!
//! It may not know any wording: `notify` has it. Invariant: names, notes and titles of others are
//! kept as they were written.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::festival::Festival;
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::LocalDay;
use crate::domain::short_text::ShortText;

/// The title of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskTitle {
    /// Given by its alerts.
    OfAlerts,
    /// A promise of a contact with its text, if recorded, and its date.
    Promise {
        on: NaiveDate,
        what: Option<ShortText>,
    },
    /// The words of a customer with the intent to leave, if recorded.
    StrongIntent(Option<ShortText>),
    Project(ShortText),
    /// A joint visit with the chief account manager for a key project.
    JointVisitForProject(ShortText),
    /// A joint visit since many members have left: how many churned, and how many only left their
    /// group customer.
    JointVisitForBatch {
        churned: i64,
        left: i64,
    },
    /// A joint visit since the subscriber of a key contact showed an intent to leave. It may have
    /// left, or stayed, since: the task says so, not its title.
    JointVisitForKeyContact(SubscriberId),
    /// A handover, with the customer's previous manager.
    HandOver(ShortText),
    /// A key date and its day.
    KeyDate {
        title: ShortText,
        on: NaiveDate,
    },
    /// A public holiday and its day.
    Festival {
        festival: Festival,
        on: NaiveDate,
    },
    /// Members at the beginning of the month and now.
    Growth {
        opening: i64,
        now: i64,
    },
    /// Members who left of their own will.
    Left(i64),
    /// A kept customer: the day, and after how many days to call again.
    Kept {
        on: LocalDay,
        days: u32,
    },
    /// The text that somebody wrote who made the task by hand.
    Written(String),
}

impl TaskTitle {
    /// The key contact's subscriber that a joint visit is for.
    #[must_use]
    pub(crate) const fn key_contact(&self) -> Option<&SubscriberId> {
        match self {
            Self::JointVisitForKeyContact(subscriber) => Some(subscriber),
            _ => None,
        }
    }
}
