//! Pre-cancelled subscribers and subscribers on their way to another operator.

use super::*;
use crate::domain::indicator::Severity;
use crate::domain::timeline::{Departure, SubscriberTrouble};

/// A member of each tier, as subscriber 1 to 4 of `GA` to `GD`, and another of each, to whom
/// nothing happens.
fn city() -> TestCity {
    let mut city = TestCity::new();
    for (n, group) in (1..).zip(["GA", "GB", "GC", "GD"]) {
        city.join(group, n, Role::Member);
        city.join(group, n + 100, Role::Member);
    }
    city
}

#[test]
fn a_line_that_is_pre_cancelled_is_a_warning_for_valuable_customers_and_a_notice_for_others() {
    let mut city = city();
    for n in 1..=4 {
        city.status("2026-08-03 10:00", n, Status::PreCancelled, None);
    }
    assert!(
        city.evaluate("2026-08-03 10:00").is_empty(),
        "it has not settled"
    );
    let firing = city.evaluate("2026-08-03 10:01");
    assert_eq!(firing[0], "pre_cancel GA 13800000001");
    assert_eq!(firing.len(), 4);
    let severities: Vec<Severity> = city.alerts.iter().map(|alert| alert.severity).collect();
    assert_eq!(
        severities,
        [
            Severity::Warning,
            Severity::Warning,
            Severity::Notice,
            Severity::Notice
        ]
    );
    city.status("2026-08-03 12:00", 1, Status::Active, None);
    assert_eq!(city.evaluate("2026-08-03 12:30").len(), 3);
    assert_eq!(
        city.because(Signal::PreCancel),
        Some(ResolvedBecause::Restored)
    );
}

#[test]
fn what_becomes_of_a_pre_cancelled_line_is_told_as_what_it_is() {
    for (status, because) in [
        (Status::Active, ResolvedBecause::Restored),
        (Status::Suspended, ResolvedBecause::Recovered),
        (Status::CancelledVoluntary, ResolvedBecause::Lost),
        (Status::PortedOut, ResolvedBecause::Lost),
        (Status::Invalid, ResolvedBecause::Retracted),
    ] {
        let mut city = city();
        city.status("2026-08-03 10:00", 1, Status::PreCancelled, None);
        assert_eq!(
            city.evaluate("2026-08-03 10:30"),
            ["pre_cancel GA 13800000001"]
        );
        city.status("2026-08-03 11:00", 1, status, None);
        city.evaluate("2026-08-03 11:30");
        assert_eq!(city.because(Signal::PreCancel), Some(because), "{status:?}");
    }
}

#[test]
fn a_pre_cancelled_line_that_leaves_its_group_is_lost_to_it() {
    let mut city = city();
    city.status("2026-08-03 10:00", 1, Status::PreCancelled, None);
    assert_eq!(
        city.evaluate("2026-08-03 10:30"),
        ["pre_cancel GA 13800000001"]
    );
    city.leave("2026-08-03 11:00", "GA", 1);
    city.evaluate("2026-08-03 11:30");
    assert_eq!(city.because(Signal::PreCancel), Some(ResolvedBecause::Lost));
}

#[test]
fn a_line_that_is_pre_cancelled_for_arrears_is_no_news_but_of_a_key_person() {
    let mut city = city();
    city.join("GA", 9, Role::DecisionMaker);
    for n in [1, 9] {
        city.status(
            "2026-08-03 10:00",
            n,
            Status::PreCancelled,
            Some(StopReason::Arrears),
        );
    }
    assert_eq!(
        city.evaluate("2026-08-03 11:00"),
        ["key_line GA 13800000009"]
    );
    let trouble = city.last(Signal::KeyLine).explanation.trouble;
    assert_eq!(
        trouble,
        Some(SubscriberTrouble::PreCancelled { for_arrears: true })
    );
}

#[test]
fn a_pre_cancellation_that_is_retracted_or_corrected_by_a_late_event_is_undone() {
    let mut city = city();
    let wrong = city.status("2026-08-03 10:00", 1, Status::PreCancelled, None);
    city.status("2026-08-03 10:00", 2, Status::PreCancelled, None);
    assert_eq!(city.evaluate("2026-08-03 11:00").len(), 2);
    city.retract(&wrong);
    city.status("2026-08-03 10:30", 2, Status::Active, None);
    assert!(city.evaluate("2026-08-03 12:00").is_empty());
    let because: BTreeSet<_> = city
        .alerts
        .iter()
        .map(|alert| format!("{:?}", alert.resolved_because))
        .collect();
    assert_eq!(
        because.into_iter().collect::<Vec<_>>(),
        ["Some(Restored)", "Some(Retracted)"]
    );
}

#[test]
fn asking_about_porting_is_a_notice_and_the_code_a_warning_for_valuable_customers_until_it_is_withdrawn()
 {
    let mut city = city();
    city.port("2026-08-03 10:00", 1, PortStage::Queried);
    city.port("2026-08-03 10:00", 2, PortStage::Authorised);
    city.port("2026-08-03 10:00", 3, PortStage::Withdrawn);
    city.port("2026-08-03 10:00", 4, PortStage::Ported);
    assert_eq!(
        city.evaluate("2026-08-03 11:00"),
        ["port_out GA 13800000001", "port_out GB 13800000002"]
    );
    assert_eq!(
        (city.alerts[0].severity, city.alerts[1].severity),
        (Severity::Notice, Severity::Warning)
    );
    city.port("2026-08-03 12:00", 1, PortStage::Authorised);
    city.port("2026-08-03 12:00", 2, PortStage::Ported);
    city.status("2026-08-03 12:00", 2, Status::PortedOut, None);
    assert_eq!(
        city.evaluate("2026-08-03 13:00"),
        ["port_out GA 13800000001"]
    );
    let gone = city
        .alerts
        .iter()
        .find(|alert| alert.key.subject.as_str() == "13800000002")
        .and_then(|alert| alert.resolved_because);
    assert_eq!(
        gone,
        Some(ResolvedBecause::Lost),
        "what is ported out is not what is restored"
    );
    let trouble = city
        .alerts
        .iter()
        .find(|alert| alert.key.subject.as_str() == "13800000001")
        .and_then(|alert| alert.explanation.trouble);
    assert_eq!(
        trouble,
        Some(SubscriberTrouble::Porting(PortStage::Authorised)),
        "it says how far it has gone"
    );
    assert_eq!(
        city.alerts
            .iter()
            .filter(|alert| alert.severity == Severity::Warning)
            .count(),
        2,
        "and rises with it"
    );
    city.port("2026-08-03 14:00", 1, PortStage::Withdrawn);
    assert!(city.evaluate("2026-08-03 15:00").is_empty());
    let because: BTreeSet<_> = city
        .alerts
        .iter()
        .map(|alert| format!("{:?}", alert.resolved_because))
        .collect();
    assert_eq!(
        because.into_iter().collect::<Vec<_>>(),
        ["Some(Lost)", "Some(Withdrawn)"]
    );
}

#[test]
fn nothing_opens_about_the_way_out_of_a_line_that_has_gone() {
    let mut city = city();
    city.port("2026-08-03 10:00", 1, PortStage::Authorised);
    city.status("2026-08-03 10:20", 1, Status::PortedOut, None);
    city.port("2026-08-03 10:00", 2, PortStage::Queried);
    city.leave("2026-08-03 10:20", "GB", 2);
    assert!(city.evaluate("2026-08-03 11:00").is_empty());
}

#[test]
fn a_key_persons_line_on_its_way_out_is_both() {
    let mut city = city();
    city.join("GC", 9, Role::KeyContact);
    city.port("2026-08-03 10:00", 9, PortStage::Queried);
    assert_eq!(
        city.evaluate("2026-08-03 11:00"),
        ["key_line GC 13800000009", "port_out GC 13800000009"]
    );
}

#[test]
fn only_changes_of_the_last_days_are_news() {
    for (today, is_recent) in [("2026-08-06 23:59", true), ("2026-08-07 00:00", false)] {
        let mut city = city();
        city.port("2026-08-03 10:00", 1, PortStage::Queried);
        city.status("2026-08-03 10:00", 1, Status::PreCancelled, None);
        assert_eq!(!city.evaluate(today).is_empty(), is_recent, "{today}");
    }
}

#[test]
fn an_ordinary_suspension_is_not_even_judged() {
    let mut city = city();
    city.checks.clear();
    city.status(
        "2026-08-03 10:00",
        1,
        Status::Suspended,
        Some(StopReason::Arrears),
    );
    city.status(
        "2026-08-03 10:00",
        2,
        Status::PreCancelled,
        Some(StopReason::Arrears),
    );
    assert!(city.checks.is_empty());
}

#[test]
fn a_later_trouble_is_news_to_those_who_have_dealt_with_the_first() {
    let mut city = TestCity::new();
    city.join("GA", 9, Role::KeyContact);
    city.status("2026-08-03 10:00", 9, Status::Suspended, None);
    assert_eq!(city.evaluate("2026-08-03 11:00").len(), 1);
    let done = crate::evaluate::alerts::resolve(
        &city.alerts[0],
        ResolvedBecause::TaskDone,
        at("2026-08-03 12:00"),
    );
    city.keep(vec![done]);
    city.port("2026-08-04 10:00", 9, PortStage::Authorised);
    assert_eq!(
        city.evaluate("2026-08-04 11:00"),
        ["key_line GA 13800000009", "port_out GA 13800000009"]
    );
    assert_eq!(
        city.last(Signal::KeyLine).key.period.to_string(),
        "2026-08-04"
    );
}

#[test]
fn an_alert_about_a_line_that_has_gone_says_how_it_went() {
    for (status, departure) in [
        (Some(Status::CancelledInvoluntary), Departure::Cancelled),
        (Some(Status::PortedOut), Departure::PortedOut),
        (None, Departure::Left),
    ] {
        let mut city = city();
        city.status("2026-08-03 10:00", 1, Status::PreCancelled, None);
        city.evaluate("2026-08-03 10:30");
        match status {
            Some(status) => drop(city.status("2026-08-03 11:00", 1, status, None)),
            None => city.leave("2026-08-03 11:00", "GA", 1),
        }
        city.evaluate("2026-08-03 11:30");
        assert_eq!(
            city.last(Signal::PreCancel).explanation.trouble,
            Some(SubscriberTrouble::Gone(departure)),
            "{status:?}"
        );
    }
}

#[test]
fn a_port_out_that_was_taken_back_does_not_stand_again_when_somebody_asks_anew() {
    let mut city = city();
    city.port("2026-08-03 10:00", 1, PortStage::Authorised);
    city.port("2026-08-03 11:00", 1, PortStage::Withdrawn);
    city.port("2026-08-04 10:00", 1, PortStage::Queried);
    assert_eq!(
        city.evaluate("2026-08-04 11:00"),
        ["port_out GA 13800000001"]
    );
    let alert = city.last(Signal::PortOut);
    assert_eq!(
        (alert.severity, alert.key.period.to_string().as_str()),
        (Severity::Notice, "2026-08-04")
    );
}

#[test]
fn a_port_out_of_which_nothing_came_lapses_with_its_news_or_its_guard() {
    let mut city = city();
    city.port("2026-08-03 10:00", 1, PortStage::Queried);
    city.port("2026-08-03 10:00", 2, PortStage::Authorised);
    assert_eq!(city.evaluate("2026-08-06 23:59").len(), 2);
    assert_eq!(
        city.evaluate("2026-08-07 00:00"),
        ["port_out GB 13800000002"]
    );
    assert_eq!(city.because(Signal::PortOut), Some(ResolvedBecause::Lapsed));
    assert_eq!(city.evaluate("2026-09-02 09:59").len(), 1);
    assert!(city.evaluate("2026-09-02 10:00").is_empty());
}
