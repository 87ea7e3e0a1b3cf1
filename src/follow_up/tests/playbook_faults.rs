//! What a file of playbooks is refused for, by line, index and key.

use super::BATCH_LEAVE;
use super::playbooks::{ONE, another, file, problem, problems};
use crate::domain::task::INSTRUCTION_CHARS_MAX;
use crate::follow_up::playbook::{PlaybookProblem, Playbooks};

#[test]
fn a_bad_plan_is_refused_with_its_place() {
    let all = problems(&file(&format!(
        "[[plan]]\nfor = \"holiday\"\nclass = \"promise\"\ndue_days = 0{}",
        ONE.replace("先查", "{k}")
    )));
    assert_eq!(all.len(), 3, "{all:#?}");
    assert!(
        all.iter()
            .all(|problem| problem.starts_with("p.toml, line ") && problem.contains("plan[0].")),
        "{all:#?}"
    );
    let twice = format!("[[plan]]\nfor = \"holiday\"\nclass = \"key\"\ndue_days = 1{ONE}");
    assert_eq!(
        problems(&file(&format!("{twice}{twice}"))),
        ["p.toml, plan[1]: the second for `holiday`; hint: keep one"]
    );
}

#[test]
fn two_for_the_same_case_are_refused() {
    let same = problems(&another(""));
    assert_eq!(same.len(), 1);
    assert!(
        same[0].starts_with("p.toml, playbook[0] and playbook[26] are equally specific for"),
        "{}",
        same[0]
    );
    let twice = format!("[[playbook]]\nalert_kind = \"churn_rate\"\ntier = \"A\"{ONE}");
    assert_eq!(problems(&file(&twice.repeat(2))).len(), 1);
}

#[test]
fn a_kind_that_no_playbook_answers_is_refused() {
    let text = file("").replacen("\"batch_leave\"", "\"churn_rate\"\ntier = \"C\"", 1);
    let all = Playbooks::parse("p.toml", &text).expect_err("a gap");
    assert!(
        matches!(&all[..], [PlaybookProblem::Missing { case, .. }] if case.alert_kind == BATCH_LEAVE),
        "{all:?}"
    );
    assert_eq!(problems("").len(), 26, "an empty file answers nothing");
}

#[test]
fn a_text_that_mails_would_cut_is_refused() {
    let long = "查".repeat(INSTRUCTION_CHARS_MAX + 1);
    let plan = format!("[[plan]]\nfor = \"holiday\"\nclass = \"key\"\ndue_days = 1{ONE}");
    let playbook = format!("[[playbook]]\nalert_kind = \"churn_rate\"\ntier = \"A\"{ONE}");
    for (good, list) in [(plan, "plan[0]"), (playbook, "playbook[26]")] {
        for (from, to, key) in [
            ("what = \"查\"", format!("what = \"{long}\""), "item"),
            ("[\"先查\"]", format!("[\"{long}\"]"), "checks"),
            (
                "checks =",
                format!("item_en = {{ what = \"{long}\" }}\nchecks ="),
                "item_en",
            ),
        ] {
            let all = problems(&file(&good.replace(from, &to)));
            assert!(
                matches!(&all[..], [one] if one.contains(&format!("{list}.{key}"))
                    && one.contains("has a text of 801 characters, expected 800 at most")),
                "{all:#?}"
            );
        }
    }
}

/// What is replaced in a good playbook and by what; the key that is named, and part of the message
/// about it.
const FAULTS: &[(&str, &str, &str, &str)] = &[
    ("kind = \"relationship\"\n", "", "kind", "is missing"),
    ("\"relationship\"", "\"friendship\"", "kind", "friendship"),
    ("means = [\"call\"]\n", "", "means", "is missing"),
    ("[\"call\"]", "[]", "means", "is empty"),
    ("[\"call\"]", "[\"call\", \"call\"]", "means", "twice"),
    ("[\"call\"]", "[\"fax\"]", "means", "fax"),
    ("[\"call\"]", "\"call\"", "means", "invalid type"),
    ("resources = []\n", "", "resources", "is missing"),
    (
        "resources = []",
        "resources = [\"money\"]",
        "resources",
        "money",
    ),
    ("[\"先查\"]", "[]", "checks", "is empty"),
    (
        "[\"先查\"]",
        "[\"先查\", \"{x}\"]",
        "checks[1]",
        "unknown placeholder {x}",
    ),
    ("[\"先查\"]", "[\" \"]", "checks[0]", "is empty"),
    (
        "\"service\", what = \"查\"",
        "\"service\"",
        "item",
        "missing field `what`",
    ),
    (
        "what = \"查\"",
        "what = \"\"",
        "item",
        "leaves a part empty",
    ),
    ("what = \"查\"", "what = \"{k}\"", "item", "brace"),
    ("what = \"查\"", "what = \"查\", why = \"\"", "item", "why"),
    (
        "\"service\", what = \"查\"",
        "\"visit\", whom = \"a\", purpose = \"b\", prepare = \"c\", steps = []",
        "item",
        "empty",
    ),
    (
        "\"service\", what = \"查\"",
        "\"visit\", whom = \"a\", purpose = \"b\", steps = [\"d\"]",
        "item",
        "prepare",
    ),
    ("checks", "class = \"promise\"\nchecks", "class", "promise"),
    ("checks", "class = \"urgent\"\nchecks", "class", "urgent"),
    (
        "checks",
        "due_hours = 0\nchecks",
        "due_hours",
        "out of range",
    ),
    (
        "checks",
        "due_hours = 2001\nchecks",
        "due_hours",
        "out of range",
    ),
    (
        "checks",
        "due_hours = 4.5\nchecks",
        "due_hours",
        "invalid type",
    ),
    (
        "checks",
        "observe = \"yes\"\nchecks",
        "observe",
        "invalid type",
    ),
    (
        "checks",
        "escalation = []\nchecks",
        "escalation",
        "is empty",
    ),
    (
        "checks",
        "escalation = [\"mayor\"]\nchecks",
        "escalation",
        "mayor",
    ),
    ("checks", "colour = 1\nchecks", "colour", "unknown key"),
    ("checks", "industry = \" \"\nchecks", "industry", "is empty"),
    (
        "checks",
        "scope = \"unit\"\nchecks",
        "tier",
        "a unit has none",
    ),
    ("checks", "scope = \"city\"\nchecks", "scope", "city"),
];

#[test]
fn each_fault_is_refused_with_line_index_and_key() {
    let with = |from: &str, to: &str| {
        format!(
            "alert_kind = \"churn_rate\"\ntier = \"A\"{}",
            ONE.replace(from, to)
        )
    };
    let faults = FAULTS
        .iter()
        .map(|(from, to, key, what)| (with(from, to), *key, *what));
    let others = [
        (
            with("checks", "scope = \"unit\"\nchecks")
                .replace("churn_rate", "key_line")
                .replace("tier = \"A\"", ""),
            "alert_kind",
            "groups only",
        ),
        (with("", "").replace("\"A\"", "\"E\""), "tier", "E"),
        (
            with("", "").replace("churn_rate", "weather"),
            "alert_kind",
            "`weather` is no indicator or signal",
        ),
    ];
    for (playbook, key, what) in faults.chain(others) {
        let message = problem(&playbook);
        let line = file("").lines().count() + 1;
        assert!(
            message.starts_with(&format!("p.toml, line {line}, playbook[26].{key}: ")),
            "{message}"
        );
        assert!(message.contains(what), "{message}");
    }
}

#[test]
fn all_faults_are_said_at_once() {
    let bad = "[[playbook]]\nalert_kind = \"churn_rate\"\ntier = \"A\"\nkind = \"x\"\nmeans = []\nchecks = [\"{y}\"]\nz = 1\n";
    let all = problems(&file(&format!("{bad}{}", bad.replace("\"A\"", "\"B\""))));
    assert_eq!(
        all.len(),
        12,
        "kind, item, means, resources, checks and z, of both: {all:#?}"
    );
}

#[test]
fn what_is_not_toml_is_refused_with_its_line() {
    let all = problems("[[playbook]]\nkind = ");
    assert!(
        matches!(&all[..], [one] if one.contains("p.toml cannot be read") && one.contains("line 2")),
        "{all:?}"
    );
    assert!(problems("[[playbooks]]\n")[0].contains("playbooks"));
}
