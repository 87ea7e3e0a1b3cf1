//! What contacts do to open tasks: work on them begins, a promise is kept, a new manager has
//! introduced himself; and what their absence does: a task stalls.

use super::SweepRules;
use crate::domain::event::Contact;
use crate::domain::fast_map::FastMap;
use crate::domain::ids::{ContactId, GroupId};
use crate::domain::local_day::Timestamp;
use crate::domain::reference::Reference;
use crate::domain::task::StepKind;
use crate::domain::task::{
    Actor, Approval, Assignee, ContactOutcome, EndingContact, Finish, Origin, Step, StepCause,
    Task, TaskResult, TaskState, UpwardReport,
};
use crate::follow_up::tasks::FollowUpContext;
use crate::follow_up::working_hours::working_days_after;

/// Contacts by group customer, in order of time, up to now.
pub(super) struct Contacts<'a> {
    by_group: FastMap<&'a GroupId, Vec<(Timestamp, &'a Contact)>>,
    /// The first contact that keeps a promise, by customer and by the contact in which it was
    /// given.
    keeping: FastMap<(&'a GroupId, &'a ContactId), (Timestamp, &'a Contact)>,
}

impl<'a> Contacts<'a> {
    pub(super) fn new(reference: &'a Reference, now: Timestamp) -> Self {
        let mut by_group: FastMap<&GroupId, Vec<(Timestamp, &Contact)>> = FastMap::default();
        for (at, contact) in reference.latest_contacts().filter(|(at, _)| *at <= now) {
            by_group
                .entry(&contact.group_id)
                .or_default()
                .push((at, contact));
        }
        by_group
            .values_mut()
            .for_each(|contacts| contacts.sort_by_key(|(at, contact)| (*at, &contact.contact_id)));
        let mut keeping = FastMap::default();
        for (at, contact) in by_group.values().flatten() {
            if let Some(promise) = &contact.fulfils {
                keeping
                    .entry((&contact.group_id, promise))
                    .or_insert((*at, *contact));
            }
        }
        Self { by_group, keeping }
    }

    fn contacts_of(&self, task: &Task) -> &[(Timestamp, &'a Contact)] {
        task.group_id()
            .and_then(|group| self.by_group.get(group))
            .map_or(&[], Vec::as_slice)
    }

    /// The contact that keeps the promise of another.
    pub(super) fn keeping(
        &self,
        group: &GroupId,
        promise: &ContactId,
    ) -> Option<(Timestamp, &'a Contact)> {
        self.keeping.get(&(group, promise)).copied()
    }
}

/// Begins, ends or stalls a task according to the contacts with its customer.
pub(super) fn by_contacts(
    task: &mut Task,
    contacts: &Contacts<'_>,
    rules: SweepRules,
    ctx: &FollowUpContext<'_>,
) {
    if let Some((at, contact)) = ending(task, contacts) {
        end(task, at, contact, ctx);
        return;
    }
    let with_customer = contacts.contacts_of(task);
    if task.state == TaskState::Accepted
        && !matches!(task.approval, Approval::Requested | Approval::Refused)
    {
        let since = task.accepted_at.unwrap_or(task.opened_at);
        let later = &with_customer[with_customer.partition_point(|(at, _)| *at < since)..];
        if let Some((at, contact)) = later
            .iter()
            .find(|(_, contact)| is_by(contact, &task.assignee))
        {
            (task.state, task.started_at) = (TaskState::InProgress, Some(*at));
            task.steps.push(step(StepKind::Start, contact, ctx.now));
        }
    }
    let last = with_customer
        .last()
        .map(|(at, _)| *at)
        .max(task.started_at)
        .unwrap_or(task.opened_at);
    let stalls_at = || working_days_after(ctx.zone, ctx.calendar, last, rules.stalled_days);
    task.stalled = task.state == TaskState::InProgress && stalls_at() <= ctx.read_until;
}

/// The contact by which a promise is kept or a hand-over done.
fn ending<'a>(task: &Task, contacts: &Contacts<'a>) -> Option<(Timestamp, &'a Contact)> {
    match &task.origin {
        Origin::Promise(promise) => contacts.keeping(task.group_id()?, promise),
        Origin::HandOver(_, manager, since) => contacts
            .contacts_of(task)
            .iter()
            .find(|(at, contact)| at >= since && contact.manager_id == *manager)
            .copied(),
        _ => None,
    }
}

fn is_by(contact: &Contact, assignee: &Assignee) -> bool {
    matches!(assignee, Assignee::Manager(manager) if *manager == contact.manager_id)
}

fn step(what: StepKind, contact: &Contact, at: Timestamp) -> Step {
    let by = Actor {
        manager_id: Some(contact.manager_id.clone()),
        user: None,
    };
    Step {
        cause: Some(StepCause::Contact(contact.contact_id.clone())),
        ..Step::new(at, by, what)
    }
}

/// 三处理 of what a contact has done by itself.
fn end(task: &mut Task, at: Timestamp, contact: &Contact, ctx: &FollowUpContext<'_>) {
    let outcome = if matches!(task.origin, Origin::Promise(_)) {
        ContactOutcome::PromiseKept
    } else {
        ContactOutcome::FirstMeeting
    };
    (task.state, task.ended_at, task.stalled) =
        (TaskState::Done, Some(at.max(task.opened_at)), false);
    task.accepted_at.get_or_insert(at);
    task.started_at.get_or_insert(at);
    task.finish = Some(Finish {
        by_contact: Some(EndingContact {
            contact_id: contact.contact_id.clone(),
            on: ctx.zone.day_of(at),
            outcome,
        }),
        note: contact.note.as_deref().unwrap_or_default().to_owned(),
        report: UpwardReport::nothing(),
        result: TaskResult::Done,
        summary: String::new(),
        cost_fen: None,
        is_case: false,
        subscribers: None,
    });
    task.steps.push(step(StepKind::Close, contact, ctx.now));
}
