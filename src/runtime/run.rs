//! A worker that runs until it is asked to stop, and waits for a store that is out of reach.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use super::dispatcher::OutboxDispatcher;
use super::error::{AppError, Exit};
use super::intake::NextInput;
use super::watchdog::Watchdog;
use super::worker::{Ended, Worker};
use crate::consume::{Source, StopSignal};
use crate::store::Setting;

/// With a wall clock figures are evaluated at least so often.
const EVALUATE_EVERY: Duration = Duration::from_secs(1);

/// The pause before the clock is checked again, where there is no input to wait for.
const IDLE: Duration = Duration::from_millis(200);
/// How long to wait before a store that failed is asked again.
const STORE_PAUSE: Duration = Duration::from_secs(1);

pub(crate) type Opening<'a> = dyn Fn() -> Result<Option<Source>, AppError> + 'a;

impl Worker {
    /// Runs until `stop` is given; `open` gives the input, from where the store left it, or none if
    /// others read it. Mails go out beside it, if this worker is to send them.
    ///
    /// # Errors
    /// The named error that stopped it.
    pub fn run(
        mut self,
        open: &Opening<'_>,
        dispatcher: Option<OutboxDispatcher>,
        stop: &StopSignal,
    ) -> Result<Ended, AppError> {
        let delivering = dispatcher.map(|dispatcher| {
            dispatcher.deliver_beside(Arc::clone(self.pipeline.store()), stop.clone())
        });
        let watchdog = Watchdog::start(self.stalled_after, end_stalled)
            .context("start a thread that watches")?;
        let worked = loop {
            match self.run_until_it_fails(open, stop, &watchdog) {
                Err(error)
                    if self.pipeline.store().is_shared() && error.ends_with_a_new_start() =>
                {
                    self.wait_for_store(&error, stop, &watchdog)
                }
                done => break done,
            }
        };
        // What is left has a deadline of its own, `stop.within`.
        drop(watchdog);
        stop.stop();
        if let Some(delivering) = delivering {
            delivering.join();
        }
        worked?;
        Ok(Ended {
            exit: Exit::Done,
            paused: Vec::new(),
            ignored: Vec::new(),
            mails_waiting: 0,
        })
    }

    fn run_until_it_fails(
        &mut self,
        open: &Opening<'_>,
        stop: &StopSignal,
        watchdog: &Watchdog,
    ) -> Result<(), AppError> {
        self.leader.leads(&mut self.pipeline)?;
        match open()? {
            Some(source) => self.ingest_all(source, watchdog)?,
            None => {
                self.ingest.has_more = false;
                let clock = self.pipeline.settings().wall.clone();
                while !stop.wait_by(&clock, IDLE) {
                    watchdog.turn();
                    self.reload_if_asked();
                    self.evaluate_unless_younger_than(EVALUATE_EVERY, true, None)?;
                }
            }
        }
        Ok(self.pipeline.resign()?)
    }

    /// Ingests batches until the source ends; whatever happens, the running commit is settled and
    /// the source is closed.
    fn ingest_all(&mut self, source: Source, watchdog: &Watchdog) -> Result<(), AppError> {
        self.ingest.has_more = true;
        self.leader.await_event_clock(&mut self.pipeline)?;
        let mut intake = self.intake(source)?;
        let worked = loop {
            watchdog.turn();
            self.reload_if_asked();
            intake.decode_by(&self.pipeline.settings().decode);
            let done = match intake.next() {
                Ok(NextInput::Batch(batch)) => {
                    intake.ahead_of(|source| self.ingest_batch(batch, source, None))
                }
                Ok(NextInput::Idle) => self.tick(intake.source()),
                Ok(NextInput::Ended) => break Ok(()),
                Err(error) => Err(error.into()),
            };
            if done.is_err() {
                break done;
            }
        };
        let settled = self.ingest.settle(&mut self.pipeline, intake.source());
        intake.close();
        worked.and(settled.map(drop))
    }

    /// The database server is out of reach, or refuses, or nobody reads a partition of ours: waits
    /// until the server answers. What was not committed is read again.
    fn wait_for_store(&mut self, error: &AppError, stop: &StopSignal, watchdog: &Watchdog) {
        tracing::error!(
            error = format!("{:#}", error.error),
            "The worker begins anew when the store answers"
        );
        self.pipeline.settings().metrics.store_failed();
        self.pipeline.forget();
        self.ingest.forget();
        let clock = self.pipeline.settings().wall.clone();
        while !stop.wait_by(&clock, STORE_PAUSE) {
            watchdog.turn();
            match self
                .pipeline
                .store()
                .read_tx("see whether the store answers", |tx| {
                    tx.setting(Setting::EvaluatedAt)
                }) {
                Ok(_) => {
                    tracing::info!("The store answers again");
                    return;
                }
                Err(error) => tracing::warn!(%error, "The store does not answer yet"),
            }
        }
    }

    /// No input came: evaluates what has become due by the clock.
    fn tick(&mut self, source: &Source) -> Result<(), AppError> {
        self.ingest.settle(&mut self.pipeline, source)?;
        self.ingest.has_more = source.has_more();
        self.ingest.notify_ignored(&self.pipeline, source)?;
        if !self.leader.uses_boundaries(&mut self.pipeline)? {
            self.evaluate_unless_younger_than(EVALUATE_EVERY, true, Some(source))?;
        }
        Ok(())
    }
}

/// Ends a process whose loop has stopped.
fn end_stalled() {
    tracing::error!(
        "E_STALLED: the worker's loop has stood still for stop.stalled_after; it ends, to be started anew: nothing is lost"
    );
    std::process::exit(i32::from(Exit::Temporary as u8));
}
