//! Whether this process may have enough files open: a process that runs short of them later fails
//! in the middle of its work.
//!
//! Invariant: HTTP clients get what the worker does not need, never what it does.

use anyhow::{Context, anyhow};

use super::error::AppError;
use crate::serve::CONNECTIONS_MAX;

/// Files, connections and clients that a worker may have open at once.
const OPEN_FILES_MIN: u64 = 256;

/// Those of them that the worker itself needs: runs, write-ahead log, broker, database, relay, inputs,
/// reports.
const RESERVE: u64 = 192;

/// What the system allows a process; on other systems than Linux there is no such file.
const LIMITS: &str = "/proc/self/limits";

/// Refuses to begin with too few; how many HTTP clients may be served at once.
///
/// # Errors
/// As bad usage, with what to do.
pub(crate) fn check_open_files() -> Result<usize, AppError> {
    match std::fs::read_to_string(LIMITS) {
        Ok(limits) => Ok(enough(&limits).map_err(AppError::usage)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(CONNECTIONS_MAX),
        Err(error) => Err(error)
            .context(format!("read {LIMITS}"))
            .map_err(AppError::usage),
    }
}

fn enough(limits: &str) -> Result<usize, anyhow::Error> {
    let soft = limits.lines().find_map(|line| {
        line.strip_prefix("Max open files")?
            .split_whitespace()
            .next()
    });
    match soft.and_then(|most| most.parse::<u64>().ok()) {
        Some(most) if most < OPEN_FILES_MIN => Err(anyhow!(
            "this process may have {most} files open, and needs {OPEN_FILES_MIN}\nhint: raise LimitNOFILE= of its unit, or `ulimit -n`"
        )),
        Some(most) => {
            Ok(CONNECTIONS_MAX.min(usize::try_from(most - RESERVE).unwrap_or(CONNECTIONS_MAX)))
        }
        // Unlimited.
        None => Ok(CONNECTIONS_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_counts() {
        let limits = |soft: &str| {
            format!(
                "Max processes   7   7   processes\nMax open files            {soft}    1048576   files\n"
            )
        };
        assert!(enough(&limits("255")).is_err_and(|error| error.to_string().contains("255")));
        for (soft, clients) in [
            ("256", 64),
            ("300", 108),
            ("447", 255),
            ("448", 256),
            ("1048576", 256),
            ("unlimited", 256),
        ] {
            assert_eq!(enough(&limits(soft)).expect("enough"), clients, "{soft}");
        }
        assert_eq!(enough("").expect("nobody says"), CONNECTIONS_MAX);
    }
}
