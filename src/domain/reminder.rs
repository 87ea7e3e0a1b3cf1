//! Reminders of a key date of a group customer, or of a public holiday for which a manager plans.
//!
//! It may not know when they are due: `follow_up` decides that. Invariant: there is never a second
//! reminder of one (key date, occurrence, lead), nor of one (festival, year, manager) while the
//! known days off stay the same.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::alert::{ReminderId, digest_id};
use super::event::{KeyDateKind, LunarDay};
use super::festival::Festival;
use super::ids::{GroupId, KeyDateId, ManagerId};
use super::names::names;
use super::task::Assignee;

/// A lunar date and its actual day in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LunarKept {
    /// The date as recorded.
    pub kept: LunarDay,
    /// The lunar day of this occurrence: a different one where the year has no such leap month or
    /// the month no 30th.
    pub falls_on: LunarDay,
}

/// One occurrence of a key date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDateOccasion {
    pub key_date_id: KeyDateId,
    pub group_id: GroupId,
    pub kind: KeyDateKind,
    pub title: String,
    pub contact: Option<String>,
    /// The lunar date, for a date in the lunar calendar.
    pub lunar: Option<LunarKept>,
}

/// A festival's days off, and the weekend days that are worked instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaysOff {
    /// First day off.
    pub first: NaiveDate,
    /// Last day off.
    pub last: NaiveDate,
    /// 调休上班: weekend days that are worked instead.
    pub make_up: Vec<NaiveDate>,
}

/// A public holiday for which one manager plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FestivalOccasion {
    pub festival: Festival,
    pub manager_id: ManagerId,
    /// None until the State Council's notice is published: the plan is provisional.
    pub days_off: Option<DaysOff>,
    /// Whether the manager had a provisional plan before.
    pub replanned: bool,
}

/// The occasion of a reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// A key date of a group customer.
    KeyDate(KeyDateOccasion),
    /// A public holiday.
    Festival(FestivalOccasion),
}

names! {
    /// The kinds of occasions, by the names that ids and lists have.
    pub(crate) enum OccasionKind {
        KeyDate = "key_date",
        Festival = "festival",
    }
}

/// One reminder of one occasion at one lead, which is never repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    pub occasion: Occasion,
    /// The date of the occasion; for a festival, the festival day.
    pub occurs_on: NaiveDate,
    /// Days ahead.
    pub lead_days: i32,
    /// The morning on which it goes out.
    pub send_on: NaiveDate,
    /// Whether it goes out later than planned.
    pub late: bool,
    /// The assignee at the time it was made.
    pub assignee: Assignee,
}

impl Reminder {
    /// Its id: a digest of (key date, occurrence, lead); for a festival of (festival, day, manager,
    /// whether the days off are known).
    #[must_use]
    pub(crate) fn reminder_id(&self) -> ReminderId {
        match &self.occasion {
            Occasion::KeyDate(of) => {
                let (on, lead) = (self.occurs_on.to_string(), self.lead_days.to_string());
                ReminderId::new(digest_id('R', &[of.key_date_id.as_str(), &on, &lead]))
            }
            Occasion::Festival(of) => Self::festival_id(
                of.festival,
                self.occurs_on,
                &of.manager_id,
                of.days_off.is_some(),
            ),
        }
    }

    /// The id of a manager's reminder of a festival, with or without known days off.
    #[must_use]
    pub(crate) fn festival_id(
        festival: Festival,
        on: NaiveDate,
        manager_id: &ManagerId,
        published: bool,
    ) -> ReminderId {
        let known = if published {
            "published"
        } else {
            "provisional"
        };
        ReminderId::new(digest_id(
            'R',
            &[
                OccasionKind::Festival.name(),
                festival.name(),
                &on.to_string(),
                manager_id.as_str(),
                known,
            ],
        ))
    }

    /// The id of its date: reminders of one occurrence at several leads share it, and so do a
    /// provisional plan and its successor.
    #[must_use]
    pub(crate) fn date_id(&self) -> String {
        let on = self.occurs_on.to_string();
        match &self.occasion {
            Occasion::KeyDate(of) => digest_id('D', &[of.key_date_id.as_str(), &on]),
            Occasion::Festival(of) => digest_id(
                'D',
                &[
                    OccasionKind::Festival.name(),
                    of.festival.name(),
                    &on,
                    of.manager_id.as_str(),
                ],
            ),
        }
    }

    /// The group customer of the date; none for a festival.
    #[must_use]
    pub(crate) const fn group_id(&self) -> Option<&GroupId> {
        match &self.occasion {
            Occasion::KeyDate(of) => Some(&of.group_id),
            Occasion::Festival(_) => None,
        }
    }

    /// Whether it is of a plan without known days off.
    #[must_use]
    pub(crate) const fn is_provisional(&self) -> bool {
        matches!(
            &self.occasion,
            Occasion::Festival(FestivalOccasion { days_off: None, .. })
        )
    }
}
