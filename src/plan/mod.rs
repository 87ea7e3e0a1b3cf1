//! Deciding: values in, every row to write out. No async, no clock, no I/O; `pipeline` loads before
//! and saves after.
//!
//! ```text
//! ingest      classify ─→ Accepted ─→ apply ─→ Delta
//! evaluation  Incremental, SignalEvaluation ─→ AlertsPlan ─→ FollowUpPlan
//! sweep       Movements, SweepPlan
//! compose     about_task, MorningPlan ─→ Composing
//! jobs        closing, publishing, pruning, backups ─→ what a run closes, publishes, deletes
//! ```
//!
//! It may not know the store, Kafka, SMTP or metrics.
//! Invariant: the same values give the same plan, so the whole worker can be run in a simulator.

mod apply;
mod backups;
mod bounded_clock;
mod brief_hints;
mod brief_notices;
mod calendar_occasions;
mod checks;
mod classify;
mod closed_event;
mod closing;
mod compose;
mod delivery_notices;
mod evaluation;
mod follow;
mod forgetting;
mod group_signals;
mod held_back;
mod incremental;
mod indicators;
mod ingest;
mod input_progress;
mod judged_subjects;
mod lapsing;
mod morning;
mod movements;
mod named_members;
mod open_work;
mod pauses;
mod proposals;
mod pruning;
mod publishing;
mod raising;
mod read_model;
mod reject_rate;
mod rows;
mod settings;
mod signal_evaluation;
mod sources_behind;
mod sweep;
mod unreachable;
#[cfg(test)]
mod whole;

pub(crate) use apply::ApplyRules;
pub(crate) use apply::{Effects, apply, apply_billed_subscriber, by_timeline};
pub(crate) use backups::{BackupState, backup_state, superfluous};
pub(crate) use bounded_clock::{BoundaryAfter, BoundedClock, next_boundary};
pub(crate) use brief_notices::brief_notices;
pub(crate) use calendar_occasions::CalendarOccasions;
pub(crate) use classify::{Arrival, Fate, Target, classify, conflict, target_digest};
pub(crate) use closed_event::closed_event;
pub(crate) use closing::{
    Clocks, Closable, ClosingDecision, ClosingRun, first_open_day, what_to_close,
};
pub(crate) use compose::MailSettings;
pub(crate) use compose::{
    ComposePlan, Composing, about_task, capped_since, first_held, superseded, waits,
};
pub(crate) use delivery_notices::of_delivery;
pub(crate) use evaluation::EvaluationSummary;
pub(crate) use evaluation::{AlertsPlan, EndedSignals};
pub(crate) use follow::{Background, BackgroundQuery, FollowUpPlan, FollowedUp};
pub(crate) use forgetting::folded_before;
pub(crate) use group_signals::Leavers;
pub use group_signals::wanted_by_groups;
pub(crate) use held_back::{HeldBackBy, held_back_by};
pub(crate) use incremental::{Incremental, TouchedGroups};
pub use indicators::FigureInputs;
pub(crate) use indicators::judged_months;
pub(crate) use ingest::Accepted;
pub use input_progress::InputProgress;
pub(crate) use input_progress::KnownInput;
pub(crate) use judged_subjects::JudgedSubjects;
pub(crate) use morning::{
    ChangesByGroup, Hints, LoadedMorning, MorningPlan, TaskWithAlerts, lapsed_low_scores,
    subscribers_of_tasks,
};
pub(crate) use movements::GrowthRule;
pub(crate) use named_members::{is_counted, members_of_opened, named_by_opened, with_kept};
pub(crate) use open_work::OpenWork;
pub(crate) use pauses::input_paused;
pub(crate) use proposals::{PortOutGuard, guard_now};
pub(crate) use pruning::{aged, brief_hints_before, needed_from, pruning_doubt};
pub(crate) use publishing::{PublishedDays, days_to_publish, last_to_publish, note_lagging};
pub(crate) use raising::Occurrences;
#[cfg(test)]
pub(crate) use read_model::BEFORE_EVENTS;
pub use read_model::ReadModel;
pub(crate) use reject_rate::RejectRateBreaker;
pub use rows::daily_rows;
pub(crate) use settings::PlanSettings;
pub(crate) use signal_evaluation::SignalEvaluation;
pub(crate) use sources_behind::{SourceBehind, backlog, lagging, lagging_by_clock};
pub use sweep::Occasions;
pub(crate) use sweep::SweepSummary;
pub(crate) use sweep::{
    Movements, SweepPlan, is_anybody_left, members_now, name_leavers, return_calls_span,
};
pub(crate) use unreachable::unreachable;

// What the plans take and give of the rooms below.
pub(crate) use crate::follow_up::guard::{SubscriberStanding, SubscriberStandings};
pub(crate) use crate::follow_up::task_subscribers::named_subscribers;
pub(crate) use crate::follow_up::tasks::FollowUpContext;
pub(crate) use crate::notify::compose::{About, PendingNotice};
pub(crate) use crate::notify::digest::Waiting;
pub(crate) use crate::notify::template::RenderError;
