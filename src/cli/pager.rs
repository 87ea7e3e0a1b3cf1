//! Output that is longer than the terminal goes through a pager.
//!
//! Invariant: without a pager everything is written as it comes, and the command ends when the
//! reader leaves the pager.

use std::io::{self, Write};
use std::process::{Child, Command, Stdio};

/// Runs `$PAGER`, else `less`, else writes everything as it comes. Unless `$LESS` is set, `less`
/// does not page what fits the screen (F), leaves it there (X), shows colours (R), and ends with us
/// on Ctrl-C (K).
const PAGER: &str = r#"export LESS="${LESS-FRXK}" LESSCHARSET="${LESSCHARSET-utf-8}"
pager=${PAGER-less}
command -v "${pager%% *}" >/dev/null 2>&1 || pager=cat
exec $pager"#;

/// Writes to a pager; dropping it waits until the reader has left it.
pub(crate) struct Pager(Child);

impl Pager {
    /// Starts the pager.
    ///
    /// # Errors
    /// When there is no shell.
    pub(crate) fn start() -> io::Result<Self> {
        Ok(Self(
            Command::new("sh")
                .args(["-c", PAGER])
                .stdin(Stdio::piped())
                .spawn()?,
        ))
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .stdin
            .as_mut()
            .map_or(Err(io::ErrorKind::BrokenPipe.into()), |pipe| {
                pipe.write(bytes)
            })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.stdin.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        if let Err(error) = self.0.wait() {
            tracing::warn!(%error, "The pager's end is not known");
        }
    }
}
