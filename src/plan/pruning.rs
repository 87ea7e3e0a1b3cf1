//! What a night's pruning deletes: which rows have passed their retention, and from which day on
//! everything is kept.
//!
//! Invariant: nothing that a rule looks back to is deleted, nor anything while a clock that is
//! ahead could make young rows look old.

use chrono::TimeDelta;

use crate::domain::job_outcome::{ClockAhead, Forgettable, JobOutcome};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::retention::{Aged, Retention};
use crate::evaluate::rules::Rules;
use crate::follow_up::sweep::SweepRules;

/// Days of the longest month.
const MONTH_DAYS_MAX: i32 = 31;
/// How long brief hints are kept: a brief does not report a complaint that is open for longer.
/// Assumption.
const BRIEF_HINTS_KEPT: TimeDelta = TimeDelta::days(40);

/// The reason to delete nothing: the clock is further ahead of the newest accepted event than
/// `most`.
pub(crate) fn pruning_doubt(
    clock: Timestamp,
    newest: Option<Timestamp>,
    most: TimeDelta,
) -> Option<JobOutcome> {
    let newest = newest?;
    (clock.since(newest) > most).then(|| {
        JobOutcome::ClockAhead(ClockAhead {
            clock,
            newest,
            allowed_days: most.num_days(),
        })
    })
}

/// The kinds of rows that are deleted by age alone, each with its cut-off. Rejections are dated by
/// the host's clock.
pub(crate) fn aged(
    kept: &Retention,
    (rules, sweep): (&Rules, SweepRules),
    due_at: Timestamp,
    wall_now: Timestamp,
) -> Vec<(Forgettable, Aged)> {
    let today = rules.zone.day_of(due_at);
    let leavers_days = rules.leavers_days().max(sweep.win_back_days_max());
    let before = |days: u32| due_at.plus(-TimeDelta::days(days.into()));
    let day = |days: u32| today.plus(-(days as i32));
    let wall = |days: u32| wall_now.plus(-TimeDelta::days(days.into()));
    vec![
        (
            Forgettable::MailTexts,
            Aged::MailBodies(before(kept.mail_bodies_days)),
        ),
        (
            Forgettable::Mails,
            Aged::Mails(before(kept.mail_ledger_days)),
        ),
        (Forgettable::Tasks, Aged::Tasks(before(kept.tasks_days))),
        (
            Forgettable::NamedMembers,
            Aged::NamedMembers(before(kept.tasks_days)),
        ),
        (Forgettable::Alerts, Aged::Alerts(before(kept.alerts_days))),
        (
            Forgettable::Silences,
            Aged::Silences(day(kept.silences_days)),
        ),
        (
            Forgettable::JobRuns,
            Aged::JobRuns(before(kept.job_runs_days)),
        ),
        (
            Forgettable::Reminders,
            Aged::Reminders(day(kept.reminders_days)),
        ),
        (
            Forgettable::TaskEvents,
            Aged::ClosedTaskEvents(before(kept.closed_task_events_days)),
        ),
        (
            Forgettable::RejectBytes,
            Aged::RejectBytes(wall(kept.reject_bytes_days)),
        ),
        (
            Forgettable::Rejects,
            Aged::Rejects(wall(kept.reject_rows_days)),
        ),
        (
            Forgettable::Leavers,
            Aged::Leavers(today.plus(-leavers_days)),
        ),
    ]
}

/// Up to when brief hints are deleted.
pub(crate) fn brief_hints_before(due_at: Timestamp) -> Timestamp {
    due_at.plus(-BRIEF_HINTS_KEPT)
}

/// The first day of which everything is kept. It is the first of a month, no later than the first
/// open month (that of `closed_before`), `references_days` ago, and the furthest day that any rule
/// looks back to. None while months wait to be closed or anything is being loaded.
pub(crate) fn needed_from(
    kept: &Retention,
    (rules, sweep): (&Rules, SweepRules),
    (closed_before, is_loading): (Option<Timestamp>, bool),
    due_at: Timestamp,
) -> Option<LocalDay> {
    let closed_before = closed_before.filter(|_| !is_loading)?;
    let zone = rules.zone;
    // A win-back needs the whole month in which members left.
    let looked_back = rules
        .looks_back_days()
        .max(sweep.win_back_days as i32 + MONTH_DAYS_MAX);
    let kept = zone
        .day_of(due_at)
        .plus(-(kept.references_days as i32).max(looked_back));
    Some(kept.min(zone.day_of(closed_before)).month().first_day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::signal_evaluation::tests::rules;

    const KEPT: Retention = Retention {
        mail_bodies_days: 1,
        mail_ledger_days: 2,
        alerts_days: 3,
        tasks_days: 4,
        job_runs_days: 5,
        reminders_days: 6,
        closed_task_events_days: 7,
        reject_bytes_days: 8,
        reject_rows_days: 9,
        references_days: 10,
        silences_days: 11,
    };

    fn at(date: &str) -> Timestamp {
        rules().zone.start_of(day(date)).plus(TimeDelta::hours(1))
    }

    fn day(date: &str) -> LocalDay {
        LocalDay::from_date(date.parse().expect("a date"))
    }

    #[test]
    fn a_clock_that_is_further_ahead_than_allowed_deletes_nothing() {
        let most = TimeDelta::days(45);
        let newest = at("2026-01-01");
        let doubt = |clock: Timestamp| pruning_doubt(clock, Some(newest), most);
        assert_eq!(doubt(newest.plus(most)), None);
        assert_eq!(doubt(at("2025-01-01")), None);
        assert_eq!(pruning_doubt(newest, None, most), None);
        let clock = newest.plus(most).plus(TimeDelta::seconds(1));
        let outcome = doubt(clock).expect("it is too far ahead");
        assert!(outcome.is_failure() && !outcome.is_empty());
        let ahead = ClockAhead {
            clock,
            newest,
            allowed_days: 45,
        };
        assert_eq!(outcome, JobOutcome::ClockAhead(ahead));
    }

    #[test]
    fn rows_go_after_their_days_rejections_by_the_clock_of_the_host_and_leavers_once_no_rule_asks()
    {
        let rules = rules();
        let (due_at, wall_now) = (at("2026-10-12"), at("2026-11-12"));
        let aged = aged(&KEPT, (&rules, SweepRules::default()), due_at, wall_now);
        let cut = |what| aged.iter().find(|(kind, _)| *kind == what).map(|one| one.1);
        let (tasks, rejects) = (Forgettable::Tasks, Forgettable::Rejects);
        assert_eq!(cut(tasks), Some(Aged::Tasks(at("2026-10-08"))));
        assert_eq!(cut(rejects), Some(Aged::Rejects(at("2026-11-03"))));
        let silences = Aged::Silences(day("2026-10-01"));
        assert_eq!(cut(Forgettable::Silences), Some(silences));
        // 60 days after they left they are asked, for 7 more if that was missed.
        let leavers = Aged::Leavers(day("2026-08-06"));
        assert_eq!(cut(Forgettable::Leavers), Some(leavers));
        assert_eq!(brief_hints_before(due_at), at("2026-09-02"));
    }

    #[test]
    fn everything_is_kept_from_a_months_first_day_that_is_open_young_or_looked_back_to() {
        let rules = rules();
        let needed = |references_days, closed_before, win_back_days| {
            let kept = Retention {
                references_days,
                ..KEPT
            };
            let sweep = SweepRules {
                win_back_days,
                ..SweepRules::default()
            };
            let open = (Some(closed_before), false);
            needed_from(&kept, (&rules, sweep), open, at("2026-10-12")).expect("a day")
        };
        // Bills are looked back to for 190 days.
        assert_eq!(needed(10, at("2026-09-01"), 60), day("2026-04-01"));
        assert_eq!(needed(10, at("2026-02-01"), 60), day("2026-02-01"));
        assert_eq!(needed(400, at("2026-09-01"), 60), day("2025-09-01"));
        assert_eq!(needed(10, at("2026-09-01"), 360), day("2025-09-01"));
        let rules = (&rules, SweepRules::default());
        for open in [(None, false), (Some(at("2026-09-01")), true)] {
            assert_eq!(needed_from(&KEPT, rules, open, at("2026-10-12")), None);
        }
    }
}
