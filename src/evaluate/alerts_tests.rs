//! Opening, continuing, and growing after the task is done.

use super::*;
use crate::domain::ids::{SubscriberId, SurveyId};
use crate::domain::indicator::{Indicator, Signal};
use crate::domain::local_day::LocalDay;

const NOW: Timestamp = Timestamp::from_micros(1);

fn wanted(kind: AlertKind, day: i32, k: i64) -> Wanted {
    Wanted {
        scope: Scope::Company,
        kind,
        subject: AlertSubject::WholeScope,
        period: Period::Day(LocalDay::from_number(day)),
        severity: Severity::Warning,
        explanation: Explanation {
            k,
            ..Explanation::default()
        },
        members: Vec::new(),
    }
}

const BURST: AlertKind = AlertKind::Signal(Signal::SuspensionBurst);

fn raised(one: Wanted, alerts: &[Alert]) -> Vec<AlertChange> {
    raise(
        vec![one],
        &ExistingAlerts {
            alerts,
            with_open_task: &BTreeSet::new(),
        },
        NOW,
    )
}

fn opened(one: Wanted) -> Alert {
    let changes = raised(one, &[]);
    assert!(
        matches!(&changes[..], [AlertChange::Opened(_)]),
        "{changes:?}"
    );
    changes[0].alert().clone()
}

#[test]
fn an_alert_goes_on_under_its_first_day_until_its_task_is_done_however_it_grows() {
    let alert = opened(wanted(BURST, 5, 3));
    let changes = raised(wanted(BURST, 6, 90), std::slice::from_ref(&alert));
    let [AlertChange::Updated(now)] = &changes[..] else {
        panic!("{changes:?}")
    };
    assert_eq!((&now.key, now.explanation.k), (&alert.key, 90));
    assert!(
        raised(wanted(BURST, 6, 3), &[alert]).is_empty(),
        "nothing has changed"
    );
}

#[test]
fn a_reopened_alert_names_the_lines_of_now_and_is_as_urgent_as_they_are() {
    let line = |n: i32| vec![SubscriberId::parse(&format!("1380000000{n}")).expect("an id")];
    let before = Alert {
        members: line(1),
        ..opened(wanted(BURST, 5, 3))
    };
    let AlertChange::Resolved(resolved) = resolve(&before, ResolvedBecause::Restored, NOW) else {
        panic!("it is resolved")
    };
    let again = Wanted {
        members: line(2),
        severity: Severity::Critical,
        ..wanted(BURST, 5, 4)
    };
    let changes = raise(
        vec![again],
        &ExistingAlerts {
            alerts: std::slice::from_ref(&resolved),
            with_open_task: &[resolved.alert_id()].into(),
        },
        NOW,
    );
    let [AlertChange::Reopened(now)] = &changes[..] else {
        panic!("{changes:?}")
    };
    assert_eq!(
        (&now.members, now.severity, now.explanation.k),
        (&line(2), Severity::Critical, 4)
    );
}

#[test]
fn a_window_that_moves_on_with_the_same_count_is_no_news() {
    let of = |first: i32, k| {
        let mut one = wanted(BURST, 5, k);
        let day = LocalDay::from_number(first);
        one.explanation.window = Some((day, day.plus(6)));
        one
    };
    let alert = opened(of(1, 3));
    assert!(raised(of(2, 3), std::slice::from_ref(&alert)).is_empty());
    let changes = raised(of(2, 4), &[alert]);
    assert_eq!(changes[0].alert().explanation, of(2, 4).explanation);
}

#[test]
fn more_than_twice_as_many_as_when_the_task_was_done_begin_the_next_occurrence() {
    let done = Alert {
        count_when_done: Some(4),
        state: AlertState::Acknowledged,
        ..opened(wanted(BURST, 5, 4))
    };
    assert!(
        matches!(
            &raised(wanted(BURST, 5, 8), std::slice::from_ref(&done))[..],
            [AlertChange::Updated(_)]
        ),
        "twice is not more"
    );
    let changes = raised(wanted(BURST, 5, 9), std::slice::from_ref(&done));
    let [AlertChange::Resolved(ended), AlertChange::Opened(next)] = &changes[..] else {
        panic!("{changes:?}")
    };
    assert_eq!(
        (&ended.key, ended.resolved_because),
        (&done.key, Some(ResolvedBecause::TaskDone))
    );
    assert_eq!(
        (next.key.occurrence, next.state, next.count_when_done),
        (2, AlertState::Firing, None)
    );
    assert_ne!(next.alert_id(), done.alert_id(), "its task is another");
    let after: Vec<Alert> = changes
        .iter()
        .map(|change| change.alert().clone())
        .collect();
    assert!(raised(wanted(BURST, 5, 9), &after).is_empty());
}

#[test]
fn a_hotspot_grows_like_everything_that_is_about_many() {
    let hotspot = |k| Wanted {
        subject: AlertSubject::Category("网络".into()),
        ..wanted(AlertKind::Signal(Signal::ComplaintHotspot), 5, k)
    };
    let done = Alert {
        count_when_done: Some(6),
        state: AlertState::Acknowledged,
        ..opened(hotspot(6))
    };
    assert!(
        matches!(
            &raised(hotspot(12), std::slice::from_ref(&done))[..],
            [AlertChange::Updated(_)]
        ),
        "twice is not more"
    );
    let changes = raised(hotspot(13), std::slice::from_ref(&done));
    assert!(
        matches!(&changes[..], [AlertChange::Resolved(_), AlertChange::Opened(next)] if next.key.occurrence == 2),
        "{changes:?}"
    );
}

#[test]
fn an_indicator_grows_within_its_month() {
    let churn = AlertKind::Indicator(Indicator::ChurnRate);
    let of_month = |k| Wanted {
        period: Period::parse("2026-08").expect("a month"),
        ..wanted(churn, 0, k)
    };
    let done = Alert {
        count_when_done: Some(9),
        ..opened(of_month(9))
    };
    let changes = raised(of_month(19), &[done]);
    assert!(
        matches!(&changes[..], [AlertChange::Resolved(_), AlertChange::Opened(next)] if next.key.occurrence == 2),
        "{changes:?}"
    );
}

#[test]
fn one_event_that_was_dealt_with_is_no_news() {
    let low = Wanted {
        subject: AlertSubject::Answer(SurveyId::parse("S1").expect("an id")),
        ..wanted(AlertKind::Signal(Signal::LowScore), 5, 1)
    };
    let AlertChange::Resolved(done) = resolve(&opened(low.clone()), ResolvedBecause::TaskDone, NOW)
    else {
        unreachable!()
    };
    assert!(raised(low, &[done]).is_empty());
}
