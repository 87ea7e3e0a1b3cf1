//! The pipeline: its store, its settings and what it holds in memory between batches.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use super::commit::Pending;
use super::error::PipelineError;
use super::leadership::Leadership;
use super::settings::Settings;
use super::work::KeptWork;
use crate::domain::clock_mode::ClockMode;
use crate::domain::local_day::Timestamp;
use crate::plan::{Incremental, ReadModel, RejectRateBreaker, TouchedGroups};
use crate::store::{Lease, Store, StoreError};

pub struct Pipeline {
    pub(super) store: Arc<Store>,
    pub(super) settings: Settings,
    pub(super) read_model: ReadModel,
    /// What the day counters want, as last judged.
    pub(super) counted: Incremental,
    /// Groups that have changed since signals were last judged.
    pub(super) touched: TouchedGroups,
    /// What is open, as of the last evaluation or sweep.
    pub(super) work: Cell<Option<KeptWork>>,
    /// The commit of the last batch, if it is not known yet how it ended.
    pub(super) pending: Option<Pending>,
    pub(super) reject_rates: RejectRateBreaker,
    /// Whether mails were queued since the last evaluation.
    pub(super) has_queued: bool,
    /// The lease of the leader, if this worker has it, and when it was last renewed.
    pub(super) lease: Option<(Lease, Duration)>,
    /// Whether nobody else writes, and when that was last asked.
    pub(super) writes_alone: Option<(bool, Duration)>,
}

impl Pipeline {
    /// A pipeline without a read model until it [acquires the lease](Pipeline::lead).
    #[must_use]
    pub fn new(store: Arc<Store>, settings: Settings) -> Self {
        Self {
            store,
            settings,
            read_model: ReadModel::default(),
            counted: Incremental::default(),
            touched: TouchedGroups::default(),
            work: Cell::default(),
            pending: None,
            reject_rates: RejectRateBreaker::default(),
            has_queued: false,
            lease: None,
            writes_alone: None,
        }
    }

    /// A pipeline that leads.
    ///
    /// # Errors
    /// When the store cannot be read, or another leads.
    pub fn open(store: Arc<Store>, settings: Settings) -> Result<Self, PipelineError> {
        let mut pipeline = Self::new(store, settings);
        match pipeline.lead()? {
            Leadership::Elsewhere => Err(StoreError::NotLeader.into()),
            Leadership::Kept | Leadership::Acquired => Ok(pipeline),
        }
    }

    /// Uses other settings from now on.
    pub(crate) fn adopt(&mut self, settings: Settings) {
        self.settings = settings;
        self.read_model.touched.all = true;
    }

    #[must_use]
    pub const fn read_model(&self) -> &ReadModel {
        &self.read_model
    }

    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    #[must_use]
    pub(crate) const fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Now, by the clock that is configured.
    #[must_use]
    pub(crate) fn now(&self) -> Timestamp {
        let wall = || self.settings.wall.now();
        match self.settings.clock {
            ClockMode::Wall => wall(),
            ClockMode::Event => self.read_model.event_clock.unwrap_or_else(wall),
        }
    }

    /// The instant, but none beyond now where the worker follows the wall's clock: a later one was
    /// written while that was ahead.
    #[must_use]
    pub(crate) fn not_ahead(&self, at: Timestamp) -> Timestamp {
        match self.settings.clock {
            ClockMode::Wall => at.min(self.settings.wall.now()),
            ClockMode::Event => at,
        }
    }

    /// When something of `at` is noticed: now where the worker follows the wall's clock. What
    /// operators are mailed must not have expired by the time that it is noticed.
    #[must_use]
    pub(crate) fn noticed_at(&self, at: Timestamp) -> Timestamp {
        match self.settings.clock {
            ClockMode::Wall => self.settings.wall.now(),
            ClockMode::Event => at,
        }
    }
}
