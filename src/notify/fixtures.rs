//! What only the tests of this folder need beside the samples: a mail and its delivery.

use chrono::TimeDelta;

use super::mime::Sender;
pub use super::samples::{
    SampleCity, about_alerts, about_approval, about_brief, about_escalation, about_ops,
    about_reminder, about_report, about_task, alert, at, batch_alert, brief, churn_alert, date,
    festival_reminder, group, group_id, holiday_reminders, key_date, key_line_alert, manager_id,
    now, paused_partition, put_event, reminder, reminder_of, satisfaction_alert, task,
    three_reminders, three_waiting, zone,
};
use crate::domain::mail::{Mail, MailDelivery, MailKind, MailState};

pub fn sender() -> Sender {
    Sender::parse("四三集团客户维系系统 <sisan@gz.example.cn>").expect("a sender")
}

/// Whether a text has Chinese characters and its counterpart in English has none.
pub fn are_zh_and_en(zh: &str, en: &str) -> bool {
    let has_han = |text: &str| text.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    has_han(zh) && !has_han(en)
}

/// A mail to `recipient`, queued now.
pub fn mail(recipient: &str) -> Mail {
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

pub fn queued() -> MailDelivery {
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

pub fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}
