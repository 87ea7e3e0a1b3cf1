//! Every kind of payload that is not one JSON object.

use super::*;

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The defect, the payload, and the beginning of its reason.
type Case = (&'static str, Vec<u8>, &'static str);

/// A valid event with `n` nested lists in an unknown attribute.
fn deep(n: usize) -> String {
    with(
        r#""data""#,
        &format!(r#""x":{}{},"data""#, "[".repeat(n), "]".repeat(n)),
    )
}

fn no_object() -> Vec<Case> {
    let good = event_of(STATUS, ACTIVE);
    vec![
        ("empty", vec![], "payload: is empty"),
        ("white space", b" \r\n\t".to_vec(), "payload: is empty"),
        (
            "a word",
            b"hello".to_vec(),
            "payload: is not one JSON object",
        ),
        ("null", b"null".to_vec(), "payload: is not one JSON object"),
        (
            "a text",
            b"\"13900000001\"".to_vec(),
            "payload: is not one JSON object",
        ),
        (
            "a list",
            format!("[{good}]").into(),
            "payload: is not one JSON object",
        ),
        (
            "truncated",
            good.as_bytes()[..good.len() - 1].to_vec(),
            "payload: is truncated",
        ),
        (
            "truncated in a text",
            good.as_bytes()[..40].to_vec(),
            "payload: is truncated",
        ),
        (
            "two objects",
            format!("{good}{good}").into(),
            "payload: is not JSON: trailing characters",
        ),
        (
            "a comma at the end",
            with("}}", "},}").into(),
            "payload: is not JSON: trailing comma",
        ),
    ]
}

fn other_encodings() -> Vec<Case> {
    let good = event_of(STATUS, ACTIVE);
    vec![
        (
            "byte order mark",
            format!("\u{feff}{good}").into(),
            "payload: begins with a byte order mark",
        ),
        ("UTF-16", utf16(&good), "payload: is not JSON"),
        (
            "UTF-16 with mark",
            [vec![0xff, 0xfe], utf16(&good)].concat(),
            "payload: is not UTF-8 at byte 0",
        ),
        (
            "not UTF-8",
            with("e1", "e")
                .replace("\"e\"", "\"\u{1}\"")
                .bytes()
                .map(|b| if b == 1 { 0xff } else { b })
                .collect(),
            "payload: is not UTF-8 at byte",
        ),
        (
            "GBK",
            encoding_rs::GB18030
                .encode(&with("e1", "集团"))
                .0
                .into_owned(),
            "payload: is not UTF-8 at byte",
        ),
    ]
}

fn bad_syntax() -> Vec<Case> {
    let good = event_of(STATUS, ACTIVE);
    vec![
        (
            "NUL behind",
            format!("{good}\0").into(),
            "payload: is not JSON: trailing characters",
        ),
        (
            "NUL before",
            format!("\0{good}").into(),
            "payload: is not one JSON object",
        ),
        (
            "raw control character in a text",
            with("e1", "e\u{1}").into(),
            "payload: is not JSON: control character",
        ),
        (
            "NaN",
            with(ACTIVE, r#"{"x":NaN}"#).into(),
            "payload: is not JSON: expected value",
        ),
        (
            "leading zero",
            with(ACTIVE, r#"{"x":01}"#).into(),
            "payload: is not JSON: invalid number",
        ),
        (
            "single quotes",
            b"{'specversion':'1.0'}".to_vec(),
            "payload: is not JSON: key must be a string",
        ),
        (
            "a comment",
            format!("{good}//").into(),
            "payload: is not JSON: trailing characters",
        ),
        (
            "bad escape",
            with("e1", r"\x41").into(),
            "payload: is not JSON: invalid escape",
        ),
    ]
}

fn surrogates_depth_and_size() -> Vec<Case> {
    vec![
        (
            "half a surrogate pair",
            with("e1", r"\ud800").into(),
            "payload: holds half of a surrogate pair",
        ),
        (
            "half a pair in an unknown field",
            with(ACTIVE, r#"{"x":"\udc00"}"#).into(),
            "payload: holds half of a surrogate pair",
        ),
        (
            "129 levels in an unknown attribute",
            deep(128).into(),
            "payload: is nested deeper than 128 levels",
        ),
        (
            "10^5 levels",
            deep(100_000).into(),
            "payload: is nested deeper than 128 levels",
        ),
        (
            "10^5 levels never closed",
            "[".repeat(100_000).into(),
            "payload: is nested deeper than 128 levels",
        ),
        (
            "10^5 levels of data",
            event_of(
                STATUS,
                &format!("{}{}", r#"{"a":"#.repeat(40_000), "}".repeat(39_999)),
            )
            .into(),
            "payload: is nested deeper than 128 levels",
        ),
        (
            "1 MB",
            with("e1", &"e".repeat(1 << 20)).into(),
            "payload: has 10",
        ),
    ]
}

#[test]
fn what_is_not_one_json_object_is_not_json() {
    for (what, payload, reason) in [
        no_object(),
        other_encodings(),
        bad_syntax(),
        surrogates_depth_and_size(),
    ]
    .concat()
    {
        let found = refused(&payload);
        assert!(
            found.starts_with(&format!("not_json {reason}")),
            "{what}: {found}"
        );
    }
    assert!(decode_payload(deep(127)).is_ok());
}

#[test]
fn a_payload_of_the_largest_size_is_read_and_one_byte_more_is_not() {
    let good = event_of(STATUS, ACTIVE);
    let padded = |bytes: usize| format!("{good}{}", " ".repeat(bytes - good.len()));
    assert!(decode_payload(padded(256 * 1024)).is_ok());
    assert!(refused(padded(256 * 1024 + 1)).starts_with("not_json payload: has 262145 bytes"));
    let cut = decode(
        b"{",
        Form::Oversized { bytes: 1 << 30 },
        &DecodeRules::default(),
        NOW,
    )
    .expect_err("refused");
    assert_eq!(
        cut.reason,
        "payload: has 1073741824 bytes, expected at most 262144"
    );
}
