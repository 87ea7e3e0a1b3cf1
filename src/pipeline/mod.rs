//! The spine: raw messages in, one transaction a batch out, and the evaluation of the figures.
//!
//! ```text
//! RawBatch ─ prepare ─→ fates, events ─ commit_until(cut) ─→ store: timelines, counters, identities, positions
//!                                            │ event clock: stops before the first event past the cut
//!                                            └→ evaluate(now) ─→ alerts, tasks, notices ─ compose(now) ─→ outbox
//! ```
//!
//! It may not know HTTP, SMTP, polars or the environment. Invariant: what is in memory is what is
//! committed, but for one batch whose commit is running; whatever reads memory or the store as a
//! whole settles that first. Where many write, only the leader has a read model in memory.

mod briefs;
mod commit;
mod commit_conflicts;
mod damage;
mod evaluate;
mod fault;
mod follow;
mod forgetting;
mod gather;
mod judge;
mod leadership;
mod mails;
mod named_members;
mod prepare;
mod proposals;
mod read_model;
mod retries;
mod subscribers;
mod sweep;
mod work;

pub use briefs::Briefs;
pub use evaluate::InputProgress;
pub use fault::fault_point;
pub use forgetting::Forgotten;
pub use gather::{BoundaryAfter, Committed};
pub use leadership::Leadership;
pub use named_members::{ended_named_members, settle_named_members};
pub use prepare::{Decoded, Prepared, decode_batch, form_of};
pub use proposals::withdraw_guarded;
pub use read_model::{load_read_model, load_read_model_of_group};
pub use subscribers::subscriber_standings;

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::decode::DecodeRules;
use crate::domain::clock_mode::ClockMode;
use crate::domain::local_day::Timestamp;
use crate::domain::reject::RejectClass;
use crate::plan::{Incremental, PlanSettings, ReadModel, RejectRateBreaker, RenderError, Touched};
use crate::store::{Lease, Store, StoreError};
use crate::telemetry::Metrics;

use work::KeptWork;

/// The configuration of the pipeline.
#[derive(Debug)]
pub struct Settings {
    pub wall: Clock,
    /// Counts what is done.
    pub metrics: Arc<Metrics>,
    pub clock: ClockMode,
    /// How to read deliveries.
    pub decode: Arc<DecodeRules>,
    /// How everything is decided.
    pub plan: PlanSettings,
    /// Months that stay open behind the current one.
    pub open_months: i32,
    /// How far the clock, and the last closing, may lie from the newest accepted event when months
    /// are closed.
    pub close_ahead_max: TimeDelta,
    /// What this worker is called.
    pub worker: String,
    /// Rejected share of a partition's last deliveries above which it is paused.
    pub storm_share: f64,
    /// How many deliveries that share is of.
    pub storm_window: usize,
}

/// What can go wrong on the way.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A mail could not be written.
    #[error("write a mail from its template")]
    Compose(#[from] RenderError),
    /// Most of what comes is no event.
    #[error(
        "E_SCHEMA_STORM: {rejected} of the last {window} deliveries of {source_name} were rejected, most of them as {class}; it is paused before position {position}\nhint: look at `sisan rejects list`, mend the producer or the status map and mappings, then start again: nothing was skipped"
    )]
    SchemaStorm {
        /// Which partition or file.
        source_name: String,
        position: u64,
        /// How many of them.
        rejected: usize,
        window: usize,
        class: RejectClass,
    },
}

impl PipelineError {
    /// The failure of the store that it is, if it is one.
    #[must_use]
    pub const fn of_store(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self {
            Some(error)
        } else {
            None
        }
    }
}

pub struct Pipeline {
    store: Arc<Store>,
    settings: Settings,
    read_model: ReadModel,
    /// What the day counters want, as last judged.
    counted: Incremental,
    /// Groups that have changed since signals were last judged.
    touched: Touched,
    /// What is open, as of the last evaluation or sweep.
    work: Cell<Option<KeptWork>>,
    /// The commit of the last batch, if it is not known yet how it ended.
    pending: Option<commit::Pending>,
    storms: RejectRateBreaker,
    /// Whether mails were queued since the last evaluation.
    has_queued: bool,
    /// The lease of the leader, if this worker has it, and when it was last renewed.
    lease: Option<(Lease, Duration)>,
    /// Whether nobody else writes, and when that was last asked.
    writes_alone: Option<(bool, Duration)>,
}

impl Pipeline {
    /// A pipeline without a read model until it [comes to the lease](Pipeline::lead).
    #[must_use]
    pub fn new(store: Arc<Store>, settings: Settings) -> Self {
        Self {
            store,
            settings,
            read_model: ReadModel::default(),
            counted: Incremental::default(),
            touched: Touched::default(),
            work: Cell::default(),
            pending: None,
            storms: RejectRateBreaker::default(),
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
    pub fn adopt(&mut self, settings: Settings) {
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

    /// The store.
    #[must_use]
    pub const fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Now, by the clock that is configured.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let wall = || self.settings.wall.now();
        match self.settings.clock {
            ClockMode::Wall => wall(),
            ClockMode::Event => self.read_model.event_clock.unwrap_or_else(wall),
        }
    }

    /// The instant, but none beyond now where the worker follows the wall's clock: a later one was
    /// written while that was ahead.
    #[must_use]
    pub fn not_ahead(&self, at: Timestamp) -> Timestamp {
        match self.settings.clock {
            ClockMode::Wall => at.min(self.settings.wall.now()),
            ClockMode::Event => at,
        }
    }
}
