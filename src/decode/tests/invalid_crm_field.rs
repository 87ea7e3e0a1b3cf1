//! Invalid data of the CRM types, of feeds and of retractions.

use super::invalid_field::Case;
use super::*;

fn survey(score: &str, scale: &str) -> String {
    event_of(
        "crm.survey.v1",
        &format!(r#"{{"survey_id":"S","group_id":"G","score":{score},"scale":{scale}}}"#),
    )
}

fn key_date(calendar: &str, date: &str, more: &str) -> String {
    event_of(
        "crm.key_date.v1",
        &format!(
            r#"{{"key_date_id":"k","group_id":"G","kind":"birthday","title":"t","calendar":"{calendar}","date":{date}{more}}}"#
        ),
    )
}

/// The end of a yearly key date.
const YEAR: &str = r#","every":"year""#;

pub(super) fn surveys() -> Vec<Case> {
    vec![
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
    ]
}

pub(super) fn key_dates_by_the_moon() -> Vec<Case> {
    vec![
        (
            "lunar month 13",
            key_date("lunar", r#"{"month":13,"day":1,"leap":false}"#, YEAR),
            "data.date.month: expected an integer from 1 to 12, found a number",
        ),
        (
            "lunar day 0",
            key_date("lunar", r#"{"month":1,"day":0,"leap":false}"#, YEAR),
            "data.date.day: expected an integer from 1 to 30",
        ),
        (
            "lunar day 1.0",
            key_date("lunar", r#"{"month":1,"day":1.0,"leap":false}"#, YEAR),
            "data.date.day: ",
        ),
        (
            "no leap",
            key_date("lunar", r#"{"month":1,"day":1}"#, YEAR),
            "data.date.leap: expected true or false, found nothing",
        ),
        (
            "lunar month twice",
            key_date(
                "lunar",
                r#"{"month":1,"month":1,"day":1,"leap":false}"#,
                YEAR,
            ),
            "data.date.month: expected one value, found the key twice",
        ),
        (
            "lunar date as text",
            key_date("lunar", "\"2026-01-01\"", YEAR),
            "data.date: expected an object of month, day and leap, since the calendar is lunar, found a text",
        ),
    ]
}

pub(super) fn key_dates_with_years_and_leads() -> Vec<Case> {
    vec![
        (
            "solar date as object",
            key_date("solar", r#"{"month":1,"day":1,"leap":false}"#, YEAR),
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
                &format!("{YEAR},\"lead_days\":7"),
            ),
            "data.lead_days: expected a list of integers, found a number",
        ),
        (
            "a lead day as text",
            key_date(
                "solar",
                "\"2026-01-01\"",
                &format!("{YEAR},\"lead_days\":[7,\"1\"]"),
            ),
            "data.lead_days[1]: expected an integer from -366 to 3660, found a text",
        ),
        (
            "a lead day out of range",
            key_date(
                "solar",
                "\"2026-01-01\"",
                &format!("{YEAR},\"lead_days\":[3661]"),
            ),
            "data.lead_days[0]: ",
        ),
    ]
}

pub(super) fn master_data_feeds_and_retractions() -> Vec<Case> {
    vec![
        (
            "tier in another spelling",
            event_of(
                "crm.group.v1",
                r#"{"group_id":"G","name":"n","unit_id":"U","manager_id":"M","tier":"a"}"#,
            ),
            "data.tier: expected one of A, B, C, D",
        ),
        (
            "name a number",
            event_of("crm.unit.v1", r#"{"unit_id":"U","name":1}"#),
            "data.name: expected a text, found a number",
        ),
        (
            "negative feed",
            event_of(
                "boss.feed.v1",
                r#"{"feed":"f","date":"2026-08-20","events":-1}"#,
            ),
            "data.events: expected an integer of 0 or more",
        ),
        (
            "retraction without id",
            event_of("boss.retraction.v1", r#"{"source":"/boss/gz"}"#),
            "data.id: expected a text of 1 to 128 characters without control characters, found nothing",
        ),
        (
            "retraction of a bad source",
            event_of("boss.retraction.v1", r#"{"source":"a b","id":"e"}"#),
            "data.source: expected a URI reference of 1 to 256 characters, found a text",
        ),
    ]
}
