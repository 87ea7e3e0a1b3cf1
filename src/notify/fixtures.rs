//! What only the tests of this folder need beside the samples: a mail and its delivery, reminders
//! of festivals.

use chrono::TimeDelta;

use super::mime::Sender;
pub(crate) use super::samples::{
    SampleCity, about_alerts, about_approval, about_brief, about_escalation, about_ops,
    about_reminder, about_report, about_task, at, batch_alert, churn_alert, date, group, group_id,
    key_date, key_line_alert, manager_id, now, paused_partition, put_event, reminder, reminder_of,
    satisfaction_alert, three_reminders, three_waiting,
};
pub(crate) use super::samples::{alert, brief, task, zone};
use crate::domain::event::{KeyDateKind, LunarDay};
use crate::domain::festival::Festival;
use crate::domain::mail::{Mail, MailDelivery, MailKind, MailState};
use crate::domain::reminder::{
    DaysOff, FestivalOccasion, KeyDateOccasion, LunarKept, Occasion, Reminder,
};
use crate::notify::compose::PendingNotice;

pub(crate) fn sender() -> Sender {
    Sender::parse("四三集团客户维系系统 <sisan@gz.example.cn>").expect("a sender")
}

/// Whether a text has Chinese characters and its counterpart in English has none.
pub(crate) fn are_zh_and_en(zh: &str, en: &str) -> bool {
    let has_han = |text: &str| text.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    has_han(zh) && !has_han(en)
}

/// A mail to `recipient`, queued now.
pub(crate) fn mail(recipient: &str) -> Mail {
    Mail {
        kind: MailKind::AlertTask,
        recipient: recipient.into(),
        recipient_name: "王芳".into(),
        subject_key: "K0".into(),
        topics: Vec::new(),
        local_day: zone().day_of(now()),
        subject: "【预警】星辰：用户离网率 9.00%（限值 3.00%）".into(),
        text: "第一行\n.第二行\n".into(),
        html: "<p>第一行</p>".into(),
        calendar: None,
        queued_at: now(),
        useful_until: None,
        proposal: None,
    }
}

pub(crate) fn queued() -> MailDelivery {
    MailDelivery {
        state: MailState::Queued,
        attempts: 0,
        lost_replies: 0,
        in_flight: false,
        next_attempt_at: now(),
        sent_at: None,
        last_reply: None,
    }
}

pub(crate) fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

/// A lunar birthday on 2026-07-20, which is the 7th of the sixth month: kept in a leap month that
/// 2026 does not have.
#[must_use]
pub(crate) fn lunar_reminder() -> Reminder {
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
pub(crate) fn festival_reminder(
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
pub(crate) fn holiday_reminders(assignee: &str) -> Vec<PendingNotice> {
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
