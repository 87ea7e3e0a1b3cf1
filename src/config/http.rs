//! The addresses that serve HTTP.
//!
//! Invariant: HTTP is open to the network only behind a proxy that authenticates and encrypts.

use std::net::SocketAddr;

use serde::Deserialize;

use super::check::ConfigCheck;

/// `http.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Http {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address of the metrics, if they have one of their own.
    pub metrics_listen: Option<SocketAddr>,
    /// Whether a proxy before it authenticates and encrypts.
    pub behind_proxy: bool,
}

pub(super) fn check(root: &super::Config, check: &mut ConfigCheck<'_>) {
    let http = &root.http;
    let is_taken = |other: SocketAddr| {
        let (one, is_any) = (http.listen, |address: SocketAddr| {
            address.ip().is_unspecified()
        });
        one.port() != 0
            && one.port() == other.port()
            && (one.ip() == other.ip() || is_any(one) || is_any(other))
    };
    if http.metrics_listen.is_some_and(is_taken) {
        check.wrong("http.metrics_listen", "is where http.listen listens; hint: give another port, or take it out: /metrics is there too");
    }
    for (key, address) in [
        ("http.listen", Some(http.listen)),
        ("http.metrics_listen", http.metrics_listen),
    ] {
        if let Some(address) =
            address.filter(|address| !address.ip().is_loopback() && !http.behind_proxy)
        {
            let text = format!(
                "`{address}` is open to the network, without sign-in and in plain text; hint: listen on 127.0.0.1, or put a proxy before it that does both and set http.behind_proxy = true"
            );
            check.wrong(key, &text);
        }
    }
}
