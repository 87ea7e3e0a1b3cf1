//! `/healthz`, `/readyz` and `/metrics`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use axum::{Router, body::Body};
use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::clock::Clock;
use crate::domain::mail::MailState;
use crate::store::{Setting, Store, StoreError, Tx};
use crate::telemetry::{Metrics, StoreFigures};

/// How long the store may take to answer.
const STORE_ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// The store is asked at most so often; in between its last answer is used.
const ASKED_EVERY: Duration = Duration::from_secs(1);
/// Of the text format that `/metrics` is in.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The store and the numbers that requests read.
#[derive(Clone)]
pub(crate) struct State(Arc<Inner>);

struct Inner {
    store: Arc<Store>,
    metrics: Arc<Metrics>,
    clock: Clock,
    /// When the store was last asked, with its answer.
    probed: Mutex<Option<(Instant, Probed)>>,
}

/// What degrades the work beside a store that took something, or why it did not.
type Probed = Result<Vec<String>, String>;

impl State {
    /// The state of a store and the numbers of this process.
    #[must_use]
    pub(crate) fn new(store: Arc<Store>, metrics: Arc<Metrics>, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            store,
            metrics,
            clock,
            probed: Mutex::new(None),
        }))
    }

    pub(super) fn health(self) -> Router {
        Router::new()
            .route("/healthz", get(healthz))
            .route("/readyz", get(readyz))
            .with_state(self)
    }

    pub(super) fn metrics(self) -> Router {
        Router::new()
            .route("/metrics", get(metrics))
            .with_state(self)
    }

    /// Runs `ask` on a thread that may wait, which continues if it takes too long: a request of the
    /// store is never abandoned.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, String> {
        let store = Arc::clone(&self.0.store);
        match timeout(
            STORE_ANSWERS_WITHIN,
            tokio::task::spawn_blocking(move || ask(&store)),
        )
        .await
        {
            Ok(Ok(answer)) => answer.map_err(|error| error.to_string()),
            Ok(Err(_)) => Err("asking the store has ended in a panic".to_owned()),
            Err(_) => Err(format!(
                "the store has not answered within {STORE_ANSWERS_WITHIN:?}"
            )),
        }
    }

    /// Whether the store takes something, and what degrades the work, as of a moment ago.
    async fn probe(&self) -> Probed {
        let mut probed = self.0.probed.lock().await;
        if let Some((_, answer)) = probed
            .as_ref()
            .filter(|(when, _)| when.elapsed() < ASKED_EVERY)
        {
            return answer.clone();
        }
        let now = self.0.clock.now();
        let answer = self
            .ask(move |store| {
                store.write_batch("see whether the store can be written", |tx| {
                    tx.set(Setting::ProbedAt, now.micros())
                })?;
                store.read_tx("see what waits for somebody", degraded_by)
            })
            .await;
        let was_well = probed.as_ref().is_none_or(|(_, before)| before.is_ok());
        match &answer {
            Err(why) if was_well => tracing::warn!(why, "Not ready: the store takes nothing"),
            Ok(_) if !was_well => tracing::info!("Ready again"),
            _ => {}
        }
        *probed = Some((Instant::now(), answer.clone()));
        answer
    }
}

async fn healthz() -> Response<Body> {
    Json(json!({"status": "ok"})).into_response()
}

/// What continues only once somebody does something: a partition or file that is paused, mails that
/// are held.
fn degraded_by(tx: &Tx<'_>) -> Result<Vec<String>, StoreError> {
    let mut reasons: Vec<String> = tx
        .sources_paused()?
        .into_iter()
        .map(|(name, why)| format!("{name} is paused: {why}"))
        .collect();
    let held = tx.mails_held()?;
    reasons.extend(
        (held > 0)
            .then(|| format!("{held} mails are held; hint: `sisan outbox release` lets them go")),
    );
    Ok(reasons)
}

/// The process can do its work: the store takes what is written. A relay that takes nothing, what
/// is paused and what is held degrade it, no more.
async fn readyz(extract::State(state): extract::State<State>) -> Response<Body> {
    let relay = if state.0.metrics.is_relay_up() {
        "ok"
    } else {
        "degraded"
    };
    match state.probe().await {
        Ok(mut reasons) => {
            if relay != "ok" {
                reasons.insert(0, "the relay takes no mails".to_owned());
            }
            let status = if reasons.is_empty() {
                "ready"
            } else {
                "degraded"
            };
            Json(json!({"status": status, "store": "ok", "relay": relay, "reasons": reasons}))
                .into_response()
        }
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(json!({"status": "not ready", "store": "failed", "relay": relay})),
        )
            .into_response(),
    }
}

async fn metrics(extract::State(state): extract::State<State>) -> Response<Body> {
    let now = state.0.clock.now();
    let figures = state
        .ask(move |store| {
            store.read_tx("read figures of the store", |tx| {
                let waiting = tx.waiting_mails()?;
                let count = |state: MailState| {
                    waiting
                        .iter()
                        .filter(|one| one.state == state)
                        .map(|one| one.mails)
                        .sum()
                };
                let states = [
                    MailState::Queued,
                    MailState::Sending,
                    MailState::Deferred,
                    MailState::Uncertain,
                    MailState::Held,
                ];
                let oldest = waiting.iter().map(|one| now.since(one.since)).max();
                Ok(StoreFigures {
                    lag: tx.sources_behind()?.iter().map(|source| source.lag).sum(),
                    deltas: tx.count_deltas()?,
                    mails: states.map(|state| (state, count(state))).to_vec(),
                    oldest_mail: oldest
                        .and_then(|oldest| oldest.to_std().ok())
                        .unwrap_or_default(),
                })
            })
        })
        .await;
    (
        [(header::CONTENT_TYPE, OPEN_METRICS)],
        state.0.metrics.text(figures.ok().as_ref()),
    )
        .into_response()
}
