//! The input of an action beside the task, and how people are named in answers.

use super::authority::Authority;
use crate::domain::alert::Alert;
use crate::domain::ids::ManagerId;
use crate::domain::indicator::Severity;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Notice, NoticeTopic};
use crate::domain::reference::Reference;
use crate::domain::task::{Actor, Assignee, Step, StepKind, Task};
use crate::domain::zone::Zone;
use crate::follow_up::assignee::Staff;
use crate::follow_up::calendar::WorkingCalendar;
use crate::follow_up::due_clock::DueClock;
use crate::follow_up::guard::SubscriberStandings;
use crate::follow_up::playbook::Playbooks;
use crate::follow_up::tasks::FollowUpRules;

/// The input of an action beside the task.
#[derive(Debug, Clone, Copy)]
pub struct ActContext<'a> {
    /// Where days and working hours are.
    pub zone: Zone,
    /// Which days are worked.
    pub calendar: &'a WorkingCalendar,
    pub reference: &'a Reference,
    /// `company.head_manager_id`
    pub company_head: Option<&'a ManagerId>,
    /// The current versions of the alerts that the task answers.
    pub alerts: &'a [Alert],
    /// The current state of the subscribers that the task and those alerts name.
    pub subscribers: &'a SubscriberStandings,
    /// How long a task has, and how long the port-out guard holds.
    pub rules: FollowUpRules,
    /// What a task asks for, by kind of alert or planned work.
    pub playbooks: &'a Playbooks,
    pub actor: &'a Actor,
    /// The version that the actor saw, if he gives one.
    pub expected_version: Option<i64>,
    pub now: Timestamp,
}

impl<'a> ActContext<'a> {
    /// How time passes for tasks.
    #[must_use]
    pub(crate) const fn due_clock(&self) -> DueClock<'a> {
        DueClock {
            zone: self.zone,
            calendar: self.calendar,
            now: self.now,
        }
    }

    /// Who is above whom.
    #[must_use]
    pub(crate) const fn authority(&self) -> Authority<'a> {
        Authority {
            reference: self.reference,
            company_head: self.company_head,
        }
    }

    /// Who is there today.
    #[must_use]
    pub(crate) fn staff(&self) -> Staff<'a> {
        Staff {
            reference: self.reference,
            company_head: self.company_head,
            today: self.zone.day_of(self.now).date(),
        }
    }

    /// A manager by id and name.
    pub(super) fn name(&self, manager: &ManagerId) -> String {
        match self.reference.manager(manager) {
            Some(known) => format!("{manager} ({})", known.name),
            None => manager.to_string(),
        }
    }

    /// Who has a task, for people.
    pub(super) fn name_of(&self, assignee: &Assignee) -> String {
        assignee
            .manager()
            .map_or_else(|| "the fallback".to_owned(), |manager| self.name(manager))
    }

    /// Somebody who acted, by id and name.
    pub(super) fn who(&self, actor: &Actor) -> String {
        match (&actor.manager_id, &actor.user) {
            (Some(manager), _) => self.name(manager),
            (None, Some(user)) => format!("operator {user}"),
            (None, None) => "the worker".to_owned(),
        }
    }

    /// What the actor does to a task, as its next step.
    pub(super) fn step(&self, what: StepKind, note: Option<String>) -> Step {
        Step {
            note,
            ..Step::new(self.now, self.actor.clone(), what)
        }
    }

    /// A notice to be sent at once.
    pub(super) fn notice(
        &self,
        topic: NoticeTopic,
        assignee: Assignee,
        task: &Task,
        severity: Severity,
    ) -> Notice {
        Notice {
            topic,
            assignee,
            group_id: task.group_id().cloned(),
            severity,
            created_at: self.now,
            due_at: self.now,
            useful_until: None,
        }
    }

    /// Notifies the assignee that his task has changed, unless he changed it himself.
    pub(super) fn tell_assignee(&self, task: &Task) -> Option<Notice> {
        let himself = matches!(&task.assignee, Assignee::Manager(manager) if self.actor.manager_id.as_ref() == Some(manager));
        let topic = NoticeTopic::Task(task.task_id.clone());
        (!himself).then(|| self.notice(topic, task.assignee.clone(), task, task.severity))
    }
}
