//! Listens, and gives each connection little time and room.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::Semaphore;

use super::health::State;

/// Connections at once, if the process may have enough files open; further ones wait.
pub(crate) const CONNECTIONS_MAX: usize = 256;
/// The part of them that a listener of the numbers' own has to itself.
const METRICS_SHARE: usize = 8;
/// How long a client may take for the head of a request, the wait for the next one included.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long a connection may last.
const CONNECTION_MAX: Duration = Duration::from_secs(120);
/// Bytes of a request's head, and its fields.
const HEAD_BYTES_MAX: usize = 16 << 10;
const FIELDS_MAX: usize = 64;
/// How long to wait when no connection can be taken, e.g. for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Why an address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error(
    "E_HTTP_LISTEN: listen on {address} ({key}); hint: another process may have it; choose another port, or run without --roles http"
)]
pub(crate) struct ServeError {
    key: &'static str,
    address: SocketAddr,
    source: std::io::Error,
}

/// The sockets that clients connect to.
pub(crate) struct Listeners {
    main: TcpListener,
    metrics: Option<TcpListener>,
}

impl Listeners {
    /// Takes the addresses; where metrics have an address of their own, they are served there only.
    ///
    /// # Errors
    /// When an address cannot be had.
    pub(crate) fn bind(main: SocketAddr, metrics: Option<SocketAddr>) -> Result<Self, ServeError> {
        let bind = |key, address| {
            let listener = TcpListener::bind(address)
                .and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
            listener.map_err(|source| ServeError {
                key,
                address,
                source,
            })
        };
        Ok(Self {
            main: bind("http.listen", main)?,
            metrics: metrics
                .map(|address| bind("http.metrics_listen", address))
                .transpose()?,
        })
    }

    /// Serves on a thread of its own, as long as the process lives, so many connections at once
    /// over all addresses, at least one on each.
    ///
    /// # Errors
    /// When no thread is available.
    pub(crate) fn serve(self, state: State, connections: usize) -> std::io::Result<()> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(8)
            .thread_name("http")
            .enable_all()
            .build()?;
        let Self { main, metrics } = self;
        let address = main.local_addr()?;
        tracing::info!(%address, "Serving HTTP");
        let own = metrics.is_some();
        let for_metrics = if own {
            (connections / METRICS_SHARE).max(1)
        } else {
            0
        };
        let for_main = connections.saturating_sub(for_metrics).max(1);
        let main_routes = if own {
            state.clone().health()
        } else {
            state.clone().health().merge(state.clone().metrics())
        };
        std::thread::Builder::new()
            .name("http-serve".into())
            .spawn(move || {
                runtime.block_on(async {
                    if let Some(listener) = metrics {
                        tokio::spawn(accept(listener, state.metrics(), for_metrics));
                    }
                    accept(main, main_routes, for_main).await;
                });
            })?;
        Ok(())
    }
}

async fn accept(listener: TcpListener, routes: Router, connections: usize) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(%error, "HTTP cannot be served"),
    };
    let room = Arc::new(Semaphore::new(connections));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let routes = routes.clone();
                tokio::spawn(async move {
                    serve_one(stream, routes).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "A connection cannot be taken");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve_one(stream: TcpStream, routes: Router) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_headers(FIELDS_MAX)
        .max_buf_size(HEAD_BYTES_MAX);
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    match tokio::time::timeout(CONNECTION_MAX, connection).await {
        Ok(Ok(())) => {}
        // Clients come and go as they like.
        Ok(Err(error)) => tracing::debug!(%error, "A connection has ended early"),
        Err(_) => tracing::debug!("A connection has lasted too long"),
    }
}
