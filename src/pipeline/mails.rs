//! From what is to be told to mails in the outbox: taking the notices and queuing the mails is one
//! transaction.

use chrono::TimeDelta;

use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::{MailKind, MailState, Notice, NoticeTopic};
use crate::domain::ops_notice::OpsNotice;
use crate::domain::task::Task;
use crate::evaluate::stake::at_stake_fen;
use crate::follow_up::alert_response::refresh_checks;
use crate::follow_up::task_subscribers::{
    TaskSubscribers, as_subscriber_stands, departures, named_subscribers,
};
use crate::follow_up::working_hours::working_days_after;
use crate::notify::address::FallbackAddress;
use crate::notify::compose::{About, ComposeContext, HourlyCap, PendingNotice, UsefulFor, compose};
use crate::notify::digest::{Digests, Waiting, digests};
use crate::notify::mime::{Sender, message_id};
use crate::notify::room::Room;
use crate::store::StoreError;
use crate::store::{Checked, Setting, Tx};
use crate::telemetry::Phase;

use super::briefs::Briefs;
use super::damage::{tell_damage, unless_damaged};
use super::fault::fault_point;
use super::follow::subscriber_standings;
use super::proposals::supersede;
use super::read_model::save_evaluated_at;
use super::{Pipeline, PipelineError, Settings};

/// How mails are composed.
#[derive(Debug, Clone)]
pub struct MailSettings {
    pub locale: Locale,
    /// Who gets what nobody else can.
    pub fallback: FallbackAddress,
    pub ops: Vec<String>,
    /// The sender: its domain stands in every Message-ID.
    pub from: Sender,
    /// Most mails per person and hour.
    pub per_person_per_hour_max: u32,
    /// Whether mails wait for an operator while the store is loading: towards a relay.
    pub hold_while_loading: bool,
}

impl Pipeline {
    /// Writes the mails of the notices that are due at `now` and queues them. Gives back how many.
    ///
    /// # Errors
    /// When the store fails: then no notice is taken and no mail queued.
    pub fn compose(&mut self, now: Timestamp) -> Result<usize, PipelineError> {
        self.settle()?;
        let begun = self.settings.wall.elapsed();
        let settings = &self.settings.mail;
        let queued = self.write("queue mails", |tx| -> Result<usize, PipelineError> {
            let (Checked { rows: due, damaged }, wants_digests) = (
                tx.due_notices(now)?,
                tx.setting(Setting::DigestsWanted)? == Some(1),
            );
            for row in damaged {
                take_damaged(tx, &row.id)?;
                tell_damage(tx, &row.why, now)?;
            }
            if due.is_empty() && !wants_digests {
                return Ok(0);
            }
            let held = tx.setting(Setting::MailsHeld)? == Some(1)
                || (settings.hold_while_loading && tx.loading()?.first);
            let state = if held {
                MailState::Held
            } else {
                MailState::Queued
            };
            let briefs = Briefs::read(tx, &self.read_model, &self.settings, &due);
            let mut briefs = unless_damaged(tx, briefs, now)?.unwrap_or_default();
            let pending = due
                .into_iter()
                .map(|notice| self.look_up(tx, notice, &mut briefs, now));
            let pending = pending.collect::<Result<Vec<_>, StoreError>>()?;
            let last_hour = tx
                .recipients_since(now.plus(-TimeDelta::hours(1)))?
                .into_iter()
                .collect();
            let context = ComposeContext {
                zone: self.settings.rules.zone,
                reference: &self.read_model.reference,
                default_locale: settings.locale,
                fallback: &settings.fallback,
                ops: &settings.ops,
                base_url: None,
                id_domain: settings.from.domain(),
                useful_for: UsefulFor::default(),
                cap: Some(HourlyCap {
                    mails_max: settings.per_person_per_hour_max,
                    queued: &last_hour,
                }),
                room: Room::default(),
                now,
                read_until: self.read_model.read_until.filter(|_| self.read_model.lags),
            };
            let digests = if wants_digests {
                queue_digests(tx, &context, &settings.from, state)?
            } else {
                0
            };
            let composition = compose(&pending, &context)?;
            let mut newly_held = 0;
            for composed in &composition.mails {
                // What operators are told waits for no operator.
                let state = if composed.mail.kind == MailKind::OpsNotice {
                    MailState::Queued
                } else {
                    state
                };
                let is_new = tx.insert_mail(
                    &composed.mail,
                    &message_id(&composed.mail.mail_id(), &settings.from),
                    state,
                )?;
                newly_held += usize::from(is_new && state == MailState::Held);
                composed
                    .notice_ids
                    .iter()
                    .try_for_each(|id| tx.delete_notice(id).map(drop))?;
            }
            tell_held(tx, newly_held, now)?;
            fault_point("mails_queued");
            composition
                .dropped
                .iter()
                .try_for_each(|dropped| tx.delete_notice(&dropped.notice_id).map(drop))?;
            let queued = digests + composition.mails.len();
            if let Some(evaluated_at) = self.read_model.evaluated_at.filter(|_| queued > 0) {
                // A worker that begins anew tries these mails as of then; an evaluation that
                // changed nothing has not written it.
                save_evaluated_at(tx, self.read_model.evaluated(evaluated_at))?;
            }
            Ok(queued)
        })?;
        self.has_queued |= queued > 0;
        fault_point("after_compose");
        self.settings
            .metrics
            .timed(Phase::Composing, self.settings.wall.since(begun));
        Ok(queued)
    }
}

/// The first mails that are held are told of: nobody else would know that none goes out.
fn tell_held(tx: &Tx<'_>, newly_held: usize, now: Timestamp) -> Result<(), StoreError> {
    if newly_held == 0 {
        return Ok(());
    }
    let held = tx.mails_held()?;
    if held > newly_held as u64 {
        return Ok(());
    }
    let first_load = tx.loading()?.first;
    tracing::warn!(
        mails = held,
        first_load,
        "Mails are held: managers are told nothing; hint: `sisan outbox release`, after a first load `sisan load done`"
    );
    tx.insert_notice(&Notice::for_operators(
        OpsNotice::MailsHeld { first_load },
        now,
    ))
}

impl Pipeline {
    /// A notice with what it is about.
    fn look_up(
        &self,
        tx: &Tx<'_>,
        notice: Notice,
        briefs: &mut Briefs,
        now: Timestamp,
    ) -> Result<PendingNotice, StoreError> {
        let about =
            unless_damaged(tx, self.about_of(tx, &notice, briefs), now)?.unwrap_or(About::Gone);
        Ok(PendingNotice { notice, about })
    }

    /// What a notice is about, as it stands now.
    fn about_of(
        &self,
        tx: &Tx<'_>,
        notice: &Notice,
        briefs: &mut Briefs,
    ) -> Result<About, StoreError> {
        Ok(match &notice.topic {
            NoticeTopic::Task(id)
            | NoticeTopic::Approval(id)
            | NoticeTopic::Escalation(id, _)
            | NoticeTopic::Report(id) => match tx.task(id)? {
                Some(task) => self.about(tx, task)?,
                None => About::Gone,
            },
            NoticeTopic::Reminder(id) => tx
                .reminder(id)?
                .map_or(About::Gone, |reminder| About::Reminder(Box::new(reminder))),
            NoticeTopic::Brief(manager, _) => briefs.about(notice, manager),
            NoticeTopic::Ops(_) => About::Ops,
        })
    }

    fn about(&self, tx: &Tx<'_>, mut task: Task) -> Result<About, StoreError> {
        let Settings {
            rules,
            sweep,
            calendar,
            ..
        } = &self.settings;
        let series = task
            .group_id()
            .and_then(|group| self.read_model.series.get(group));
        let month = rules.zone.day_of(task.opened_at).month();
        let mut alerts = tx.alerts_of(&task)?;
        refresh_checks(
            &mut task,
            &alerts,
            &self.settings.playbooks,
            &self.read_model.reference,
        );
        let lines = subscriber_standings(tx, named_subscribers(&task, &alerts))?;
        alerts
            .iter_mut()
            .for_each(|alert| as_subscriber_stands(alert, &lines));
        Ok(About::Task {
            is_lost: TaskSubscribers::of(&task, &alerts, &lines).are_lost(),
            departures: departures(&task, &lines),
            alerts,
            at_stake_fen: series.and_then(|series| at_stake_fen(series, month)),
            answer_by: task.asked_at.map(|asked| {
                working_days_after(rules.zone, calendar, asked, sweep.unanswered_days)
            }),
            task: Box::new(task),
        })
    }
}

/// Mails about tasks that wait are superseded by digests of what is still true; how many digests.
fn queue_digests(
    tx: &Tx<'_>,
    context: &ComposeContext<'_>,
    from: &Sender,
    state: MailState,
) -> Result<usize, PipelineError> {
    let waits = |state| matches!(state, MailState::Queued | MailState::Deferred);
    let mut waiting = Vec::new();
    // One that cannot be read is given up when its time comes.
    for queued in tx
        .waiting_mails_of(MailKind::AlertTask)?
        .rows
        .into_iter()
        .filter(|queued| waits(queued.delivery.state))
    {
        let mut tasks = Vec::new();
        for told in &queued.mail.topics {
            if let NoticeTopic::Task(id) = told {
                let task = tx.task(id).and_then(|task| {
                    task.map(|task| tx.alerts_of(&task).map(|alerts| (task, alerts)))
                        .transpose()
                });
                tasks.extend(unless_damaged(tx, task, context.now)?.flatten());
            }
        }
        waiting.push(Waiting {
            mail_id: queued.mail_id,
            recipient: queued.mail.recipient,
            tasks,
        });
    }
    let Digests { mails, superseded } = digests(&waiting, context)?;
    for id in &superseded {
        if let Some(queued) = tx.mail(id)? {
            supersede(tx, &queued)?;
        }
    }
    for mail in &mails {
        tx.insert_mail(mail, &message_id(&mail.mail_id(), from), state)?;
    }
    tx.set(Setting::DigestsWanted, 0)?;
    Ok(mails.len())
}

/// Takes a notice that cannot be read, so that it holds up no other.
fn take_damaged(tx: &Tx<'_>, notice_id: &str) -> Result<(), StoreError> {
    match tx.delete_notice(notice_id)? {
        true => Ok(()),
        false => Err(StoreError::Damaged {
            what: "a notice",
            detail: "it is not found by its id".to_owned(),
        }
        .of_row(notice_id)),
    }
}
