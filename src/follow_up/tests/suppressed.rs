//! Alerts that make no task for now, and the port-out guard on tasks.

use super::{CHURN, Fixture, LOSS, alert, at, day, group, unit};
use crate::domain::alert::Alert;
use crate::domain::ids::{SubscriberId, UnitId};
use crate::domain::indicator::Severity::Warning;
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::LocalDay;
use crate::domain::silence::Silence;
use crate::domain::task::{Actor, Approval, Means, Origin, Resource};
use crate::follow_up::guard::SubscriberStanding;
use crate::follow_up::tasks::{AlertChange, FollowUp, follow_up};

const NOW: &str = "2026-08-03 10:00";
const LINE: &str = "13800008000";

fn open(fixture: &Fixture, alerts: &[Alert]) -> FollowUp {
    let changes: Vec<_> = alerts.iter().cloned().map(AlertChange::Opened).collect();
    follow_up(&changes, &[], &fixture.ctx(NOW))
}

fn silence(scope: Scope, kind: Option<AlertKind>, until: &str) -> Silence {
    let made_at = at("2026-08-01 09:00");
    let silence_id = Silence::id_of(&scope, kind, made_at);
    let (reason, by) = ("搬迁".to_owned(), Actor::default());
    Silence {
        silence_id,
        scope,
        kind,
        reason,
        until: LocalDay::from_date(day(until)),
        by,
        made_at,
    }
}

/// A firing alert about a key contact's subscriber.
#[test]
fn a_silence_stops_tasks_of_its_scope_and_kind_up_to_its_last_day() {
    let mut fixture = Fixture::new();
    let churn = alert(group("G1"), CHURN, Warning);
    for (silence, is_suppressed) in [
        (silence(group("G1"), None, "2026-08-03"), true),
        (silence(group("G1"), Some(CHURN), "2026-08-03"), true),
        (silence(unit(), Some(CHURN), "2026-08-03"), true),
        (silence(group("G1"), Some(LOSS), "2026-08-03"), false),
        (silence(group("GA"), None, "2026-08-03"), false),
        (silence(group("G1"), None, "2026-08-02"), false),
    ] {
        fixture.silences = vec![silence.clone()];
        let made = open(&fixture, std::slice::from_ref(&churn));
        assert_eq!(made == FollowUp::default(), is_suppressed, "{silence:?}");
    }
}

#[test]
fn a_unit_that_observes_makes_no_tasks_of_its_own_or_of_its_groups() {
    let mut fixture = Fixture::new();
    fixture
        .observed_units
        .insert(UnitId::parse("U1").expect("an id"));
    assert_eq!(
        open(
            &fixture,
            &[
                alert(group("G1"), CHURN, Warning),
                alert(unit(), CHURN, Warning)
            ]
        ),
        FollowUp::default()
    );
    assert_eq!(
        open(&fixture, &[alert(Scope::Company, CHURN, Warning)])
            .tasks
            .len(),
        1,
        "the company is no unit"
    );
}

#[test]
fn once_a_member_is_authorised_offer_and_negotiation_are_withheld_and_recorded() {
    let mut fixture = Fixture::new();
    let mut churn = alert(group("GA"), CHURN, Warning);
    churn.members = vec![SubscriberId::parse(LINE).expect("an id")];
    let task_of = |fixture: &Fixture| {
        open(fixture, std::slice::from_ref(&churn))
            .tasks
            .into_iter()
            .find(|task| task.origin == Origin::Alert)
    };
    let free = task_of(&fixture).expect("made");
    assert_eq!(
        (free.approval, free.means.contains(&Means::Negotiation)),
        (Approval::Requested, true)
    );
    let subscriber = SubscriberId::parse(LINE).expect("an id");
    fixture.subscribers.insert(
        subscriber.clone(),
        SubscriberStanding {
            authorised_at: Some(at("2026-07-20 09:00")),
            ..SubscriberStanding::default()
        },
    );
    let guarded = task_of(&fixture).expect("made");
    assert!(
        !guarded.means.contains(&Means::Negotiation)
            && !guarded.resources.contains(&Resource::Offer),
        "{guarded:?}"
    );
    assert_eq!(
        (&guarded.withheld_means[..], &guarded.withheld_resources[..]),
        (&[Means::Negotiation][..], &[Resource::Offer][..])
    );
    assert_eq!(
        (guarded.approval, guarded.asked_at),
        (Approval::None, None),
        "nothing is left to ask for"
    );
    fixture.subscribers.insert(
        subscriber,
        SubscriberStanding {
            authorised_at: Some(at("2026-07-04 09:00")),
            ..SubscriberStanding::default()
        },
    );
    assert_eq!(
        task_of(&fixture).expect("made").withheld_means,
        [],
        "thirty days later the guard has ended"
    );
}
