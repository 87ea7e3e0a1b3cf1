//! From notices to the mails that are queued.
//!
//! It does not know the outbox. Invariant: every notice that is due is put into a mail or dropped;
//! a mail to operators is never held.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::alert::{Alert, MailId};
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::{Mail, MailDelivery, MailKind, MailState, NEVER, Notice};
use crate::domain::ops_notice::OpsNotice;
use crate::domain::reference::Reference;
use crate::domain::task::Task;
use crate::evaluate::stake::at_stake_fen;
use crate::follow_up::alert_response::refresh_checks;
use crate::follow_up::guard::SubscriberStandings;
use crate::follow_up::task_subscribers::{TaskSubscribers, as_subscriber_stands, departures};
use crate::follow_up::working_hours::working_days_after;
use crate::notify::address::FallbackAddress;
use crate::notify::compose::{About, ComposeContext, HourlyCap, PendingNotice, UsefulFor, compose};
use crate::notify::digest::{Waiting, digests};
use crate::notify::mime::{Sender, message_id};
use crate::notify::room::Room;
use crate::notify::template::RenderError;

use super::read_model::ReadModel;
use super::settings::PlanSettings;

/// How mails are composed.
#[derive(Debug, Clone)]
pub struct MailSettings {
    pub locale: Locale,
    /// Who gets what nobody else can.
    pub fallback: FallbackAddress,
    pub ops: Vec<String>,
    /// The sender: its domain is part of every Message-ID.
    pub from: Sender,
    /// Most mails per person and hour.
    pub per_person_per_hour_max: u32,
    /// Whether mails wait for an operator while the store is loading: towards a relay.
    pub hold_while_loading: bool,
}

impl MailSettings {
    /// Whether mails wait for an operator: who holds them, or has not ended the first load.
    pub(crate) const fn are_held(&self, by_operator: bool, first_load: bool) -> bool {
        by_operator || (self.hold_while_loading && first_load)
    }
}

/// From when on queued mails count towards what a person may get in an hour.
pub(crate) fn capped_since(now: Timestamp) -> Timestamp {
    now.plus(-TimeDelta::hours(1))
}

/// A mail to queue.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewMail {
    pub(crate) mail: Mail,
    pub(crate) message_id: String,
    pub(crate) state: MailState,
}

/// The result of composing.
#[derive(Debug, Default)]
pub(crate) struct ComposePlan {
    pub(crate) mails: Vec<NewMail>,
    /// Notices that went into these mails or were dropped.
    pub(crate) taken: Vec<String>,
    /// Mails that are to be sent no more.
    pub(crate) superseded: Vec<MailId>,
}

/// What composing depends on, beside the notices.
pub(crate) struct Composing<'a> {
    pub(crate) settings: &'a PlanSettings,
    pub(crate) reference: &'a Reference,
    /// Mails by address that were queued in the last hour.
    pub(crate) last_hour: &'a BTreeMap<String, u32>,
    /// Whether mails wait for an operator.
    pub(crate) held: bool,
    pub(crate) now: Timestamp,
    /// Up to when everything has been read, where some has not.
    pub(crate) read_until: Option<Timestamp>,
}

impl Composing<'_> {
    /// The mails of these notices.
    pub(crate) fn mails(&self, pending: &[PendingNotice]) -> Result<ComposePlan, RenderError> {
        let composition = compose(pending, &self.context())?;
        let mut plan = ComposePlan::default();
        for composed in composition.mails {
            plan.mails.push(self.queued(composed.mail));
            plan.taken.extend(composed.notice_ids);
        }
        let dropped = composition.dropped.into_iter();
        plan.taken.extend(dropped.map(|dropped| dropped.notice_id));
        Ok(plan)
    }

    /// The digests of what is still true of mails about tasks that wait, which they supersede.
    pub(crate) fn digests(&self, waiting: &[Waiting]) -> Result<ComposePlan, RenderError> {
        let digests = digests(waiting, &self.context())?;
        Ok(ComposePlan {
            mails: digests
                .mails
                .into_iter()
                .map(|mail| self.queued(mail))
                .collect(),
            superseded: digests.superseded,
            ..ComposePlan::default()
        })
    }

    fn queued(&self, mail: Mail) -> NewMail {
        NewMail {
            message_id: message_id(&mail.mail_id(), &self.settings.mail.from),
            state: if self.held && mail.kind != MailKind::OpsNotice {
                MailState::Held
            } else {
                MailState::Queued
            },
            mail,
        }
    }

    fn context(&self) -> ComposeContext<'_> {
        let settings = &self.settings.mail;
        ComposeContext {
            zone: self.settings.rules.zone,
            reference: self.reference,
            default_locale: settings.locale,
            fallback: &settings.fallback,
            ops: &settings.ops,
            base_url: None,
            id_domain: settings.from.domain(),
            useful_for: UsefulFor::default(),
            cap: Some(HourlyCap {
                mails_max: settings.per_person_per_hour_max,
                queued: self.last_hour,
            }),
            room: Room::default(),
            now: self.now,
            read_until: self.read_until,
        }
    }
}

/// A task with its alerts, for a mail, by the current state of the subscribers that it names.
pub(crate) fn about_task(
    mut task: Task,
    mut alerts: Vec<Alert>,
    subscribers: &SubscriberStandings,
    read_model: &ReadModel,
    settings: &PlanSettings,
) -> About {
    let zone = settings.rules.zone;
    let series = task
        .group_id()
        .and_then(|group| read_model.series.get(group));
    let month = zone.day_of(task.opened_at).month();
    let reference = &read_model.reference;
    alerts
        .iter_mut()
        .for_each(|alert| as_subscriber_stands(alert, subscribers));
    refresh_checks(&mut task, &alerts, &settings.playbooks, reference);
    let answer_by = |asked| {
        let days = settings.sweep.unanswered_days;
        working_days_after(zone, &settings.calendar, asked, days)
    };
    About::Task {
        is_lost: TaskSubscribers::of_task(&task, &alerts, subscribers).is_only_reason_left(),
        departures: departures(&task, subscribers),
        alerts,
        at_stake_fen: series.and_then(|series| at_stake_fen(series, month)),
        answer_by: task.asked_at.map(answer_by),
        approver: task
            .asked_at
            .map(|asked| settings.approver_of(&task, reference, asked)),
        task: Box::new(task),
    }
}

/// Whether a mail about tasks may be superseded by a digest.
pub(crate) const fn waits(state: MailState) -> bool {
    matches!(state, MailState::Queued | MailState::Deferred)
}

/// The delivery of a mail that is never to be sent.
pub(crate) fn superseded(delivery: &MailDelivery) -> MailDelivery {
    MailDelivery {
        state: MailState::Superseded,
        next_attempt_at: NEVER,
        ..delivery.clone()
    }
}

/// The notice of the first mails that are held, for operators: nobody else would see that none is
/// sent. `newly_held` of the `held` have just been.
pub(crate) fn first_held(
    newly_held: u64,
    held: u64,
    first_load: bool,
    now: Timestamp,
) -> Option<Notice> {
    (newly_held > 0 && held <= newly_held)
        .then(|| Notice::for_operators(OpsNotice::MailsHeld { first_load }, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::samples;

    #[test]
    fn mails_wait_for_whoever_holds_them_and_towards_a_relay_for_the_first_load() {
        let settings = |hold_while_loading| MailSettings {
            locale: Locale::En,
            fallback: FallbackAddress {
                id: String::new(),
                name: String::new(),
                address: String::new(),
            },
            ops: Vec::new(),
            from: Sender::parse("sisan <sisan@gz.example.cn>").expect("a sender"),
            per_person_per_hour_max: 1,
            hold_while_loading,
        };
        assert!(settings(false).are_held(true, false));
        assert!(!settings(false).are_held(false, true));
        assert!(settings(true).are_held(false, true));
        assert!(!settings(true).are_held(false, false));
    }

    #[test]
    fn operators_are_told_of_the_first_held_mails_only() {
        let now = samples::at("2026-07-16 10:00");
        let is_told = |newly_held, held| first_held(newly_held, held, false, now).is_some();
        assert!(is_told(2, 2));
        assert!(!is_told(2, 3) && !is_told(0, 0));
    }
}
