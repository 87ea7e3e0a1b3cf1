//! Major complaints, complaints that are open for too long, low answers.

use super::*;
use crate::domain::indicator::Severity;

fn major(complaint: &mut Complaint) {
    complaint.severity = ComplaintSeverity::Major;
}

fn ended(state: ComplaintState) -> impl Fn(&mut Complaint) {
    move |complaint| complaint.state = state
}

fn of_group(group: &str) -> impl Fn(&mut Complaint) {
    let group_id = GroupId::parse(group).expect("id");
    move |complaint| complaint.group_id = group_id.clone()
}

#[test]
fn a_major_complaint_is_critical_at_once_and_until_it_is_resolved_or_withdrawn() {
    for state in [ComplaintState::Resolved, ComplaintState::Withdrawn] {
        let mut city = TestCity::new();
        city.complain("2026-08-03 10:00", "C1", major);
        city.complain("2026-08-03 10:00", "C2", |_| {});
        assert_eq!(city.evaluate("2026-08-03 10:00"), ["major_complaint GB C1"]);
        assert_eq!(city.alerts[0].severity, Severity::Critical);
        city.complain("2026-08-03 12:00", "C1", ended(state));
        assert!(city.evaluate("2026-08-03 12:00").is_empty());
        assert_eq!(
            city.because(Signal::MajorComplaint),
            Some(ResolvedBecause::Recovered)
        );
    }
}

#[test]
fn a_complaint_that_becomes_major_is_one_from_then_on_and_its_retraction_undoes_it() {
    let mut city = TestCity::new();
    city.complain("2026-08-03 10:00", "C1", |_| {});
    let worse = city.complain("2026-08-03 15:00", "C1", major);
    assert_eq!(city.evaluate("2026-08-03 15:00"), ["major_complaint GB C1"]);
    city.retract(&worse);
    assert!(city.evaluate("2026-08-03 16:00").is_empty());
    assert_eq!(
        city.because(Signal::MajorComplaint),
        Some(ResolvedBecause::Retracted)
    );
}

#[test]
fn a_complaint_is_open_for_too_long_after_48_hours_and_in_tier_a_after_24() {
    let mut city = TestCity::new();
    city.complain("2026-08-03 10:00", "CA", of_group("GA"));
    city.complain("2026-08-03 10:00", "CB", of_group("GB"));
    city.complain("2026-08-03 10:00", "CC", of_group("GB"));
    city.complain("2026-08-05 09:00", "CC", ended(ComplaintState::Resolved));
    assert!(city.evaluate("2026-08-04 09:59").is_empty());
    assert_eq!(city.evaluate("2026-08-04 10:00"), ["complaint_open GA CA"]);
    assert_eq!(city.evaluate("2026-08-05 09:59").len(), 1);
    assert_eq!(
        city.evaluate("2026-08-05 10:00"),
        ["complaint_open GA CA", "complaint_open GB CB"]
    );
    assert!(
        city.alerts
            .iter()
            .all(|alert| alert.severity == Severity::Warning
                && alert.key.period.to_string() == "2026-08-03")
    );
    city.complain("2026-08-05 11:00", "CB", ended(ComplaintState::Resolved));
    assert_eq!(city.evaluate("2026-08-05 11:00"), ["complaint_open GA CA"]);
    assert_eq!(
        city.because(Signal::ComplaintOpen),
        Some(ResolvedBecause::Recovered)
    );
}

#[test]
fn a_resolution_that_comes_late_undoes_it_and_a_new_filing_begins_anew() {
    let mut city = TestCity::new();
    city.complain("2026-08-03 10:00", "C1", |_| {});
    assert_eq!(city.evaluate("2026-08-05 10:00").len(), 1);
    city.complain("2026-08-03 18:00", "C1", ended(ComplaintState::Resolved));
    assert!(city.evaluate("2026-08-05 11:00").is_empty());
    city.complain("2026-08-06 10:00", "C1", |_| {});
    assert!(city.evaluate("2026-08-08 09:59").is_empty());
    assert_eq!(city.evaluate("2026-08-08 10:00"), ["complaint_open GB C1"]);
    assert_eq!(
        city.last(Signal::ComplaintOpen).key.period.to_string(),
        "2026-08-06"
    );
}

#[test]
fn a_complaint_that_was_retracted_or_is_another_groups_is_undone() {
    let mut city = TestCity::new();
    let first = city.complain("2026-08-03 10:00", "C1", major);
    city.complain("2026-08-03 10:00", "C2", |complaint| {
        major(complaint);
        of_group("GC")(complaint);
    });
    assert_eq!(city.evaluate("2026-08-03 10:00").len(), 2);
    city.retract(&first);
    city.complain("2026-08-03 09:00", "C2", of_group("GD"));
    assert_eq!(
        city.evaluate("2026-08-03 11:00"),
        ["major_complaint GD C2"],
        "the group of its first filing counts"
    );
    let retracted = city
        .alerts
        .iter()
        .filter(|alert| alert.resolved_because == Some(ResolvedBecause::Retracted));
    assert_eq!(retracted.count(), 2);
}

#[test]
fn old_complaints_are_no_news() {
    let mut city = TestCity::new();
    city.complain("2026-07-01 10:00", "C1", major);
    city.complain("2026-07-01 10:00", "C2", |_| {});
    assert!(city.evaluate("2026-08-03 10:00").is_empty());
}

#[test]
fn one_answer_below_60_is_low_on_any_scale() {
    for (thousandths, scale, is_low) in [
        (60_000, Scale::Hundred, false),
        (59_999, Scale::Hundred, true),
        (6_000, Scale::Ten, false),
        (5_900, Scale::Ten, true),
        (3_000, Scale::Five, false),
        (2_000, Scale::Five, true),
    ] {
        let mut city = TestCity::new();
        city.answer("2026-08-03 10:00", "S1", "GA", thousandths, scale);
        assert_eq!(
            city.evaluate("2026-08-03 10:00") == ["low_score GA S1"],
            is_low,
            "{thousandths} {scale:?}"
        );
        assert_eq!(city.alerts.is_empty(), !is_low);
    }
}

#[test]
fn a_low_answer_that_is_corrected_has_recovered_and_a_retracted_one_never_was() {
    let mut city = TestCity::new();
    city.answer("2026-08-03 10:00", "S1", "GA", 40_000, Scale::Hundred);
    let wrong = city.answer("2026-08-03 10:00", "S2", "GB", 40_000, Scale::Hundred);
    city.evaluate("2026-08-03 10:00");
    let why = city.last(Signal::LowScore).explanation;
    assert_eq!((why.value, why.limit), (Some(40.0), Some(60.0)));
    city.answer("2026-08-03 11:00", "S1", "GA", 80_000, Scale::Hundred);
    city.retract(&wrong);
    assert!(city.evaluate("2026-08-03 11:00").is_empty());
    let because = |id: &str| {
        city.alerts
            .iter()
            .find(|alert| alert.key.subject.as_str() == id)
            .and_then(|alert| alert.resolved_because)
    };
    assert_eq!(
        (because("S1"), because("S2")),
        (
            Some(ResolvedBecause::Recovered),
            Some(ResolvedBecause::Retracted)
        )
    );
}

#[test]
fn a_notice_makes_a_task_only_for_a_low_answer_of_a_valuable_customer() {
    let kind = |signal| AlertKind::Signal(signal);
    for (tier, calls) in [
        (Some(Tier::A), true),
        (Some(Tier::B), true),
        (Some(Tier::C), false),
        (None, false),
    ] {
        assert_eq!(
            kind(Signal::LowScore).wants_task(Severity::Notice, tier),
            calls,
            "{tier:?}"
        );
        assert!(!kind(Signal::ContactGap).wants_task(Severity::Notice, tier));
        assert!(kind(Signal::Arrears).wants_task(Severity::Warning, tier));
    }
}
