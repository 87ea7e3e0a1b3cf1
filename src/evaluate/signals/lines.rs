//! Signals about one line: lost though locked, a key person's, pre-cancelled, on its way to another operator.

use crate::domain::alert::{Explanation, Period, ResolvedBecause};
use crate::domain::event::{PortStage, Role, Status, Tier};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::indicator::{AlertKind, Scope, Signal};
use crate::domain::local_day::Timestamp;
use crate::domain::timeline::{LineFact, LineTrouble};

use super::super::alerts::Wanted;
use super::super::rules::Rules;
use super::news::is_settled_news;

/// A signal that a fact about a line gives, whether or not it still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSignal {
    /// Which.
    pub signal: Signal,
    /// To which group.
    pub group_id: GroupId,
    /// When it happened.
    pub at: Timestamp,
    /// What is the matter.
    pub trouble: LineTrouble,
    /// Why it holds no more, if it does not.
    pub over: Option<ResolvedBecause>,
}

/// Whether a fact can give a signal, of its line or of the group that the line left.
#[must_use]
pub fn is_judged(fact: &LineFact) -> bool {
    fact.trouble == LineTrouble::Lost || signals_of(fact).iter().any(Option::is_some)
}

/// The signals in the facts of a line, in order.
#[must_use]
pub fn of_line(facts: &[LineFact]) -> Vec<LineSignal> {
    let signals = |fact: &LineFact| {
        let LineFact { at, trouble, .. } = *fact;
        let over = over(fact);
        let group_id = fact.member.group_id.clone();
        signals_of(fact).into_iter().flatten().map(move |signal| LineSignal { signal, group_id: group_id.clone(), at, trouble, over })
    };
    facts.iter().flat_map(signals).collect()
}

/// What a fact is to whoever looks after a key person, and to whoever looks after the line.
fn signals_of(fact: &LineFact) -> [Option<Signal>; 2] {
    let key_line = (fact.trouble != LineTrouble::Lost && fact.member.role != Role::Member).then_some(Signal::KeyLine);
    let of_line = match fact.trouble {
        LineTrouble::Lost => fact.member.locked.then_some(Signal::LockedNumberLost),
        LineTrouble::PreCancelled { for_arrears: false } => Some(Signal::PreCancel),
        LineTrouble::Porting(PortStage::Queried | PortStage::Authorised) => Some(Signal::PortOut),
        LineTrouble::PreCancelled { for_arrears: true }
        | LineTrouble::Porting(PortStage::Ported | PortStage::Withdrawn)
        | LineTrouble::Suspended
        | LineTrouble::Churned => None,
    };
    [key_line, of_line]
}

/// Why a fact about a line holds no more: the line has gone, or what it was about has passed.
fn over(fact: &LineFact) -> Option<ResolvedBecause> {
    let is_member = fact.now_in.as_ref() == Some(&fact.member.group_id);
    let is_about_going = matches!(fact.trouble, LineTrouble::Lost | LineTrouble::Churned);
    if fact.holds && (is_member || is_about_going) {
        return None;
    }
    Some(match fact.trouble {
        _ if !is_member && fact.status == Status::Invalid => ResolvedBecause::Retracted,
        _ if !is_member => ResolvedBecause::Lost,
        LineTrouble::Porting(_) => ResolvedBecause::Withdrawn,
        _ if is_about_going || fact.status == Status::Active => ResolvedBecause::Restored,
        _ => ResolvedBecause::Recovered,
    })
}

/// The alerts that a line's news wants at `now`, the earliest day first: of several of one kind the first that is news to
/// those who have dealt with what was before. `tier` is a group's now.
#[must_use]
pub fn wanted_by_line(
    subscriber: &SubscriberId,
    facts: &[LineFact],
    tier: impl Fn(&GroupId) -> Option<Tier>,
    now: Timestamp,
    rules: &Rules,
) -> Vec<Wanted> {
    let signals: Vec<LineSignal> = of_line(facts).into_iter().filter(|signal| signal.over.is_none()).collect();
    let mut wanted: Vec<Wanted> = Vec::new();
    for signal in signals.iter().filter(|signal| is_settled_news(signal.at, now, rules)) {
        let (scope, kind, period) =
            (Scope::Group(signal.group_id.clone()), AlertKind::Signal(signal.signal), Period::Day(rules.zone.day_of(signal.at)));
        if wanted.iter().any(|one| one.scope == scope && one.kind == kind && one.period == period) {
            continue;
        }
        let same = |one: &&LineSignal| one.signal == signal.signal && one.group_id == signal.group_id;
        let trouble = signals.iter().rev().find(same).map(|latest| latest.trouble).filter(|trouble| *trouble != LineTrouble::Lost);
        wanted.push(Wanted {
            scope,
            kind,
            subject: subscriber.as_str().into(),
            period,
            severity: signal.signal.severity(tier(&signal.group_id)),
            explanation: Explanation { k: 1, n: 1, trouble, ..Explanation::default() },
            members: vec![subscriber.clone()],
        });
    }
    wanted
}
