//! The read model, in memory: reference events, feeds, day counters, clocks. A mirror of the store.
//!
//! It does not know the store. Invariant: applying what batches added, one after the other, gives
//! what reading all of it again gives.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::complaints::ComplaintCounts;
use crate::domain::counters::{Counts, SeriesByGroup, add_to_group};
use crate::domain::delta::Delta;
use crate::domain::event::{Event, EventData, EventType, Group};
use crate::domain::feed::Feeds;
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::indicator::{Scope, ScopeKind};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reference::{History, Reference};
use crate::evaluate::rules::Rules;
use crate::evaluate::unit_series::{UnitSeries, unit_of};

use super::incremental::TouchedGroups;
use super::indicators::FigureInputs;

#[derive(Debug, Default)]
pub struct ReadModel {
    pub reference: Reference,
    /// How complete the input is.
    pub feeds: Feeds,
    /// Day counters of every group.
    pub series: SeriesByGroup,
    /// Day counters of units and the company.
    pub units: UnitSeries,
    /// Complaints by day, group and category.
    pub complaints: ComplaintCounts,
    /// How many changes of group customers, units and managers there were since it was read.
    pub structure: u64,
    /// What has changed since the last evaluation.
    pub touched: TouchedGroups,
    /// The greatest accepted event time.
    pub event_clock: Option<Timestamp>,
    /// From when on jobs are due: the first event, or the first evaluation.
    pub began_at: Option<Timestamp>,
    /// As of when figures were last evaluated.
    pub evaluated_at: Option<Timestamp>,
    /// The greatest instant up to which everything was known to be read: what is missing is judged
    /// as of it.
    pub read_until: Option<Timestamp>,
    /// Whether not everything had been read at the last evaluation.
    pub lags: bool,
    /// When the first event was read that no evaluation has judged as a whole, by the wall's clock.
    pub unevaluated_since: Option<Timestamp>,
}

/// Mails mention a lag from this on.
const LAG_MENTIONED_MIN: TimeDelta = TimeDelta::minutes(1);

/// Before every event: their years begin with 2000.
pub(crate) const BEFORE_EVENTS: Timestamp = Timestamp::from_micros(0);

impl ReadModel {
    /// With these counters, complaints and reference events; everything is to be judged again.
    pub(crate) fn begin(
        series: SeriesByGroup,
        complaints: ComplaintCounts,
        events: Vec<Event>,
    ) -> Self {
        let mut read_model = Self {
            series,
            complaints,
            ..Self::default()
        };
        events
            .into_iter()
            .for_each(|event| read_model.put_event(event));
        read_model.units = UnitSeries::of_groups(&read_model.series, &read_model.reference);
        read_model.touched.all = true;
        read_model
    }

    /// The instant as of which absence is judged: nothing that may still be read makes it untrue.
    pub(crate) fn read_until(&self, now: Timestamp) -> Timestamp {
        self.read_until
            .map_or(BEFORE_EVENTS, |until| until.min(now))
    }

    /// Notes up to when everything has been read. It never moves back: what was missing as of an
    /// instant was missing then.
    pub(crate) fn read_up_to(&mut self, until: Option<Timestamp>) {
        self.read_until = self.read_until.max(until);
    }

    pub(crate) fn begin_evaluation(&mut self, now: Timestamp) {
        // A clock that was ahead claimed that more had been read than was.
        self.read_until = self.read_until.map(|until| until.min(now));
        self.lags = self.read_until(now) < now.plus(-LAG_MENTIONED_MIN);
    }

    /// The instant of the last evaluation, with the instant as of which it judged absence.
    pub(crate) fn evaluated(&self, at: Timestamp) -> (Timestamp, Timestamp) {
        (at, self.read_until(at))
    }

    /// Applies what a batch added.
    pub(crate) fn apply(&mut self, delta: &Delta) {
        delta
            .counters
            .iter()
            .for_each(|(group, day, counts)| self.count(group, *day, counts));
        delta
            .complaints
            .iter()
            .for_each(|(of, n)| self.complaints.add(of.clone(), *n));
        delta
            .references
            .iter()
            .cloned()
            .for_each(|event| self.put_event(event));
        if !delta.retracted_references.is_empty() {
            self.retract(&delta.retracted());
        }
        self.accept_all(&delta.feed_counts);
        self.event_clock = self.event_clock.max(delta.event_clock);
        self.unevaluated_since = [self.unevaluated_since, delta.read_at]
            .into_iter()
            .flatten()
            .min();
    }

    /// How long ago the first event was read of which an evaluation has opened `opened` alerts. An
    /// evaluation that opens none before the worker has `caught_up` judged no signals: what its
    /// events raise is still to come.
    pub(crate) fn notice_latency(
        &mut self,
        opened: usize,
        caught_up: bool,
        now: Timestamp,
    ) -> Option<Duration> {
        if opened == 0 && !caught_up {
            return None;
        }
        let read_at = self.unevaluated_since.take().filter(|_| opened > 0)?;
        now.since(read_at).to_std().ok()
    }

    /// Adds a difference to a group's day counters.
    fn count(&mut self, group: &GroupId, day: LocalDay, counts: &Counts) {
        add_to_group(&mut self.series, group, day, counts);
        self.units.add(unit_of(&self.reference, group), day, counts);
        self.touch(group);
    }

    fn touch(&mut self, group: &GroupId) {
        if !self.touched.groups.contains(group) {
            self.touched.groups.insert(group.clone());
        }
    }

    /// Counts accepted events by local day, source and type.
    pub(crate) fn accept_all<T: AsRef<str>>(&mut self, counts: &[(LocalDay, T, T, u64)]) {
        for (day, source, type_name, accepted) in counts {
            if let Some(known) = EventType::parse(type_name.as_ref()) {
                self.feeds
                    .accept(*day, source.as_ref(), known.name(), *accepted);
            }
        }
    }

    /// Applies a reference event, contact or feed closing.
    pub(crate) fn put_event(&mut self, event: Event) {
        if let EventData::Feed(feed) = &event.data {
            self.feeds.close(event.order.clone(), feed);
        }
        self.structure += u64::from(matches!(
            event.data,
            EventData::Group(_) | EventData::Unit(_) | EventData::Manager(_)
        ));
        let EventData::Group(group) = &event.data else {
            return self.reference.put_event(event);
        };
        let group = group.group_id.clone();
        let from = unit_of(&self.reference, &group);
        self.reference.put_event(event);
        self.moved(&group, from);
    }

    /// A group's record has changed: its counters move to the unit that it belongs to now.
    fn moved(&mut self, group: &GroupId, from: Option<UnitId>) {
        let to = unit_of(&self.reference, group);
        if let Some(series) = self.series.get(group).filter(|_| from != to) {
            self.units.move_group(series, from, to);
        }
        self.touch(group);
    }

    /// Removes events, by source and id.
    fn retract(&mut self, gone: &BTreeSet<(&str, &str)>) {
        let is_of = |history: &History<Group>| {
            history
                .entries()
                .iter()
                .any(|(order, _)| gone.contains(&(&*order.source, &*order.id)))
        };
        let groups = self
            .reference
            .groups
            .iter()
            .filter(|(_, history)| is_of(history));
        let before: Vec<_> = groups
            .map(|(group, _)| (group.clone(), unit_of(&self.reference, group)))
            .collect();
        self.structure += 1;
        self.reference.retract_all(gone);
        self.feeds.retract_all(gone);
        before
            .into_iter()
            .for_each(|(group, from)| self.moved(&group, from));
    }

    /// Whether a scope with this id appears in an accepted event, be it in another one's field; the
    /// company and the unit `unassigned` always exist.
    pub(crate) fn knows(&self, scope: Option<ScopeKind>, id: &str) -> bool {
        let asks_for = |kind: ScopeKind| scope.is_none_or(|scope| scope == kind);
        let is_group = || {
            GroupId::parse(id)
                .is_ok_and(|id| self.series.contains_key(&id) || self.reference.names_group(&id))
        };
        let is_unit = || {
            id == Scope::Unit(None).id()
                || UnitId::parse(id).is_ok_and(|id| self.reference.names_unit(&id))
        };
        (asks_for(ScopeKind::Company) && id == Scope::Company.id())
            || (asks_for(ScopeKind::Group) && is_group())
            || (asks_for(ScopeKind::Unit) && is_unit())
    }

    /// The input of figures.
    #[must_use]
    pub const fn inputs<'a>(&'a self, rules: &'a Rules) -> FigureInputs<'a> {
        FigureInputs {
            reference: &self.reference,
            feeds: &self.feeds,
            series: &self.series,
            complaints: &self.complaints,
            rules,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Tier;
    use crate::notify::samples::{group, group_id, put_event};

    #[test]
    fn events_whose_signals_were_not_judged_yet_are_told_as_late_as_they_are() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let mut read_model = ReadModel {
            unevaluated_since: Some(at(10)),
            ..ReadModel::default()
        };
        assert_eq!(read_model.notice_latency(0, false, at(12)), None);
        assert_eq!(
            read_model.notice_latency(2, true, at(15)),
            Some(Duration::from_secs(5))
        );
        assert_eq!(read_model.notice_latency(1, true, at(20)), None, "once");
        read_model.unevaluated_since = Some(at(30));
        assert_eq!(read_model.notice_latency(0, true, at(31)), None);
        assert_eq!(
            read_model.notice_latency(1, true, at(40)),
            None,
            "they raised nothing"
        );
    }

    #[test]
    fn absence_is_judged_as_of_what_was_read_and_a_lag_is_mentioned_from_a_minute_on() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let mut read_model = ReadModel::default();
        read_model.read_up_to(Some(at(900)));
        read_model.read_up_to(Some(at(800)));
        read_model.read_up_to(None);
        assert_eq!(read_model.read_until, Some(at(900)), "it never moves back");
        read_model.begin_evaluation(at(960));
        assert!(!read_model.lags);
        read_model.begin_evaluation(at(961));
        assert!(read_model.lags);
        read_model.begin_evaluation(at(600));
        assert_eq!(read_model.read_until, Some(at(600)), "a clock was ahead");
        assert!(!read_model.lags);
    }

    #[test]
    fn an_id_is_known_wherever_an_accepted_event_names_it() {
        let EventData::Group(mut group) = group("G1", "集团", "M1", Tier::A) else {
            panic!("a group customer")
        };
        group.parent_group_id = Some(group_id("GPAR"));
        let mut read_model = ReadModel::default();
        let reference = &mut read_model.reference;
        put_event(reference, "e1", EventData::Group(group.clone()));
        group.unit_id = UnitId::parse("U02").expect("an id");
        group.parent_group_id = None;
        put_event(reference, "e2", EventData::Group(group));
        for id in ["G1", "GPAR", "U01", "U02", "company", "unassigned"] {
            assert!(read_model.knows(None, id), "{id}");
        }
        let knows = |scope, id| read_model.knows(Some(scope), id);
        assert!(knows(ScopeKind::Group, "GPAR") && knows(ScopeKind::Unit, "U01"));
        assert!(!knows(ScopeKind::Unit, "GPAR") && !read_model.knows(None, "G2"));
    }
}
