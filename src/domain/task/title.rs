//! What a task is about, where its alerts do not say it.
//!
//! It knows no words: `notify` has them. Invariant: names, notes and titles of others are kept as
//! they were written.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::festival::Festival;
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::LocalDay;
use crate::domain::short_text::ShortText;

/// What a task is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskTitle {
    /// Its alerts say it.
    OfAlerts,
    /// What was promised in a contact, if it was written down, and for which day.
    Promise {
        on: NaiveDate,
        what: Option<ShortText>,
    },
    /// What a customer said who means to leave, if it was written down.
    StrongIntent(Option<ShortText>),
    Project(ShortText),
    /// A key project for which the chief account manager goes along.
    JointVisitForProject(ShortText),
    /// He goes along since many members have left: how many churned, and how many only left their
    /// group customer.
    JointVisitForBatch {
        churned: i64,
        left: i64,
    },
    /// He goes along since the subscriber of a key contact may leave.
    JointVisitForKeyContact(SubscriberId),
    /// Who was the customer's manager before.
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
    /// When a customer was kept, and how many days ago that is to be.
    Kept {
        on: LocalDay,
        days: u32,
    },
    /// As somebody wrote it who made the task by hand.
    Written(String),
}
