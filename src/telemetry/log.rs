//! Logs: a sentence and dotted fields, on stderr.
//!
//! Invariant: libraries that print protocol bytes never do; a line that cannot be written stops
//! nothing.

use std::io::stderr;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Libraries that print protocol bytes at DEBUG, passwords among them.
const NEVER_BELOW_INFO: [&str; 1] = ["librdkafka=info"];

/// Whether a filter can be read.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check_filter(filter: &str) -> Result<(), String> {
    match EnvFilter::try_new(filter) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!(
            "log.filter: `{}`: {error}\nhint: write it like \"info\" or \"info,sisan::consume=debug\"",
            filter.escape_debug()
        )),
    }
}

/// Begins to log as configured. A second call changes nothing.
pub(crate) fn begin(config: &Config) {
    let mut filter =
        EnvFilter::try_new(&config.log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    for directive in NEVER_BELOW_INFO {
        filter = filter.add_directive(
            directive
                .parse()
                .expect("the directives above are well formed"),
        );
    }
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .log_internal_errors(false);
    let begun = match config.log.format {
        LogFormat::Json => log.json().try_init(),
        LogFormat::Text => log.with_ansi(false).try_init(),
    };
    // Only a test sets a log of its own first.
    drop(begun);
}
