//! Ends a process whose loop has stopped turning, so that it is started again: better than one that
//! lives and does nothing.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A watch over a loop; dropped, it watches no more.
pub(crate) struct Watchdog(Arc<Watched>);

struct Watched {
    /// When the loop last turned; none once nobody is to watch any more.
    turned: Mutex<Option<Instant>>,
    ended: Condvar,
}

impl Watchdog {
    /// Watches from now on, on a thread of its own; when the loop has not [turned](Watchdog::turn)
    /// for `within`, `bark` is called, once.
    ///
    /// # Errors
    /// When no thread is available.
    pub(crate) fn start(
        within: Duration,
        bark: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<Self> {
        let watched = Arc::new(Watched {
            turned: Mutex::new(Some(Instant::now())),
            ended: Condvar::new(),
        });
        let watching = Arc::clone(&watched);
        std::thread::Builder::new()
            .name("watchdog".into())
            .spawn(move || {
                let mut turned = watching
                    .turned
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                while let Some(last) = *turned {
                    let Some(left) = within
                        .checked_sub(last.elapsed())
                        .filter(|left| !left.is_zero())
                    else {
                        return bark();
                    };
                    turned = watching
                        .ended
                        .wait_timeout(turned, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0;
                }
            })?;
        Ok(Self(watched))
    }

    /// The loop has turned.
    pub(crate) fn turn(&self) {
        *self.0.turned.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        *self.0.turned.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.0.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{RecvTimeoutError, channel};

    use super::*;

    const WITHIN: Duration = Duration::from_millis(500);

    #[test]
    fn it_barks_when_the_loop_stops_turning_and_not_before() {
        let (bark, barked) = channel();
        let (begun, mut turned) = (Instant::now(), Instant::now());
        let watchdog = Watchdog::start(WITHIN, move || bark.send(()).expect("somebody listens"))
            .expect("a thread");
        while begun.elapsed() < 2 * WITHIN {
            turned = Instant::now();
            watchdog.turn();
            assert_eq!(
                barked.recv_timeout(WITHIN / 20),
                Err(RecvTimeoutError::Timeout),
                "the loop turns"
            );
        }
        assert_eq!(barked.recv_timeout(100 * WITHIN), Ok(()));
        assert!(turned.elapsed() >= WITHIN, "{:?}", turned.elapsed());
    }

    #[test]
    fn it_does_not_bark_once_it_is_dropped() {
        let (bark, barked) = channel::<()>();
        drop(
            Watchdog::start(WITHIN, move || bark.send(()).expect("somebody listens"))
                .expect("a thread"),
        );
        assert_eq!(
            barked.recv_timeout(100 * WITHIN),
            Err(RecvTimeoutError::Disconnected)
        );
    }
}
