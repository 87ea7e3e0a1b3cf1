//! A line that was read and is held back: it may be one of the trailing lines to be skipped, or it
//! is ahead of its turn.

use super::batch::Mode;
use super::file_batch::BatchLine;

/// One line that was read.
pub(super) struct Passed {
    /// 1, or 0 for the rest of one that was taken before.
    pub(super) lines: u64,
    pub(super) bytes: u64,
    /// Digest of all bytes up to its end.
    pub(super) digest: u64,
    pub(super) what: What,
}

pub(super) enum What {
    Blank,
    LeftOut,
    Line(Vec<u8>, Mode),
}

impl Passed {
    pub(super) fn new(lines: u64, bytes: u64, digest: u64, text: &BatchLine<'_>) -> Self {
        let what = match text {
            BatchLine::Blank => What::Blank,
            BatchLine::LeftOut => What::LeftOut,
            BatchLine::Line(text, mode) => What::Line(text.to_vec(), mode.clone()),
        };
        Self {
            lines,
            bytes,
            digest,
            what,
        }
    }

    pub(super) fn text(&self) -> BatchLine<'_> {
        match &self.what {
            What::Blank => BatchLine::Blank,
            What::LeftOut => BatchLine::LeftOut,
            What::Line(text, mode) => BatchLine::Line(text, mode.clone()),
        }
    }
}

pub(super) fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

/// Whether a last line without a newline is whole: a JSON object, or any text in a mapped file.
pub(super) fn is_complete(text: &[u8], mapped: bool) -> bool {
    if mapped || is_blank(text) {
        return !is_blank(text);
    }
    text.trim_ascii_start().starts_with(b"{")
        && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}
