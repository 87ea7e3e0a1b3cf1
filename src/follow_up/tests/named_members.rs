//! Members whom alerts name, and the save rate that is counted from them.

use chrono::TimeDelta;

use super::{Fixture, alert, at, group, manager_id};
use crate::domain::alert::{Alert, AlertId};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::indicator::{AlertKind, Scope, Severity, Signal};
use crate::domain::named_member::NamedMember;
use crate::domain::task::Assignee;
use crate::follow_up::named_members::{MembersKept, members_kept, named_members};

fn subscriber(n: u32) -> SubscriberId {
    SubscriberId::parse(&format!("1380000000{n}")).expect("an id")
}

fn key_line(scope: Scope, subscribers: &[u32]) -> Alert {
    let mut alert = alert(
        scope,
        AlertKind::Signal(Signal::KeyLine),
        Severity::Critical,
    );
    alert.members = subscribers.iter().map(|n| subscriber(*n)).collect();
    alert
}

#[test]
fn an_alert_names_those_who_are_members_of_its_group_when_it_fires_under_who_answers_for_it_then() {
    let fixture = Fixture::new();
    let is_member =
        |of: &SubscriberId, group: &GroupId| *of != subscriber(2) && group.as_str() == "G1";
    let ctx = fixture.ctx("2026-08-03 10:00");
    let fired = key_line(group("G1"), &[1, 2, 3]);
    let named = named_members(&fired, ctx.reference, is_member);
    let subscribers: Vec<&SubscriberId> = named.iter().map(|one| &one.subscriber_id).collect();
    assert_eq!(
        subscribers,
        [&subscriber(1), &subscriber(3)],
        "line 2 had left before"
    );
    assert!(
        named
            .iter()
            .all(|one| one.manager_id == Some(manager_id("wang")) && one.kept.is_none())
    );
    assert!(
        named
            .iter()
            .all(|one| one.ends_at == fired.opened_at.plus(TimeDelta::days(30)))
    );
    assert_eq!(
        named_members(&key_line(group("G2"), &[1]), ctx.reference, is_member),
        []
    );
    assert_eq!(
        named_members(&key_line(Scope::Company, &[1]), ctx.reference, is_member),
        [],
        "the company has no members of its own"
    );
}

#[test]
fn a_member_counts_once_a_month_by_the_last_alert_that_named_him() {
    let named = |alert: &str, n: u32, manager: Option<&str>, local: &str, kept: bool| {
        let one = NamedMember {
            alert_id: AlertId::new(alert),
            subscriber_id: subscriber(n),
            group_id: GroupId::parse("G1").expect("an id"),
            manager_id: manager.map(manager_id),
            ends_at: at(local),
            kept: None,
        };
        (one, kept)
    };
    let mut ended = vec![
        named("A1", 1, Some("wang"), "2026-09-02 10:00", true),
        named("A2", 1, Some("li"), "2026-09-05 10:00", false),
        named("A3", 2, Some("li"), "2026-09-05 10:00", true),
        named("A4", 3, Some("li"), "2026-09-05 10:00", true),
        named("A5", 4, None, "2026-09-05 10:00", true),
    ];
    let expected = [
        (
            Assignee::Manager(manager_id("li")),
            MembersKept { named: 3, kept: 2 },
        ),
        (Assignee::Fallback, MembersKept { named: 1, kept: 1 }),
    ];
    assert_eq!(members_kept(&ended), expected.clone().into_iter().collect());
    ended.reverse();
    assert_eq!(
        members_kept(&ended),
        expected.into_iter().collect(),
        "in any order"
    );
    assert_eq!(MembersKept { named: 3, kept: 2 }.rate(), Some(2.0 / 3.0));
    assert_eq!(MembersKept::default().rate(), None);
}
