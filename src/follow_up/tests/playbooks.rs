//! The shipped playbooks, and which of them answers a case.

use chrono::TimeDelta;

use super::{CHURN, KEY_LINE, alert, checked, group, unit};
use crate::domain::event::Tier;
use crate::domain::indicator::ScopeKind;
use crate::domain::indicator::{AlertKind, Scope, Severity};
use crate::domain::task::{
    Approval, CheckPart, EscalationStep, INSTRUCTION_CHARS_MAX, Item, Means, PlanKind, Resource,
    TaskClass, TaskKind,
};
use crate::follow_up::check_text::CheckText;
use crate::follow_up::playbook::Playbooks;

pub(super) const ONE: &str = r#"
kind = "relationship"
item = { kind = "service", what = "查" }
means = ["call"]
resources = []
checks = ["先查"]
"#;

/// A good file: one playbook for every case, and what else is given.
pub(super) fn file(more: &str) -> String {
    let mut text = String::new();
    for scope in ["group", "unit", "company"] {
        let level = match scope {
            "group" => ScopeKind::Group,
            "unit" => ScopeKind::Unit,
            _ => ScopeKind::Company,
        };
        for kind in AlertKind::all().filter(|kind| level.raises(*kind)) {
            text.push_str(&format!(
                "[[playbook]]\nscope = \"{scope}\"\nalert_kind = \"{}\"{ONE}",
                kind.name()
            ));
        }
    }
    text + more
}

#[test]
fn every_kind_of_planned_work_has_its_plan_also_where_a_file_of_ones_own_has_none() {
    let own = Playbooks::parse(
        "p.toml",
        &file("[[plan]]\nfor = \"promise\"\nclass = \"promise\"\ndue_days = 2\n")
            .replace("due_days = 2\n", &format!("due_days = 2{ONE}")),
    )
    .expect("a good file");
    for work in PlanKind::ALL {
        assert_eq!(Playbooks::shipped().plan(work).work, work);
        assert_eq!(own.plan(work).work, work);
    }
    assert_eq!(own.plan(PlanKind::Promise).due_days, 2);
    assert_ne!(own.plan(PlanKind::Holiday), own.plan(PlanKind::Promise));
}

pub(super) fn another(keys: &str) -> String {
    file(&format!(
        "[[playbook]]\nalert_kind = \"churn_rate\"\n{keys}{ONE}"
    ))
}

pub(super) fn problems(text: &str) -> Vec<String> {
    Playbooks::parse("p.toml", text)
        .expect_err("a bad file")
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The only problem of a good file with one more playbook, which is number 26.
pub(super) fn problem(playbook: &str) -> String {
    let mut all = problems(&file(&format!("[[playbook]]\n{playbook}")));
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

#[test]
fn the_shipped_playbooks_answer_every_case() {
    let playbooks = Playbooks::shipped();
    for kind in AlertKind::all() {
        for scope in [group("G1"), unit(), Scope::Company] {
            for tier in [None, Some(Tier::A), Some(Tier::D)] {
                let found = playbooks.find(&scope, kind, tier, Some("教育"));
                assert_eq!(
                    found.is_some(),
                    ScopeKind::of_scope(&scope).raises(kind),
                    "{scope} {}",
                    kind.name()
                );
            }
        }
    }
}

#[test]
fn every_shipped_text_is_filled_without_a_placeholder_left() {
    for playbook in Playbooks::shipped().all() {
        let scope = match playbook.selector.scope {
            ScopeKind::Group => group("G1"),
            ScopeKind::Unit => unit(),
            ScopeKind::Company => Scope::Company,
        };
        for check in &playbook.checks {
            let kind = playbook.selector.alert_kind;
            let filled = check.fill(&alert(scope.clone(), kind, Severity::Critical), "甲公司");
            let has_brace = |part: &CheckPart| matches!(part, CheckPart::Text(text) if text.contains(['{', '}']));
            assert!(!filled.parts().iter().any(has_brace), "{filled:?}");
        }
    }
}

#[test]
fn a_key_line_is_kept_by_a_call_within_four_hours_with_no_offer() {
    let playbooks = Playbooks::shipped();
    let playbook = playbooks
        .find(&group("G1"), KEY_LINE, Some(Tier::A), None)
        .expect("shipped");
    assert_eq!(
        (playbook.kind, playbook.means.as_slice()),
        (TaskKind::Retention, [Means::Call].as_slice())
    );
    assert_eq!(playbook.due, Some(TimeDelta::hours(4)));
    assert_eq!(
        Approval::needed_for(&playbook.means, &playbook.resources),
        Approval::None,
        "reason and need first"
    );
}

#[test]
fn the_most_specific_playbook_answers() {
    let text = file(
        &[("A", ""), ("A", "教育"), ("", "金融")]
            .map(|(tier, industry)| {
                let tier = if tier.is_empty() {
                    String::new()
                } else {
                    format!("tier = \"{tier}\"\n")
                };
                let industry = if industry.is_empty() {
                    String::new()
                } else {
                    format!("industry = \"{industry}\"\n")
                };
                format!("[[playbook]]\nalert_kind = \"churn_rate\"\n{tier}{industry}{ONE}")
            })
            .concat(),
    );
    // Tier A and 金融 are equally specific for (A, 金融): that case needs one of its own.
    let clash = problems(&text);
    assert_eq!(clash.len(), 1, "{clash:#?}");
    assert!(
        clash[0]
            .contains("playbook[26] and playbook[28] are equally specific for group alerts of kind `churn_rate`, tier A, industry `金融`")
    );
    let own = format!(
        "[[playbook]]\nalert_kind = \"churn_rate\"\ntier = \"A\"\nindustry = \"金融\"\n{ONE}"
    );
    let playbooks = Playbooks::parse("p.toml", &(text + &own)).expect("each case has one answer");
    for (tier, industry, found) in [
        (None, None, (None, None)),
        (Some(Tier::B), Some("教育"), (None, None)),
        (Some(Tier::A), None, (Some(Tier::A), None)),
        (Some(Tier::A), Some("政府"), (Some(Tier::A), None)),
        (Some(Tier::A), Some("教育"), (Some(Tier::A), Some("教育"))),
        (Some(Tier::C), Some("金融"), (None, Some("金融"))),
        (Some(Tier::A), Some("金融"), (Some(Tier::A), Some("金融"))),
    ] {
        let selector = &playbooks
            .find(&group("G1"), CHURN, tier, industry)
            .expect("complete")
            .selector;
        assert_eq!(
            (selector.tier, selector.industry.as_deref()),
            found,
            "{tier:?} {industry:?}"
        );
    }
}

#[test]
fn a_playbook_may_override_class_and_due_and_escalate_further() {
    let text = another(
        "tier = \"A\"\nclass = \"key\"\ndue_hours = 2\nobserve = true\nescalation = [\"chief\", \"unit_head\"]\n",
    );
    let playbooks = Playbooks::parse("p.toml", &text).expect("a good file");
    let playbook = playbooks
        .find(&group("G1"), CHURN, Some(Tier::A), None)
        .expect("complete");
    assert_eq!(
        (playbook.class, playbook.due, playbook.observe),
        (Some(TaskClass::Key), Some(TimeDelta::hours(2)), true)
    );
    assert_eq!(
        playbook.escalation,
        [EscalationStep::Chief, EscalationStep::UnitHead]
    );
    let plain = playbooks
        .find(&group("G1"), CHURN, None, None)
        .expect("complete");
    assert_eq!(
        (
            plain.class,
            plain.due,
            plain.observe,
            plain.escalation.as_slice()
        ),
        (None, None, false, [EscalationStep::Supervisor].as_slice())
    );
}

#[test]
fn negotiation_offers_gifts_and_events_ask_first() {
    let asks = |means: &str, resources: &str| {
        let one = ONE
            .replace("[\"call\"]", means)
            .replace("resources = []", &format!("resources = {resources}"));
        let text = file(&format!(
            "[[playbook]]\nalert_kind = \"churn_rate\"\ntier = \"A\"{one}"
        ));
        let playbooks = Playbooks::parse("p.toml", &text).expect("a good file");
        let playbook = playbooks
            .find(&group("G1"), CHURN, Some(Tier::A), None)
            .expect("complete");
        Approval::needed_for(&playbook.means, &playbook.resources)
    };
    assert_eq!(
        asks("[\"visit\", \"negotiation\"]", "[]"),
        Approval::Requested
    );
    for one in [Resource::Offer, Resource::Gift, Resource::Event] {
        assert_eq!(
            asks("[\"call\"]", &format!("[\"{}\"]", one.name())),
            Approval::Requested
        );
    }
    assert_eq!(
        asks(
            "[\"call\"]",
            "[\"chief\", \"trial\", \"industry_manager\", \"network_engineer\"]"
        ),
        Approval::None
    );
}

#[test]
fn whatever_ships_is_there_in_english_too() {
    let shipped = Playbooks::shipped();
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for playbook in shipped.all() {
        let filled = |check: &CheckText| {
            let kind = playbook.selector.alert_kind;
            checked(&check.fill(&alert(group("G1"), kind, Severity::Critical), "G"))
        };
        assert_eq!(
            playbook.checks_en.len(),
            playbook.checks.len(),
            "{}",
            playbook.selector
        );
        assert!(
            !playbook
                .checks_en
                .iter()
                .map(filled)
                .any(|text| text.contains(is_han)),
            "{}",
            playbook.selector
        );
        let texts = playbook.item_en.iter().chain([&playbook.item]);
        for text in texts.flat_map(Item::texts) {
            assert!(text.chars().count() <= INSTRUCTION_CHARS_MAX, "{text}");
        }
        let item =
            serde_json::to_string(playbook.item_en.as_ref().expect("an item")).expect("JSON");
        assert!(!item.contains(is_han), "{item}");
    }
    for plan in PlanKind::ALL.iter().map(|work| shipped.plan(*work)) {
        let item = serde_json::to_string(plan.item_en.as_ref().expect("an item")).expect("JSON");
        assert!(
            plan.checks_en.len() == plan.checks.len()
                && !format!("{item}{:?}", plan.checks_en).contains(is_han),
            "{:?}",
            plan.work
        );
    }
}
