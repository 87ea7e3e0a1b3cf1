//! SIGTERM and Ctrl-C give the stop signal.

use tokio::signal::unix::{SignalKind, signal};

use crate::consume::StopSignal;

/// Waits for either on a thread of its own and then gives `stop`.
///
/// # Errors
/// When the process may not listen for signals.
pub fn stop_on_signal(stop: StopSignal) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut terminate, mut interrupt) = {
        let _in_runtime = runtime.enter();
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        });
        tracing::info!("Asked to stop; the batch in hand is committed first");
        stop.stop();
    })?;
    Ok(())
}
