//! A worker that reads all input there is, and stops.

use super::dispatcher::OutboxDispatcher;
use super::error::{AppError, Exit};
use super::intake::NextInput;
use super::leader::Leader;
use super::worker::{Ended, Worker};
use crate::consume::Source;
use crate::domain::clock_mode::ClockMode;
use crate::telemetry::WorkPhase;

impl Worker {
    /// Reads all input there is, runs what falls due and tries each mail.
    ///
    /// # Errors
    /// The named error that stopped it.
    pub fn drain(
        mut self,
        source: Source,
        dispatcher: &mut OutboxDispatcher,
    ) -> Result<Ended, AppError> {
        self.leader.leads(&mut self.pipeline)?;
        if let Some(evaluated_at) = self.pipeline.read_model().evaluated_at {
            let evaluated_at = self.pipeline.not_ahead(evaluated_at);
            dispatcher.try_each(self.pipeline.store(), evaluated_at)?;
        }
        self.leader.await_event_clock(&mut self.pipeline)?;
        let mut intake = self.intake(source)?;
        loop {
            match intake.next()? {
                NextInput::Batch(batch) => intake
                    .ahead_of(|source| self.ingest_batch(batch, source, Some(&mut *dispatcher)))?,
                NextInput::Idle => {
                    self.ingest.settle(&mut self.pipeline, intake.source())?;
                }
                NextInput::Ended => break,
            }
        }
        self.ingest.settle(&mut self.pipeline, intake.source())?;
        self.ingest.has_more = false;
        self.ingest
            .notify_ignored(&self.pipeline, intake.source())?;
        let paused = intake.source().paused().into_iter();
        self.ingest.paused.extend(paused.map(|(_, reason)| reason));
        let ignored = intake.source().ignored();
        intake.close();
        self.finish()?;
        let now = self.pipeline.now();
        dispatcher.try_each(self.pipeline.store(), now)?;
        if self.leader.leads(&mut self.pipeline)? && self.pipeline.compose(now)? > 0 {
            dispatcher.try_each(self.pipeline.store(), now)?;
        }
        self.notify_operators(dispatcher)?;
        self.pipeline.resign()?;
        self.log_times();
        let mails_waiting = self
            .pipeline
            .store()
            .read_tx("count waiting mails", |tx| tx.mails_waiting())?;
        let exit = match (self.ingest.paused.is_empty(), mails_waiting) {
            (false, _) => Exit::Failed,
            (true, 0) => Exit::Done,
            (true, _) => Exit::Temporary,
        };
        Ok(Ended {
            exit,
            paused: self.ingest.paused,
            ignored,
            mails_waiting,
        })
    }

    /// The end of a drain: a last evaluation, the jobs due, and what still waits for its group.
    fn finish(&mut self) -> Result<(), AppError> {
        if !self.leader.wait_to_lead(&mut self.pipeline)? {
            tracing::info!("Another worker leads: it evaluates the figures and runs the jobs");
            return Ok(());
        }
        let Some(now) = Leader::catch_up(&mut self.pipeline)? else {
            return Ok(());
        };
        let progress = self.ingest.input_progress(&self.pipeline, now, true)?;
        self.leader.evaluate(&mut self.pipeline, now, progress)?;
        if self.pipeline.settings().clock == ClockMode::Event {
            self.leader.close_after_drain(&mut self.pipeline)?;
        }
        while let Some(due) = self
            .pipeline
            .store()
            .read_tx("find the next notice", |tx| tx.next_notice_due())?
        {
            self.pipeline.compose(due.max(now))?;
        }
        Ok(())
    }

    /// Logs how long evaluations, sweeps and composing took, for the bench of a city.
    fn log_times(&self) {
        for phase in WorkPhase::ALL {
            let durations = self.pipeline.settings().metrics.durations(phase);
            if durations.count() == 0 {
                tracing::debug!(phase = phase.name(), "No time was spent in this drain");
                continue;
            }
            tracing::info!(
                phase = phase.name(),
                count = durations.count(),
                seconds = durations.sum().as_secs_f64(),
                quantile_50_ms = durations.quantile_ms(0.5),
                quantile_99_ms = durations.quantile_ms(0.99),
                "Time spent in this drain"
            );
        }
    }

    /// Notifies the operators of mails that were not sent, and of what is paused where no event
    /// gave a time to do so, as one more round of mails.
    fn notify_operators(&mut self, dispatcher: &mut OutboxDispatcher) -> Result<(), AppError> {
        let now = self.pipeline.now();
        let has_mails = dispatcher.notify_operators(self.pipeline.store(), now)?;
        let due = self
            .pipeline
            .store()
            .read_tx("find the next notice", |tx| tx.next_notice_due())?;
        if (has_mails || due.is_some_and(|due| due <= now))
            && self.leader.leads(&mut self.pipeline)?
        {
            self.pipeline.compose(now)?;
            dispatcher.try_each(self.pipeline.store(), now)?;
        }
        Ok(())
    }
}
