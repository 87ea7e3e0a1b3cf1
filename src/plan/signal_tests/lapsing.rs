//! What no task answers lapses when time has passed it by.

use super::*;
use crate::domain::alert::SilenceId;
use crate::domain::task::Actor;

/// Evaluates every day from the one after `from` to `to`, in August 2026, and returns what fires at
/// the end; nothing that lapsed comes again.
fn days(city: &mut TestCity, from: u32, to: u32, answered: Option<Signal>) -> Vec<String> {
    let alerts = city.alerts.len();
    for day in from + 1..=to {
        let fires = city.evaluate_unanswered(&format!("2026-08-{day:02} 00:00"), answered, &[]);
        assert_eq!(city.alerts.len(), alerts, "day {day}: {fires:?}");
    }
    city.firing()
}

fn a_burst() -> TestCity {
    let mut city = TestCity::new();
    city.members("GC", 0..20);
    for n in 0..3 {
        city.status(
            "2026-08-03 10:00",
            n,
            Status::Suspended,
            Some(StopReason::Request),
        );
    }
    city.evaluate_unanswered("2026-08-03 10:30", None, &[]);
    city
}

#[test]
fn a_window_lapses_when_no_recent_day_shows_it_any_more() {
    // The last window of 7 days that holds the 3rd ends with the 9th, and changes raise signals for
    // 3 days more.
    let mut city = a_burst();
    assert_eq!(days(&mut city, 3, 12, None), ["suspension_burst GC"]);
    assert!(days(&mut city, 12, 13, None).is_empty());
    assert_eq!(
        city.because(Signal::SuspensionBurst),
        Some(ResolvedBecause::Lapsed)
    );
    assert!(days(&mut city, 13, 31, None).is_empty());
}

#[test]
fn a_batch_of_leavers_and_a_group_that_is_gone_end_with_their_days_as_lost() {
    let mut city = TestCity::new();
    city.members("GC", 0..4);
    for n in 0..4 {
        city.status("2026-08-01 10:00", n, Status::CancelledVoluntary, None);
    }
    city.evaluate_unanswered("2026-08-01 10:30", None, &[]);
    assert_eq!(
        days(&mut city, 1, 10, None),
        ["batch_leave GC", "group_gone GC"]
    );
    assert_eq!(days(&mut city, 10, 31, None), ["group_gone GC"]);
    assert!(
        city.evaluate_unanswered("2026-09-01 00:00", None, &[])
            .is_empty()
    );
    for signal in [Signal::BatchLeave, Signal::GroupGone] {
        assert_eq!(city.because(signal), Some(ResolvedBecause::Lost));
    }
}

#[test]
fn a_single_event_lapses_when_it_is_no_news_any_more() {
    let mut city = TestCity::new();
    city.members("GB", 0..50);
    city.join("GB", 60, Role::KeyContact);
    city.status("2026-08-03 10:00", 0, Status::PreCancelled, None);
    city.status(
        "2026-08-03 10:00",
        60,
        Status::Suspended,
        Some(StopReason::Request),
    );
    city.evaluate_unanswered("2026-08-03 10:30", None, &[]);
    let both = ["key_line GB 13800000060", "pre_cancel GB 13800000000"];
    assert_eq!(days(&mut city, 3, 6, None), both);
    assert!(days(&mut city, 6, 7, None).is_empty());
    for signal in [Signal::KeyLine, Signal::PreCancel] {
        assert_eq!(city.because(signal), Some(ResolvedBecause::Lapsed));
    }
}

#[test]
fn what_an_open_task_answers_stays_with_it() {
    let mut city = a_burst();
    let answered = Some(Signal::SuspensionBurst);
    assert_eq!(days(&mut city, 3, 31, answered), ["suspension_burst GC"]);
    // The task is cancelled from above.
    assert!(
        city.evaluate_unanswered("2026-08-31 10:00", None, &[])
            .is_empty()
    );
}

#[test]
fn what_is_silenced_waits_for_the_task_that_it_gets_when_the_silence_ends() {
    let mut city = a_burst();
    let until = zone().day_of(at("2026-08-20 00:00"));
    let silence = Silence {
        silence_id: SilenceId::new("S1".to_owned()),
        scope: Scope::Unit(Some(UnitId::parse("U1").expect("id"))),
        kind: None,
        reason: "a trial".to_owned(),
        until,
        by: Actor::default(),
        made_at: at("2026-08-03 11:00"),
    };
    let silences = [silence];
    for day in ["2026-08-20 00:00", "2026-08-21 00:00", "2026-09-03 00:00"] {
        assert_eq!(
            city.evaluate_unanswered(day, None, &silences),
            ["suspension_burst GC"],
            "{day}"
        );
    }
    assert!(
        city.evaluate_unanswered("2026-09-04 00:00", None, &silences)
            .is_empty()
    );
}
