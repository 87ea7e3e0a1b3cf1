//! Bytes → text that may be one JSON document: size, encoding, nesting, surrogate pairs.
//!
//! It may not know any field. Invariant: it never recurses, so that no nesting can exhaust the
//! stack; its output still has to pass the JSON parser, which then need not count levels.

use crate::domain::reject::{RejectClass, Rejection};

/// Most levels of objects and lists, counted over the whole document, unknown fields included.
pub(crate) const DEPTH_MAX: usize = 128;

/// A `not_json` rejection.
#[cold]
pub(super) fn not_json(reason: impl Into<String>) -> Rejection {
    Rejection::new(RejectClass::NotJson, reason)
}

/// A `not_json` rejection with the JSON parser's message. Its syntax errors name a position, never
/// content.
#[cold]
pub(super) fn broken(error: &serde_json::Error) -> Rejection {
    let what = if error.is_eof() {
        "is truncated"
    } else {
        "is not JSON"
    };
    not_json(format!("payload: {what}: {error}"))
}

/// A `not_json` rejection of a payload over the limit.
#[cold]
pub(super) fn oversized(bytes: u64, bytes_max: usize) -> Rejection {
    not_json(format!(
        "payload: has {bytes} bytes, expected at most {bytes_max}"
    ))
}

/// Makes all checks of a payload that need no parsing.
///
/// # Errors
/// `not_json` when it is too large, empty, not UTF-8, nested too deep, or holds half a surrogate
/// pair.
pub(super) fn text(payload: &[u8], bytes_max: usize) -> Result<&str, Rejection> {
    if payload.len() > bytes_max {
        return Err(oversized(payload.len() as u64, bytes_max));
    }
    let text = std::str::from_utf8(payload)
        .map_err(|e| not_json(format!("payload: is not UTF-8 at byte {}", e.valid_up_to())))?;
    if text.starts_with('\u{feff}') {
        return Err(not_json("payload: begins with a byte order mark"));
    }
    if needs_scan(payload) {
        scan(payload)?;
    }
    Ok(text)
}

/// Whether there are more opening brackets than allowed levels, or any escape. Most payloads have
/// neither; the loop checks many bytes at a time, with sums that fit a byte and so need no overflow
/// check.
fn needs_scan(payload: &[u8]) -> bool {
    let (mut openings, mut escapes) = (0, 0);
    for chunk in payload.chunks(255) {
        // `{` and `[` differ in one bit.
        openings += usize::from(
            chunk
                .iter()
                .fold(0u8, |sum, b| sum.wrapping_add(u8::from(*b | 0x20 == b'{'))),
        );
        escapes |= chunk.iter().fold(0u8, |any, b| any | u8::from(*b == b'\\'));
    }
    openings > DEPTH_MAX || escapes > 0
}

/// The text's first byte that is not white space.
///
/// # Errors
/// `not_json` when there is none.
pub(super) fn first_byte(text: &str) -> Result<u8, Rejection> {
    text.bytes()
        .find(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
        .ok_or_else(|| not_json("payload: is empty, expected one JSON object"))
}

/// Counts levels and pairs surrogates, byte by byte.
fn scan(payload: &[u8]) -> Result<(), Rejection> {
    let (mut depth, mut in_text, mut at) = (0usize, false, 0);
    while let Some(&byte) = payload.get(at) {
        at += 1;
        match (in_text, byte) {
            (_, b'"') => in_text = !in_text,
            (true, b'\\') => at += escape(&payload[at..])?,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(not_json(format!(
                        "payload: is nested deeper than {DEPTH_MAX} levels"
                    )));
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// The length of an escape after its backslash; both halves of a pair together.
fn escape(rest: &[u8]) -> Result<usize, Rejection> {
    const HALF: &str = "payload: holds half of a surrogate pair, expected Unicode text";
    match unit(rest) {
        Some(0xd800..=0xdbff) => match rest.get(5..) {
            Some([b'\\', low @ ..]) if matches!(unit(low), Some(0xdc00..=0xdfff)) => Ok(11),
            _ => Err(not_json(HALF)),
        },
        Some(0xdc00..=0xdfff) => Err(not_json(HALF)),
        _ => Ok(1),
    }
}

/// The code unit of `uXXXX`.
fn unit(rest: &[u8]) -> Option<u32> {
    let digits = rest.strip_prefix(b"u")?.get(..4)?;
    digits
        .iter()
        .try_fold(0, |unit, b| Some(unit * 16 + char::from(*b).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(payload: &[u8]) -> String {
        text(payload, 1 << 20).expect_err("refused").reason
    }

    #[test]
    fn the_deepest_document_allowed_has_128_levels() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(text(nested(128).as_bytes(), 1 << 20).is_ok());
        assert!(reason(nested(129).as_bytes()).contains("deeper than 128"));
        assert!(reason(nested(100_000).as_bytes()).contains("deeper than 128"));
    }

    #[test]
    fn brackets_side_by_side_or_within_a_text_are_no_levels() {
        assert!(text(format!("[{}[]]", "[],".repeat(1000)).as_bytes(), 1 << 20).is_ok());
        assert!(text(format!(r#"["\"{}"]"#, "[".repeat(1000)).as_bytes(), 1 << 20).is_ok());
    }

    #[test]
    fn half_a_surrogate_pair_is_no_text() {
        assert!(text(br#"{"a":"\ud83d\ude00 \\ud800 \uD83D\uDE00"}"#, 100).is_ok());
        for half in [
            r#"{"a":"\ud83d"}"#,
            r#"{"a":"\ude00"}"#,
            r#"{"a":"\ud83d\ud83d"}"#,
            r#"{"a":"\ud83dx"}"#,
            r#"{"a":"\ud83d\n"}"#,
        ] {
            assert!(reason(half.as_bytes()).contains("surrogate"), "{half}");
        }
    }
}
