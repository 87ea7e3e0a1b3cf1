//! Which runs of a job are due.
//!
//! It may not know what time it is, nor who runs what. A cron schedule names local wall times, and
//! each falls due once: at the earlier instant where the clock repeats it, and at the first instant
//! after the gap where the clock leaves it out. Two wall times of one gap fall due together, as
//! one. Invariant: due times rise, and cutting an interval in two gives the same due times.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike};

use super::job::{JobSpec, OnMissed, Schedule};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::zone::Zone;

/// Most runs of one job that are given at once; the rest comes with the next call.
pub(crate) const RUNS_MAX: usize = 1_000;

/// How long past its due time a run of a job that skips missed ones may still begin.
pub(crate) const SKIP_GRACE: TimeDelta = TimeDelta::minutes(5);

/// Most days or candidates that a calendar may leave out in a row, before a job counts as never
/// due.
const LEFT_OUT_MAX: usize = 800;

/// How far back the latest due time is searched for, step by step.
const LOOK_BACK: [TimeDelta; 5] = [
    TimeDelta::hours(1),
    TimeDelta::days(1),
    TimeDelta::days(32),
    TimeDelta::days(400),
    TimeDelta::days(3_660),
];

/// Runs that are due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct DueRuns {
    /// Their due times, in order.
    pub runs: Vec<Timestamp>,
    /// There are more than [`RUNS_MAX`]: call again with the last of these as `since`. To be
    /// logged.
    pub more: bool,
}

/// Runs of several jobs that are due.
#[derive(Debug, Clone, Default)]
pub(crate) struct DueTogether<'a> {
    /// Due times and jobs, by due time, then name.
    pub runs: Vec<(Timestamp, &'a JobSpec)>,
    /// There are more: call again when these are done.
    pub more: bool,
}

/// The runs that are due after `since` up to `now`, both by `on_missed`. `since` is the last due
/// time that was claimed, or when the store began: a job that has never run has nothing to catch up
/// from before.
#[must_use]
pub(crate) fn due_runs(
    job: &JobSpec,
    since: Timestamp,
    now: Timestamp,
    zone: Zone,
    working: &dyn Fn(NaiveDate) -> bool,
) -> DueRuns {
    let up_to_now =
        |since| Dues::after(job, since, zone, working).take_while(move |due| *due <= now);
    let latest = || {
        LOOK_BACK
            .iter()
            .find_map(|back| up_to_now(since.max(now.plus(-*back))).last())
    };
    match job.on_missed {
        OnMissed::RunEach => {
            let mut runs: Vec<Timestamp> = up_to_now(since).take(RUNS_MAX + 1).collect();
            let more = runs.len() > RUNS_MAX;
            runs.truncate(RUNS_MAX);
            DueRuns { runs, more }
        }
        OnMissed::RunOnce => DueRuns {
            runs: latest().into_iter().collect(),
            more: false,
        },
        OnMissed::Skip => DueRuns {
            runs: latest()
                .into_iter()
                .filter(|due| now.since(*due) <= SKIP_GRACE)
                .collect(),
            more: false,
        },
    }
}

/// The runs of several jobs, each with its `since`, in due order.
#[must_use]
pub(crate) fn due_together<'a>(
    jobs: impl IntoIterator<Item = (&'a JobSpec, Timestamp)>,
    now: Timestamp,
    zone: Zone,
    working: &dyn Fn(NaiveDate) -> bool,
) -> DueTogether<'a> {
    let mut together = DueTogether::default();
    let mut whole_until = now;
    for (job, since) in jobs {
        let due = due_runs(job, since, now, zone, working);
        if due.more {
            together.more = true;
            whole_until = due
                .runs
                .last()
                .map_or(whole_until, |last| whole_until.min(*last));
        }
        together
            .runs
            .extend(due.runs.into_iter().map(|at| (at, job)));
    }
    // Past the end of a job that was cut, its own further runs would be missing between the
    // others'.
    together.runs.retain(|(at, _)| *at <= whole_until);
    together
        .runs
        .sort_by(|(a, x), (b, y)| (a, &x.name).cmp(&(b, &y.name)));
    together
}

/// The first due time after an instant; none for a job whose calendar leaves out all that is near.
#[must_use]
pub(crate) fn next_due(
    job: &JobSpec,
    after: Timestamp,
    zone: Zone,
    working: &dyn Fn(NaiveDate) -> bool,
) -> Option<Timestamp> {
    Dues::after(job, after, zone, working).next()
}

/// The due times of a job, one after another.
struct Dues<'a> {
    job: &'a JobSpec,
    zone: Zone,
    working: &'a dyn Fn(NaiveDate) -> bool,
    /// Every due time comes after it.
    last: Timestamp,
    /// Where cron is searched on.
    local: NaiveDateTime,
}

impl<'a> Dues<'a> {
    fn after(
        job: &'a JobSpec,
        after: Timestamp,
        zone: Zone,
        working: &'a dyn Fn(NaiveDate) -> bool,
    ) -> Self {
        let zone = job.timezone.unwrap_or(zone);
        // No wall time up to this one falls due later: it is the earlier of two, and a gap's end is
        // its own wall time.
        Self {
            job,
            zone,
            working,
            last: after,
            local: zone.local(after),
        }
    }

    fn allows(&self, date: NaiveDate) -> bool {
        self.job.calendar.allows(date, self.working)
    }

    fn next_of_cron(&mut self, cron: &super::Cron) -> Option<Timestamp> {
        let mut left_out = 0;
        while left_out < LEFT_OUT_MAX {
            self.local = cron.next_after(self.local)?;
            if !self.allows(self.local.date()) {
                left_out += 1;
                self.local = self.local.date().and_hms_opt(23, 59, 59)?;
                continue;
            }
            let due = instant_of(self.zone, self.local);
            if due > self.last {
                self.last = due;
                return Some(due);
            }
        }
        None
    }

    fn next_of_span(&mut self, span: TimeDelta) -> Option<Timestamp> {
        let step = span.num_microseconds().filter(|step| *step > 0)?;
        let multiple_after = |t: Timestamp| {
            t.micros()
                .div_euclid(step)
                .checked_add(1)?
                .checked_mul(step)
                .map(Timestamp::from_micros)
        };
        let mut due = multiple_after(self.last)?;
        for _ in 0..LEFT_OUT_MAX {
            let day: LocalDay = self.zone.day_of(due);
            if self.allows(day.date()) {
                self.last = due;
                return Some(due);
            }
            due = multiple_after(Timestamp::from_micros(self.zone.end_of(day).micros() - 1))?;
        }
        None
    }
}

/// The instant of a wall time, and of one in a gap the gap's end. [`Zone::at`] finds that in steps
/// of a quarter of an hour, so it is asked for the quarter before: gaps begin and end at quarters,
/// and due times must rise.
fn instant_of(zone: Zone, local: NaiveDateTime) -> Timestamp {
    let at = zone.at(local);
    if zone.local(at) == local {
        return at;
    }
    let quarter = local.with_minute(local.minute() / 15 * 15).unwrap_or(local);
    zone.at(quarter)
}

impl Iterator for Dues<'_> {
    type Item = Timestamp;

    fn next(&mut self) -> Option<Timestamp> {
        match &self.job.schedule {
            Schedule::Cron(cron) => self.next_of_cron(cron),
            Schedule::Every(span) => self.next_of_span(*span),
        }
    }
}
