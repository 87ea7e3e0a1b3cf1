//! Every kind of invalid `data`: its class, the path, what was expected, and no value.

use super::invalid_crm_field::{
    key_dates_by_the_moon, key_dates_with_years_and_leads, master_data_feeds_and_retractions,
    surveys,
};
use super::*;

/// The defect, the payload, and the beginning of its reason.
pub(super) type Case = (&'static str, String, &'static str);

fn bill(field: &str, value: &str) -> String {
    let mut data =
        r#"{"bill_id":"B","group_id":"G","period":"2026-08","amount_fen":1,"due_on":"2026-09-28"}"#
            .to_owned();
    let start = data.find(&format!("\"{field}\":")).expect("a field") + field.len() + 3;
    let end = start + data[start..].find([',', '}']).expect("an end");
    data.replace_range(start..end, value);
    event_of("boss.bill.v1", &data)
}

fn subscribers_and_statuses() -> Vec<Case> {
    vec![
        (
            "no subscriber",
            event_of(STATUS, r#"{"status":"active"}"#),
            "data.subscriber_id: expected a text of 1 to 64 characters without control characters, and without blanks at either end, found nothing",
        ),
        (
            "null subscriber",
            event_of(STATUS, r#"{"subscriber_id":null,"status":"active"}"#),
            "data.subscriber_id: expected a text of 1 to 64 characters without control characters, and without blanks at either end, found null",
        ),
        (
            "subscriber a number",
            event_of(STATUS, r#"{"subscriber_id":13900000001,"status":"active"}"#),
            "data.subscriber_id: expected a text of 1 to 64 characters without control characters, and without blanks at either end, found a number",
        ),
        (
            "subscriber of 65 characters",
            event_of(STATUS, &ACTIVE.replace("13900000001", &"1".repeat(65))),
            "data.subscriber_id: ",
        ),
        (
            "subscriber with a control character",
            event_of(STATUS, &ACTIVE.replace("139", r"\t139")),
            "data.subscriber_id: ",
        ),
        (
            "no status",
            event_of(STATUS, r#"{"subscriber_id":"1"}"#),
            "data.status: expected a status, or status_code with code_set, found nothing",
        ),
        (
            "status in another spelling",
            event_of(STATUS, r#"{"subscriber_id":"1","status":"Active"}"#),
            "data.status: expected a canonical status",
        ),
    ]
}

fn status_codes() -> Vec<Case> {
    vec![
        (
            "status null beside a code",
            event_of(
                STATUS,
                r#"{"subscriber_id":"1","status":null,"status_code":"0","code_set":"ngboss"}"#,
            ),
            "data.status: expected either status or",
        ),
        (
            "status and code",
            event_of(
                STATUS,
                r#"{"subscriber_id":"1","status":"active","status_code":"0","code_set":"ngboss"}"#,
            ),
            "data.status: expected either status or status_code with code_set, not both",
        ),
        (
            "status and code without set",
            event_of(
                STATUS,
                r#"{"subscriber_id":"1","status":"active","status_code":"0"}"#,
            ),
            "data.status: expected either",
        ),
        (
            "status and code set",
            event_of(
                STATUS,
                r#"{"subscriber_id":"1","status":"active","code_set":"ngboss"}"#,
            ),
            "data.status: expected either",
        ),
    ]
}

fn codes_without_their_set() -> Vec<Case> {
    vec![
        (
            "code without set",
            event_of(STATUS, r#"{"subscriber_id":"1","status_code":"0"}"#),
            "data.code_set: expected the code set of status_code, found nothing",
        ),
        (
            "set without code",
            event_of(STATUS, r#"{"subscriber_id":"1","code_set":"ngboss"}"#),
            "data.status_code: expected the code that code_set is for, found nothing",
        ),
        (
            "code a number",
            event_of(
                STATUS,
                r#"{"subscriber_id":"1","status_code":0,"code_set":"ngboss"}"#,
            ),
            "data.status_code: expected a text, found a number",
        ),
        (
            "reason a number, though the code is unknown",
            event_of(
                STATUS,
                r#"{"subscriber_id":"1","status_code":"~","code_set":"ngboss","reason":1}"#,
            ),
            "data.reason: expected a text, found a number",
        ),
        (
            "subscriber twice",
            event_of(
                STATUS,
                r#"{"subscriber_id":"1","subscriber_id":"1","status":"active"}"#,
            ),
            "data.subscriber_id: expected one value, found the key twice",
        ),
    ]
}

fn memberships_and_ports() -> Vec<Case> {
    vec![
        (
            "locked as text",
            event_of(
                "boss.membership.v1",
                r#"{"subscriber_id":"1","group_id":"G","change":"joined","locked":"true"}"#,
            ),
            "data.locked: expected true or false, found a text",
        ),
        (
            "locked as 1",
            event_of(
                "boss.membership.v1",
                r#"{"subscriber_id":"1","group_id":"G","change":"joined","locked":1}"#,
            ),
            "data.locked: expected true or false, found a number",
        ),
        (
            "change null",
            event_of(
                "boss.membership.v1",
                r#"{"subscriber_id":"1","group_id":"G","change":null}"#,
            ),
            "data.change: expected one of joined, left, found null",
        ),
        (
            "role in another spelling",
            event_of(
                "boss.membership.v1",
                r#"{"subscriber_id":"1","group_id":"G","change":"left","role":"MEMBER"}"#,
            ),
            "data.role: expected one of member, key_contact, decision_maker",
        ),
        (
            "stage unknown",
            event_of(
                "boss.port_out.v1",
                r#"{"subscriber_id":"1","stage":"asked"}"#,
            ),
            "data.stage: expected one of queried, authorised, ported, withdrawn",
        ),
    ]
}

fn bills() -> Vec<Case> {
    let fen = "data.amount_fen: expected an integer number of fen between -10^13 and 10^13";
    vec![
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
    ]
}

#[test]
fn a_data_field_missing_or_out_of_rule_is_an_invalid_field() {
    for (what, payload, reason) in [
        subscribers_and_statuses(),
        status_codes(),
        codes_without_their_set(),
        memberships_and_ports(),
        bills(),
        surveys(),
        key_dates_by_the_moon(),
        key_dates_with_years_and_leads(),
        master_data_feeds_and_retractions(),
    ]
    .concat()
    {
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
        refused(event_of(
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
