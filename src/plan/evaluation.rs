//! The changes of an evaluation: alerts of indicators and of signals that open, continue and are
//! resolved.
//!
//! It does not know where alerts are kept. Invariant: an indicator alert is open exactly as long as
//! its month is judged and its figures want it.

use std::collections::BTreeSet;

use crate::domain::alert::{Alert, AlertChange, AlertId, AlertKey, Period, ResolvedBecause};
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::domain::silence::Silence;
use crate::evaluate::alerts::{Wanted, resolve};

use super::group_signals::Leavers;
use super::incremental::{Incremental, TouchedGroups};
use super::lapsing::{lapsed, passed_by, silences_from};
use super::open_work::OpenWork;
use super::raising::{Occurrences, asked_occurrences, raise_beside};
use super::signal_evaluation::SignalEvaluation;

/// What an evaluation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EvaluationSummary {
    /// Alerts that opened or reopened.
    pub opened: usize,
    /// Alerts that were resolved.
    pub resolved: usize,
    /// Tasks that are new or changed.
    pub tasks: usize,
}

impl EvaluationSummary {
    pub(crate) fn of_changes(changes: &[AlertChange], tasks: usize) -> Self {
        let count = |is: fn(&AlertChange) -> bool| changes.iter().filter(|one| is(one)).count();
        Self {
            opened: count(|one| matches!(one, AlertChange::Opened(_) | AlertChange::Reopened(_))),
            resolved: count(|one| matches!(one, AlertChange::Resolved(_))),
            tasks,
        }
    }
}

/// What has ended, and what is wanted beside it.
struct EvaluationStep {
    ended: Vec<AlertChange>,
    wanted: Vec<Wanted>,
}

/// The changes of alerts, before it is known what there has been of what is wanted.
pub(crate) struct AlertsPlan<'a> {
    steps: Vec<EvaluationStep>,
    work: &'a OpenWork,
    now: Timestamp,
}

impl<'a> AlertsPlan<'a> {
    /// Of the indicators of the judged months, and of those of months that are judged no more.
    pub(crate) fn of_indicators(
        counted: &Incremental,
        months: &[Month],
        work: &'a OpenWork,
        now: Timestamp,
    ) -> Self {
        let of_month = |month: &Month| {
            let wanted = counted.indicators(*month);
            let is_of_month = |period| period == Period::Month(*month);
            let because = ResolvedBecause::Recovered;
            EvaluationStep {
                ended: cleared(work, is_of_month, &wanted, because, now),
                wanted,
            }
        };
        let has_ended = |period| matches!(period, Period::Month(month) if !months.contains(&month));
        let of_past = EvaluationStep {
            ended: cleared(work, has_ended, &[], ResolvedBecause::MonthEnded, now),
            wanted: Vec::new(),
        };
        Self {
            steps: months.iter().map(of_month).chain([of_past]).collect(),
            work,
            now,
        }
    }

    /// Of the signals; `leavers` are those of the
    /// [groups that subscribers have left](SignalEvaluation::groups_left), `silences` those that
    /// [were asked for](EndedSignals::asks_silences_since).
    pub(crate) fn of_signals(
        signals: &SignalEvaluation<'_>,
        counted: &Incremental,
        leavers: &Leavers,
        (ended, silences): (EndedSignals<'a>, &[Silence]),
    ) -> Self {
        let EndedSignals {
            mut ended,
            passed,
            work,
        } = ended;
        ended.extend(lapsed(signals.inputs(), passed, silences, signals.now()));
        let wanted = signals.wanted(counted.signals().cloned().collect(), leavers);
        Self {
            steps: vec![EvaluationStep { ended, wanted }],
            work,
            now: signals.now(),
        }
    }

    /// The first occurrences of what is wanted of which all must be known.
    pub(crate) fn asks_occurrences(&self) -> BTreeSet<AlertKey> {
        let of_step =
            |step: &EvaluationStep| asked_occurrences(&step.wanted, (self.work, &step.ended));
        self.steps.iter().flat_map(of_step).collect()
    }

    /// All changes: of each step what has ended, then what is raised.
    pub(crate) fn finish(self, occurrences: &Occurrences) -> Vec<AlertChange> {
        let mut changes = Vec::new();
        for EvaluationStep { ended, wanted } in self.steps {
            let raised = raise_beside(wanted, (self.work, &ended), self.now, occurrences);
            changes.extend(ended);
            changes.extend(raised);
        }
        changes
    }
}

/// The signals that have ended, and those that time has passed by.
pub(crate) struct EndedSignals<'a> {
    ended: Vec<AlertChange>,
    passed: Vec<&'a Alert>,
    work: &'a OpenWork,
}

impl<'a> EndedSignals<'a> {
    pub(crate) fn new(
        signals: &SignalEvaluation<'_>,
        touched: &TouchedGroups,
        work: &'a OpenWork,
    ) -> Self {
        let ended = signals.ended(work.alerts(), touched);
        let keys: BTreeSet<&AlertKey> = ended.iter().map(|one| &one.alert().key).collect();
        let is_answered = |id: &AlertId| work.is_held(id);
        let open = work.alerts_with_ids();
        let mut passed = passed_by(signals.inputs(), open, is_answered, signals.today());
        passed.retain(|alert| !keys.contains(&alert.key));
        Self {
            ended,
            passed,
            work,
        }
    }

    /// The day since when the silences must be known that were in force; none where no alert may
    /// lapse.
    pub(crate) fn asks_silences_since(&self, signals: &SignalEvaluation<'_>) -> Option<LocalDay> {
        (!self.passed.is_empty()).then(|| silences_from(signals.today()))
    }
}

/// Open indicator alerts of the periods in question that nothing wants any more.
fn cleared(
    work: &OpenWork,
    period: impl Fn(Period) -> bool,
    wanted: &[Wanted],
    because: ResolvedBecause,
    now: Timestamp,
) -> Vec<AlertChange> {
    let wanted: BTreeSet<(&Scope, AlertKind)> =
        wanted.iter().map(|one| (&one.scope, one.kind)).collect();
    work.alerts()
        .filter(|alert| {
            matches!(alert.key.kind, AlertKind::Indicator(_)) && period(alert.key.period)
        })
        .filter(|alert| !wanted.contains(&(&alert.key.scope, alert.key.kind)))
        .map(|alert| resolve(alert, because, now))
        .collect()
}
