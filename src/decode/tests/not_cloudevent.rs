//! Every kind of invalid envelope.

use super::*;

/// The defect, the payload, and the beginning of its reason.
type Case = (&'static str, String, &'static str);

fn id(id: &str) -> String {
    with(r#""id":"e1""#, &format!(r#""id":{id}"#))
}

fn source(source: &str) -> String {
    with(r#""source":"/boss/gz""#, &format!(r#""source":{source}"#))
}

fn time(time: &str) -> String {
    with("2026-08-20T10:00:00+08:00", time)
}

fn text(c: &str, n: usize) -> String {
    format!("\"{}\"", c.repeat(n))
}

fn versions_and_ids() -> Vec<Case> {
    vec![
        (
            "empty object",
            "{}".into(),
            "specversion: expected \"1.0\", found nothing",
        ),
        (
            "specversion 0.3",
            with("1.0", "0.3"),
            "specversion: expected \"1.0\", found a text",
        ),
        (
            "specversion 1",
            with("\"1.0\"", "1.0"),
            "specversion: expected \"1.0\", found a number",
        ),
        (
            "no id",
            with(r#""id":"e1","#, ""),
            "id: expected a text of 1 to 128 characters without control characters, found nothing",
        ),
        ("empty id", id("\"\""), "id: expected a text of 1 to 128 "),
        (
            "id of 129 characters",
            id(&text("集", 129)),
            "id: expected a text of 1 to 128 ",
        ),
        (
            "id of 10 KB",
            id(&text("e", 10_240)),
            "id: expected a text of 1 to 128 ",
        ),
        (
            "id a number",
            id("7"),
            "id: expected a text of 1 to 128 characters without control characters, found a number",
        ),
        (
            "id null",
            id("null"),
            "id: expected a text of 1 to 128 characters without control characters, found null",
        ),
        (
            "id with an escaped control character",
            id(r#""a\u0007""#),
            "id: expected a text of 1 to 128 ",
        ),
        (
            "id with a C1 control character",
            id("\"a\u{85}\""),
            "id: expected a text of 1 to 128 ",
        ),
    ]
}

fn sources_and_types() -> Vec<Case> {
    vec![
        (
            "no source",
            with(r#""source":"/boss/gz","#, ""),
            "source: expected a URI reference of 1 to 256 characters, found nothing",
        ),
        (
            "empty source",
            source("\"\""),
            "source: expected a URI reference",
        ),
        (
            "source of 257 characters",
            source(&text("s", 257)),
            "source: expected a URI reference",
        ),
        (
            "source with a blank",
            source("\"/boss gz\""),
            "source: expected a URI reference",
        ),
        (
            "source a bool",
            source("true"),
            "source: expected a URI reference of 1 to 256 characters, found a bool",
        ),
        (
            "no type",
            with(&format!(r#""type":"{STATUS}","#), ""),
            "type: expected a text, found nothing",
        ),
        (
            "type null",
            with(&format!("\"{STATUS}\""), "null"),
            "type: expected a text, found null",
        ),
    ]
}

fn times() -> Vec<Case> {
    vec![
        (
            "no time",
            with(r#""time":"2026-08-20T10:00:00+08:00","#, ""),
            "time: expected an RFC 3339 time",
        ),
        (
            "time without offset",
            time("2026-08-20T10:00:00"),
            "time: expected an RFC 3339 time with an offset, of the years 2000 to 2099, found a text",
        ),
        (
            "time with a blank",
            time("2026-08-20 10:00:00Z"),
            "time: expected an RFC 3339 time",
        ),
        (
            "second 60",
            time("2026-06-30T23:59:60Z"),
            "time: expected an RFC 3339 time",
        ),
        (
            "30 February",
            time("2026-02-30T00:00:00Z"),
            "time: expected an RFC 3339 time",
        ),
        (
            "year 1999",
            time("1999-12-31T23:59:59-04:00"),
            "time: expected an RFC 3339 time",
        ),
        (
            "year 2100",
            time("2100-01-01T00:00:00+14:00"),
            "time: expected an RFC 3339 time",
        ),
        (
            "time in milliseconds",
            with("\"2026-08-20T10:00:00+08:00\"", "1787191200000"),
            "time: expected an RFC 3339 time with an offset, of the years 2000 to 2099, found a number",
        ),
    ]
}

fn data_and_doubled_keys() -> Vec<Case> {
    vec![
        (
            "no data",
            with(&format!(",\"data\":{ACTIVE}"), ""),
            "data: expected an object, found nothing",
        ),
        (
            "data null",
            with(ACTIVE, "null"),
            "data: expected an object, found null",
        ),
        (
            "data a list",
            with(ACTIVE, "[]"),
            "data: expected an object, found a list",
        ),
        (
            "data a text of JSON",
            with(ACTIVE, r#""{}""#),
            "data: expected an object, found a text",
        ),
        (
            "id twice",
            with(r#""id":"e1""#, r#""id":"e1","id":"e1""#),
            "id: expected one value, found the key twice",
        ),
        (
            "id twice, once escaped",
            with(r#""id":"e1""#, r#""id":"e1","\u0069d":"e1""#),
            "id: expected one value, found the key twice",
        ),
        (
            "data twice",
            with(r#""data""#, r#""data":{},"data""#),
            "data: expected one value, found the key twice",
        ),
    ]
}

#[test]
fn an_attribute_missing_or_out_of_rule_is_not_a_cloudevent() {
    for (what, payload, reason) in [
        versions_and_ids(),
        sources_and_types(),
        times(),
        data_and_doubled_keys(),
    ]
    .concat()
    {
        let found = refused(&payload);
        assert!(
            found.starts_with(&format!("not_cloudevent {reason}")),
            "{what}: {found}"
        );
    }
    for good in [
        id(&text("集", 128)),
        source(&text("s", 256)),
        time("2026-10-01T00:05:00Z"),
        time("2000-01-01T00:00:00+23:59"),
    ] {
        assert!(decode_payload(&good).is_ok(), "{good}");
    }
}
