//! What a run must have come to: the counts that the events themselves give, what one undisturbed
//! worker comes to, and what the relay saw.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use sisan::domain::alert::{Alert, AlertState};
use sisan::domain::indicator::AlertKind;
use sisan::domain::local_day::{LocalDay, Timestamp};
use sisan::domain::mail::{MailKind, MailState, NoticeTopic};
use sisan::domain::task::{StepKind, Task, TaskState};
use sisan::pipeline::load_read_model;
use sisan::plan::daily_rows;
use sisan::schedule::{JobSpec, OnMissed};
use sisan::store::QueuedMail;

use super::simulation::Simulation;

/// The state that the program shows at the end.
pub struct FinalState {
    /// Applied, duplicate, conflict, rejected, gaps, and offsets passed.
    counts: [u64; 6],
    /// Every figure of every scope, of the days of the run.
    figures: BTreeSet<String>,
    /// The alerts that hold.
    firing: BTreeSet<String>,
    /// Job and due time of every run, with whether it has ended.
    runs: BTreeMap<(String, Timestamp), bool>,
    published: BTreeSet<LocalDay>,
    tasks: Vec<Task>,
    mails: Vec<QueuedMail>,
    /// Notices that fall due only after the end: they still wait for more of their kind.
    to_come: BTreeSet<NoticeTopic>,
}

/// An alert that still holds, but for what depends on who came first.
fn firing(alert: &Alert) -> Option<String> {
    let key = &alert.key;
    // The day of a signal's alert depends on which of its events came first.
    let period = matches!(key.kind, AlertKind::Indicator(_)).then_some(key.period);
    (alert.state != AlertState::Resolved)
        .then(|| format!("{:?} {:?} {} {period:?}", key.scope, key.kind, key.subject))
}

impl FinalState {
    pub fn of_simulation(simulation: &Simulation) -> Self {
        let (setup, rules) = (&simulation.setup, simulation.setup.rules());
        let (first, last) = (
            rules.zone.day_of(simulation.begun).plus(-2),
            rules.zone.day_of(simulation.ends),
        );
        let found = simulation.store().read_tx("judge", |tx| {
            let known = load_read_model(tx)?;
            let sources = tx.sources()?;
            let sum = |of: fn(&sisan::store::SourceRow) -> u64| sources.iter().map(of).sum();
            let mut figures = BTreeSet::new();
            for days in 0..=(last.number() - first.number()) {
                let day = first.plus(days);
                let rows = daily_rows(
                    known.inputs(&rules),
                    day,
                    simulation.ends,
                    false,
                    &BTreeMap::new(),
                );
                figures.extend(rows.iter().map(|row| format!("{day} {row:?}")));
            }
            let mut runs = BTreeMap::new();
            for job in &setup.jobs {
                let of_job = tx.job_runs(job.name.as_str(), Timestamp::MAX, 1_000)?;
                runs.extend(
                    of_job
                        .into_iter()
                        .map(|run| ((run.job, run.due_at), run.finished_at.is_some())),
                );
            }
            Ok(Self {
                counts: [
                    sum(|row| row.applied),
                    sum(|row| row.duplicate),
                    sum(|row| row.conflict),
                    sum(|row| row.rejected),
                    sum(|row| row.gaps),
                    sum(|row| row.next_position),
                ],
                figures,
                firing: tx.open_alerts()?.all()?.iter().filter_map(firing).collect(),
                runs,
                published: tx
                    .published_versions(LocalDay::from_number(0))?
                    .into_iter()
                    .map(|(day, _)| day)
                    .collect(),
                tasks: tx.tasks()?,
                mails: tx.mails()?,
                to_come: tx
                    .due_notices(simulation.ends.plus(TimeDelta::days(1)))?
                    .all()?
                    .into_iter()
                    .map(|notice| notice.topic)
                    .collect(),
            })
        });
        found.expect("the store can be read")
    }

    /// How many mails of a kind were superseded: of tasks by digests, of what is asked since the
    /// port-out guard withholds it.
    pub fn superseded(&self, kind: MailKind) -> usize {
        self.mails
            .iter()
            .filter(|queued| {
                queued.mail.kind == kind && queued.delivery.state == MailState::Superseded
            })
            .count()
    }

    /// The mails about a task, less those that a digest replaced.
    fn mails_of(&self, task: &Task) -> impl Iterator<Item = &QueuedMail> {
        let topic = NoticeTopic::Task(task.task_id.clone());
        let counts = |queued: &&QueuedMail| queued.delivery.state != MailState::Superseded;
        self.mails
            .iter()
            .filter(counts)
            .filter(move |queued| queued.mail.topics.contains(&topic))
    }
}

/// What is wrong.
pub fn faults(simulation: &Simulation, found: &FinalState, alone: &FinalState) -> Vec<String> {
    let input = &simulation.input;
    let mut wrong = Vec::new();
    let counts = [
        input.applied,
        input.duplicates,
        input.conflicts,
        input.rejected,
        0,
        simulation.services.published(),
    ];
    if found.counts != counts {
        wrong.push(format!(
            "applied, duplicate, conflict, rejected, gaps, passed: {:?}, expected {counts:?}",
            found.counts
        ));
    }
    differ("figure", &found.figures, &alone.figures, &mut wrong);
    differ("alert", &found.firing, &alone.firing, &mut wrong);
    for job in &simulation.setup.jobs {
        differ(
            "run of a job",
            &runs_of(job, found),
            &runs_of(job, alone),
            &mut wrong,
        );
    }
    if found.published != alone.published {
        wrong.push(format!(
            "published {:?}, expected {:?}",
            found.published, alone.published
        ));
    }
    wrong.extend(found.tasks.iter().filter_map(|task| unmailed(found, task)));
    wrong.extend(
        found
            .mails
            .iter()
            .filter_map(|queued| misdelivered(simulation, queued)),
    );
    let known: BTreeSet<&str> = found
        .mails
        .iter()
        .map(|queued| queued.message_id.as_str())
        .collect();
    wrong.extend(
        simulation
            .services
            .taken_at_all()
            .iter()
            .filter(|id| !known.contains(id.as_str()))
            .map(|id| format!("{id} was never queued")),
    );
    wrong
}

fn differ(
    what: &str,
    found: &BTreeSet<String>,
    expected: &BTreeSet<String>,
    wrong: &mut Vec<String>,
) {
    wrong.extend(
        found
            .difference(expected)
            .map(|one| format!("{what} that one worker without faults has not: {one}")),
    );
    wrong.extend(
        expected
            .difference(found)
            .map(|one| format!("{what} that one worker without faults has: {one}")),
    );
}

/// The runs that must be the same: all, or where missed ones are made up for by one, the last.
fn runs_of(job: &JobSpec, found: &FinalState) -> BTreeSet<String> {
    let of_job = found
        .runs
        .iter()
        .filter(|((name, _), _)| *name == job.name.as_str())
        .rev();
    let must = if job.on_missed == OnMissed::RunEach {
        usize::MAX
    } else {
        1
    };
    of_job
        .take(must)
        .map(|((job, due), has_ended)| format!("{job} {due} {has_ended}"))
        .collect()
}

/// A task has at least one mail, unless it was cancelled or its notice is still to come, and at
/// most two for each of its alerts. Planned work is in the brief, and may have one mail of its own, a
/// joint visit one for each alert that it is or was for, and one each time when it begins again.
fn unmailed(found: &FinalState, task: &Task) -> Option<String> {
    let mails = found.mails_of(task).count();
    let alerts = task.alert_ids.len();
    if alerts == 0 {
        let steps = task.steps.iter();
        let begun_again = steps
            .filter(|step| step.what == StepKind::CauseBack)
            .count();
        return (mails > task.visit_causes.len().max(1) + begun_again).then(|| {
            format!(
                "task {}, which no alert began, has {mails} mails",
                task.task_id
            )
        });
    }
    let waits = found
        .to_come
        .contains(&NoticeTopic::Task(task.task_id.clone()));
    let lost = task.state != TaskState::Cancelled && !waits && mails == 0;
    (lost || mails > 2 * alerts)
        .then(|| format!("task of {alerts} alerts has {mails} mails: {task:?}"))
}

/// The outbox's record of a mail must match what the relay saw.
fn misdelivered(simulation: &Simulation, queued: &QueuedMail) -> Option<String> {
    let (id, delivery) = (&queued.message_id, &queued.delivery);
    let (taken, refused) = (
        simulation.services.taken(id),
        simulation.services.refused(id),
    );
    let wrong = match delivery.state {
        MailState::Sent => taken == 0,
        MailState::Dead => !refused,
        // Every further attempt falls due before the end.
        MailState::Uncertain => {
            delivery.lost_replies == 0 || delivery.next_attempt_at < simulation.ends
        }
        MailState::Expired => queued.mail.kind == MailKind::AlertTask,
        MailState::Superseded => taken > delivery.lost_replies as usize,
        _ => true,
    };
    // Each attempt of unknown end may have been taken; once more is tried after the first only.
    let doubled = taken > 1 + delivery.lost_replies as usize || taken > 2;
    (wrong || doubled).then(|| {
        format!(
            "mail {id} was taken {taken} times, refused: {refused}; the outbox says {delivery:?}"
        )
    })
}
