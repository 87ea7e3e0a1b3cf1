//! Who is above whom, and who may do what.
//!
//! It does not know what is done. Invariant: nobody is above himself, nor above somebody who is
//! above him, also where supervisors form a cycle.

use crate::domain::ids::ManagerId;
use crate::domain::indicator::Scope;
use crate::domain::reference::Reference;
use crate::domain::task::Assignee;

/// Most steps up a chain of supervisors; longer ones are a circle or a mistake.
const STEPS_MAX: usize = 20;

/// Who is above whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Authority<'a> {
    pub reference: &'a Reference,
    /// `company.head_manager_id`
    pub company_head: Option<&'a ManagerId>,
}

impl<'a> Authority<'a> {
    /// Who is above a manager, the nearest first.
    pub(crate) fn supervisors(
        &self,
        manager: &ManagerId,
    ) -> impl Iterator<Item = &'a ManagerId> + use<'a> {
        let reference = self.reference;
        let above = move |one: &ManagerId| {
            reference
                .manager(one)
                .and_then(|known| known.supervisor_id.as_ref())
        };
        std::iter::successors(above(manager), move |one| above(one)).take(STEPS_MAX)
    }

    /// The head of the unit that a scope is in.
    #[must_use]
    pub(crate) fn unit_head(&self, scope: &Scope) -> Option<&'a ManagerId> {
        let unit = match scope {
            Scope::Group(group) => Some(&self.reference.group(group)?.unit_id),
            Scope::Unit(unit) => unit.as_ref(),
            Scope::Company => None,
        };
        self.reference.unit(unit?)?.head_manager_id.as_ref()
    }

    /// Who answers for a scope, whether he is there or not: a group's manager, a unit's head, the
    /// company's.
    #[must_use]
    pub(crate) fn responsible(&self, scope: &Scope) -> Assignee {
        let manager = match scope {
            Scope::Group(group) => self.reference.group(group).map(|group| &group.manager_id),
            Scope::Unit(_) => self.unit_head(scope),
            Scope::Company => self.company_head,
        };
        manager.map_or(Assignee::Fallback, |manager| {
            Assignee::Manager(manager.clone())
        })
    }

    /// Whether somebody is above whoever has a task or an alert of that scope: up his chain of
    /// supervisors, the head of the unit, or of the company.
    #[must_use]
    pub(crate) fn is_above(&self, who: &ManagerId, assignee: &Assignee, scope: &Scope) -> bool {
        let heads = self.unit_head(scope) == Some(who) || self.company_head == Some(who);
        let Assignee::Manager(assignee) = assignee else {
            return heads;
        };
        let is_below = self.supervisors(who).any(|one| one == assignee);
        who != assignee && !is_below && (heads || self.supervisors(assignee).any(|one| one == who))
    }

    /// Whether he is the assignee or is his delegate.
    #[must_use]
    pub(crate) fn is_own(&self, who: &ManagerId, assignee: &Assignee) -> bool {
        let Assignee::Manager(assignee) = assignee else {
            return false;
        };
        who == assignee
            || self
                .reference
                .manager(assignee)
                .is_some_and(|known| known.delegate_id.as_ref() == Some(who))
    }
}
