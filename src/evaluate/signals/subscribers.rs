//! Signals of one subscriber: lost though locked, a key person's trouble, pre-cancellation,
//! port-out.

use crate::domain::alert::{AlertSubject, Explanation, Period, ResolvedBecause};
use crate::domain::event::{PortStage, Role, Status, Tier};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::indicator::{AlertKind, Scope, Severity, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::timeline::{SubscriberFact, SubscriberTrouble};
use crate::domain::zone::Zone;

use super::super::alerts::Wanted;
use super::super::rules::Rules;
use super::recency::is_settled_and_recent;

/// A signal from a fact about a subscriber, whether or not it still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SubscriberSignal {
    pub signal: Signal,
    pub group_id: GroupId,
    pub at: Timestamp,
    /// The trouble; [`SubscriberTrouble::Gone`] once the subscriber has gone.
    pub trouble: SubscriberTrouble,
    /// Why it no longer holds, if so.
    pub over: Option<ResolvedBecause>,
    /// When it lapses if no further step follows.
    pub lapses_at: Option<Timestamp>,
}

/// Whether a fact can give a signal, of its subscriber or of the group that the subscriber left.
#[must_use]
pub(crate) fn is_judged(fact: &SubscriberFact) -> bool {
    fact.trouble == SubscriberTrouble::Lost || signals_of(fact).iter().any(Option::is_some)
}

/// The signals from the facts of a subscriber, in order, with their state at `now`.
#[must_use]
pub(crate) fn of_subscriber(
    facts: &[SubscriberFact],
    now: Timestamp,
    rules: &Rules,
) -> Vec<SubscriberSignal> {
    let signals = |fact: &SubscriberFact| {
        let (at, group_id) = (fact.at, fact.member.group_id.clone());
        let trouble = fact
            .departure()
            .map_or(fact.trouble, SubscriberTrouble::Gone);
        let (over, lapses) = (over(fact), lapses_at(fact, rules));
        signals_of(fact).into_iter().flatten().map(move |signal| {
            let lapses_at = lapses.filter(|_| signal == Signal::PortOut);
            let over = over.or_else(|| {
                lapses_at
                    .filter(|at| *at <= now)
                    .map(|_| ResolvedBecause::Lapsed)
            });
            SubscriberSignal {
                signal,
                group_id: group_id.clone(),
                at,
                trouble,
                over,
                lapses_at,
            }
        })
    };
    facts.iter().flat_map(signals).collect()
}

/// The group that a subscriber has left without joining another, and when.
#[must_use]
pub(crate) fn left_company(facts: &[SubscriberFact], zone: Zone) -> Option<(GroupId, LocalDay)> {
    let left = facts.iter().rev().find(|fact| {
        fact.trouble == SubscriberTrouble::Lost && fact.holds && fact.now.member_of.is_none()
    })?;
    Some((left.member.group_id.clone(), zone.day_of(left.at)))
}

/// The signals of a fact: for the group's key person, and for the subscriber itself.
fn signals_of(fact: &SubscriberFact) -> [Option<Signal>; 2] {
    let key_line = (fact.trouble != SubscriberTrouble::Lost && fact.member.role != Role::Member)
        .then_some(Signal::KeyLine);
    let of_subscriber = match fact.trouble {
        SubscriberTrouble::Lost => fact.member.locked.then_some(Signal::LockedNumberLost),
        SubscriberTrouble::PreCancelled { for_arrears: false } => Some(Signal::PreCancel),
        SubscriberTrouble::Porting(PortStage::Queried | PortStage::Authorised) => {
            Some(Signal::PortOut)
        }
        SubscriberTrouble::PreCancelled { for_arrears: true }
        | SubscriberTrouble::Porting(PortStage::Ported | PortStage::Withdrawn)
        | SubscriberTrouble::Suspended
        | SubscriberTrouble::Churned
        | SubscriberTrouble::Gone(_)
        | SubscriberTrouble::InBase(_) => None,
    };
    [key_line, of_subscriber]
}

/// Why a fact about a subscriber no longer holds: the subscriber has gone, or the trouble has
/// ended.
fn over(fact: &SubscriberFact) -> Option<ResolvedBecause> {
    let has_gone = fact.departure().is_some();
    let is_about_going = matches!(
        fact.trouble,
        SubscriberTrouble::Lost | SubscriberTrouble::Churned
    );
    if fact.holds && (!has_gone || is_about_going) && fact.now.status != Status::Invalid {
        return None;
    }
    Some(match fact.trouble {
        _ if fact.now.status == Status::Invalid => ResolvedBecause::Retracted,
        _ if has_gone => ResolvedBecause::Lost,
        SubscriberTrouble::Porting(_) => ResolvedBecause::Withdrawn,
        _ if fact.now.is_in_service_at(&fact.member.group_id) => ResolvedBecause::Restored,
        _ => ResolvedBecause::Recovered,
    })
}

/// When a stage of a port-out lapses without a further one: a query after some days, an
/// authorisation later, with the guard.
fn lapses_at(fact: &SubscriberFact, rules: &Rules) -> Option<Timestamp> {
    match fact.trouble {
        SubscriberTrouble::Porting(PortStage::Queried) => Some(
            rules
                .zone
                .end_of(rules.zone.day_of(fact.at).plus(rules.signals.max_age_days)),
        ),
        SubscriberTrouble::Porting(PortStage::Authorised) => {
            Some(fact.at.plus(rules.signals.authorised_for))
        }
        _ => None,
    }
}

/// The severity of a signal of a subscriber: a port-out query alone is only a notice.
fn severity(signal: Signal, trouble: SubscriberTrouble, tier: Option<Tier>) -> Severity {
    match (signal, trouble) {
        (Signal::PortOut, SubscriberTrouble::Porting(PortStage::Queried)) => Severity::Notice,
        _ => signal.severity(tier),
    }
}

/// The alerts that a subscriber's facts raise at `now`, the earliest day first: one for each group,
/// kind and day. `tier` is a group's current tier.
#[must_use]
pub(crate) fn wanted_by_subscriber(
    subscriber: &SubscriberId,
    facts: &[SubscriberFact],
    tier: impl Fn(&GroupId) -> Option<Tier>,
    now: Timestamp,
    rules: &Rules,
) -> Vec<Wanted> {
    let signals: Vec<SubscriberSignal> = of_subscriber(facts, now, rules)
        .into_iter()
        .filter(|signal| signal.over.is_none())
        .collect();
    let mut wanted: Vec<Wanted> = Vec::new();
    for signal in signals
        .iter()
        .filter(|signal| is_settled_and_recent(signal.at, now, rules))
    {
        let (scope, kind, period) = (
            Scope::Group(signal.group_id.clone()),
            AlertKind::Signal(signal.signal),
            Period::Day(rules.zone.day_of(signal.at)),
        );
        if wanted
            .iter()
            .any(|one| one.scope == scope && one.kind == kind && one.period == period)
        {
            continue;
        }
        let same = || {
            signals
                .iter()
                .filter(|one| one.signal == signal.signal && one.group_id == signal.group_id)
        };
        // For a port-out the furthest stage reached; for any other signal the latest fact.
        let reached = same()
            .max_by_key(|one| {
                (
                    one.trouble == SubscriberTrouble::Porting(PortStage::Authorised),
                    one.at,
                )
            })
            .unwrap_or(signal);
        wanted.push(Wanted {
            scope,
            kind,
            subject: AlertSubject::Subscriber(subscriber.clone()),
            period,
            severity: severity(signal.signal, reached.trouble, tier(&signal.group_id)),
            explanation: Explanation {
                k: 1,
                n: 1,
                trouble: Some(reached.trouble),
                since: Some(reached.at),
                lapses_at: same().filter_map(|one| one.lapses_at).max(),
                ..Explanation::default()
            },
            members: vec![subscriber.clone()],
        });
    }
    wanted
}
