//! Texts of what to check first.

use super::{
    BATCH_LEAVE, CHURN, KEY_LINE, SATISFACTION, about, alert, checked, group, resolved, unit,
};
use crate::domain::alert::{Alert, AlertSubject, Explanation, ResolvedBecause};
use crate::domain::event::PortStage;
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::ScopeKind;
use crate::domain::indicator::Severity::{Critical, Warning};
use crate::domain::indicator::{AlertKind, Indicator, Signal};
use crate::domain::task::{Check, CheckPart};
use crate::domain::timeline::{Departure, SubscriberTrouble};
use crate::follow_up::check_text::{CheckText, CheckTextError};

fn parse_check(text: &str) -> CheckText {
    CheckText::parse(text, ScopeKind::Group, CHURN).expect("a good text")
}

#[test]
fn figures_are_filled_in_as_people_read_them() {
    let text = parse_check(
        "{group} {period}：{k}/{n}，{value} 对 {limit}，预计 {expected}，p={p}，需 {needed}",
    );
    assert_eq!(
        checked(&text.fill(&alert(group("G1"), CHURN, Warning), "甲公司")),
        "甲公司 2026-08：9/209，4.31% 对 3%，预计 6.3，p=0.71%，需 9"
    );
}

#[test]
fn each_indicator_has_its_own_unit() {
    for (kind, value, shown) in [
        (CHURN, 0.2, "20%"),
        (SATISFACTION, 76.504, "76.5"),
        (
            AlertKind::Indicator(Indicator::ComplaintRate10k),
            1000.0,
            "1000",
        ),
        (
            AlertKind::Indicator(Indicator::MemberLossRate),
            0.12345,
            "12.35%",
        ),
    ] {
        let mut alert = alert(group("G1"), kind, Warning);
        alert.explanation.value = Some(value);
        let text = CheckText::parse("{value}", ScopeKind::Group, kind).expect("good");
        assert_eq!(checked(&text.fill(&alert, "")), shown);
    }
}

#[test]
fn a_value_just_over_its_limit_is_told_from_it() {
    let mut alert = alert(group("G1"), CHURN, Warning);
    alert.explanation = Explanation {
        value: Some(606.0 / 20_199.0),
        k: 606,
        n: 20_199,
        expected: Some(605.97),
        limit: Some(0.03),
        ..Explanation::default()
    };
    let text = parse_check("{value} {limit} {k} {expected}");
    assert_eq!(checked(&text.fill(&alert, "")), "3.0001% 3% 606 605.97");
}

#[test]
fn a_figure_that_the_alert_lacks_reads_as_a_dash() {
    let mut alert = alert(group("G1"), CHURN, Warning);
    alert.explanation = Explanation {
        k: 3,
        n: 9,
        ..Explanation::default()
    };
    assert_eq!(
        checked(&parse_check("{k}/{n} {value} {expected} {p} {needed}").fill(&alert, "")),
        "3/9 — — — —"
    );
    alert.explanation.p = Some(3e-9);
    assert_eq!(checked(&parse_check("{p}").fill(&alert, "")), "<0.01%");
}

#[test]
fn what_is_filled_in_is_never_read_again() {
    assert_eq!(
        checked(&parse_check("{group}{k}").fill(&alert(group("G1"), CHURN, Warning), "{k}{n}")),
        "{k}{n}9"
    );
}

#[test]
fn few_subscribers_are_named_and_the_others_counted() {
    let mut alert = alert(group("G1"), KEY_LINE, Warning);
    let text = CheckText::parse("{line}", ScopeKind::Group, KEY_LINE).expect("good");
    let id = |text: &str| SubscriberId::parse(text).expect("an id");
    let subscribers = |first, more| Check::from_iter([CheckPart::Subscribers { first, more }]);
    assert_eq!(checked(&text.fill(&alert, "")), "—");
    alert.members = (0..7).map(|n| id(&format!("1380000800{n}"))).collect();
    assert_eq!(
        text.fill(&alert, ""),
        subscribers(alert.members[..5].to_vec(), 2)
    );
    // Of a large batch not all are named.
    let mut batch = Alert {
        members: alert.members.clone(),
        ..super::alert(group("G1"), BATCH_LEAVE, Critical)
    };
    batch.explanation.k = 1_500;
    assert_eq!(
        text.fill(&batch, ""),
        subscribers(alert.members[..5].to_vec(), 1_495)
    );
    alert.members.truncate(1);
    assert_eq!(
        text.fill(&alert, ""),
        subscribers(vec![id("13800008000")], 0)
    );
    alert.key.subject = about("13900009999");
    assert_eq!(
        text.fill(&alert, ""),
        subscribers(vec![id("13900009999")], 0)
    );
}

#[test]
fn signals_have_money_scores_subjects_and_troubles() {
    let fill = |signal, text: &str, explanation: Explanation, subject: &str| {
        let kind = AlertKind::Signal(signal);
        let scope = if signal.is_of_units() {
            unit()
        } else {
            group("G1")
        };
        let level = ScopeKind::of_scope(&scope);
        let mut alert = alert(scope, kind, Warning);
        (alert.explanation, alert.key.subject) = (
            explanation,
            AlertSubject::parse(kind, subject).expect("a subject of that kind"),
        );
        let text = CheckText::parse(text, level, kind).expect("good");
        checked(&text.fill(&alert, ""))
    };
    let why = Explanation {
        value: Some(0.2345),
        limit: Some(0.2),
        fen: Some(-123_456),
        ..Explanation::default()
    };
    assert_eq!(
        fill(Signal::RevenueDrop, "{value} {limit} {fen}", why, ""),
        "23.45% 20% Fen(-123456)"
    );
    let nothing = Explanation::default();
    assert_eq!(fill(Signal::Arrears, "{fen}", nothing, ""), "—");
    let why = Explanation {
        value: Some(45.5),
        limit: Some(60.0),
        ..Explanation::default()
    };
    assert_eq!(
        fill(
            Signal::LowScore,
            "{subject} {value} {limit}",
            why,
            "13800008000"
        ),
        "138****8000 45.5 60"
    );
    let why = Explanation {
        trouble: Some(SubscriberTrouble::Porting(PortStage::Authorised)),
        ..Explanation::default()
    };
    assert_eq!(
        fill(Signal::PortOut, "{line} {trouble}", why, "13800008000"),
        r#"Subscribers { first: [SubscriberId("13800008000")], more: 0 } Trouble(Porting(Authorised))"#
    );
    let hotspot = fill(Signal::ComplaintHotspot, "{subject}", nothing, "网络");
    assert_eq!(hotspot, "网络");
}

#[test]
fn a_subscriber_whose_alert_is_over_is_not_told_to_be_in_trouble_still() {
    let text = CheckText::parse("{trouble}", ScopeKind::Group, KEY_LINE).expect("good");
    let filled = |trouble| {
        let mut alert = alert(group("G1"), KEY_LINE, Warning);
        alert.explanation.trouble = Some(trouble);
        [
            text.fill(&alert, ""),
            text.fill(&resolved(&alert, ResolvedBecause::Restored), ""),
        ]
    };
    let part = |part| Check::from_iter([part]);
    let stopped = SubscriberTrouble::Suspended;
    let over = part(CheckPart::Over(ResolvedBecause::Restored));
    assert_eq!(filled(stopped), [part(CheckPart::Trouble(stopped)), over]);
    let gone = SubscriberTrouble::Gone(Departure::Cancelled);
    let as_gone = part(CheckPart::Trouble(gone));
    assert_eq!(filled(gone), [as_gone.clone(), as_gone]);
}

#[test]
fn a_text_that_can_never_be_filled_is_refused() {
    let parse = |text, scope, kind| {
        CheckText::parse(text, scope, kind)
            .expect_err("a bad text")
            .to_string()
    };
    assert_eq!(
        CheckText::parse("  ", ScopeKind::Group, CHURN),
        Err(CheckTextError::Empty)
    );
    for brace in ["{k", "k}", "{k}}", "{"] {
        assert_eq!(
            CheckText::parse(brace, ScopeKind::Group, CHURN),
            Err(CheckTextError::Brace),
            "{brace}"
        );
    }
    assert!(parse("{kk}", ScopeKind::Group, CHURN).contains("unknown placeholder {kk}"));
    assert!(
        parse("{group}", ScopeKind::Unit, CHURN)
            .contains("{group}, which a unit alert of kind `churn_rate` never fills")
    );
    assert!(parse("{unit}", ScopeKind::Company, CHURN).contains("{unit}"));
    assert!(parse("{value}", ScopeKind::Group, BATCH_LEAVE).contains("{value}"));
    assert!(parse("{line}", ScopeKind::Group, CHURN).contains("{line}"));
    for never in ["{fen}", "{subject}", "{trouble}"] {
        assert!(parse(never, ScopeKind::Group, BATCH_LEAVE).contains(never));
    }
}

#[test]
fn a_units_text_names_the_unit() {
    let text = CheckText::parse("{unit} {value}", ScopeKind::Unit, CHURN).expect("good");
    assert_eq!(
        checked(&text.fill(&alert(unit(), CHURN, Warning), "城东分局")),
        "城东分局 4.31%"
    );
}
