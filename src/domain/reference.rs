//! Reference events and contacts: the history of group customers, units and managers. Small, kept
//! in memory whole.
//!
//! Invariant: for each id the accepted events that are not retracted are in their total order; the
//! current state is the latest one.

use std::collections::{BTreeMap, BTreeSet};

use super::alert::Alert;
use super::delta::Delta;
use super::event::{Contact, Event, EventData, Group, KeyDate, Manager, Order, Project, Unit};
pub(crate) use super::history::History;
use super::ids::{ContactId, GroupId, KeyDateId, ManagerId, ProjectId, UnitId};
use super::indicator::Scope;
use super::local_day::{LocalDay, Timestamp};

#[derive(Debug, Clone, Default)]
pub struct Reference {
    pub units: BTreeMap<UnitId, History<Unit>>,
    pub groups: BTreeMap<GroupId, History<Group>>,
    pub managers: BTreeMap<ManagerId, History<Manager>>,
    pub projects: BTreeMap<ProjectId, History<Project>>,
    pub key_dates: BTreeMap<KeyDateId, History<KeyDate>>,
    pub contacts: BTreeMap<ContactId, History<Contact>>,
}

impl Reference {
    /// Applies the reference events and retractions of a batch.
    pub(crate) fn apply(&mut self, delta: &Delta) {
        let events = delta.references.iter().cloned();
        events.for_each(|event| self.put_event(event));
        if !delta.retracted_references.is_empty() {
            self.retract_all(&delta.retracted());
        }
    }

    /// Inserts a reference event or a contact; any other event is ignored.
    pub(crate) fn put_event(&mut self, event: Event) {
        let Event { order, data } = event;
        match data {
            EventData::Unit(u) => self
                .units
                .entry(u.unit_id.clone())
                .or_default()
                .put_entry(order, u),
            EventData::Group(g) => self
                .groups
                .entry(g.group_id.clone())
                .or_default()
                .put_entry(order, g),
            EventData::Manager(m) => self
                .managers
                .entry(m.manager_id.clone())
                .or_default()
                .put_entry(order, m),
            EventData::Project(p) => self
                .projects
                .entry(p.project_id.clone())
                .or_default()
                .put_entry(order, p),
            EventData::KeyDate(k) => self
                .key_dates
                .entry(k.key_date_id.clone())
                .or_default()
                .put_entry(order, k),
            EventData::Contact(c) => self
                .contacts
                .entry(c.contact_id.clone())
                .or_default()
                .put_entry(order, c),
            _ => {}
        }
    }

    /// Removes the events of these identities (source, id): all in one pass, since each must be
    /// searched in every map.
    pub(crate) fn retract_all(&mut self, gone: &BTreeSet<(&str, &str)>) {
        fn all<K: Ord, T>(map: &mut BTreeMap<K, History<T>>, gone: &BTreeSet<(&str, &str)>) {
            map.retain(|_, history| {
                history.retract_all(gone);
                !history.is_empty()
            });
        }
        if gone.is_empty() {
            return;
        }
        all(&mut self.units, gone);
        all(&mut self.groups, gone);
        all(&mut self.managers, gone);
        all(&mut self.projects, gone);
        all(&mut self.key_dates, gone);
        all(&mut self.contacts, gone);
    }

    /// The events that have no effect at `from` or later: all but the latest one of each id before
    /// then, and contacts before then that nothing open needs. A contact is needed if its promise
    /// is for the day of `from` or later, if `is_open` reports something open that came from it, or
    /// if it fulfils the promise of a needed one.
    #[must_use]
    pub(crate) fn outdated(
        &self,
        from: Timestamp,
        day: LocalDay,
        is_open: impl Fn(&ContactId) -> bool,
    ) -> BTreeSet<Order> {
        fn all<K, T>(
            map: &BTreeMap<K, History<T>>,
            from: Timestamp,
        ) -> impl Iterator<Item = &Order> {
            map.values()
                .flat_map(move |history| history.outdated_at(from))
                .map(|(order, _)| order)
        }
        let is_needed = |history: &History<Contact>| {
            let promise = |contact: &Contact| {
                contact
                    .promised_on
                    .is_some_and(|on| LocalDay::from_date(on) >= day)
            };
            !history.is_before(from)
                || history
                    .latest()
                    .is_some_and(|latest| promise(latest) || is_open(&latest.contact_id))
        };
        let mut needed: BTreeSet<&ContactId> = self
            .contacts
            .iter()
            .filter(|(_, history)| is_needed(history))
            .map(|(id, _)| id)
            .collect();
        let keeps = |history: &&History<Contact>| {
            history
                .latest()
                .and_then(|latest| latest.fulfils.as_ref())
                .is_some_and(|promise| needed.contains(promise))
        };
        let keeping: Vec<&ContactId> = self
            .contacts
            .iter()
            .filter(|(_, history)| keeps(history))
            .map(|(id, _)| id)
            .collect();
        needed.extend(keeping);
        let contacts = self
            .contacts
            .iter()
            .filter(|(id, _)| !needed.contains(id))
            .flat_map(|(_, history)| history.entries());
        let named = all(&self.units, from)
            .chain(all(&self.groups, from))
            .chain(all(&self.managers, from));
        let dated = all(&self.projects, from).chain(all(&self.key_dates, from));
        named
            .chain(dated)
            .chain(contacts.map(|(order, _)| order))
            .cloned()
            .collect()
    }

    pub(crate) fn forget(&mut self, orders: &BTreeSet<Order>) {
        fn all<K: Ord, T>(map: &mut BTreeMap<K, History<T>>, orders: &BTreeSet<Order>) {
            map.retain(|_, history| {
                history.retain(|order| !orders.contains(order));
                !history.is_empty()
            });
        }
        all(&mut self.units, orders);
        all(&mut self.groups, orders);
        all(&mut self.managers, orders);
        all(&mut self.projects, orders);
        all(&mut self.key_dates, orders);
        all(&mut self.contacts, orders);
    }

    /// The current data of a group.
    #[must_use]
    pub(crate) fn group(&self, id: &GroupId) -> Option<&Group> {
        self.groups.get(id)?.latest()
    }

    /// Whether an alert makes a task, by the tier of its group customer as now known.
    #[must_use]
    pub(crate) fn wants_task(&self, alert: &Alert) -> bool {
        let group = alert.key.scope.group().and_then(|group| self.group(group));
        let tier = group.map(|group| group.tier);
        alert.key.kind.wants_task(alert.severity, tier)
    }

    /// The unit that a scope is or belongs to; none of the company, nor of an unknown group.
    #[must_use]
    pub(crate) fn unit_of<'a>(&'a self, scope: &'a Scope) -> Option<&'a UnitId> {
        match scope {
            Scope::Group(group) => self.group(group).map(|group| &group.unit_id),
            Scope::Unit(unit) => unit.as_ref(),
            Scope::Company => None,
        }
    }

    /// The current data of a manager.
    #[must_use]
    pub(crate) fn manager(&self, id: &ManagerId) -> Option<&Manager> {
        self.managers.get(id)?.latest()
    }

    /// The current data of a unit.
    #[must_use]
    pub(crate) fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.units.get(id)?.latest()
    }

    /// Whether any of the events is of this group customer, or names it as the one above.
    #[must_use]
    pub(crate) fn names_group(&self, id: &GroupId) -> bool {
        fn any<K, T>(
            histories: &BTreeMap<K, History<T>>,
            names: impl Fn(&T) -> bool + Copy,
        ) -> bool {
            let mut events = histories.values().flat_map(History::entries);
            events.any(|(_, event)| names(event))
        }
        self.groups.contains_key(id)
            || any(&self.groups, |group| {
                group.parent_group_id.as_ref() == Some(id)
            })
            || any(&self.projects, |project| project.group_id == *id)
            || any(&self.key_dates, |key_date| key_date.group_id == *id)
            || any(&self.contacts, |contact| contact.group_id == *id)
    }

    /// Whether any of the events is of this unit, or of a group customer in it.
    #[must_use]
    pub(crate) fn names_unit(&self, id: &UnitId) -> bool {
        let mut groups = self.groups.values().flat_map(History::entries);
        self.units.contains_key(id) || groups.any(|(_, group)| group.unit_id == *id)
    }

    /// The latest event of every contact, with its instant.
    pub(crate) fn latest_contacts(&self) -> impl Iterator<Item = (Timestamp, &Contact)> {
        self.contacts
            .values()
            .filter_map(|history| history.entries().last())
            .map(|(order, contact)| (order.time, contact))
    }
}
