//! The job `close_month`: months more than `history.open_months` full months back become final.
//!
//! Closing cannot be undone by later events, so it does not trust one clock: it checks that the
//! clock, the newest accepted event and the last closing agree. Invariant: while they do not,
//! nothing is closed except by hand, with `--confirm`.

use crate::domain::clock_mode::ClockMode;
use crate::domain::job_outcome::JobOutcome;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::notify::words::ops::text as ops_text;
use crate::pipeline::{Pipeline, settle_named_members};
use crate::plan::{Clocks, Closable, ClosingDecision, ClosingRun, what_to_close};
use crate::store::{LatenessPolicy, Setting, StoreError};

use crate::runtime::AppError;

use super::deadline::RunDeadline;
use super::run::JobRun;

/// Closes the months that are due, unless the store is loading; with an event clock only once the
/// input is drained, or confirmed by hand.
pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    match ClosingRun::decide(run.asked, run.pipeline.settings().clock) {
        ClosingRun::WaitsForInput => return Ok(JobOutcome::WaitsForInput),
        ClosingRun::NotConfirmed => {
            return Err(anyhow::anyhow!(
                "E_CLOSING_WAITS: no month is closed: with an event clock that is done when the input is drained\nhint: `sisan run --drain`; or `sisan job run close_month --confirm` closes now"
            )
            .into());
        }
        ClosingRun::IfClocksAgree if closing_waits(run.pipeline, run.due_at)? => {
            return Ok(JobOutcome::WaitsForClocks);
        }
        ClosingRun::IfClocksAgree | ClosingRun::Closes => {}
    }
    close_months(run.pipeline, run.due_at, Some(&run.deadline))
}

/// Whether closing waits because the clocks do not agree; the operators are notified once.
pub(crate) fn closing_waits(pipeline: &Pipeline, due_at: Timestamp) -> Result<bool, AppError> {
    let Some(doubt) = closing_doubt(pipeline, due_at)? else {
        return Ok(false);
    };
    let now = pipeline.now();
    let is_notified = pipeline.write_as_leader(
        "tell that closing waits",
        |tx| -> Result<bool, StoreError> {
            if tx.setting(Setting::ClosingWaits)? == Some(1) {
                return Ok(true);
            }
            tx.insert_notice(&Notice::for_operators(doubt.clone(), now))?;
            tx.set(Setting::ClosingWaits, 1).map(|()| false)
        },
    )?;
    if !is_notified {
        let zone = pipeline.settings().plan.rules.zone;
        tracing::warn!("{}", ops_text(&doubt, Locale::En, zone));
    }
    Ok(true)
}

/// The disagreement of the clocks that keeps a due month open, if there is one.
pub(crate) fn closing_doubt(
    pipeline: &Pipeline,
    due_at: Timestamp,
) -> Result<Option<OpsNotice>, AppError> {
    let settings = pipeline.settings();
    let (policy, newest, closed_at) = pipeline.store().read_tx("see what is open", |tx| {
        let instant =
            |setting| Ok::<_, StoreError>(tx.setting(setting)?.map(Timestamp::from_micros));
        Ok((
            tx.lateness_policy()?,
            instant(Setting::EventClock)?,
            instant(Setting::ClosedAt)?,
        ))
    })?;
    let (ClosingDecision::Before(_), Some(newest)) = (decide(pipeline, &policy, due_at), newest)
    else {
        return Ok(None);
    };
    let clocks = Clocks {
        newest,
        wall: (settings.clock == ClockMode::Wall).then(|| settings.wall.now()),
        closed_at,
        due_at,
    };
    Ok(clocks.doubt(settings.close_ahead_max))
}

/// What a run that is due at an instant closes.
fn decide(pipeline: &Pipeline, policy: &LatenessPolicy, due_at: Timestamp) -> ClosingDecision {
    let settings = pipeline.settings();
    let closable = Closable {
        has_events: pipeline.read_model().event_clock.is_some(),
        is_loading: policy.loading.is_on(),
        closed_before: policy.closed_before,
    };
    let zone = settings.plan.rules.zone;
    what_to_close(closable, due_at, settings.open_months, zone)
}

/// Closes the months that are due at an instant, all or nothing.
///
/// # Errors
/// When the store fails, or the deadline passes.
pub(crate) fn close_months(
    pipeline: &Pipeline,
    due_at: Timestamp,
    deadline: Option<&RunDeadline>,
) -> Result<JobOutcome, AppError> {
    let policy = pipeline
        .store()
        .read_tx("see what is open", |tx| tx.lateness_policy())?;
    let first_open = match decide(pipeline, &policy, due_at) {
        ClosingDecision::Nothing(why) => return Ok(why),
        ClosingDecision::Before(first_open) => first_open,
    };
    let (zone, now) = (pipeline.settings().plan.rules.zone, pipeline.now());
    let closed_before = zone.start_of(first_open);
    let forgotten = pipeline.write_as_leader("close months", |tx| -> Result<u64, AppError> {
        settle_named_members(tx, closed_before)?;
        deadline.map_or(Ok(()), RunDeadline::check)?;
        tx.close_before(closed_before)?;
        tx.set(Setting::ClosedAt, now.micros())?;
        tx.set(Setting::ClosingWaits, 0)?;
        let is_over = || deadline.is_some_and(RunDeadline::is_over);
        let forgotten = tx.forget_identities_before(first_open, &is_over);
        match deadline {
            Some(deadline) => deadline.within(forgotten),
            None => Ok(forgotten?),
        }
    })?;
    Ok(JobOutcome::Closed {
        last: first_open.plus(-1),
        first_open,
        forgotten,
    })
}
