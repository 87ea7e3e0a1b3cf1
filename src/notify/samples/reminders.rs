//! Reminders of key dates and public holidays in the city.

use super::city::{date, group_id, manager_id};
use super::notices::notice;
use crate::domain::event::KeyDateKind;
use crate::domain::ids::KeyDateId;
use crate::domain::indicator::Severity;
use crate::domain::mail::NoticeTopic;
use crate::domain::reminder::{KeyDateOccasion, Occasion, Reminder};
use crate::domain::task::Assignee;
use crate::notify::compose::{About, PendingNotice};

/// A key date of G00001.
#[must_use]
pub(crate) fn key_date(id: &str, kind: KeyDateKind, title: &str) -> KeyDateOccasion {
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
pub(crate) fn reminder_of(occasion: Occasion, occurs_on: &str, lead_days: i32) -> Reminder {
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
pub(crate) fn reminder(
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

/// A notice of a reminder.
#[must_use]
pub(crate) fn about_reminder(reminder: Reminder, assignee: &str) -> PendingNotice {
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
pub(crate) fn three_reminders(assignee: &str) -> Vec<PendingNotice> {
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
