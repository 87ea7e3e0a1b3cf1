//! The job `close_month`: months more than `history.open_months` full months back become final.
//!
//! Closing cannot be undone by later events, so it does not trust one clock: it checks that the
//! clock, the newest accepted event and the last closing agree. Invariant: while they do not,
//! nothing is closed except by hand, with `--confirm`.

use chrono::TimeDelta;

use crate::domain::clock_mode::ClockMode;
use crate::domain::job_outcome::JobOutcome;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::locale::Locale;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::{ClosingClock, OpsNotice};
use crate::notify::words::ops::text as ops_text;
use crate::pipeline::{Pipeline, settle_named_members};
use crate::store::{LatenessPolicy, Setting, StoreError};

use crate::runtime::AppError;

use super::deadline::RunDeadline;
use super::run::{JobRun, JobTrigger};

/// The decision of the job.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ClosingDecision {
    Nothing(JobOutcome),
    /// Close everything before this day.
    Before(LocalDay),
}

/// The clocks that must agree before a month is closed.
#[derive(Debug, Clone, Copy)]
struct Clocks {
    /// The time of the newest accepted event.
    newest: Timestamp,
    /// The wall clock, in wall-clock mode.
    wall: Option<Timestamp>,
    /// When months were last closed.
    closed_at: Option<Timestamp>,
    /// The due time of this run.
    due_at: Timestamp,
}

impl Clocks {
    /// Returns the disagreement of the clocks, if any is further than `most` from the newest event.
    fn doubt(&self, most: TimeDelta) -> Option<OpsNotice> {
        // A run may be caught up long after it was due, but never starts before its due time.
        let ahead = Some(self.due_at).filter(|due_at| *due_at > self.newest);
        let clocks = [
            (ClosingClock::Wall, self.wall),
            (ClosingClock::LastClosing, self.closed_at),
            (ClosingClock::DueRun, ahead),
        ];
        clocks.into_iter().find_map(|(clock, says)| {
            let says = says?;
            let apart = says.since(self.newest).abs();
            (apart > most).then(|| OpsNotice::ClosingWaits {
                clock,
                says,
                newest: self.newest,
                apart_days: apart.num_days(),
                allowed_days: most.num_days(),
            })
        })
    }
}

/// Closes the months that are due, unless the store is loading; with an event clock only once the
/// input is drained, or confirmed by hand.
pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    let waits_for_input = run.pipeline.settings().clock == ClockMode::Event;
    match run.asked {
        JobTrigger::BySchedule if waits_for_input => return Ok(JobOutcome::WaitsForInput),
        JobTrigger::ByHand if waits_for_input => {
            return Err(anyhow::anyhow!(
                "E_CLOSING_WAITS: no month is closed: with an event clock that is done when the input is drained\nhint: `sisan run --drain`; or `sisan job run close_month --confirm` closes now"
            )
            .into());
        }
        _ => {}
    }
    // A run that was begun before a crash has not passed this check.
    if run.asked == JobTrigger::BySchedule && closing_waits(run.pipeline, run.due_at)? {
        return Ok(JobOutcome::WaitsForClocks);
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
    let (ClosingDecision::Before(_), Some(newest)) =
        (what_to_close(pipeline, &policy, due_at), newest)
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

fn what_to_close(
    pipeline: &Pipeline,
    policy: &LatenessPolicy,
    due_at: Timestamp,
) -> ClosingDecision {
    if pipeline.read_model().event_clock.is_none() {
        return ClosingDecision::Nothing(JobOutcome::NoEventYet);
    }
    if policy.loading.is_on() {
        return ClosingDecision::Nothing(JobOutcome::LoadingGoesOn);
    }
    let settings = pipeline.settings();
    let (zone, back) = (settings.plan.rules.zone, settings.open_months);
    let first_open = zone.day_of(due_at).month().plus(-back).first_day();
    let closed_before = policy.closed_before;
    if closed_before.is_some_and(|closed| closed >= zone.start_of(first_open)) {
        return ClosingDecision::Nothing(JobOutcome::ClosedAlready(first_open));
    }
    ClosingDecision::Before(first_open)
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
    let first_open = match what_to_close(pipeline, &policy, due_at) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_closed_only_while_clock_newest_event_and_last_closing_agree() {
        let at = |day: i64| Timestamp::from_micros(day * 86_400_000_000);
        let doubts = |wall: Option<i64>, closed_at: Option<i64>, due_at: i64| {
            let clocks = Clocks {
                newest: at(20_000),
                wall: wall.map(at),
                closed_at: closed_at.map(at),
                due_at: at(due_at),
            };
            clocks.doubt(TimeDelta::days(45))
        };
        for (wall, closed_at, due_at) in [
            (None, None, 20_000),
            (Some(20_045), None, 20_045),
            (Some(19_955), Some(19_955), 19_955),
            (None, Some(20_045), 19_000),
        ] {
            assert_eq!(
                doubts(wall, closed_at, due_at),
                None,
                "{wall:?} {closed_at:?} {due_at}"
            );
        }
        for (wall, closed_at, due_at, apart) in [
            (Some(20_400), None, 20_000, ClosingClock::Wall),
            (Some(19_954), Some(20_000), 19_954, ClosingClock::Wall),
            (
                Some(20_000),
                Some(19_954),
                20_000,
                ClosingClock::LastClosing,
            ),
            (None, Some(20_400), 20_000, ClosingClock::LastClosing),
            (Some(20_000), None, 20_400, ClosingClock::DueRun),
        ] {
            let doubt = doubts(wall, closed_at, due_at)
                .unwrap_or_else(|| panic!("{wall:?} {closed_at:?} is not doubted"));
            assert!(
                matches!(doubt, OpsNotice::ClosingWaits { clock, .. } if clock == apart),
                "{doubt:?}"
            );
        }
    }
}
