//! Named points at which a test kills the worker. Without the feature `failpoints` they are nothing.

/// Kills the process (as `kill -9` does: nothing is flushed) when `SISAN_FAULT_POINT=name:nth` names this point and it is
/// passed for the nth time.
#[cfg(feature = "failpoints")]
pub fn fault_point(name: &'static str) {
    use std::sync::atomic::{AtomicU64, Ordering};
    static PASSED: AtomicU64 = AtomicU64::new(0);
    #[expect(clippy::disallowed_methods, reason = "a test hook, compiled in for tests only")]
    let wanted = std::env::var("SISAN_FAULT_POINT").unwrap_or_default();
    let Some((point, nth)) = wanted.split_once(':') else { return };
    if point == name && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == nth.parse().unwrap_or(1) {
        std::process::abort();
    }
}

/// Nothing.
#[cfg(not(feature = "failpoints"))]
pub const fn fault_point(_name: &'static str) {}
