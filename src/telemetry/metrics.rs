//! Numbers of one process, for Prometheus. Declared once, here, each with what it means.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::durations::Durations;
use super::label::{AlertChangeLabel, FateLabel, JobEnd};
use super::phase::WorkPhase;
use crate::domain::mail::MailState;

/// Every name begins with it.
const PREFIX: &str = "sisan";

/// What became of deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Fates {
    /// Became part of the set of events.
    pub applied: u64,
    pub duplicate: u64,
    /// Same identity with another meaning.
    pub conflict: u64,
    pub rejected: u64,
}

/// The figures that are read from the store on a request: the same from every worker.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct StoreFigures {
    /// Messages or bytes that are known to be left, over all partitions or files.
    pub lag: u64,
    /// Batches whose counters the leader has not applied.
    pub deltas: u64,
    /// Mails by state, of those that wait.
    pub mails: Vec<(MailState, u64)>,
    /// Since when the oldest of those has been waiting.
    pub oldest_mail: Duration,
}

/// One label: its name and its value.
type MetricLabel = [(&'static str, &'static str); 1];

/// Counters, gauges and histograms of this process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    deliveries: Family<MetricLabel, Counter>,
    commits: Histogram,
    dropped: Counter,
    commit_conflicts: Counter,
    evaluations: Histogram,
    alerts: Family<MetricLabel, Counter>,
    notices: Histogram,
    jobs: Family<MetricLabel, Counter>,
    mails: Family<MetricLabel, Counter>,
    possible_duplicates: Counter,
    relay_up: Gauge,
    store_failures: Counter,
    store_up: Gauge,
    lag: Gauge,
    deltas: Gauge,
    waiting: Family<MetricLabel, Gauge>,
    oldest_mail: Gauge,
    reload_successful: Gauge,
    phases: [Mutex<Durations>; WorkPhase::ALL.len()],
}

impl Default for Metrics {
    fn default() -> Self {
        let seconds = || Histogram::new(exponential_buckets(0.001, 4.0, 10));
        let mut metrics = Self {
            registry: Registry::with_prefix(PREFIX),
            deliveries: Family::default(),
            commits: seconds(),
            dropped: Counter::default(),
            commit_conflicts: Counter::default(),
            evaluations: seconds(),
            alerts: Family::default(),
            notices: Histogram::new(exponential_buckets(0.1, 2.0, 14)),
            jobs: Family::default(),
            mails: Family::default(),
            possible_duplicates: Counter::default(),
            relay_up: Gauge::default(),
            store_failures: Counter::default(),
            store_up: Gauge::default(),
            lag: Gauge::default(),
            deltas: Gauge::default(),
            waiting: Family::default(),
            oldest_mail: Gauge::default(),
            reload_successful: Gauge::default(),
            phases: Default::default(),
        };
        metrics.relay_up.set(1);
        metrics.reload_successful.set(1);
        metrics.declare();
        metrics
    }
}

impl Metrics {
    fn declare(&mut self) {
        self.declare_batches();
        self.declare_work();
        self.declare_store();
        self.registry.register(
            "config_last_reload_successful",
            "1 unless the configuration was read again on SIGHUP and refused",
            self.reload_successful.clone(),
        );
    }

    fn declare_batches(&mut self) {
        let r = &mut self.registry;
        r.register(
            "deliveries",
            "Deliveries by what became of them, committed by this process",
            self.deliveries.clone(),
        );
        r.register(
            "batch_commit_seconds",
            "From an applied batch to its commit",
            self.commits.clone(),
        );
        r.register(
            "batches_dropped",
            "Batches refused since another worker had taken a partition over",
            self.dropped.clone(),
        );
        r.register(
            "batch_commit_conflicts",
            "Batches applied again since another worker committed first",
            self.commit_conflicts.clone(),
        );
    }

    fn declare_work(&mut self) {
        let r = &mut self.registry;
        r.register(
            "evaluation_duration_seconds",
            "Evaluations of indicators and signals",
            self.evaluations.clone(),
        );
        r.register(
            "alerts",
            "Alerts that evaluations opened or resolved",
            self.alerts.clone(),
        );
        let notices = "From the reading of an event to the commit of its notices: the oldest event of an evaluation that raised an alert";
        r.register("event_to_notice_seconds", notices, self.notices.clone());
        r.register(
            "job_runs",
            "Runs of scheduled jobs by how they ended",
            self.jobs.clone(),
        );
        r.register(
            "mails",
            "Attempts to send a mail by what became of the mail",
            self.mails.clone(),
        );
        r.register(
            "mail_possible_duplicates",
            "Attempts whose outcome is not known: the mail may come twice",
            self.possible_duplicates.clone(),
        );
        r.register(
            "relay_up",
            "1 unless the mail relay takes nothing",
            self.relay_up.clone(),
        );
    }

    fn declare_store(&mut self) {
        let r = &mut self.registry;
        r.register(
            "store_failures",
            "Times that the worker had to begin anew since the store failed",
            self.store_failures.clone(),
        );
        r.register(
            "store_up",
            "1 if the store answered just now; what follows is of all workers",
            self.store_up.clone(),
        );
        r.register(
            "store_lag",
            "Messages (Kafka) or bytes (files) that are known to be left",
            self.lag.clone(),
        );
        r.register(
            "store_deltas",
            "Batches that the leader has not applied",
            self.deltas.clone(),
        );
        r.register(
            "store_mails_waiting",
            "Mails by state, of those that wait",
            self.waiting.clone(),
        );
        r.register(
            "store_oldest_mail_seconds",
            "How long the oldest waiting mail has been waiting",
            self.oldest_mail.clone(),
        );
    }

    /// A batch is committed.
    pub(crate) fn committed(&self, fates: Fates, took: Duration) {
        let Fates {
            applied,
            duplicate,
            conflict,
            rejected,
        } = fates;
        for (fate, n) in [
            (FateLabel::Applied, applied),
            (FateLabel::Duplicate, duplicate),
            (FateLabel::Conflict, conflict),
            (FateLabel::Rejected, rejected),
        ] {
            self.deliveries
                .get_or_create(&[("fate", fate.name())])
                .inc_by(n);
        }
        self.commits.observe(took.as_secs_f64());
    }

    /// A batch was refused.
    pub(crate) fn dropped(&self) {
        self.dropped.inc();
    }

    /// A batch is applied again.
    pub(crate) fn commit_conflict(&self) {
        self.commit_conflicts.inc();
    }

    /// A phase has ended.
    pub(crate) fn timed(&self, phase: WorkPhase, took: Duration) {
        self.phases[phase as usize]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(took);
    }

    /// How long a phase has taken, each time.
    #[must_use]
    pub fn durations(&self, phase: WorkPhase) -> Durations {
        self.phases[phase as usize]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// An evaluation was committed; `notice_latency` is how long ago the first event of its alerts
    /// was read.
    pub(crate) fn evaluated(
        &self,
        took: Duration,
        opened: usize,
        resolved: usize,
        notice_latency: Option<Duration>,
    ) {
        self.evaluations.observe(took.as_secs_f64());
        self.timed(WorkPhase::Evaluation, took);
        for (change, n) in [
            (AlertChangeLabel::Opened, opened),
            (AlertChangeLabel::Resolved, resolved),
        ] {
            self.alerts
                .get_or_create(&[("change", change.name())])
                .inc_by(n as u64);
        }
        notice_latency
            .iter()
            .for_each(|after| self.notices.observe(after.as_secs_f64()));
    }

    /// A job has run.
    pub(crate) fn job_ran(&self, well: bool) {
        let end = if well { JobEnd::Done } else { JobEnd::Failed };
        self.jobs.get_or_create(&[("outcome", end.name())]).inc();
    }

    /// An attempt to send a mail left it in a state.
    pub(crate) fn mailed(&self, state: MailState, n: usize) {
        self.mails
            .get_or_create(&[("state", state.name())])
            .inc_by(n as u64);
        if state == MailState::Uncertain {
            self.may_be_doubled(n);
        }
    }

    /// Mails may have been sent twice.
    pub(crate) fn may_be_doubled(&self, n: usize) {
        self.possible_duplicates.inc_by(n as u64);
    }

    /// Whether the relay takes mails.
    pub(crate) fn relay_is_up(&self, is_up: bool) {
        self.relay_up.set(is_up.into());
    }

    /// The last noted state of the relay.
    #[must_use]
    pub(crate) fn is_relay_up(&self) -> bool {
        self.relay_up.get() == 1
    }

    /// The store has failed, and the worker begins again.
    pub(crate) fn store_failed(&self) {
        self.store_failures.inc();
    }

    /// The configuration was read again.
    pub(crate) fn reloaded(&self, well: bool) {
        self.reload_successful.set(well.into());
    }

    /// Everything as text, with the store's figures, if it answers.
    #[must_use]
    pub(crate) fn text(&self, store: Option<&StoreFigures>) -> String {
        self.store_up.set(store.is_some().into());
        if let Some(StoreFigures {
            lag,
            deltas,
            mails,
            oldest_mail,
        }) = store
        {
            self.lag.set(lag.cast_signed());
            self.deltas.set(deltas.cast_signed());
            for (state, n) in mails {
                self.waiting
                    .get_or_create(&[("state", state.name())])
                    .set(n.cast_signed());
            }
            self.oldest_mail.set(oldest_mail.as_secs().cast_signed());
        }
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing to memory cannot fail");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_told_with_its_help_and_counted_once() {
        let metrics = Metrics::default();
        metrics.committed(
            Fates {
                applied: 3,
                duplicate: 1,
                ..Fates::default()
            },
            Duration::from_millis(5),
        );
        metrics.evaluated(Duration::from_millis(1), 2, 0, Some(Duration::from_secs(1)));
        metrics.mailed(MailState::Uncertain, 2);
        let figures = StoreFigures {
            lag: 7,
            mails: vec![(MailState::Deferred, 4)],
            ..StoreFigures::default()
        };
        let text = metrics.text(Some(&figures));
        for line in [
            "sisan_deliveries_total{fate=\"applied\"} 3",
            "sisan_deliveries_total{fate=\"duplicate\"} 1",
            "sisan_alerts_total{change=\"opened\"} 2",
            "sisan_event_to_notice_seconds_count 1",
            "sisan_mail_possible_duplicates_total 2",
            "sisan_store_up 1",
            "sisan_store_lag 7",
            "sisan_store_mails_waiting{state=\"deferred\"} 4",
            "sisan_config_last_reload_successful 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert_eq!(
            text.lines()
                .filter(|line| line.starts_with("# HELP"))
                .count(),
            text.matches("# TYPE").count()
        );
        assert!(metrics.text(None).contains("sisan_store_up 0"));
    }
}
