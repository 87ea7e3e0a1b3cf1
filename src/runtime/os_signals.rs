//! SIGTERM and Ctrl-C give the stop signal; a process that does not end in time is ended. SIGHUP
//! asks that the configuration be read again.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::consume::StopSignal;

use super::error::Exit;
use super::reload::ReloadSignal;

/// Waits for them on a thread of its own, and gives `stop` or asks for a `reload`. Asked again, or
/// when `within` has passed, it ends the process at once: that loses nothing, since what is not
/// committed is read again.
///
/// # Errors
/// When the process may not listen for signals.
pub(crate) fn install_signal_handlers(
    stop: StopSignal,
    within: Duration,
    reload: ReloadSignal,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (mut terminate, mut interrupt, mut hang_up) = {
        let _in_runtime = runtime.enter();
        (
            signal(SignalKind::terminate())?,
            signal(SignalKind::interrupt())?,
            signal(SignalKind::hangup())?,
        )
    };
    let mut asked = async move || {
        loop {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = interrupt.recv() => return,
                _ = hang_up.recv() => reload.ask(),
            }
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            asked().await;
            tracing::info!(stop.within = ?within, "Asked to stop; the batch and the mail in hand are ended first");
            stop.stop();
            let why = tokio::select! {
                () = asked() => "it was asked again",
                () = tokio::time::sleep(within) => "stop.within has passed",
            };
            tracing::error!(why, "Stopped at once; what was in hand comes again at the next start");
            std::process::exit(i32::from(Exit::Temporary as u8));
        });
    })?;
    Ok(())
}
