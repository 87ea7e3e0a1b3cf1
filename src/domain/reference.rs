//! Reference events: who the group customers, units and managers are, over time. Small, kept in memory whole.
//!
//! Invariant: for each id the accepted, not retracted events stand in their total order; "now" is the latest.

use std::collections::BTreeMap;

use super::event::{Event, EventData, Group, KeyDate, Manager, Order, Project, Unit};
use super::ids::{GroupId, KeyDateId, ManagerId, ProjectId, UnitId};
use super::local_day::Timestamp;

/// Things in the total order of their events.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct History<T>(Vec<(Order, T)>);

impl<T> Default for History<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> History<T> {
    /// Puts an event in its place; one that is there already (same order) is replaced.
    pub fn put(&mut self, order: Order, what: T) {
        match self.0.binary_search_by(|(o, _)| o.cmp(&order)) {
            Ok(at) => self.0[at].1 = what,
            Err(at) => self.0.insert(at, (order, what)),
        }
    }

    /// Takes the event of an identity out; says whether it was there.
    pub fn retract(&mut self, source: &str, id: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|(o, _)| !(&*o.source == source && &*o.id == id));
        self.0.len() != before
    }

    /// The entries in order.
    #[must_use]
    pub fn entries(&self) -> &[(Order, T)] {
        &self.0
    }

    /// The latest with `time < t`.
    #[must_use]
    pub fn before(&self, t: Timestamp) -> Option<&T> {
        let at = self.0.partition_point(|(o, _)| o.time < t);
        at.checked_sub(1).map(|at| &self.0[at].1)
    }

    /// The latest of all.
    #[must_use]
    pub fn latest(&self) -> Option<&T> {
        self.0.last().map(|(_, what)| what)
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// All reference events.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    /// By unit.
    pub units: BTreeMap<UnitId, History<Unit>>,
    /// By group customer.
    pub groups: BTreeMap<GroupId, History<Group>>,
    /// By manager.
    pub managers: BTreeMap<ManagerId, History<Manager>>,
    /// By key project.
    pub projects: BTreeMap<ProjectId, History<Project>>,
    /// By key date.
    pub key_dates: BTreeMap<KeyDateId, History<KeyDate>>,
}

impl Reference {
    /// Puts a reference event in its place; any other event is not for here and changes nothing.
    pub fn put(&mut self, event: Event) {
        let Event { order, data } = event;
        match data {
            EventData::Unit(u) => self.units.entry(u.unit_id.clone()).or_default().put(order, u),
            EventData::Group(g) => self.groups.entry(g.group_id.clone()).or_default().put(order, g),
            EventData::Manager(m) => self.managers.entry(m.manager_id.clone()).or_default().put(order, m),
            EventData::Project(p) => self.projects.entry(p.project_id.clone()).or_default().put(order, p),
            EventData::KeyDate(k) => self.key_dates.entry(k.key_date_id.clone()).or_default().put(order, k),
            _ => {}
        }
    }

    /// Takes an event out wherever it stands.
    pub fn retract(&mut self, source: &str, id: &str) {
        fn all<K: Ord, T>(map: &mut BTreeMap<K, History<T>>, source: &str, id: &str) {
            map.retain(|_, history| {
                history.retract(source, id);
                !history.is_empty()
            });
        }
        all(&mut self.units, source, id);
        all(&mut self.groups, source, id);
        all(&mut self.managers, source, id);
        all(&mut self.projects, source, id);
        all(&mut self.key_dates, source, id);
    }

    /// What is known of a group now.
    #[must_use]
    pub fn group(&self, id: &GroupId) -> Option<&Group> {
        self.groups.get(id)?.latest()
    }

    /// What is known of a manager now.
    #[must_use]
    pub fn manager(&self, id: &ManagerId) -> Option<&Manager> {
        self.managers.get(id)?.latest()
    }

    /// What is known of a unit now.
    #[must_use]
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.units.get(id)?.latest()
    }
}
