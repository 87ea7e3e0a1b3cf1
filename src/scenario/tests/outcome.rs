//! How the outcome reads, for people and for build servers.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;

use crate::domain::indicator::{AlertKind, Signal};
use crate::scenario::{
    Coverage, FailedExpectation, ScenarioOutcome, Touched, summary, write_junit,
};

fn outcome(name: &str, wrong: Option<&str>) -> ScenarioOutcome {
    let fault = |wrong: &str| FailedExpectation {
        place: "a.toml:3".into(),
        what: "alerts {}".into(),
        wrong: wrong.into(),
        instead: vec![wrong.into()],
        hint: None,
    };
    let failed = wrong.map(|wrong| ("step 1".to_owned(), vec![fault(wrong)]));
    ScenarioOutcome {
        name: name.into(),
        file: "a.toml".into(),
        took: Duration::from_millis(12),
        failed,
    }
}

/// Reads a document as strictly as XML is; returns how often each element begins.
fn elements(xml: &str) -> Result<Vec<String>, String> {
    let body = xml
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        .ok_or("no declaration")?;
    let (mut open, mut all) = (Vec::new(), Vec::new());
    for (at, part) in body.split('<').enumerate() {
        let (tag, text) = if at == 0 {
            ("", part)
        } else {
            part.split_once('>').ok_or("a tag without an end")?
        };
        let is_text = |text: &str| {
            let entities = ["amp;", "lt;", "gt;", "quot;", "apos;", "#10;"];
            text.split('&')
                .skip(1)
                .all(|rest| entities.iter().any(|entity| rest.starts_with(entity)))
        };
        let is_char = |c: char| matches!(c, '\t' | '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        if !is_text(text) || !is_text(tag) || !part.chars().all(is_char) || text.contains('>') {
            return Err(format!("{part:?}"));
        }
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                return Err(format!("{name} ends where it did not begin"));
            }
        } else if at > 0 {
            let name = tag.split([' ', '/']).next().unwrap_or_default().to_owned();
            if tag.matches('"').count() % 2 == 1 {
                return Err(format!("{tag}: an odd quote"));
            }
            if !tag.ends_with('/') {
                open.push(name.clone());
            }
            all.push(name);
        }
    }
    if open.is_empty() {
        Ok(all)
    } else {
        Err(format!("{open:?} do not end"))
    }
}

#[test]
fn junit_has_a_case_for_each_scenario_and_a_failure_for_each_that_failed() {
    let xml = write_junit(&[
        outcome("well", None),
        outcome("ill", Some("x < y & \"z\"\nbelow")),
    ]);
    assert_eq!(
        elements(&xml).expect("XML"),
        ["testsuites", "testsuite", "testcase", "testcase", "failure"]
    );
    assert!(xml.contains("tests=\"2\" failures=\"1\""), "{xml}");
    assert!(
        xml.contains("x &lt; y &amp; &quot;z&quot;&#10;below"),
        "{xml}"
    );
}

#[test]
fn a_failure_is_told_with_its_step() {
    assert_eq!(outcome("well", None).to_string(), "ok      well (12 ms)");
    assert_eq!(
        outcome("ill", Some("no")).to_string(),
        "FAILED  ill\n  a.toml, step 1\n  a.toml:3\n    expected: alerts {}\n    no\n      no"
    );
    assert_eq!(
        summary(&[outcome("well", None), outcome("ill", Some("no"))]),
        "2 scenarios: 1 ok, 1 failed (0.0 s)"
    );
}

#[test]
fn coverage_names_what_was_not_touched() {
    let mut coverage =
        Coverage::of_playbooks(vec!["churn_rate".into(), "churn_rate tier A".into()]);
    let playbooks = BTreeSet::from(["churn_rate".to_owned(), "one's own".to_owned()]);
    coverage.add(Touched {
        kinds: BTreeSet::from([AlertKind::Signal(Signal::KeyLine)]),
        playbooks,
    });
    let text = coverage.text();
    assert!(
        text.starts_with(&format!(
            "signals and indicators raised: 1 of {} (not: churn_rate, ",
            AlertKind::all().count()
        )),
        "{text}"
    );
    assert!(
        text.ends_with("playbooks used: 1 of 2 (not: churn_rate tier A)"),
        "{text}"
    );
}

proptest! {
    #[test]
    fn junit_is_well_formed_whatever_stands_in_a_scenario(name in any::<String>(), wrong in any::<String>()) {
        let xml = write_junit(&[outcome(&name, Some(&wrong))]);
        prop_assert!(elements(&xml).is_ok(), "{:?}\n{}", elements(&xml), xml);
    }
}
