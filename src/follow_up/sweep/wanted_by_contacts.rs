//! Planned work that comes from contacts: what was promised, and customers that mean to leave.

use super::SweepRules;
use super::contacted::Contacts;
use super::wanted::today;
use crate::domain::event::{Contact, Intent};
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::task::{Assignee, Origin, Task, TaskTitle};
use crate::follow_up::planned::{begin, end_of_work};
use crate::follow_up::tasks::FollowUpContext;

/// What was promised in a contact, for whoever promised it.
pub(super) fn promise(
    contact: &Contact,
    contacts: &Contacts<'_>,
    rules: SweepRules,
    ctx: &FollowUpContext<'_>,
) -> Option<Task> {
    let on = contact.promised_on?;
    let missed = today(ctx).number() - LocalDay::from_date(on).number();
    if missed > rules.caught_up_days as i32
        || contacts
            .keeping(&contact.group_id, &contact.contact_id)
            .is_some()
    {
        return None;
    }
    let scope = Scope::Group(contact.group_id.clone());
    let staff = ctx.staff();
    let who = Some(&contact.manager_id)
        .filter(|who| staff.is_available(who))
        .cloned();
    let assignee = who.map_or_else(|| staff.assignee(&scope), Assignee::Manager);
    let title = TaskTitle::Promise {
        on,
        what: contact.note.clone(),
    };
    Some(begin(
        ctx,
        Origin::Promise(contact.contact_id.clone()),
        &scope,
        assignee,
        title,
        Some(end_of_work(ctx, on)),
        Severity::Notice,
    ))
}

/// A customer that means to leave, for the chief account manager.
pub(super) fn strong_intent(
    at: Timestamp,
    contact: &Contact,
    rules: SweepRules,
    ctx: &FollowUpContext<'_>,
) -> Option<Task> {
    let age = today(ctx).number() - ctx.zone.day_of(at).number();
    if contact.intent != Some(Intent::Strong) || age > rules.caught_up_days as i32 {
        return None;
    }
    let scope = Scope::Group(contact.group_id.clone());
    let staff = ctx.staff();
    let chief = staff.chief(&staff.assignee(&scope), &scope);
    let title = TaskTitle::StrongIntent(contact.opinion.clone().or_else(|| contact.note.clone()));
    Some(begin(
        ctx,
        Origin::StrongIntent(contact.contact_id.clone()),
        &scope,
        chief,
        title,
        None,
        Severity::Critical,
    ))
}
