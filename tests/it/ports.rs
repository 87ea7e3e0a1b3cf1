//! Ports for what a test starts: each is given out once, and the system gives none of them to a
//! client meanwhile.

use std::net::TcpListener;
use std::ops::Range;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below those that systems give to clients: from 32768 on Linux, from 49152 elsewhere.
const PORTS: Range<u16> = 20_000..32_000;

/// A port of this machine at which nobody listens, for the one who asked.
pub fn free_port() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let first = std::process::id() % u32::from(PORTS.end - PORTS.start);
    let nth =
        |n: u16| PORTS.start + ((first + u32::from(n)) % u32::from(PORTS.end - PORTS.start)) as u16;
    let mut tried = PORTS.map(|_| nth(TAKEN.fetch_add(1, Ordering::Relaxed)));
    tried
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}
