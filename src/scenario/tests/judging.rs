//! Expectations against what there is.

use std::collections::BTreeMap;

use super::{scenario, zone};
use crate::domain::alert::{Alert, AlertKey, AlertState, AlertSubject, Explanation, Period};
use crate::domain::ids::GroupId;
use crate::domain::indicator::{AlertKind, Indicator, Scope, Severity};
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::scenario::snapshot::alert;
use crate::scenario::{FailedExpectation, List, Snapshot, judge};
use crate::views::lists::AlertRow;

fn breach(group: &str, k: i64) -> Alert {
    Alert {
        key: AlertKey {
            scope: Scope::Group(GroupId::parse(group).expect("an id")),
            kind: AlertKind::Indicator(Indicator::ChurnRate),
            subject: AlertSubject::WholeScope,
            period: Period::Month(Month::from_year_month(2026, 9)),
            occurrence: 1,
        },
        state: AlertState::Firing,
        severity: Severity::Warning,
        explanation: Explanation {
            value: Some(0.1),
            k,
            n: 50,
            ..Explanation::default()
        },
        members: Vec::new(),
        opened_at: Timestamp::from_micros(1_788_400_800_000_000),
        resolved_at: None,
        resolved_because: None,
        count_when_done: None,
        acknowledged: None,
    }
}

/// What does not hold of an `expect`, where two groups are in breach.
fn faults(expect: &str) -> Vec<FailedExpectation> {
    let read = scenario(&format!(
        "name = \"a\"\n[[step]]\nat = \"2026-09-03\"\n[step.expect]\n{expect}"
    ));
    let alerts = [breach("G1", 6), breach("G2", 9)];
    let alerts = alerts.iter().map(|one| {
        alert(&AlertRow {
            alert: one,
            has_task: Some(true),
            reader: None,
        })
    });
    let alerts = alerts.collect();
    let today = LocalDay::from_date("2026-09-03".parse().expect("a date"));
    judge(
        &read.steps[0].expectations,
        &Snapshot {
            today,
            lists: BTreeMap::from([(List::Alerts, alerts)]),
        },
        zone(),
    )
}

#[test]
fn what_is_not_said_does_not_matter() {
    assert_eq!(
        faults(
            "alerts = [{}, { group = \"G1\" }, { kind = \"churn_rate\", count = 2 }, { value = 0.1, n = 50 }]"
        ),
        []
    );
    assert_eq!(
        faults(
            "alerts = [{ opened_at = \"2026-09-03 10:00\", resolved_because = \"\", resolved_at = \"\" }]"
        ),
        []
    );
    assert_eq!(
        faults(
            "no_alerts = [{ kind = \"key_line\" }, { group = \"G3\" }]\ncounts = { alerts = 2, tasks = 0 }"
        ),
        []
    );
}

#[test]
fn a_field_is_called_as_in_the_list_or_shorter() {
    assert_eq!(
        faults("alerts = [{ scope_id = \"G1\", id = \"G1\", group = \"G1\" }]"),
        []
    );
}

#[test]
fn what_does_not_hold_is_told_with_the_nearest_that_is_there() {
    let faults_found = faults("alerts = [{ group = \"G1\", k = 7, state = \"firing\" }]");
    assert_eq!(faults_found.len(), 1);
    let text = faults_found[0].to_string();
    let nearest = text
        .find("churn_rate of group G1, 2026-09, firing: k is 6")
        .expect("the nearest");
    let farther = text
        .find("churn_rate of group G2, 2026-09, firing: group is \"G2\"; k is 9")
        .expect("the other");
    assert!(nearest < farther, "{text}");
    assert!(
        text.contains("a.toml:5: step[0].expect.alerts[0]")
            && text.contains("expected: alerts { group = \"G1\", k = 7"),
        "{text}"
    );
}

#[test]
fn one_too_many_and_one_too_few_are_told() {
    for (expect, wrong) in [
        (
            "alerts = [{ kind = \"churn_rate\", count = 1 }]",
            "must be there 1 times, and is there 2 times",
        ),
        (
            "alerts = [{ kind = \"key_line\", count = 1 }]",
            "must be there 1 times, and is there 0 times",
        ),
        (
            "no_alerts = [{ group = \"G2\" }]",
            "must not be there, but is",
        ),
        ("tasks = [{}]", "there are no tasks"),
        (
            "counts = { alerts = 3 }",
            "must be there 3 times, and is there 2 times",
        ),
    ] {
        let faults_found = faults(expect);
        assert!(
            faults_found.len() == 1 && faults_found[0].wrong.contains(wrong),
            "{expect}: {faults_found:?}"
        );
    }
}
