//! The dispatcher: takes mails out of the outbox and gives them to the mailer, in a drain or
//! beside the worker.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::runtime::Runtime;

use crate::clock::Clock;
use crate::consume::StopSignal;
use crate::domain::alert::MailId;
use crate::domain::clock_mode::ClockMode;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::{MailState, Notice};
use crate::domain::ops_notice::{OpsNotice, UnsentMail};
use crate::domain::zone::Zone;
use crate::follow_up::calendar::WorkingCalendar;
use crate::notify::deliver::{DrainReport, DrainSettings, drain};
use crate::notify::mailer::Mailer;
use crate::notify::mime::Sender;
use crate::notify::relay_watch::RelayWatch;
use crate::notify::retry;
use crate::notify::words::ops::text as ops_text;
use crate::plan::{PortOutGuard, of_delivery};
use crate::store::{Durability, Setting, Store, StoreError};
use crate::telemetry::Metrics;

use super::error::AppError;
use super::relay_outage::Outage;
use super::setup::Setup;
use super::store_outbox::{StoreOutbox, give_up};

/// The pause before the outbox is read again.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Most mails before the results are recorded for the operators.
const DRAIN_MAILS_MAX: usize = 1_000;

/// The mailer with all it needs.
pub struct OutboxDispatcher {
    mailer: Mailer,
    from: Sender,
    list_id: String,
    runtime: Runtime,
    watch: RelayWatch,
    /// How long the port-out guard holds.
    guard: TimeDelta,
    /// By which a task goes on whose question the guard withdraws.
    calendar: WorkingCalendar,
    /// Of instants in the log, and of the calendar.
    zone: Zone,
    /// How long the relay may be out of reach before the operators are notified.
    patience: TimeDelta,
    pending_notices: PendingOpsNotices,
    /// Whether mails that a crash left half sent have been recovered.
    recovered: bool,
    clock: Clock,
    clock_mode: ClockMode,
    metrics: Arc<Metrics>,
    outage: Outage,
}

/// The notices that the operators have not been sent.
#[derive(Debug, Default)]
struct PendingOpsNotices {
    /// Mails that ended without anybody knowing that they were sent.
    ended: Vec<(MailId, MailState)>,
    /// The relay takes nothing.
    relay: Option<OpsNotice>,
}

/// Delivery beside the worker.
pub(crate) struct Delivering(JoinHandle<()>);

impl Delivering {
    /// Waits until the mail in flight has come to its end.
    pub(crate) fn join(self) {
        if self.0.join().is_err() {
            tracing::error!("Mail delivery has ended in a panic");
        }
    }
}

impl OutboxDispatcher {
    /// A dispatcher by the configuration.
    ///
    /// # Errors
    /// When the relay's settings cannot be used.
    pub fn open(setup: &Setup) -> Result<Self, AppError> {
        let mailer = setup.mailer()?;
        if let Mailer::Folder(folder) = &mailer
            && let Err(error) = folder.tidy()
        {
            tracing::warn!(%error, "What was left behind in `mail.folder` cannot be removed");
        }
        Self::with(setup, mailer)
    }

    /// A dispatcher that gives mails to a mailer.
    ///
    /// # Errors
    /// When no thread is available.
    pub fn with(setup: &Setup, mailer: Mailer) -> Result<Self, AppError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        Ok(Self {
            mailer,
            from: setup.from.clone(),
            list_id: setup.config.mail.list_id.clone(),
            runtime,
            watch: RelayWatch::default(),
            guard: setup.follow_up_rules().guard,
            calendar: setup.calendar.clone(),
            zone: setup.config.timezone,
            patience: setup.config.mail.relay_down_after,
            pending_notices: PendingOpsNotices::default(),
            recovered: false,
            clock: setup.clock.clone(),
            clock_mode: setup.config.clock.mode,
            metrics: Arc::clone(&setup.metrics),
            outage: Outage::new(
                setup.config.mail.digest_after,
                setup.config.mail.per_minute_max,
                &setup.clock,
            ),
        })
    }

    /// Tries each mail that is due at `now`, once.
    pub fn try_each(&mut self, store: &Arc<Store>, now: Timestamp) -> Result<(), AppError> {
        let clock_offset = self.clock.now().since(now);
        self.recover(store, now, clock_offset)?;
        let report = self.drain(store, clock_offset, usize::MAX, || now, || false)?;
        if let Some(stopped) = &report.stopped {
            tracing::warn!(?stopped, "Mail delivery has stopped early");
        }
        Ok(())
    }

    /// Mails that were claimed when a worker died wait again, or are uncertain if they were in
    /// flight: recovered at the start, and where there are many workers again and again. Mails
    /// follow `now`, `clock_offset` behind the wall clock.
    fn recover(
        &mut self,
        store: &Store,
        now: Timestamp,
        clock_offset: TimeDelta,
    ) -> Result<(), StoreError> {
        if self.recovered && !store.is_shared() {
            return Ok(());
        }
        let (was_in_flight, given_up) = store.write_tx(
            "look after mails being sent",
            |tx| -> Result<_, StoreError> {
                let (mut was_in_flight, abandoned) = (Vec::new(), tx.abandoned_mails()?);
                let given_up = abandoned
                    .damaged
                    .into_iter()
                    .map(|row| give_up(tx, row))
                    .collect::<Result<Vec<_>, _>>()?;
                for queued in abandoned.rows {
                    let (delivery, mail) = (&queued.delivery, &queued.mail);
                    let after = retry::after_crash_by_offset(delivery, mail, now, clock_offset);
                    tx.record_delivery(&queued.mail_id, &after)?;
                    was_in_flight
                        .extend(queued.delivery.in_flight.then_some((queued.mail_id, after)));
                }
                if self.clock_mode == ClockMode::Wall {
                    tx.bring_mails_forward(now, retry::waits_at_most_until(now))?;
                }
                Ok((was_in_flight, given_up))
            },
        )?;
        self.note_given_up(given_up);
        self.metrics
            .mailed(MailState::Uncertain, was_in_flight.len());
        let lost = was_in_flight
            .into_iter()
            .filter(|(_, after)| retry::is_lost(after));
        self.pending_notices
            .ended
            .extend(lost.map(|(mail_id, after)| (mail_id, after.state)));
        self.recovered = true;
        Ok(())
    }

    /// Notes mails that could not be read.
    fn note_given_up(&mut self, mails: Vec<MailId>) {
        self.metrics.mailed(MailState::Dead, mails.len());
        self.pending_notices
            .ended
            .extend(mails.into_iter().map(|mail_id| (mail_id, MailState::Dead)));
    }

    /// Sends what is due, and keeps the notices for the operators. Mails follow `now`,
    /// `clock_offset` behind the wall clock.
    fn drain(
        &mut self,
        store: &Store,
        clock_offset: TimeDelta,
        mails_max: usize,
        now: impl Fn() -> Timestamp,
        asked_to_stop: impl Fn() -> bool,
    ) -> Result<DrainReport, StoreError> {
        let settings = DrainSettings {
            from: &self.from,
            list_id: &self.list_id,
            mails_max,
        };
        let taken = if matches!(self.mailer, Mailer::Folder(_)) {
            Durability::WithNext
        } else {
            Durability::Now
        };
        let guard = PortOutGuard {
            holds_for: self.guard,
            zone: self.zone,
            calendar: &self.calendar,
        };
        let outbox = StoreOutbox::new(store, clock_offset, guard, taken);
        let report = self.runtime.block_on(drain(
            &outbox,
            &mut self.mailer,
            settings,
            &now,
            asked_to_stop,
        ));
        let beside = outbox.beside();
        self.note_given_up(beside.given_up);
        self.metrics.may_be_doubled(beside.sent_late);
        let report = report?;
        let ended = |state| report.ended.iter().filter(|(_, of)| *of == state).count();
        for (state, n) in [
            (MailState::Sent, report.sent),
            (MailState::Deferred, report.deferred),
            (MailState::Uncertain, report.uncertain),
            (MailState::Dead, ended(MailState::Dead)),
            (MailState::Expired, ended(MailState::Expired)),
        ] {
            self.metrics.mailed(state, n);
        }
        self.pending_notices
            .ended
            .extend(report.ended.iter().cloned());
        self.pending_notices.relay = self
            .watch
            .note(&report, now(), self.patience)
            .or(self.pending_notices.relay.take());
        self.metrics.relay_is_up(!self.watch.is_down());
        self.outage
            .note(&report, report.tried(), store, &self.clock)?;
        Ok(report)
    }

    /// Notes for the operators the mails that ended without anybody knowing that they were sent,
    /// and a relay that takes none; returns whether there was anything to note.
    pub fn notify_operators(
        &mut self,
        store: &Arc<Store>,
        now: Timestamp,
    ) -> Result<bool, AppError> {
        Ok(notify_of_mails(
            store,
            std::mem::take(&mut self.pending_notices),
            now,
            self.zone,
        )?)
    }

    /// Delivers beside the worker until `stop` is given.
    #[must_use]
    pub(crate) fn deliver_beside(self, store: Arc<Store>, stop: StopSignal) -> Delivering {
        Delivering(std::thread::spawn(move || self.deliver(&store, &stop)))
    }

    /// How far the wall clock is ahead of the clock that mails follow.
    fn clock_offset(&self, store: &Store) -> Result<TimeDelta, StoreError> {
        if self.clock_mode == ClockMode::Wall {
            return Ok(TimeDelta::zero());
        }
        let clock = store.read_tx("read the event clock", |tx| tx.setting(Setting::EventClock))?;
        Ok(clock.map_or(TimeDelta::zero(), |clock| {
            self.clock.now().since(Timestamp::from_micros(clock))
        }))
    }

    /// Sends what is due, as far as the relay and the rate allow.
    fn deliver_some(
        &mut self,
        store: &Store,
        clock_offset: TimeDelta,
        now: &impl Fn() -> Timestamp,
        stop: &StopSignal,
    ) -> Result<(), StoreError> {
        let mails_max = self.outage.permits(&self.clock).min(DRAIN_MAILS_MAX);
        if mails_max == 0 {
            return Ok(());
        }
        self.drain(store, clock_offset, mails_max, now, || stop.is_stopped())
            .map(drop)
    }

    /// Delivers until `stop` is given.
    pub fn deliver(mut self, store: &Store, stop: &StopSignal) {
        while !stop.wait_by(&self.clock.clone(), POLL_INTERVAL) {
            if let Err(error) = self.deliver_once(store, stop) {
                tracing::error!(%error, "Mail delivery has failed");
            }
        }
    }

    fn deliver_once(&mut self, store: &Store, stop: &StopSignal) -> Result<(), StoreError> {
        let (clock, clock_offset) = (self.clock.clone(), self.clock_offset(store)?);
        let now = || clock.now().plus(-clock_offset);
        self.recover(store, now(), clock_offset)?;
        self.deliver_some(store, clock_offset, &now, stop)?;
        notify_of_mails(
            store,
            std::mem::take(&mut self.pending_notices),
            now(),
            self.zone,
        )
        .map(drop)
    }
}

/// Notes for the operators what delivering has come to; whether there was anything to note.
fn notify_of_mails(
    store: &Store,
    pending_notices: PendingOpsNotices,
    now: Timestamp,
    zone: Zone,
) -> Result<bool, StoreError> {
    if let Some(relay) = &pending_notices.relay {
        tracing::error!("{}", ops_text(relay, Locale::En, zone));
    }
    if pending_notices.ended.is_empty() && pending_notices.relay.is_none() {
        return Ok(false);
    }
    store.write_tx("notify the operators of mails", |tx| {
        let mut mails = Vec::new();
        for (id, state) in &pending_notices.ended {
            mails.extend(tx.mail_entry(id)?.map(|entry| UnsentMail {
                mail_id: id.clone(),
                kind: entry.kind,
                state: *state,
                last_reply: entry.delivery.last_reply,
            }));
        }
        let notices = of_delivery(pending_notices.relay.clone(), mails);
        for notice in &notices {
            tx.insert_notice(&Notice::for_operators(notice.clone(), now))?;
        }
        Ok(!notices.is_empty())
    })
}
