//! Who does it: the group's manager, else who stands in for him, else the unit's head, else the fallback.
//!
//! It does not know what is to be done. Invariant: there is always somebody.

use chrono::NaiveDate;

use crate::domain::event::{Manager, Unit};
use crate::domain::ids::{GroupId, ManagerId, UnitId};
use crate::domain::indicator::Scope;
use crate::domain::reference::Reference;
use crate::domain::task::Assignee;

/// Who works here, and who of them is there today.
#[derive(Debug, Clone, Copy)]
pub struct Staff<'a> {
    /// Managers, units and groups.
    pub reference: &'a Reference,
    /// `company.head_manager_id`: who gets the company's alerts.
    pub company_head: Option<&'a ManagerId>,
    /// The local day.
    pub today: NaiveDate,
}

impl Staff<'_> {
    /// Who does what an alert or key date of that scope asks for.
    #[must_use]
    pub fn assignee(&self, scope: &Scope) -> Assignee {
        let someone = match scope {
            Scope::Group(group) => self.for_group(group),
            Scope::Unit(unit) => unit.as_ref().and_then(|unit| self.head_of(unit)),
            Scope::Company => self.company_head.filter(|head| self.is_there(head)).cloned(),
        };
        someone.map_or(Assignee::Fallback, Assignee::Manager)
    }

    /// Whether somebody works here no longer, or can no longer be written to. Being away for a while is neither.
    #[must_use]
    pub fn has_left(&self, manager: &ManagerId) -> bool {
        !self.reference.manager(manager).is_some_and(works_here)
    }

    /// Who is above an assignee in what concerns a scope: his supervisor, else the unit's head, else the company's; never he
    /// himself. He must agree first, and hears of delays.
    #[must_use]
    pub fn above(&self, assignee: &Assignee, scope: &Scope) -> Assignee {
        let Assignee::Manager(who) = assignee else { return self.head(None, scope) };
        self.supervisor(who).map_or_else(|| self.head(Some(who), scope), Assignee::Manager)
    }

    /// The unit's head, else the company's, else the fallback; not `but`.
    fn head(&self, but: Option<&ManagerId>, scope: &Scope) -> Assignee {
        let of_unit = self.unit(scope).and_then(|unit| unit.head_manager_id.as_ref());
        let heads = [of_unit, self.company_head];
        let head = heads.into_iter().flatten().find(|head| Some(*head) != but && self.is_there(head));
        head.map_or(Assignee::Fallback, |head| Assignee::Manager(head.clone()))
    }

    fn supervisor(&self, who: &ManagerId) -> Option<ManagerId> {
        let supervisor = self.reference.manager(who)?.supervisor_id.as_ref();
        supervisor.filter(|supervisor| *supervisor != who && self.is_there(supervisor)).cloned()
    }

    /// The unit of a scope.
    fn unit(&self, scope: &Scope) -> Option<&Unit> {
        let unit = match scope {
            Scope::Group(group) => Some(&self.reference.group(group)?.unit_id),
            Scope::Unit(unit) => unit.as_ref(),
            Scope::Company => None,
        };
        self.reference.unit(unit?)
    }

    fn is_there(&self, manager: &ManagerId) -> bool {
        let there = |one: &Manager| works_here(one) && one.away_until.is_none_or(|until| until < self.today);
        self.reference.manager(manager).is_some_and(there)
    }

    fn for_group(&self, group: &GroupId) -> Option<ManagerId> {
        let group = self.reference.group(group)?;
        let manager = &group.manager_id;
        if self.is_there(manager) {
            return Some(manager.clone());
        }
        let delegate = self.reference.manager(manager).and_then(|one| one.delegate_id.as_ref());
        delegate.filter(|delegate| self.is_there(delegate)).cloned().or_else(|| self.head_of(&group.unit_id))
    }

    fn head_of(&self, unit: &UnitId) -> Option<ManagerId> {
        self.reference.unit(unit)?.head_manager_id.as_ref().filter(|head| self.is_there(head)).cloned()
    }
}

/// Active, with an address: a manager without one counts as inactive.
fn works_here(manager: &Manager) -> bool {
    manager.active && manager.email.contains('@')
}
