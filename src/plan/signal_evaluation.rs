//! Judging the signals: which alerts they want, which of the open ones have ended, and what is to
//! be judged again.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{
    Alert, AlertChange, AlertSubject, Explanation, Period, ResolvedBecause,
};
use crate::domain::entity::EntityKey;
use crate::domain::ids::{ComplaintId, GroupId, SubscriberId, UnitId};
use crate::domain::indicator::{AlertKind, Scope, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::short_text::ShortText;
use crate::domain::timeline::{AnswerNow, ComplaintNow, SubscriberFact, SubscriberTrouble};
use crate::evaluate::alerts::{Wanted, resolve};
use crate::evaluate::signals::{
    ContactGaps, Hotspot, Piles, complaint_signals, is_low, is_settled_and_recent, judged_next,
    left_company, of_subscriber, recent_from, wanted_by_answer, wanted_by_complaint,
    wanted_by_subscriber,
};

use super::group_signals::{
    Leavers, group_signal_ended, tier_of, wanted_by_gaps, wanted_by_groups,
};
use super::incremental::TouchedGroups;
use super::indicators::FigureInputs;
use super::judged_subjects::JudgedSubjects;

/// What the signals are judged by at one instant.
pub(crate) struct SignalEvaluation<'a> {
    inputs: FigureInputs<'a>,
    subjects: &'a JudgedSubjects,
    now: Timestamp,
    /// Up to when everything has been read: what is missing is judged as of it.
    read_until: Timestamp,
    today: LocalDay,
    gaps: Option<ContactGaps>,
    /// Hotspots of each recent day up to today.
    hot: Vec<(LocalDay, Vec<Hotspot<'a>>)>,
}

impl<'a> SignalEvaluation<'a> {
    /// Judges at `now`; what is missing is judged as of `read_until`.
    #[must_use]
    pub(crate) fn new(
        inputs: FigureInputs<'a>,
        subjects: &'a JudgedSubjects,
        now: Timestamp,
        read_until: Timestamp,
    ) -> Self {
        let (rules, today) = (inputs.rules, inputs.rules.zone.day_of(now));
        let gaps = ContactGaps::at(inputs.reference, read_until, rules);
        let from = recent_from(today, rules);
        let piles = piles(inputs, from, today);
        let hot = from
            .to(today)
            .map(|day| (day, piles.hotspots(day, rules)))
            .collect();
        Self {
            inputs,
            subjects,
            now,
            read_until,
            today,
            gaps,
            hot,
        }
    }

    pub(super) const fn inputs(&self) -> FigureInputs<'a> {
        self.inputs
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) const fn today(&self) -> LocalDay {
        self.today
    }

    /// The subscribers that were judged.
    #[must_use]
    pub(crate) fn subscribers(&self) -> BTreeSet<SubscriberId> {
        self.subjects.subscribers.keys().cloned().collect()
    }

    /// The subscribers that were judged, each with the group customer that it has left by leaving
    /// the company, and the day.
    #[must_use]
    pub(crate) fn leavers(&self) -> Vec<(SubscriberId, Option<(GroupId, LocalDay)>)> {
        let zone = self.inputs.rules.zone;
        let leaver = |(subscriber, facts): (&SubscriberId, &Vec<SubscriberFact>)| {
            (subscriber.clone(), left_company(facts, zone))
        };
        self.subjects.subscribers.iter().map(leaver).collect()
    }

    /// The first and the last day on which leavers count.
    #[must_use]
    pub(crate) fn leavers_span(&self) -> (LocalDay, LocalDay) {
        let first = self.today.plus(-self.inputs.rules.leavers_days());
        (first, self.today)
    }

    /// The alerts that are wanted: about subscribers, complaints and answers, about groups, about
    /// units; `by_series` are those by the day counters of groups, `leavers` of the [groups that
    /// subscribers have left](Self::groups_left).
    #[must_use]
    pub(crate) fn wanted(&self, mut by_series: Vec<Wanted>, leavers: &Leavers) -> Vec<Wanted> {
        let (inputs, now, rules) = (self.inputs, self.now, self.inputs.rules);
        let tier = |group: &GroupId| tier_of(inputs, group);
        let mut wanted = Vec::new();
        for (subscriber, facts) in &self.subjects.subscribers {
            wanted.extend(wanted_by_subscriber(subscriber, facts, tier, now, rules));
        }
        for (id, complaint) in self
            .subjects
            .complaints
            .iter()
            .filter_map(|(id, now)| Some((id, now.as_ref()?)))
        {
            let tier = tier(&complaint.group_id);
            wanted.extend(wanted_by_complaint(
                id,
                complaint,
                tier,
                (now, self.read_until),
                rules,
            ));
        }
        for (id, answer) in self
            .subjects
            .answers
            .iter()
            .filter_map(|(id, now)| Some((id, now.as_ref()?)))
        {
            wanted.extend(wanted_by_answer(
                id,
                answer,
                tier(&answer.group_id),
                now,
                rules,
            ));
        }
        wanted.extend(wanted_by_groups(inputs, &self.groups_left(), leavers, now));
        by_series.extend(wanted_by_gaps(inputs, self.gaps.as_ref()));
        by_series.sort_by(|a, b| (&a.scope, a.kind).cmp(&(&b.scope, b.kind)));
        wanted.extend(by_series);
        wanted.extend(self.wanted_by_units());
        wanted
    }

    /// The open alerts among `open` that have ended. An alert by the day counters of a group has
    /// not, if the group was not touched since its signals were last judged, on the same day.
    #[must_use]
    pub(crate) fn ended<'b>(
        &self,
        open: impl Iterator<Item = &'b Alert>,
        touched: &TouchedGroups,
    ) -> Vec<AlertChange> {
        open.filter_map(|alert| {
            let (because, trouble) = self.end_of(alert, touched)?;
            let ended = Alert {
                explanation: Explanation {
                    trouble: trouble.or(alert.explanation.trouble),
                    ..alert.explanation
                },
                ..alert.clone()
            };
            Some(resolve(&ended, because, self.now))
        })
        .collect()
    }

    fn hot_today(&self) -> &[Hotspot<'a>] {
        self.hot.last().map_or(&[], |(_, hot)| hot)
    }

    /// What is to be judged again, and when.
    #[must_use]
    pub(crate) fn judged_again(&self) -> Vec<(EntityKey, Timestamp)> {
        let next = |(id, complaint): (&ComplaintId, &Option<ComplaintNow>)| {
            let complaint = complaint.as_ref()?;
            let at = judged_next(
                complaint,
                tier_of(self.inputs, &complaint.group_id),
                self.read_until,
                self.inputs.rules,
            )?;
            Some((EntityKey::Complaint(id.clone()), at))
        };
        self.subjects.complaints.iter().filter_map(next).collect()
    }

    /// Groups that subscribers have left, with the first day on which one did.
    #[must_use]
    pub(crate) fn groups_left(&self) -> BTreeMap<GroupId, LocalDay> {
        let rules = self.inputs.rules;
        let mut groups: BTreeMap<GroupId, LocalDay> = BTreeMap::new();
        for fact in self
            .subjects
            .subscribers
            .values()
            .flatten()
            .filter(|fact| is_settled_and_recent(fact.at, self.now, rules))
        {
            let day = rules.zone.day_of(fact.at);
            groups
                .entry(fact.member.group_id.clone())
                .and_modify(|first| *first = day.min(*first))
                .or_insert(day);
        }
        groups
    }

    /// Hotspots of today with recent complaints, each under the first recent day on which it was one.
    fn wanted_by_units(&self) -> Vec<Wanted> {
        let rules = self.inputs.rules;
        let from = recent_from(self.today, rules);
        let mut first_on: BTreeMap<(Option<&UnitId>, &ShortText), LocalDay> = BTreeMap::new();
        for (day, hot) in &self.hot {
            for hotspot in hot {
                first_on
                    .entry((hotspot.unit, hotspot.category))
                    .or_insert(*day);
            }
        }
        let wanted = |Hotspot {
                          unit,
                          category,
                          explanation,
                          ..
                      }: &Hotspot<'a>| Wanted {
            scope: Scope::Unit(unit.cloned()),
            kind: AlertKind::Signal(Signal::ComplaintHotspot),
            subject: AlertSubject::Category((*category).clone()),
            period: Period::Day(
                first_on
                    .get(&(*unit, *category))
                    .copied()
                    .unwrap_or(self.today),
            ),
            severity: Signal::ComplaintHotspot.severity(None),
            explanation: *explanation,
            members: Vec::new(),
        };
        self.hot_today()
            .iter()
            .filter(|one| one.last_on >= from)
            .map(wanted)
            .collect()
    }

    /// Why an alert has ended, if it has, and the state of the subscriber that was its subject.
    fn end_of(
        &self,
        alert: &Alert,
        touched: &TouchedGroups,
    ) -> Option<(ResolvedBecause, Option<SubscriberTrouble>)> {
        let AlertKind::Signal(signal) = alert.key.kind else {
            return None;
        };
        let because = match &alert.key.subject {
            AlertSubject::Subscriber(id) => {
                return match self.subjects.subscribers.get(id) {
                    Some(facts) => self.end_of_subscriber(alert, signal, facts),
                    None => alert
                        .explanation
                        .lapses_at
                        .filter(|at| *at <= self.now)
                        .map(|_| (ResolvedBecause::Lapsed, None)),
                };
            }
            AlertSubject::Complaint(id) => {
                self.end_of_complaint(alert, signal, self.subjects.complaints.get(id)?.as_ref())
            }
            AlertSubject::Answer(id) => {
                self.end_of_answer(alert, self.subjects.answers.get(id)?.as_ref())
            }
            AlertSubject::Category(category) => self.end_of_hotspot(alert, category),
            AlertSubject::WholeScope
                if signal != Signal::ContactGap
                    && alert.count_when_done.is_none()
                    && !alert.key.scope.group().is_some_and(|of| touched.has(of)) =>
            {
                None
            }
            AlertSubject::WholeScope => group_signal_ended(
                self.inputs,
                self.gaps.as_ref(),
                alert,
                (self.now, self.read_until),
            ),
        };
        because.map(|because| (because, None))
    }

    /// A signal about a subscriber that no longer holds.
    fn end_of_subscriber(
        &self,
        alert: &Alert,
        kind: Signal,
        facts: &[SubscriberFact],
    ) -> Option<(ResolvedBecause, Option<SubscriberTrouble>)> {
        let of_subscriber = of_subscriber(facts, self.now, self.inputs.rules);
        let same = || {
            of_subscriber
                .iter()
                .filter(|s| s.signal == kind && alert.key.scope.group() == Some(&s.group_id))
        };
        let first_day = |at| Period::Day(self.inputs.rules.zone.day_of(at)) >= alert.key.period;
        if same().any(|signal| signal.over.is_none() && first_day(signal.at)) {
            return None;
        }
        let ended = same()
            .next_back()
            .and_then(|latest| Some((latest.over?, Some(latest.trouble))));
        Some(ended.unwrap_or((ResolvedBecause::Retracted, None)))
    }

    fn end_of_complaint(
        &self,
        alert: &Alert,
        kind: Signal,
        complaint: Option<&ComplaintNow>,
    ) -> Option<ResolvedBecause> {
        let Some(complaint) =
            complaint.filter(|complaint| alert.key.scope.group() == Some(&complaint.group_id))
        else {
            return Some(ResolvedBecause::Retracted);
        };
        if !complaint.is_open() {
            return Some(ResolvedBecause::Recovered);
        }
        let signals = complaint_signals(
            complaint,
            tier_of(self.inputs, &complaint.group_id),
            self.read_until,
            self.inputs.rules,
        );
        (!signals.iter().any(|(signal, ..)| *signal == kind)).then_some(ResolvedBecause::Retracted)
    }

    fn end_of_answer(&self, alert: &Alert, answer: Option<&AnswerNow>) -> Option<ResolvedBecause> {
        let Some(answer) =
            answer.filter(|answer| alert.key.scope.group() == Some(&answer.group_id))
        else {
            return Some(ResolvedBecause::Retracted);
        };
        (!is_low(answer, self.inputs.rules)).then_some(ResolvedBecause::Recovered)
    }

    /// A hotspot that has passed, or was none after all.
    fn end_of_hotspot(&self, alert: &Alert, category: &ShortText) -> Option<ResolvedBecause> {
        let (Scope::Unit(unit), Period::Day(first)) = (&alert.key.scope, alert.key.period) else {
            return None;
        };
        let is_hot = |hot: &[Hotspot<'_>]| {
            hot.iter()
                .any(|one| one.unit == unit.as_ref() && one.category == category)
        };
        if is_hot(self.hot_today()) {
            return None;
        }
        let was_hot = is_hot(&piles(self.inputs, first, first).hotspots(first, self.inputs.rules));
        Some(if was_hot {
            ResolvedBecause::MonthEnded
        } else {
            ResolvedBecause::Recovered
        })
    }
}

/// The complaints by which some days are judged.
fn piles<'a>(inputs: FigureInputs<'a>, first: LocalDay, last: LocalDay) -> Piles<'a> {
    let unit_of = |group: &GroupId| inputs.reference.group(group).map(|group| &group.unit_id);
    Piles::of_series(inputs.complaints, (first, last), unit_of, inputs.rules)
}

#[cfg(test)]
#[path = "signal_tests/mod.rs"]
pub(super) mod tests;
