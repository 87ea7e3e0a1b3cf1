//! Named points at which a test kills or stops the worker. Without the feature `failpoints` they do
//! nothing.

/// Kills the process (as `kill -9` does: nothing is flushed) when `SISAN_FAULT_POINT=name:nth`
/// names this point and it is passed for the nth time; `name:nth:stop` stops it until it is sent a
/// SIGCONT.
#[cfg(feature = "failpoints")]
pub(crate) fn fault_point(name: &'static str) {
    use std::sync::atomic::{AtomicU64, Ordering};
    static PASSED: AtomicU64 = AtomicU64::new(0);
    #[expect(
        clippy::disallowed_methods,
        reason = "a test hook, compiled in for tests only"
    )]
    let wanted = std::env::var("SISAN_FAULT_POINT").unwrap_or_default();
    let mut parts = wanted.split(':');
    let (point, nth, action) = (
        parts.next(),
        parts.next().and_then(|nth| nth.parse().ok()),
        parts.next(),
    );
    if point != Some(name) || nth != Some(PASSED.fetch_add(1, Ordering::SeqCst) + 1) {
        return;
    }
    match action {
        // The shell's own `kill`: this process may call nothing unsafe.
        Some("stop") => drop(
            std::process::Command::new("sh")
                .args(["-c", "kill -STOP $PPID"])
                .status(),
        ),
        _ => std::process::abort(),
    }
}

#[cfg(not(feature = "failpoints"))]
pub(crate) const fn fault_point(_name: &'static str) {}
