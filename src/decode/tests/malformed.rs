//! Every malformed kind has its class, and a reason that names the path and what was expected.

use proptest::prelude::*;

use super::*;

const STATUS: &str = "boss.subscriber.status.v1";
const ACTIVE: &str = r#"{"subscriber_id":"13900000001","status":"active"}"#;

/// The good event with one of its parts replaced.
fn with(part: &str, by: &str) -> String {
    let good = of(STATUS, ACTIVE);
    assert!(good.contains(part), "{part}");
    good.replacen(part, by, 1)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn what_is_not_one_json_object_is_not_json() {
    let good = of(STATUS, ACTIVE);
    let deep = |n: usize| with(r#""data""#, &format!(r#""x":{}{},"data""#, "[".repeat(n), "]".repeat(n)));
    let kinds: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", vec![], "payload: is empty"),
        ("white space", b" \r\n\t".to_vec(), "payload: is empty"),
        ("a word", b"hello".to_vec(), "payload: is not one JSON object"),
        ("null", b"null".to_vec(), "payload: is not one JSON object"),
        ("a text", b"\"13900000001\"".to_vec(), "payload: is not one JSON object"),
        ("a list", format!("[{good}]").into(), "payload: is not one JSON object"),
        ("truncated", good.as_bytes()[..good.len() - 1].to_vec(), "payload: is truncated"),
        ("truncated in a text", good.as_bytes()[..40].to_vec(), "payload: is truncated"),
        ("two objects", format!("{good}{good}").into(), "payload: is not JSON: trailing characters"),
        ("a comma at the end", with("}}", "},}").into(), "payload: is not JSON: trailing comma"),
        ("byte order mark", format!("\u{feff}{good}").into(), "payload: begins with a byte order mark"),
        ("UTF-16", utf16(&good), "payload: is not JSON"),
        ("UTF-16 with mark", [vec![0xff, 0xfe], utf16(&good)].concat(), "payload: is not UTF-8 at byte 0"),
        (
            "not UTF-8",
            with("e1", "e").replace("\"e\"", "\"\u{1}\"").bytes().map(|b| if b == 1 { 0xff } else { b }).collect(),
            "payload: is not UTF-8 at byte",
        ),
        ("GBK", encoding_rs::GB18030.encode(&with("e1", "集团")).0.into_owned(), "payload: is not UTF-8 at byte"),
        ("NUL behind", format!("{good}\0").into(), "payload: is not JSON: trailing characters"),
        ("NUL before", format!("\0{good}").into(), "payload: is not one JSON object"),
        ("raw control character in a text", with("e1", "e\u{1}").into(), "payload: is not JSON: control character"),
        ("NaN", with(ACTIVE, r#"{"x":NaN}"#).into(), "payload: is not JSON: expected value"),
        ("leading zero", with(ACTIVE, r#"{"x":01}"#).into(), "payload: is not JSON: invalid number"),
        ("single quotes", b"{'specversion':'1.0'}".to_vec(), "payload: is not JSON: key must be a string"),
        ("a comment", format!("{good}//").into(), "payload: is not JSON: trailing characters"),
        ("bad escape", with("e1", r"\x41").into(), "payload: is not JSON: invalid escape"),
        ("half a surrogate pair", with("e1", r"\ud800").into(), "payload: holds half of a surrogate pair"),
        ("half a pair in an unknown field", with(ACTIVE, r#"{"x":"\udc00"}"#).into(), "payload: holds half of a surrogate pair"),
        ("129 levels in an unknown attribute", deep(128).into(), "payload: is nested deeper than 128 levels"),
        ("10^5 levels", deep(100_000).into(), "payload: is nested deeper than 128 levels"),
        ("10^5 levels never closed", "[".repeat(100_000).into(), "payload: is nested deeper than 128 levels"),
        (
            "10^5 levels of data",
            of(STATUS, &format!("{}{}", r#"{"a":"#.repeat(40_000), "}".repeat(39_999))).into(),
            "payload: is nested deeper than 128 levels",
        ),
        ("1 MB", with("e1", &"e".repeat(1 << 20)).into(), "payload: has 10"),
    ];
    for (what, payload, reason) in kinds {
        let found = refused(&payload);
        assert!(found.starts_with(&format!("not_json {reason}")), "{what}: {found}");
    }
    assert!(read(deep(127)).is_ok());
}

#[test]
fn a_payload_of_the_largest_size_is_read_and_one_byte_more_is_not() {
    let good = of(STATUS, ACTIVE);
    let padded = |bytes: usize| format!("{good}{}", " ".repeat(bytes - good.len()));
    assert!(read(padded(256 * 1024)).is_ok());
    assert!(refused(padded(256 * 1024 + 1)).starts_with("not_json payload: has 262145 bytes"));
    let cut = decode(b"{", Form::Oversized { bytes: 1 << 30 }, &DecodeRules::default(), NOW).expect_err("refused");
    assert_eq!(cut.reason, "payload: has 1073741824 bytes, expected at most 262144");
}

#[test]
fn an_attribute_missing_or_out_of_rule_is_not_a_cloudevent() {
    let id = |id: &str| with(r#""id":"e1""#, &format!(r#""id":{id}"#));
    let source = |source: &str| with(r#""source":"/boss/gz""#, &format!(r#""source":{source}"#));
    let time = |time: &str| with("2026-08-20T10:00:00+08:00", time);
    let text = |c: &str, n: usize| format!("\"{}\"", c.repeat(n));
    let kinds: Vec<(&str, String, &str)> = vec![
        ("empty object", "{}".into(), "specversion: expected \"1.0\", found nothing"),
        ("specversion 0.3", with("1.0", "0.3"), "specversion: expected \"1.0\", found a text"),
        ("specversion 1", with("\"1.0\"", "1.0"), "specversion: expected \"1.0\", found a number"),
        ("no id", with(r#""id":"e1","#, ""), "id: expected a text of 1 to 128 characters without control characters, found nothing"),
        ("empty id", id("\"\""), "id: expected a text of 1 to 128 "),
        ("id of 129 characters", id(&text("集", 129)), "id: expected a text of 1 to 128 "),
        ("id of 10 KB", id(&text("e", 10_240)), "id: expected a text of 1 to 128 "),
        ("id a number", id("7"), "id: expected a text of 1 to 128 characters without control characters, found a number"),
        ("id null", id("null"), "id: expected a text of 1 to 128 characters without control characters, found null"),
        ("id with an escaped control character", id(r#""a\u0007""#), "id: expected a text of 1 to 128 "),
        ("id with a C1 control character", id("\"a\u{85}\""), "id: expected a text of 1 to 128 "),
        ("no source", with(r#""source":"/boss/gz","#, ""), "source: expected a URI reference of 1 to 256 characters, found nothing"),
        ("empty source", source("\"\""), "source: expected a URI reference"),
        ("source of 257 characters", source(&text("s", 257)), "source: expected a URI reference"),
        ("source with a blank", source("\"/boss gz\""), "source: expected a URI reference"),
        ("source a bool", source("true"), "source: expected a URI reference of 1 to 256 characters, found a bool"),
        ("no type", with(&format!(r#""type":"{STATUS}","#), ""), "type: expected a text, found nothing"),
        ("type null", with(&format!("\"{STATUS}\""), "null"), "type: expected a text, found null"),
        ("no time", with(r#""time":"2026-08-20T10:00:00+08:00","#, ""), "time: expected an RFC 3339 time"),
        (
            "time without offset",
            time("2026-08-20T10:00:00"),
            "time: expected an RFC 3339 time with an offset, of the years 2000 to 2099, found a text",
        ),
        ("time with a blank", time("2026-08-20 10:00:00Z"), "time: expected an RFC 3339 time"),
        ("second 60", time("2026-06-30T23:59:60Z"), "time: expected an RFC 3339 time"),
        ("30 February", time("2026-02-30T00:00:00Z"), "time: expected an RFC 3339 time"),
        ("year 1999", time("1999-12-31T23:59:59-04:00"), "time: expected an RFC 3339 time"),
        ("year 2100", time("2100-01-01T00:00:00+14:00"), "time: expected an RFC 3339 time"),
        (
            "time in milliseconds",
            with("\"2026-08-20T10:00:00+08:00\"", "1787191200000"),
            "time: expected an RFC 3339 time with an offset, of the years 2000 to 2099, found a number",
        ),
        ("no data", with(&format!(",\"data\":{ACTIVE}"), ""), "data: expected an object, found nothing"),
        ("data null", with(ACTIVE, "null"), "data: expected an object, found null"),
        ("data a list", with(ACTIVE, "[]"), "data: expected an object, found a list"),
        ("data a text of JSON", with(ACTIVE, r#""{}""#), "data: expected an object, found a text"),
        ("id twice", with(r#""id":"e1""#, r#""id":"e1","id":"e1""#), "id: expected one value, found the key twice"),
        ("id twice, once escaped", with(r#""id":"e1""#, r#""id":"e1","\u0069d":"e1""#), "id: expected one value, found the key twice"),
        ("data twice", with(r#""data""#, r#""data":{},"data""#), "data: expected one value, found the key twice"),
    ];
    for (what, payload, reason) in kinds {
        let found = refused(&payload);
        assert!(found.starts_with(&format!("not_cloudevent {reason}")), "{what}: {found}");
    }
    for good in [id(&text("集", 128)), source(&text("s", 256)), time("2026-10-01T00:05:00Z"), time("2000-01-01T00:00:00+23:59")] {
        assert!(read(&good).is_ok(), "{good}");
    }
}

#[test]
fn a_data_field_missing_or_out_of_rule_is_an_invalid_field() {
    const CODE: &str = "boss.subscriber.status.v1";
    let bill = |field: &str, value: &str| {
        let mut data = r#"{"bill_id":"B","group_id":"G","period":"2026-08","amount_fen":1,"due_on":"2026-09-28"}"#.to_owned();
        let start = data.find(&format!("\"{field}\":")).expect("a field") + field.len() + 3;
        let end = start + data[start..].find([',', '}']).expect("an end");
        data.replace_range(start..end, value);
        of("boss.bill.v1", &data)
    };
    let survey =
        |score: &str, scale: &str| of("crm.survey.v1", &format!(r#"{{"survey_id":"S","group_id":"G","score":{score},"scale":{scale}}}"#));
    let key_date = |calendar: &str, date: &str, more: &str| {
        of(
            "crm.key_date.v1",
            &format!(r#"{{"key_date_id":"k","group_id":"G","kind":"birthday","title":"t","calendar":"{calendar}","date":{date}{more}}}"#),
        )
    };
    let year = r#","every":"year""#;
    let fen = "data.amount_fen: expected an integer number of fen between -10^13 and 10^13";
    let kinds: Vec<(&str, String, &str)> = vec![
        (
            "no subscriber",
            of(STATUS, r#"{"status":"active"}"#),
            "data.subscriber_id: expected a text of 1 to 64 characters without control characters, found nothing",
        ),
        (
            "null subscriber",
            of(STATUS, r#"{"subscriber_id":null,"status":"active"}"#),
            "data.subscriber_id: expected a text of 1 to 64 characters without control characters, found null",
        ),
        (
            "subscriber a number",
            of(STATUS, r#"{"subscriber_id":13900000001,"status":"active"}"#),
            "data.subscriber_id: expected a text of 1 to 64 characters without control characters, found a number",
        ),
        ("subscriber of 65 characters", of(STATUS, &ACTIVE.replace("13900000001", &"1".repeat(65))), "data.subscriber_id: "),
        ("subscriber with a control character", of(STATUS, &ACTIVE.replace("139", r"\t139")), "data.subscriber_id: "),
        ("no status", of(CODE, r#"{"subscriber_id":"1"}"#), "data.status: expected a status, or status_code with code_set, found nothing"),
        ("status in another spelling", of(CODE, r#"{"subscriber_id":"1","status":"Active"}"#), "data.status: expected a canonical status"),
        (
            "status null beside a code",
            of(CODE, r#"{"subscriber_id":"1","status":null,"status_code":"0","code_set":"ngboss"}"#),
            "data.status: expected either status or",
        ),
        (
            "status and code",
            of(CODE, r#"{"subscriber_id":"1","status":"active","status_code":"0","code_set":"ngboss"}"#),
            "data.status: expected either status or status_code with code_set, not both",
        ),
        ("status and code set", of(CODE, r#"{"subscriber_id":"1","status":"active","code_set":"ngboss"}"#), "data.status: expected either"),
        (
            "code without set",
            of(CODE, r#"{"subscriber_id":"1","status_code":"0"}"#),
            "data.code_set: expected the code set of status_code, found nothing",
        ),
        (
            "set without code",
            of(CODE, r#"{"subscriber_id":"1","code_set":"ngboss"}"#),
            "data.status_code: expected the code that code_set is for, found nothing",
        ),
        (
            "code a number",
            of(CODE, r#"{"subscriber_id":"1","status_code":0,"code_set":"ngboss"}"#),
            "data.status_code: expected a text, found a number",
        ),
        (
            "reason a number, though the code is unknown",
            of(CODE, r#"{"subscriber_id":"1","status_code":"~","code_set":"ngboss","reason":1}"#),
            "data.reason: expected a text, found a number",
        ),
        (
            "subscriber twice",
            of(STATUS, r#"{"subscriber_id":"1","subscriber_id":"1","status":"active"}"#),
            "data.subscriber_id: expected one value, found the key twice",
        ),
        (
            "locked as text",
            of("boss.membership.v1", r#"{"subscriber_id":"1","group_id":"G","change":"joined","locked":"true"}"#),
            "data.locked: expected true or false, found a text",
        ),
        (
            "locked as 1",
            of("boss.membership.v1", r#"{"subscriber_id":"1","group_id":"G","change":"joined","locked":1}"#),
            "data.locked: expected true or false, found a number",
        ),
        (
            "change null",
            of("boss.membership.v1", r#"{"subscriber_id":"1","group_id":"G","change":null}"#),
            "data.change: expected one of joined, left, found null",
        ),
        (
            "role in another spelling",
            of("boss.membership.v1", r#"{"subscriber_id":"1","group_id":"G","change":"left","role":"MEMBER"}"#),
            "data.role: expected one of member, key_contact, decision_maker",
        ),
        (
            "stage unknown",
            of("boss.port_out.v1", r#"{"subscriber_id":"1","stage":"asked"}"#),
            "data.stage: expected one of queried, authorised, ported, withdrawn",
        ),
        ("fen over the range", bill("amount_fen", "10000000000001"), fen),
        ("fen under the range", bill("amount_fen", "-10000000000001"), fen),
        ("fen over i64", bill("amount_fen", "9223372036854775808"), fen),
        ("fen with a fraction", bill("amount_fen", "1.0"), fen),
        ("fen with an exponent", bill("amount_fen", "1e3"), fen),
        ("fen 1e400", bill("amount_fen", "1e400"), fen),
        ("fen as text", bill("amount_fen", "\"1\""), fen),
        (
            "30 February",
            bill("due_on", "\"2025-02-30\""),
            "data.due_on: expected a date YYYY-MM-DD of the years 1900 to 2099, found a text",
        ),
        ("a date with a time", bill("due_on", "\"2026-09-28T00:00:00Z\""), "data.due_on: "),
        ("month 13", bill("period", "\"2026-13\""), "data.period: expected a month YYYY-MM of the years 2000 to 2099"),
        ("period a date", bill("period", "\"2026-08-01\""), "data.period: "),
        ("score over the scale", survey("11", "\"10\""), "data.score: expected a score from 0 to 10"),
        ("score under the scale", survey("0.999", "5"), "data.score: expected a score from 1 to 5"),
        ("negative score", survey("-0.001", "100"), "data.score: expected a score from 0 to 100"),
        ("4 decimals", survey("8.0005", "10"), "data.score: expected a number within its scale with at most 3 decimals"),
        ("score 1e400", survey("1e400", "100"), "data.score: "),
        ("score as text", survey("\"8\"", "10"), "data.score: expected a number within its scale with at most 3 decimals, found a text"),
        ("scale 7", survey("8", "\"7\""), "data.scale: expected 100, 10 or 5, as text or number"),
        ("scale 10.5", survey("8", "10.5"), "data.scale: "),
        (
            "lunar month 13",
            key_date("lunar", r#"{"month":13,"day":1,"leap":false}"#, year),
            "data.date.month: expected an integer from 1 to 12, found a number",
        ),
        ("lunar day 0", key_date("lunar", r#"{"month":1,"day":0,"leap":false}"#, year), "data.date.day: expected an integer from 1 to 30"),
        ("lunar day 1.0", key_date("lunar", r#"{"month":1,"day":1.0,"leap":false}"#, year), "data.date.day: "),
        ("no leap", key_date("lunar", r#"{"month":1,"day":1}"#, year), "data.date.leap: expected true or false, found nothing"),
        (
            "lunar month twice",
            key_date("lunar", r#"{"month":1,"month":1,"day":1,"leap":false}"#, year),
            "data.date.month: expected one value, found the key twice",
        ),
        (
            "lunar date as text",
            key_date("lunar", "\"2026-01-01\"", year),
            "data.date: expected an object of month, day and leap, since the calendar is lunar, found a text",
        ),
        (
            "solar date as object",
            key_date("solar", r#"{"month":1,"day":1,"leap":false}"#, year),
            "data.date: expected a date YYYY-MM-DD of the years 1900 to 2099, found an object",
        ),
        (
            "lunar once",
            key_date("lunar", r#"{"month":1,"day":1,"leap":false}"#, r#","every":"once""#),
            "data.every: expected year, since once needs the solar calendar",
        ),
        ("no every", key_date("solar", "\"2026-01-01\"", ""), "data.every: expected one of year, once, found nothing"),
        (
            "lead days a number",
            key_date("solar", "\"2026-01-01\"", &format!("{year},\"lead_days\":7")),
            "data.lead_days: expected a list of integers, found a number",
        ),
        (
            "a lead day as text",
            key_date("solar", "\"2026-01-01\"", &format!("{year},\"lead_days\":[7,\"1\"]")),
            "data.lead_days[1]: expected an integer from -366 to 3660, found a text",
        ),
        ("a lead day out of range", key_date("solar", "\"2026-01-01\"", &format!("{year},\"lead_days\":[3661]")), "data.lead_days[0]: "),
        (
            "tier in another spelling",
            of("crm.group.v1", r#"{"group_id":"G","name":"n","unit_id":"U","manager_id":"M","tier":"a"}"#),
            "data.tier: expected one of A, B, C, D",
        ),
        ("name a number", of("crm.unit.v1", r#"{"unit_id":"U","name":1}"#), "data.name: expected a text, found a number"),
        (
            "negative feed",
            of("boss.feed.v1", r#"{"feed":"f","date":"2026-08-20","events":-1}"#),
            "data.events: expected an integer of 0 or more",
        ),
        (
            "retraction without id",
            of("boss.retraction.v1", r#"{"source":"/boss/gz"}"#),
            "data.id: expected a text of 1 to 128 characters without control characters, found nothing",
        ),
        (
            "retraction of a bad source",
            of("boss.retraction.v1", r#"{"source":"a b","id":"e"}"#),
            "data.source: expected a URI reference of 1 to 256 characters, found a text",
        ),
    ];
    for (what, payload, reason) in kinds {
        let found = refused(&payload);
        assert!(found.starts_with(&format!("invalid_field {reason}")), "{what}: {found}");
        assert!(!found.contains("139"), "{what} shows a value: {found}");
    }
}

#[test]
fn an_unknown_code_names_its_set_and_itself() {
    let code =
        |code: &str, set: &str| refused(of(STATUS, &format!(r#"{{"subscriber_id":"1","status_code":"{code}","code_set":"{set}"}}"#)));
    assert!(
        code("~", "ngboss").starts_with("unknown_code data.status_code: `~` of code set `ngboss`: the code set lacks the code; hint: ")
    );
    assert!(code("0", "gz").starts_with("unknown_code data.status_code: `0` of code set `gz`: there is no such code set; hint: "));
    assert!(code("13900000001", "ngboss").contains("`139****0001`"));
    assert!(code(&"x".repeat(1000), r"\n").contains(&format!(r"`{}…` of code set `\n`", "x".repeat(64))));
}

#[test]
fn the_checks_run_in_the_order_of_the_table() {
    let class = |payload: &str| refused(payload).split(' ').next().expect("a class").to_owned();
    let with_time = |payload: String, time: &str| payload.replacen("2026-08-20T10:00:00+08:00", time, 1);
    let late = "2090-01-01T00:00:00Z";
    let broken_code = r#"{"subscriber_id":"1","status_code":"~","code_set":"ngboss","reason":1}"#;
    assert_eq!(class(&format!("{}x", of("boss.nothing.v1", "[]"))), "not_json");
    assert_eq!(class(&with_time(of("boss.nothing.v1", "[]"), late)), "not_cloudevent");
    assert_eq!(class(&with_time(of("boss.nothing.v1", "{}"), late)), "too_far_ahead");
    assert_eq!(class(&of("boss.nothing.v1", "{}")), "unknown_type");
    assert_eq!(class(&of("", "{}")), "unknown_type");
    assert_eq!(class(&of(STATUS, broken_code)), "invalid_field");
    assert_eq!(class(&of(STATUS, &broken_code.replace(",\"reason\":1", ""))), "unknown_code");
    assert_eq!(refused(of("boss.nothing.v1", "{}")), "unknown_type type: there is no type `boss.nothing.v1`");
}

#[test]
fn a_time_may_lie_five_minutes_ahead_and_not_a_microsecond_more() {
    let at = |time: &str| read(of(STATUS, ACTIVE).replacen("2026-08-20T10:00:00+08:00", time, 1));
    assert!(at("2026-10-01T00:05:00Z").is_ok());
    let ahead = at("2026-10-01T08:05:00.000001+08:00").expect_err("refused");
    assert_eq!(
        format!("{} {}", ahead.class, ahead.reason),
        "too_far_ahead time: 2026-10-01T00:05:00.000001Z lies more than 300 s after the wall clock"
    );
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn a_spoilt_event_is_decoded_without_panic(at in 0usize..190, by: u8, cut in 0usize..400) {
        let mut bytes = of(STATUS, ACTIVE).into_bytes();
        let len = bytes.len();
        bytes[at % len] = by;
        bytes.truncate(cut.max(1));
        if let Err(rejection) = read(&bytes) {
            prop_assert!(!rejection.reason.contains("13900000001"), "{}", rejection.reason);
        }
    }

    #[test]
    fn json_of_any_shape_is_read_or_refused_as_serde_reads_it(text in "[\\[\\]{}:,\"a0\\\\u1 -.e]{0,40}") {
        let json = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text).is_ok();
        let rejection = read(&text).expect_err("no event");
        prop_assert_eq!(json, rejection.class != crate::domain::reject::RejectClass::NotJson, "{}: {}", text, rejection.reason);
    }
}
