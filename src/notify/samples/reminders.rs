//! Reminders of key dates and public holidays in the city.

use super::city::{date, group_id, manager_id};
use super::notices::notice;
use crate::domain::event::{KeyDateKind, LunarDay};
use crate::domain::festival::Festival;
use crate::domain::ids::KeyDateId;
use crate::domain::indicator::Severity;
use crate::domain::mail::NoticeTopic;
use crate::domain::reminder::{
    DaysOff, FestivalOccasion, KeyDateOccasion, LunarKept, Occasion, Reminder,
};
use crate::domain::task::Assignee;
use crate::notify::compose::{About, PendingNotice};

/// A key date of G00001.
#[must_use]
pub fn key_date(id: &str, kind: KeyDateKind, title: &str) -> KeyDateOccasion {
    KeyDateOccasion {
        key_date_id: KeyDateId::parse(id).expect("an id"),
        group_id: group_id("G00001"),
        kind,
        title: title.into(),
        contact: (kind == KeyDateKind::Birthday).then(|| "刘总".to_owned()),
        lunar: None,
    }
}

/// A reminder that is sent today.
#[must_use]
pub fn reminder_of(occasion: Occasion, occurs_on: &str, lead_days: i32) -> Reminder {
    Reminder {
        occasion,
        occurs_on: date(occurs_on),
        lead_days,
        send_on: date("2026-07-15"),
        late: false,
        assignee: Assignee::Manager(manager_id("M001")),
    }
}

/// A reminder of a key date of G00001.
#[must_use]
pub fn reminder(
    id: &str,
    kind: KeyDateKind,
    title: &str,
    occurs_on: &str,
    lead_days: i32,
) -> Reminder {
    reminder_of(
        Occasion::KeyDate(key_date(id, kind, title)),
        occurs_on,
        lead_days,
    )
}

/// A lunar birthday on 2026-07-20, which is the 7th of the sixth month: kept in a leap month that
/// 2026 does not have.
#[must_use]
pub fn lunar_reminder() -> Reminder {
    let day = |leap| LunarDay {
        month: 6,
        day: 7,
        leap,
    };
    let lunar = Some(LunarKept {
        kept: day(true),
        falls_on: day(false),
    });
    reminder_of(
        Occasion::KeyDate(KeyDateOccasion {
            lunar,
            ..key_date("K4", KeyDateKind::Birthday, "刘总生日")
        }),
        "2026-07-20",
        7,
    )
}

/// A reminder of a public holiday.
#[must_use]
pub fn festival_reminder(
    festival: Festival,
    on: &str,
    days_off: Option<DaysOff>,
    replanned: bool,
) -> Reminder {
    let of = FestivalOccasion {
        festival,
        manager_id: manager_id("M001"),
        days_off,
        replanned,
    };
    reminder_of(Occasion::Festival(of), on, 30)
}

/// A festival whose days off are not known, one over eight days with make-up days, one of a day,
/// and a lunar birthday.
#[must_use]
pub fn holiday_reminders(assignee: &str) -> Vec<PendingNotice> {
    let days_off = |first, last, make_up: &[&str]| {
        Some(DaysOff {
            first: date(first),
            last: date(last),
            make_up: make_up.iter().map(|day| date(day)).collect(),
        })
    };
    let week = days_off("2026-10-01", "2026-10-07", &["2026-09-20", "2026-10-10"]);
    let mut national = festival_reminder(Festival::NationalDay, "2026-10-01", week, true);
    national.lead_days = 31;
    let mut qingming = festival_reminder(
        Festival::Qingming,
        "2027-04-05",
        days_off("2027-04-05", "2027-04-05", &[]),
        false,
    );
    qingming.late = true;
    let new_year = festival_reminder(Festival::NewYear, "2027-01-01", None, false);
    [lunar_reminder(), national, new_year, qingming]
        .map(|one| about_reminder(one, assignee))
        .to_vec()
}

/// A notice of a reminder.
#[must_use]
pub fn about_reminder(reminder: Reminder, assignee: &str) -> PendingNotice {
    let notice = notice(
        NoticeTopic::Reminder(reminder.reminder_id()),
        Assignee::Manager(manager_id(assignee)),
        Severity::Notice,
    );
    PendingNotice {
        notice,
        about: About::Reminder(Box::new(reminder)),
    }
}

/// A birthday, a ceremony and the end of a contract.
#[must_use]
pub fn three_reminders(assignee: &str) -> Vec<PendingNotice> {
    let contract = KeyDateOccasion {
        group_id: group_id("G00002"),
        ..key_date("K3", KeyDateKind::ContractEnd, "移动办公合约到期")
    };
    let mut late = reminder_of(Occasion::KeyDate(contract), "2026-10-13", 90);
    late.late = true;
    [
        reminder("K1", KeyDateKind::Birthday, "刘总生日", "2026-07-16", 1),
        reminder("K2", KeyDateKind::Ceremony, "二十周年庆典", "2026-07-22", 7),
        late,
    ]
    .map(|one| about_reminder(one, assignee))
    .to_vec()
}
