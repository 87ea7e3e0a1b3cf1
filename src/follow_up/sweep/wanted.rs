//! Planned work: its origin, its assignee, its title and its due time. The task may have begun
//! before; then its id is the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::SweepRules;
use super::contacted::Contacts;
use super::wanted_by_contacts::{promise, strong_intent};
use super::win_back::win_back;
use crate::domain::counters::Figures;
use crate::domain::event::{Group, Tier};
use crate::domain::ids::{GroupId, ManagerId, UnitId};
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::task::{Assignee, Origin, Task, TaskResult, TaskState, TaskTitle};
use crate::follow_up::holidays::HolidayPlan;
use crate::follow_up::key_dates::Upcoming;
use crate::follow_up::planned::{begin, end_of_work};
use crate::follow_up::tasks::FollowUpContext;
use crate::follow_up::working_hours::working_days_after;

/// What planned work comes from, beside contacts, projects and hand-overs, which are in the
/// reference.
#[derive(Clone, Copy, Default)]
pub struct Occasions<'a> {
    /// Contracts whose end is near: at their first lead.
    pub contract_ends: &'a [Upcoming<'a>],
    pub ceremonies: &'a [Upcoming<'a>],
    /// Festivals that are planned for now.
    pub festivals: &'a [HolidayPlan],
    /// Who plans for them.
    pub planners: Option<&'a BTreeSet<ManagerId>>,
    /// Group customers that have grown this month, and its figures.
    pub grown: &'a [(GroupId, Figures)],
    /// Group customers, and how many of their members left of their own will, the win-back's days
    /// ago.
    pub left: &'a [(GroupId, i64)],
    /// Tasks that ended in the last weeks.
    pub ended: &'a [Task],
}

/// All planned work that is wanted now, whether or not it was begun before.
#[must_use]
pub(crate) fn wanted(
    occasions: Occasions<'_>,
    rules: SweepRules,
    ctx: &FollowUpContext<'_>,
) -> Vec<Task> {
    let contacts = Contacts::new(ctx.reference, ctx.now);
    let mut tasks: Vec<Task> = Vec::new();
    for (at, contact) in ctx
        .reference
        .latest_contacts()
        .filter(|(at, _)| *at <= ctx.now)
    {
        tasks.extend(promise(contact, &contacts, rules, ctx));
        tasks.extend(strong_intent(at, contact, rules, ctx));
    }
    tasks.extend(projects(ctx));
    tasks.extend(hand_overs(rules, ctx));
    tasks.extend(
        occasions
            .contract_ends
            .iter()
            .filter_map(|one| contract_end(one, ctx)),
    );
    tasks.extend(
        occasions
            .ceremonies
            .iter()
            .filter_map(|one| ceremony(one, ctx)),
    );
    if let ([_, ..], Some(planners)) = (occasions.festivals, occasions.planners) {
        let units = units_of_managers(ctx);
        let of_plan = |plan| planners.iter().map(move |manager| (plan, manager));
        tasks.extend(
            occasions
                .festivals
                .iter()
                .flat_map(of_plan)
                .map(|(plan, manager)| holiday(plan, manager, &units, ctx)),
        );
    }
    tasks.extend(
        occasions
            .grown
            .iter()
            .filter_map(|(group, figures)| growth(group, figures, ctx)),
    );
    tasks.extend(
        occasions
            .left
            .iter()
            .filter_map(|(group, left)| win_back(group, *left, ctx)),
    );
    tasks.extend(
        occasions
            .ended
            .iter()
            .filter_map(|task| return_call(task, rules, ctx)),
    );
    tasks
}

/// A group customer that is one still, and its scope.
pub(super) fn customer<'a>(
    group_id: &GroupId,
    ctx: &FollowUpContext<'a>,
) -> Option<(&'a Group, Scope)> {
    let group = ctx
        .reference
        .group(group_id)
        .filter(|group| !group.closed)?;
    Some((group, Scope::Group(group_id.clone())))
}

pub(super) fn today(ctx: &FollowUpContext<'_>) -> LocalDay {
    ctx.zone.day_of(ctx.now)
}

pub(super) fn is_key(group: &Group) -> bool {
    matches!(group.tier, Tier::A | Tier::B)
}

/// The working day before a day, or today if that is past.
fn before(day: NaiveDate, ctx: &FollowUpContext<'_>) -> Timestamp {
    end_of_work(ctx, ctx.calendar.previous_working_day(day))
}

/// Work of whoever answers for a customer.
pub(super) fn for_manager(
    origin: Origin,
    scope: &Scope,
    title: TaskTitle,
    due_at: Option<Timestamp>,
    ctx: &FollowUpContext<'_>,
) -> Task {
    let manager = ctx.staff().assignee(scope);
    begin(ctx, origin, scope, manager, title, due_at, Severity::Notice)
}

/// An open key project is a task of its manager's, and a joint visit.
fn projects(ctx: &FollowUpContext<'_>) -> Vec<Task> {
    let mut tasks = Vec::new();
    let staff = ctx.staff();
    let open = ctx
        .reference
        .projects
        .values()
        .filter_map(|history| history.latest())
        .filter(|project| !project.closed);
    for project in open {
        let Some((_, scope)) = customer(&project.group_id, ctx) else {
            continue;
        };
        let due_at = project.due_on.map(|due_on| end_of_work(ctx, due_on));
        let manager = staff.assignee(&scope);
        let chief = staff.chief(&manager, &scope);
        let id = project.project_id.clone();
        tasks.push(begin(
            ctx,
            Origin::Project(id.clone()),
            &scope,
            manager,
            TaskTitle::Project(project.title.clone()),
            due_at,
            Severity::Notice,
        ));
        let title = TaskTitle::JointVisitForProject(project.title.clone());
        tasks.push(begin(
            ctx,
            Origin::JointVisitForProject(id),
            &scope,
            chief,
            title,
            None,
            Severity::Notice,
        ));
    }
    tasks
}

/// The last change of each group customer's manager, if it is not long ago.
fn hand_overs(rules: SweepRules, ctx: &FollowUpContext<'_>) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (group_id, history) in &ctx.reference.groups {
        let Some((group, scope)) = customer(group_id, ctx) else {
            continue;
        };
        let mut changes = history.entries().windows(2).filter(|pair| {
            pair[0].1.manager_id != pair[1].1.manager_id && pair[1].0.time <= ctx.now
        });
        let Some([(_, from), (order, to)]) = changes.next_back() else {
            continue;
        };
        let age = today(ctx).number() - ctx.zone.day_of(order.time).number();
        if to.manager_id != group.manager_id || age > rules.caught_up_days as i32 {
            continue;
        }
        let days = if is_key(group) {
            rules.introduce_key_days
        } else {
            rules.introduce_days
        };
        let name = ctx
            .reference
            .manager(&from.manager_id)
            .map_or(from.manager_id.as_str(), |manager| &manager.name);
        let title = TaskTitle::HandOver(name.into());
        let origin = Origin::HandOver(group_id.clone(), to.manager_id.clone(), order.time);
        let due_at = working_days_after(ctx.zone, ctx.calendar, order.time, days);
        tasks.push(for_manager(origin, &scope, title, Some(due_at), ctx));
    }
    tasks
}

fn contract_end(
    Upcoming {
        key_date,
        occurs_on,
    }: &Upcoming<'_>,
    ctx: &FollowUpContext<'_>,
) -> Option<Task> {
    let (_, scope) = customer(&key_date.group_id, ctx)?;
    let origin = Origin::ContractEnd {
        key_date_id: key_date.key_date_id.clone(),
        ends_on: *occurs_on,
    };
    let title = TaskTitle::KeyDate {
        title: key_date.title.clone(),
        on: *occurs_on,
    };
    Some(for_manager(origin, &scope, title, None, ctx))
}

/// A network assurance plan (网络信号保障方案), for tier A and B.
fn ceremony(
    Upcoming {
        key_date,
        occurs_on,
    }: &Upcoming<'_>,
    ctx: &FollowUpContext<'_>,
) -> Option<Task> {
    let (_, scope) = customer(&key_date.group_id, ctx).filter(|(group, _)| is_key(group))?;
    let origin = Origin::Ceremony {
        key_date_id: key_date.key_date_id.clone(),
        held_on: *occurs_on,
    };
    let title = TaskTitle::KeyDate {
        title: key_date.title.clone(),
        on: *occurs_on,
    };
    Some(for_manager(
        origin,
        &scope,
        title,
        Some(before(*occurs_on, ctx)),
        ctx,
    ))
}

/// The unit of each manager: that of the first of his group customers.
fn units_of_managers<'a>(ctx: &FollowUpContext<'a>) -> BTreeMap<&'a ManagerId, &'a UnitId> {
    let groups = ctx
        .reference
        .groups
        .values()
        .filter_map(|history| history.latest());
    let mut units = BTreeMap::new();
    for group in groups {
        units.entry(&group.manager_id).or_insert(&group.unit_id);
    }
    units
}

fn holiday(
    plan: &HolidayPlan,
    manager: &ManagerId,
    units: &BTreeMap<&ManagerId, &UnitId>,
    ctx: &FollowUpContext<'_>,
) -> Task {
    let HolidayPlan { festival, on, .. } = plan;
    let origin = Origin::Holiday {
        festival: *festival,
        on: *on,
        manager_id: manager.clone(),
    };
    let title = TaskTitle::Festival {
        festival: *festival,
        on: *on,
    };
    // A plan belongs to no customer: its scope is the manager's unit.
    let scope = Scope::Unit(units.get(manager).map(|unit| (*unit).clone()));
    begin(
        ctx,
        origin,
        &scope,
        Assignee::Manager(manager.clone()),
        title,
        Some(before(*on, ctx)),
        Severity::Notice,
    )
}

fn growth(group_id: &GroupId, month: &Figures, ctx: &FollowUpContext<'_>) -> Option<Task> {
    let (_, scope) = customer(group_id, ctx)?;
    let title = TaskTitle::Growth {
        opening: month.opening,
        now: month.closing,
    };
    let origin = Origin::Growth(group_id.clone(), today(ctx).month());
    Some(for_manager(origin, &scope, title, None, ctx))
}

/// A customer that was kept is called again; a return call is not.
fn return_call(task: &Task, rules: SweepRules, ctx: &FollowUpContext<'_>) -> Option<Task> {
    let kept = task.result().is_some_and(TaskResult::is_kept);
    if task.state != TaskState::Done || !kept || matches!(task.origin, Origin::ReturnCall(_)) {
        return None;
    }
    let closed_on = ctx.zone.day_of(task.ended_at?);
    let call_on = closed_on
        .date()
        .checked_add_days(Days::new(rules.return_call_days.into()))?;
    let missed = today(ctx).number() - LocalDay::from_date(call_on).number();
    let (_, scope) = customer(task.group_id()?, ctx)?;
    if !(0..=rules.caught_up_days as i32).contains(&missed) {
        return None;
    }
    let title = TaskTitle::Kept {
        on: closed_on,
        days: rules.return_call_days,
    };
    Some(for_manager(
        Origin::ReturnCall(task.task_id.clone()),
        &scope,
        title,
        None,
        ctx,
    ))
}
