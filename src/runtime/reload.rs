//! Reading the configuration again on SIGHUP: checked as a whole and swapped as a whole, or left as
//! it was.
//!
//! Invariant: what the worker is already built on (where its input, store and relay are, in which
//! zone days begin) stays until it is started again; which of those keys have changed is logged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::decode::DecodeRules;
use crate::pipeline::Settings;
use crate::plan::{MailSettings, PlanSettings};

use super::error::AppError;
use super::setup::Setup;
use super::worker::Worker;

/// Keys, and beginnings of keys, that hold from the next start on.
const FROM_THE_NEXT_START: [&str; 24] = [
    "clock.",
    "environment",
    "events.bytes_max",
    "http.",
    "log.",
    "mail.ca_file",
    "mail.digest_after",
    "mail.folder",
    "mail.from",
    "mail.from_name",
    "mail.insecure_plaintext",
    "mail.kind",
    "mail.list_id",
    "mail.password",
    "mail.password_file",
    "mail.per_minute_max",
    "mail.relay_down_after",
    "mail.url",
    "mail.user",
    "report.",
    "source.",
    "stop.",
    "store.",
    "timezone",
];

/// A wish to read the configuration again. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReloadSignal(Arc<AtomicBool>);

impl ReloadSignal {
    pub(crate) fn ask(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn take(&self) -> bool {
        self.0.swap(false, Ordering::SeqCst)
    }
}

/// How a worker reads the configuration again.
pub(crate) struct Reload {
    pub(crate) signal: ReloadSignal,
    pub(crate) read: Box<dyn Fn() -> Result<Setup, AppError> + Send>,
}

impl Worker {
    /// Reads the configuration again, if that was wished.
    pub(crate) fn reload_if_asked(&mut self) {
        let Some(reload) = self.reload.as_ref().filter(|reload| reload.signal.take()) else {
            return;
        };
        let read = (reload.read)();
        self.pipeline.settings().metrics.reloaded(read.is_ok());
        match read {
            Ok(setup) => self.adopt(&setup),
            Err(error) => tracing::error!(
                error = format!("{:#}", error.error),
                "The configuration is refused and stays as it was"
            ),
        }
    }

    fn adopt(&mut self, setup: &Setup) {
        let changed = self.config.keys_that_differ(&setup.config);
        let (later, now): (Vec<_>, Vec<_>) = changed
            .into_iter()
            .partition(|key| holds_from_the_next_start(key));
        let settings = on_what_stands(self.pipeline.settings(), setup.pipeline());
        self.pipeline.adopt(settings);
        self.leader.adopt(setup);
        self.ingest.limits = setup.batch_limits();
        tracing::info!(changed = now.join(", "), "The configuration was read again");
        if !later.is_empty() {
            tracing::warn!(
                changed = later.join(", "),
                "Some keys hold from the next start on"
            );
        }
    }
}

fn holds_from_the_next_start(key: &str) -> bool {
    FROM_THE_NEXT_START
        .iter()
        .any(|of| key == *of || (of.ends_with('.') && key.starts_with(of)))
}

/// Settings as read again, with the parts that the worker is already built on taken from the old
/// ones.
fn on_what_stands(old: &Settings, new: Settings) -> Settings {
    let mut rules = new.plan.rules;
    rules.zone = old.plan.rules.zone;
    let decode = DecodeRules {
        ahead_max: new.decode.ahead_max,
        status_maps: new.decode.status_maps.clone(),
        ..(*old.decode).clone()
    };
    let mail = MailSettings {
        from: old.plan.mail.from.clone(),
        hold_while_loading: old.plan.mail.hold_while_loading,
        ..new.plan.mail
    };
    Settings {
        wall: old.wall.clone(),
        metrics: Arc::clone(&old.metrics),
        clock: old.clock,
        worker: old.worker.clone(),
        decode: Arc::new(decode),
        plan: PlanSettings {
            rules,
            mail,
            ..new.plan
        },
        ..new
    }
}
