//! Many changes at once: what they cost grows with their number, not with its square.

use std::time::Instant;

use super::{Fixture, LOCKED, about, alert, at, day, group, manager_id, resolved};
use crate::domain::alert::{Alert, ResolvedBecause};
use crate::domain::event::{Channel, Contact, EventData};
use crate::domain::ids::{ContactId, GroupId};
use crate::domain::indicator::Severity::Critical;
use crate::domain::task::TaskState;
use crate::follow_up::sweep::{Occasions, SweepRules, wanted};
use crate::follow_up::tasks::{AlertChange, follow_up};

const NOW: &str = "2026-08-03 10:00";
/// Four times as many may take so many times as long: 4 where work is linear, 16 where it is
/// quadratic.
const FOUR_TIMES_MAX: f64 = 9.0;

/// Each size is timed so often at least, and on a busy machine until nothing disturbed it once, but
/// at most so often.
const ROUNDS: std::ops::RangeInclusive<usize> = 5..=30;

/// Holds the fastest rounds of work of two sizes against each other.
fn is_linear(few: usize, work: impl Fn(usize)) {
    let timed = |n: usize| {
        let begun = Instant::now();
        work(n);
        begun.elapsed().as_secs_f64()
    };
    let (mut one, mut four) = (f64::INFINITY, f64::INFINITY);
    for round in 1..=*ROUNDS.end() {
        (one, four) = (one.min(timed(few)), four.min(timed(few * 4)));
        if round >= *ROUNDS.start() && four < one * FOUR_TIMES_MAX {
            return;
        }
    }
    panic!("{few} took {one} s, four times as many {four} s");
}

fn subscribers_lost(n: usize) -> Vec<Alert> {
    let lost = |subscriber: usize| {
        let mut alert = alert(group("G1"), LOCKED, Critical);
        alert.key.subject = about(&format!("138{subscriber:08}"));
        alert
    };
    (0..n).map(lost).collect()
}

#[test]
fn locked_lines_that_leave_at_once_cost_as_much_each_as_few_do() {
    let fixture = Fixture::new();
    is_linear(1_000, |n| {
        let changes: Vec<AlertChange> = subscribers_lost(n)
            .into_iter()
            .map(AlertChange::Opened)
            .collect();
        let made = follow_up(&changes, &[], &fixture.ctx(NOW));
        assert_eq!(
            (
                made.tasks.len(),
                made.tasks[0].alert_ids.len(),
                made.notices.len()
            ),
            (1, n, 1)
        );
    });
}

#[test]
fn lines_that_come_back_at_once_cost_as_much_each_as_few_do() {
    let fixture = Fixture::new();
    is_linear(1_000, |n| {
        let lost = subscribers_lost(n);
        let opened: Vec<AlertChange> = lost.iter().cloned().map(AlertChange::Opened).collect();
        let begun = follow_up(&opened, &[], &fixture.ctx(NOW)).tasks;
        let back: Vec<AlertChange> = lost
            .iter()
            .map(|one| AlertChange::Resolved(resolved(one, ResolvedBecause::Restored)))
            .collect();
        // In the order against which a task that asks all its alerts each time fares worst.
        let back: Vec<AlertChange> = back.into_iter().rev().collect();
        let after = follow_up(&back, &begun, &fixture.ctx(NOW));
        assert_eq!(
            (after.tasks.len(), after.tasks[0].state),
            (1, TaskState::Cancelled)
        );
    });
}

#[test]
fn promises_to_one_customer_cost_as_much_each_as_few_do() {
    let fixture = |n: usize| {
        let mut fixture = Fixture::new();
        for number in 0..n {
            let contact = Contact {
                contact_id: ContactId::parse(&format!("C{number}")).expect("id"),
                group_id: GroupId::parse("G1").expect("id"),
                manager_id: manager_id("wang"),
                channel: Channel::Call,
                note: None,
                promised_on: Some(day("2026-08-05")),
                fulfils: None,
                intent: None,
                opinion: None,
                effect: None,
            };
            fixture.put_at(at("2026-08-03 09:00"), EventData::Contact(contact));
        }
        fixture
    };
    let worlds = [4_000, 16_000].map(|n| (n, fixture(n)));
    is_linear(4_000, |n| {
        let (_, fixture) = worlds
            .iter()
            .find(|(size, _)| *size == n)
            .expect("one of the two");
        assert_eq!(
            wanted(
                Occasions::default(),
                SweepRules::default(),
                &fixture.ctx(NOW)
            )
            .len(),
            n
        );
    });
}
