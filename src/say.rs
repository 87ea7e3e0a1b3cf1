//! Messages of commands beside their output, on stderr.
//!
//! Invariant: a message that cannot be written, as on a full disk or to a pipe that is closed,
//! stops nothing.

/// Writes a message to stderr, if that can be written.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        drop(writeln!(std::io::stderr(), $($text)*))
    }};
}
