//! From notices to mails in the outbox: deleting the notices and queuing the mails is one
//! transaction.

use crate::domain::local_day::Timestamp;
use crate::domain::mail::{MailKind, MailState, Notice, NoticeTopic};
use crate::domain::task::Task;
use crate::plan::{
    About, ComposePlan, Composing, PendingNotice, Waiting, about_task, capped_since, first_held,
    named_subscribers, waits,
};
use crate::store::{Checked, Setting, StoreError, Tx};
use crate::telemetry::WorkPhase;

use super::briefs::Briefs;
use super::damage::{notify_damage, unless_damaged};
use super::fault::fault_point;
use super::proposals::supersede;
use super::read_model::save_evaluated_at;
use super::subscribers::subscriber_standings;
use super::{Pipeline, PipelineError};

impl Pipeline {
    /// Writes the mails of the notices that are due at `now` and queues them. Returns how many.
    ///
    /// # Errors
    /// When the store fails: then no notice is taken and no mail queued.
    pub fn compose(&mut self, now: Timestamp) -> Result<usize, PipelineError> {
        self.settle()?;
        let begun = self.settings.wall.elapsed();
        let queued = self.write_as_leader("queue mails", |tx| self.compose_within(tx, now))?;
        self.has_queued |= queued > 0;
        fault_point("after_compose");
        self.settings
            .metrics
            .timed(WorkPhase::Composing, self.settings.wall.since(begun));
        Ok(queued)
    }

    fn compose_within(&self, tx: &Tx<'_>, now: Timestamp) -> Result<usize, PipelineError> {
        let Checked { rows: due, damaged } = tx.due_notices(now)?;
        let wants_digests = tx.setting(Setting::DigestsWanted)? == Some(1);
        for row in damaged {
            take_damaged(tx, &row.id)?;
            notify_damage(tx, &row.why, now)?;
        }
        if due.is_empty() && !wants_digests {
            return Ok(0);
        }
        let pending = self.pending(tx, due, now)?;
        let last_hour = tx
            .recipients_since(capped_since(now))?
            .into_iter()
            .collect();
        let settings = &self.settings.plan;
        let composing = Composing {
            settings,
            reference: &self.read_model.reference,
            last_hour: &last_hour,
            held: settings.mail.are_held(
                tx.setting(Setting::MailsHeld)? == Some(1),
                tx.loading()?.first,
            ),
            now,
            read_until: self.read_model.read_until.filter(|_| self.read_model.lags),
        };
        let mut queued = 0;
        if wants_digests {
            let digests = composing.digests(&waiting(tx, now)?)?;
            queue(tx, &digests)?;
            tx.set(Setting::DigestsWanted, 0)?;
            queued += digests.mails.len();
        }
        let mails = composing.mails(&pending)?;
        let newly_held = queue(tx, &mails)?;
        queued += mails.mails.len();
        notify_held(tx, newly_held, now)?;
        fault_point("mails_queued");
        if let Some(evaluated_at) = self.read_model.evaluated_at.filter(|_| queued > 0) {
            // A worker that starts again tries these mails as of then; an evaluation without
            // changes has not written it.
            save_evaluated_at(tx, self.read_model.evaluated(evaluated_at))?;
        }
        Ok(queued)
    }

    /// The notices with their subjects in their present state.
    fn pending(
        &self,
        tx: &Tx<'_>,
        due: Vec<Notice>,
        now: Timestamp,
    ) -> Result<Vec<PendingNotice>, StoreError> {
        let briefs = Briefs::load_due(tx, &self.read_model, &self.settings.plan, &due);
        let mut briefs = unless_damaged(tx, briefs, now)?.unwrap_or_default();
        let pending = |notice| {
            let about = self.about(tx, &notice, &mut briefs);
            let about = unless_damaged(tx, about, now)?.unwrap_or(About::Gone);
            Ok(PendingNotice { notice, about })
        };
        due.into_iter().map(pending).collect()
    }

    fn about(
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
                Some(task) => self.about_task(tx, task)?,
                None => About::Gone,
            },
            NoticeTopic::Reminder(id) => tx
                .reminder(id)?
                .map_or(About::Gone, |reminder| About::Reminder(Box::new(reminder))),
            NoticeTopic::Brief(manager, _) => briefs.about(notice, manager),
            NoticeTopic::Ops(_) => About::Ops,
        })
    }

    fn about_task(&self, tx: &Tx<'_>, task: Task) -> Result<About, StoreError> {
        let alerts = tx.alerts_of(&task)?;
        let subscribers = subscriber_standings(tx, named_subscribers(&task, &alerts))?;
        let settings = &self.settings.plan;
        Ok(about_task(
            task,
            alerts,
            &subscribers,
            &self.read_model,
            settings,
        ))
    }
}

/// Queues mails and deletes their notices; how many of the mails are new and held.
fn queue(tx: &Tx<'_>, plan: &ComposePlan) -> Result<u64, StoreError> {
    for id in &plan.superseded {
        if let Some(queued) = tx.mail(id)? {
            supersede(tx, &queued)?;
        }
    }
    let mut newly_held = 0;
    for new in &plan.mails {
        let is_new = tx.insert_mail(&new.mail, &new.message_id, new.state)?;
        newly_held += u64::from(is_new && new.state == MailState::Held);
    }
    plan.taken
        .iter()
        .try_for_each(|id| tx.delete_notice(id).map(drop))?;
    Ok(newly_held)
}

/// Notifies the operators of the first mails that are held.
fn notify_held(tx: &Tx<'_>, newly_held: u64, now: Timestamp) -> Result<(), StoreError> {
    if newly_held == 0 {
        return Ok(());
    }
    let (held, first_load) = (tx.mails_held()?, tx.loading()?.first);
    let Some(notice) = first_held(newly_held, held, first_load, now) else {
        return Ok(());
    };
    tracing::warn!(
        mails = held,
        first_load,
        "Mails are held, and managers get none; hint: `sisan outbox release`, after a first load `sisan load done`"
    );
    tx.insert_notice(&notice)
}

/// Waiting mails about tasks, with the present versions of these tasks.
fn waiting(tx: &Tx<'_>, now: Timestamp) -> Result<Vec<Waiting>, StoreError> {
    // One that cannot be read is given up when it is due.
    let queued = tx.waiting_mails_of(MailKind::AlertTask)?.rows;
    let mut waiting = Vec::new();
    for queued in queued.into_iter().filter(|one| waits(one.delivery.state)) {
        let mut tasks = Vec::new();
        for topic in &queued.mail.topics {
            if let NoticeTopic::Task(id) = topic {
                let task = tx.task(id).and_then(|task| {
                    task.map(|task| tx.alerts_of(&task).map(|alerts| (task, alerts)))
                        .transpose()
                });
                tasks.extend(unless_damaged(tx, task, now)?.flatten());
            }
        }
        waiting.push(Waiting {
            mail_id: queued.mail_id,
            recipient: queued.mail.recipient,
            tasks,
        });
    }
    Ok(waiting)
}

/// Deletes a notice that cannot be read, so that it holds up no other.
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
