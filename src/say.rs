//! What commands say beside their output, on stderr.
//!
//! Invariant: that nobody can read it, as on a full disk or behind a pipe that is closed, stops
//! nothing.

/// Says something on stderr, if that can be written.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        drop(writeln!(std::io::stderr(), $($text)*))
    }};
}
