//! The subscribers that a task concerns, and how many of them have gone from its group customer.
//!
//! It does not know timelines: the caller passes the current state of the subscribers. Invariant: a
//! task concerns nothing but subscribers that have gone only if the subject of each of its alerts
//! is a subscriber; one whose subject is the customer still has something to keep. One whose alert
//! is over needs no keeping, but counts as kept. Whether the due clock runs on meanwhile, the task
//! says itself.

use std::collections::BTreeSet;

use super::guard::{SubscriberStanding, SubscriberStandings};
use crate::domain::alert::{Alert, ResolvedBecause};
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::task::{Origin, SubscribersGone, Task, TaskKind};
use crate::domain::timeline::{Departures, SubscriberTrouble};

/// Every subscriber that a task names: in its own words, or by its alerts.
pub(crate) fn named_subscribers<'a>(
    task: &Task,
    alerts: impl IntoIterator<Item = &'a Alert>,
) -> BTreeSet<SubscriberId> {
    alerts
        .into_iter()
        .flat_map(Alert::named_subscribers)
        .chain(task.subscribers.iter().cloned())
        .collect()
}

/// Sets the trouble of an alert about a subscriber to its state now, where that is another than when
/// the alert was judged: it has gone since, or it is back, or what it had is over and says nothing of
/// how it stands.
pub(crate) fn as_subscriber_stands(alert: &mut Alert, subscribers: &SubscriberStandings) {
    let Some(group) = alert
        .key
        .scope
        .group()
        .filter(|_| alert.key.kind.is_about_a_subscriber())
    else {
        return;
    };
    let subscriber = alert
        .members
        .first()
        .and_then(|subscriber| subscribers.get(subscriber));
    let Some(SubscriberStanding { now, .. }) = subscriber else {
        return;
    };
    let trouble = &mut alert.explanation.trouble;
    let had_gone = matches!(trouble, Some(SubscriberTrouble::Gone(_)));
    match (now.departure_from(group), alert.resolved_because) {
        (Some(departure), _) => *trouble = Some(SubscriberTrouble::Gone(departure)),
        (None, Some(ResolvedBecause::Recovered | ResolvedBecause::Lost)) => {
            *trouble = Some(SubscriberTrouble::InBase(now.status));
        }
        (None, None) if had_gone => *trouble = Some(SubscriberTrouble::InBase(now.status)),
        (None, Some(_)) if had_gone => *trouble = None,
        (None, _) => {}
    }
}

/// The departures of those subscribers that have gone from the task's group customer.
#[must_use]
pub(crate) fn departures(task: &Task, subscribers: &SubscriberStandings) -> Departures {
    let Some(group) = task.group_id() else {
        return Departures::new();
    };
    subscribers
        .iter()
        .filter_map(|(subscriber, standing)| {
            Some((subscriber.clone(), standing.now.departure_from(group)?))
        })
        .collect()
}

/// The state of a task's subscribers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TaskSubscribers {
    /// How many it names, and how many of them have gone.
    pub gone: SubscribersGone,
    /// Whether it concerns these subscribers and nothing else.
    is_about_subscribers: bool,
    /// Whether they have all gone, or of all others what the task was begun for is over.
    is_only_reason_left: bool,
}

impl TaskSubscribers {
    /// Of a task with all its alerts.
    #[must_use]
    pub(crate) fn of_task<'a>(
        task: &Task,
        alerts: impl IntoIterator<Item = &'a Alert, IntoIter: Clone>,
        subscribers: &SubscriberStandings,
    ) -> Self {
        let Some(group) = task.group_id() else {
            return Self::default();
        };
        let alerts = alerts.into_iter();
        let departure = |subscriber: &SubscriberId| {
            let standing = subscribers.get(subscriber)?;
            standing.now.departure_from(group)
        };
        let mut gone = SubscribersGone::default();
        for subscriber in named_subscribers(task, alerts.clone()) {
            gone.named += 1;
            match departure(&subscriber) {
                Some(how) if how.is_churned() => gone.churned += 1,
                Some(_) => gone.left += 1,
                None => {}
            }
        }
        let is_about_subscribers = is_about_subscribers(task, alerts.clone());
        let are_others_settled = || {
            let is_over =
                |alert: &&Alert| alert.resolved_because.is_some_and(ResolvedBecause::is_over);
            let mut unsettled = named_subscribers(task, alerts.filter(|alert| !is_over(alert)));
            unsettled.retain(|one| departure(one).is_some() || !is_settled_visit_cause(task, one));
            !unsettled.is_empty() && unsettled.iter().all(|one| departure(one).is_some())
        };
        let is_only_reason_left =
            is_about_subscribers && gone.all() > 0 && (gone.are_all() || are_others_settled());
        Self {
            gone,
            is_about_subscribers,
            is_only_reason_left,
        }
    }

    /// Whether it concerns nothing but subscribers that have gone: none was kept.
    #[must_use]
    pub(crate) const fn have_all_gone(&self) -> bool {
        self.is_about_subscribers && self.gone.are_all()
    }

    /// Whether nothing is left to keep: they have gone, or are in service again; only the reason is
    /// asked for.
    #[must_use]
    pub(crate) const fn is_only_reason_left(&self) -> bool {
        self.is_only_reason_left
    }
}

/// Whether an alert is about subscribers that have all gone, and nothing else, and nobody is to
/// hurry because of that, as with a locked number.
#[must_use]
pub(crate) fn is_lost(alert: &Alert, subscribers: &SubscriberStandings) -> bool {
    let has_gone = |subscriber: SubscriberId| {
        let standing = subscribers.get(&subscriber);
        let group = alert.key.scope.group();
        standing
            .zip(group)
            .is_some_and(|(standing, group)| standing.now.departure_from(group).is_some())
    };
    alert.key.kind.is_about_a_subscriber()
        && alert.key.kind != AlertKind::Signal(Signal::LockedNumberLost)
        && alert.named_subscribers().all(has_gone)
}

/// Whether a part of a task depends on the state of its subscribers: its due clock, or what may be
/// proposed.
pub(crate) fn depends_on_subscribers<'a>(
    task: &Task,
    alerts: impl IntoIterator<Item = &'a Alert>,
) -> bool {
    task.proposes() || task.is_partly_withheld() || is_about_subscribers(task, alerts)
}

/// Whether a task concerns subscribers and nothing else.
fn is_about_subscribers<'a>(task: &Task, alerts: impl IntoIterator<Item = &'a Alert>) -> bool {
    match task.origin {
        Origin::Alert => alerts
            .into_iter()
            .all(|alert| alert.key.kind.is_about_a_subscriber()),
        Origin::ByHand(..) => task.kind == TaskKind::Retention && !task.subscribers.is_empty(),
        Origin::JointVisitFor(_) => {
            let mut holding = task.visit_causes.iter().filter(|cause| !cause.gone);
            !task.subscribers.is_empty() && holding.all(|cause| cause.title.key_contact().is_some())
        }
        _ => false,
    }
}

/// Whether a joint visit was for this subscriber, and is no longer.
fn is_settled_visit_cause(task: &Task, subscriber: &SubscriberId) -> bool {
    let mut causes = task
        .visit_causes
        .iter()
        .filter(|cause| cause.title.key_contact() == Some(subscriber))
        .peekable();
    causes.peek().is_some() && causes.all(|cause| cause.gone)
}
