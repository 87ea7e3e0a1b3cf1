//! Who gets a task: the group's manager, else his delegate, else the unit's head, else the
//! fallback; and who is above.
//!
//! It does not know what is to be done. Invariant: there is always somebody.

use chrono::NaiveDate;

use super::act::Authority;
use crate::domain::event::{Manager, Unit};
use crate::domain::ids::{GroupId, ManagerId, UnitId};
use crate::domain::indicator::Scope;
use crate::domain::reference::Reference;
use crate::domain::task::{Assignee, EscalationStep};

/// Who works here, and who of them is there today.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Staff<'a> {
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
    pub(crate) fn assignee(&self, scope: &Scope) -> Assignee {
        let someone = match scope {
            Scope::Group(group) => self.for_group(group),
            Scope::Unit(unit) => unit.as_ref().and_then(|unit| self.head_of(unit)),
            Scope::Company => self
                .company_head
                .filter(|head| self.is_available(head))
                .cloned(),
        };
        someone.map_or(Assignee::Fallback, Assignee::Manager)
    }

    /// Whether somebody works here no longer, or can no longer be written to. Being away for a
    /// while is neither.
    #[must_use]
    pub(crate) fn is_inactive(&self, manager: &ManagerId) -> bool {
        !self.reference.manager(manager).is_some_and(works_here)
    }

    /// Who is above an assignee in what concerns a scope: his supervisor, else the unit's head,
    /// else the company's; never he himself. He approves what must be approved, and is notified of
    /// delays.
    #[must_use]
    pub(crate) fn manager_of(&self, assignee: &Assignee, scope: &Scope) -> Assignee {
        let Assignee::Manager(who) = assignee else {
            return self.head(None, scope);
        };
        self.supervisor(who)
            .map_or_else(|| self.head(Some(who), scope), Assignee::Manager)
    }

    /// The chief account manager (首席客户经理) of an assignee: the nearest up the supervisor chain, else
    /// the unit's, else its head.
    #[must_use]
    pub(crate) fn chief(&self, assignee: &Assignee, scope: &Scope) -> Assignee {
        let is_chief = |one: &&ManagerId| {
            self.is_available(one)
                && self
                    .reference
                    .manager(one)
                    .is_some_and(|manager| manager.chief)
        };
        if let Assignee::Manager(who) = assignee
            && let Some(chief) = self.supervisors(who).find(is_chief)
        {
            return Assignee::Manager(chief.clone());
        }
        let of_unit = self
            .unit(scope)
            .and_then(|unit| unit.chief_id.clone())
            .filter(|chief| self.is_available(chief));
        of_unit.map_or_else(|| self.head(None, scope), Assignee::Manager)
    }

    /// Who a step of an escalation reaches.
    #[must_use]
    pub(crate) fn reached(
        &self,
        step: EscalationStep,
        assignee: &Assignee,
        scope: &Scope,
    ) -> Assignee {
        let who = assignee.manager();
        match step {
            EscalationStep::Supervisor => self.manager_of(assignee, scope),
            EscalationStep::Chief => self.chief(assignee, scope),
            EscalationStep::UnitHead => self.head(who, scope),
            EscalationStep::ServiceHead => {
                let service_head = self
                    .unit(scope)
                    .and_then(|unit| unit.service_head_id.clone())
                    .filter(|one| self.is_available(one));
                service_head.map_or_else(|| self.head(who, scope), Assignee::Manager)
            }
        }
    }

    /// The unit's head, else the company's, else the fallback; not `but`.
    fn head(&self, but: Option<&ManagerId>, scope: &Scope) -> Assignee {
        let of_unit = self
            .unit(scope)
            .and_then(|unit| unit.head_manager_id.as_ref());
        let heads = [of_unit, self.company_head];
        let head = heads
            .into_iter()
            .flatten()
            .find(|head| Some(*head) != but && self.is_available(head));
        head.map_or(Assignee::Fallback, |head| Assignee::Manager(head.clone()))
    }

    /// The nearest supervisor up the chain who is there.
    fn supervisor(&self, who: &ManagerId) -> Option<ManagerId> {
        self.supervisors(who)
            .find(|supervisor| *supervisor != who && self.is_available(supervisor))
            .cloned()
    }

    /// Who is above somebody, the nearest first.
    fn supervisors(&self, who: &ManagerId) -> impl Iterator<Item = &ManagerId> {
        Authority {
            reference: self.reference,
            company_head: self.company_head,
        }
        .supervisors(who)
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

    /// Whether somebody works here and is not away.
    #[must_use]
    pub(crate) fn is_available(&self, manager: &ManagerId) -> bool {
        let there = |one: &Manager| {
            works_here(one) && one.away_until.is_none_or(|until| until < self.today)
        };
        self.reference.manager(manager).is_some_and(there)
    }

    fn for_group(&self, group: &GroupId) -> Option<ManagerId> {
        let group = self.reference.group(group)?;
        let manager = &group.manager_id;
        if self.is_available(manager) {
            return Some(manager.clone());
        }
        let delegate = self
            .reference
            .manager(manager)
            .and_then(|one| one.delegate_id.as_ref());
        delegate
            .filter(|delegate| self.is_available(delegate))
            .cloned()
            .or_else(|| self.head_of(&group.unit_id))
    }

    fn head_of(&self, unit: &UnitId) -> Option<ManagerId> {
        self.reference
            .unit(unit)?
            .head_manager_id
            .as_ref()
            .filter(|head| self.is_available(head))
            .cloned()
    }
}

/// Active, and can be mailed to: who cannot counts as inactive.
fn works_here(manager: &Manager) -> bool {
    manager.active && manager.mailbox().is_some()
}
