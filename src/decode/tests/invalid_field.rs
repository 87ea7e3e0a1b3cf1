//! Every kind of `data` that is out of rule: its class, the path, what was expected, and no value.

use super::*;

#[test]
fn a_data_field_missing_or_out_of_rule_is_an_invalid_field() {
    let bill = |field: &str, value: &str| {
        let mut data = r#"{"bill_id":"B","group_id":"G","period":"2026-08","amount_fen":1,"due_on":"2026-09-28"}"#.to_owned();
        let start = data.find(&format!("\"{field}\":")).expect("a field") + field.len() + 3;
        let end = start + data[start..].find([',', '}']).expect("an end");
        data.replace_range(start..end, value);
        of("boss.bill.v1", &data)
    };
    let survey = |score: &str, scale: &str| {
        of(
            "crm.survey.v1",
            &format!(r#"{{"survey_id":"S","group_id":"G","score":{score},"scale":{scale}}}"#),
        )
    };
    let key_date = |calendar: &str, date: &str, more: &str| {
        of(
            "crm.key_date.v1",
            &format!(
                r#"{{"key_date_id":"k","group_id":"G","kind":"birthday","title":"t","calendar":"{calendar}","date":{date}{more}}}"#
            ),
        )
    };
    let year = r#","every":"year""#;
    let fen = "data.amount_fen: expected an integer number of fen between -10^13 and 10^13";
    let kinds: Vec<(&str, String, &str)> = vec![
        (
            "no subscriber",
            of(STATUS, r#"{"status":"active"}"#),
            "data.subscriber_id: expected a text of 1 to 64 characters without control characters, and without blanks at either end, found nothing",
        ),
        (
            "null subscriber",
            of(STATUS, r#"{"subscriber_id":null,"status":"active"}"#),
            "data.subscriber_id: expected a text of 1 to 64 characters without control characters, and without blanks at either end, found null",
        ),
        (
            "subscriber a number",
            of(STATUS, r#"{"subscriber_id":13900000001,"status":"active"}"#),
            "data.subscriber_id: expected a text of 1 to 64 characters without control characters, and without blanks at either end, found a number",
        ),
        (
            "subscriber of 65 characters",
            of(STATUS, &ACTIVE.replace("13900000001", &"1".repeat(65))),
            "data.subscriber_id: ",
        ),
        (
            "subscriber with a control character",
            of(STATUS, &ACTIVE.replace("139", r"\t139")),
            "data.subscriber_id: ",
        ),
        (
            "no status",
            of(STATUS, r#"{"subscriber_id":"1"}"#),
            "data.status: expected a status, or status_code with code_set, found nothing",
        ),
        (
            "status in another spelling",
            of(STATUS, r#"{"subscriber_id":"1","status":"Active"}"#),
            "data.status: expected a canonical status",
        ),
        (
            "status null beside a code",
            of(
                STATUS,
                r#"{"subscriber_id":"1","status":null,"status_code":"0","code_set":"ngboss"}"#,
            ),
            "data.status: expected either status or",
        ),
        (
            "status and code",
            of(
                STATUS,
                r#"{"subscriber_id":"1","status":"active","status_code":"0","code_set":"ngboss"}"#,
            ),
            "data.status: expected either status or status_code with code_set, not both",
        ),
        (
            "status and code without set",
            of(
                STATUS,
                r#"{"subscriber_id":"1","status":"active","status_code":"0"}"#,
            ),
            "data.status: expected either",
        ),
        (
            "status and code set",
            of(
                STATUS,
                r#"{"subscriber_id":"1","status":"active","code_set":"ngboss"}"#,
            ),
            "data.status: expected either",
        ),
        (
            "code without set",
            of(STATUS, r#"{"subscriber_id":"1","status_code":"0"}"#),
            "data.code_set: expected the code set of status_code, found nothing",
        ),
        (
            "set without code",
            of(STATUS, r#"{"subscriber_id":"1","code_set":"ngboss"}"#),
            "data.status_code: expected the code that code_set is for, found nothing",
        ),
        (
            "code a number",
            of(
                STATUS,
                r#"{"subscriber_id":"1","status_code":0,"code_set":"ngboss"}"#,
            ),
            "data.status_code: expected a text, found a number",
        ),
        (
            "reason a number, though the code is unknown",
            of(
                STATUS,
                r#"{"subscriber_id":"1","status_code":"~","code_set":"ngboss","reason":1}"#,
            ),
            "data.reason: expected a text, found a number",
        ),
        (
            "subscriber twice",
            of(
                STATUS,
                r#"{"subscriber_id":"1","subscriber_id":"1","status":"active"}"#,
            ),
            "data.subscriber_id: expected one value, found the key twice",
        ),
        (
            "locked as text",
            of(
                "boss.membership.v1",
                r#"{"subscriber_id":"1","group_id":"G","change":"joined","locked":"true"}"#,
            ),
            "data.locked: expected true or false, found a text",
        ),
        (
            "locked as 1",
            of(
                "boss.membership.v1",
                r#"{"subscriber_id":"1","group_id":"G","change":"joined","locked":1}"#,
            ),
            "data.locked: expected true or false, found a number",
        ),
        (
            "change null",
            of(
                "boss.membership.v1",
                r#"{"subscriber_id":"1","group_id":"G","change":null}"#,
            ),
            "data.change: expected one of joined, left, found null",
        ),
        (
            "role in another spelling",
            of(
                "boss.membership.v1",
                r#"{"subscriber_id":"1","group_id":"G","change":"left","role":"MEMBER"}"#,
            ),
            "data.role: expected one of member, key_contact, decision_maker",
        ),
        (
            "stage unknown",
            of(
                "boss.port_out.v1",
                r#"{"subscriber_id":"1","stage":"asked"}"#,
            ),
            "data.stage: expected one of queried, authorised, ported, withdrawn",
        ),
        (
            "fen over the range",
            bill("amount_fen", "10000000000001"),
            fen,
        ),
        (
            "fen under the range",
            bill("amount_fen", "-10000000000001"),
            fen,
        ),
        (
            "fen over i64",
            bill("amount_fen", "9223372036854775808"),
            fen,
        ),
        ("fen with a fraction", bill("amount_fen", "1.0"), fen),
        ("fen with an exponent", bill("amount_fen", "1e3"), fen),
        ("fen 1e400", bill("amount_fen", "1e400"), fen),
        ("fen as text", bill("amount_fen", "\"1\""), fen),
        (
            "30 February",
            bill("due_on", "\"2025-02-30\""),
            "data.due_on: expected a date YYYY-MM-DD of the years 1900 to 2099, found a text",
        ),
        (
            "a date with a time",
            bill("due_on", "\"2026-09-28T00:00:00Z\""),
            "data.due_on: ",
        ),
        (
            "month 13",
            bill("period", "\"2026-13\""),
            "data.period: expected a month YYYY-MM of the years 2000 to 2099",
        ),
        (
            "period a date",
            bill("period", "\"2026-08-01\""),
            "data.period: ",
        ),
        (
            "score over the scale",
            survey("11", "\"10\""),
            "data.score: expected a score from 0 to 10",
        ),
        (
            "score under the scale",
            survey("0.999", "5"),
            "data.score: expected a score from 1 to 5",
        ),
        (
            "negative score",
            survey("-0.001", "100"),
            "data.score: expected a score from 0 to 100",
        ),
        (
            "4 decimals",
            survey("8.0005", "10"),
            "data.score: expected a number within its scale with at most 3 decimals",
        ),
        ("score 1e400", survey("1e400", "100"), "data.score: "),
        (
            "score as text",
            survey("\"8\"", "10"),
            "data.score: expected a number within its scale with at most 3 decimals, found a text",
        ),
        (
            "scale 7",
            survey("8", "\"7\""),
            "data.scale: expected 100, 10 or 5, as text or number",
        ),
        ("scale 10.5", survey("8", "10.5"), "data.scale: "),
        (
            "lunar month 13",
            key_date("lunar", r#"{"month":13,"day":1,"leap":false}"#, year),
            "data.date.month: expected an integer from 1 to 12, found a number",
        ),
        (
            "lunar day 0",
            key_date("lunar", r#"{"month":1,"day":0,"leap":false}"#, year),
            "data.date.day: expected an integer from 1 to 30",
        ),
        (
            "lunar day 1.0",
            key_date("lunar", r#"{"month":1,"day":1.0,"leap":false}"#, year),
            "data.date.day: ",
        ),
        (
            "no leap",
            key_date("lunar", r#"{"month":1,"day":1}"#, year),
            "data.date.leap: expected true or false, found nothing",
        ),
        (
            "lunar month twice",
            key_date(
                "lunar",
                r#"{"month":1,"month":1,"day":1,"leap":false}"#,
                year,
            ),
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
            key_date(
                "lunar",
                r#"{"month":1,"day":1,"leap":false}"#,
                r#","every":"once""#,
            ),
            "data.every: expected year, since once needs the solar calendar",
        ),
        (
            "no every",
            key_date("solar", "\"2026-01-01\"", ""),
            "data.every: expected one of year, once, found nothing",
        ),
        (
            "lead days a number",
            key_date(
                "solar",
                "\"2026-01-01\"",
                &format!("{year},\"lead_days\":7"),
            ),
            "data.lead_days: expected a list of integers, found a number",
        ),
        (
            "a lead day as text",
            key_date(
                "solar",
                "\"2026-01-01\"",
                &format!("{year},\"lead_days\":[7,\"1\"]"),
            ),
            "data.lead_days[1]: expected an integer from -366 to 3660, found a text",
        ),
        (
            "a lead day out of range",
            key_date(
                "solar",
                "\"2026-01-01\"",
                &format!("{year},\"lead_days\":[3661]"),
            ),
            "data.lead_days[0]: ",
        ),
        (
            "tier in another spelling",
            of(
                "crm.group.v1",
                r#"{"group_id":"G","name":"n","unit_id":"U","manager_id":"M","tier":"a"}"#,
            ),
            "data.tier: expected one of A, B, C, D",
        ),
        (
            "name a number",
            of("crm.unit.v1", r#"{"unit_id":"U","name":1}"#),
            "data.name: expected a text, found a number",
        ),
        (
            "negative feed",
            of(
                "boss.feed.v1",
                r#"{"feed":"f","date":"2026-08-20","events":-1}"#,
            ),
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
        assert!(
            found.starts_with(&format!("invalid_field {reason}")),
            "{what}: {found}"
        );
        assert!(!found.contains("139"), "{what} shows a value: {found}");
    }
}

#[test]
fn an_unknown_code_names_its_set_and_itself() {
    let code = |code: &str, set: &str| {
        refused(of(
            STATUS,
            &format!(r#"{{"subscriber_id":"1","status_code":"{code}","code_set":"{set}"}}"#),
        ))
    };
    assert!(
        code("~", "ngboss").starts_with("unknown_code data.status_code: `~` of code set `ngboss`: the code set lacks the code; hint: ")
    );
    assert!(code("0", "gz").starts_with(
        "unknown_code data.status_code: `0` of code set `gz`: there is no such code set; hint: "
    ));
    assert!(code("13900000001", "ngboss").contains("`139****0001`"));
    assert!(
        code(&"x".repeat(1000), r"\n")
            .contains(&format!(r"`{}…` of code set `\n`", "x".repeat(64)))
    );
}
