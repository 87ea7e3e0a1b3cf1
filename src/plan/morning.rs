//! Gathers the briefs of a morning: what changed at each group customer, the open work, what is
//! overdue.
//!
//! It does not know where any of it is kept. Invariant: how many timelines are asked for is bounded
//! by the group customers that changed, not by what changed there.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertChange, Explanation, ResolvedBecause, TaskId};
use crate::domain::brief::{Brief, GroupChange, GroupChanges, Overdue, WorkItem};
use crate::domain::brief_hint::{GroupHint, Subject};
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::fast_map::FastMap;
use crate::domain::ids::{GroupId, ManagerId, SubscriberId};
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reference::Reference;
use crate::domain::reminder::Reminder;
use crate::domain::task::Task;
use crate::evaluate::alerts::resolve;
use crate::evaluate::figures::month_figures;
use crate::evaluate::stake::at_stake_fen;
use crate::follow_up::guard::SubscriberStandings;
use crate::follow_up::morning::Morning;
use crate::follow_up::task_subscribers::{
    TaskSubscribers, as_subscriber_stands, named_subscribers,
};
use crate::follow_up::verification::to_verify;
use crate::follow_up::what_changed::{GroupFigures, LOOKED_AT_MAX, changes_of, group_changes};
use crate::follow_up::working_hours::working_days_after;

use super::read_model::ReadModel;
use super::settings::PlanSettings;

/// The hints that batches left, by group customer.
pub(crate) type Hints = FastMap<GroupId, GroupHint>;

/// What changed, by group customer.
pub(crate) type ChangesByGroup = BTreeMap<GroupId, Vec<GroupChange>>;

/// A task with its alerts.
pub(crate) type TaskWithAlerts = (Task, Vec<Alert>);

/// What was loaded for the briefs of a morning.
pub(crate) struct LoadedMorning {
    pub(crate) hints: Hints,
    pub(crate) changes: ChangesByGroup,
    pub(crate) open_alerts: Vec<Alert>,
    pub(crate) open_tasks: Vec<TaskWithAlerts>,
    /// The current state of the subscribers that these tasks name.
    pub(crate) subscribers: SubscriberStandings,
    /// Tasks that ended since the [start](MorningPlan::ended_since).
    pub(crate) ended: Vec<Task>,
    /// Of the day.
    pub(crate) reminders: Vec<Reminder>,
}

/// The briefs of one morning on their way.
pub(crate) struct MorningPlan<'a> {
    settings: &'a PlanSettings,
    read_model: &'a ReadModel,
    /// The interval that the briefs cover.
    since: Timestamp,
    until: Timestamp,
    today: LocalDay,
}

impl<'a> MorningPlan<'a> {
    pub(crate) fn new(
        settings: &'a PlanSettings,
        read_model: &'a ReadModel,
        (since, until): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            settings,
            read_model,
            since,
            until,
            today: settings.rules.zone.day_of(until),
        }
    }

    pub(crate) const fn today(&self) -> LocalDay {
        self.today
    }

    /// From when on ended tasks count: the month of the last working day.
    pub(crate) fn ended_since(&self) -> Timestamp {
        let month = self.last_working_day().month();
        self.settings.rules.zone.start_of(month.first_day())
    }

    fn last_working_day(&self) -> LocalDay {
        let calendar = &self.settings.calendar;
        LocalDay::from_date(calendar.previous_working_day(self.today.date()))
    }

    /// The timelines to read by the hints, each with its group customer and the instant from which
    /// it changed, in the order in which timelines are kept.
    pub(crate) fn places(hints: &Hints) -> Vec<(EntityKey, &GroupId, &Subject, Timestamp)> {
        let mut places = Vec::new();
        for (group, hint) in hints {
            let first = hint.in_order().into_iter().take(LOOKED_AT_MAX);
            places.extend(first.map(|(subject, from)| (subject.key(), group, subject, from)));
        }
        places.sort_by_cached_key(|(key, ..)| key.digest());
        places
    }

    /// The changes at one of these places, as now known.
    pub(crate) fn changes_at(
        &self,
        (group, subject, from): (&GroupId, &Subject, Timestamp),
        timeline: Option<&Entity>,
    ) -> Vec<GroupChange> {
        let low_score = self.settings.rules.signals.low_score_thousandths;
        timeline
            .map(|timeline| changes_of(group, subject.as_str(), from, low_score, timeline))
            .unwrap_or_default()
    }

    /// The briefs of everybody who has something to see.
    pub(crate) fn briefs(&self, loaded: LoadedMorning) -> BTreeMap<ManagerId, Brief> {
        let LoadedMorning {
            hints,
            changes,
            open_alerts,
            open_tasks,
            subscribers,
            ended,
            reminders,
        } = loaded;
        let zone = self.settings.rules.zone;
        let mut known_from: Vec<(GroupId, Timestamp)> = hints
            .iter()
            .filter_map(|(group, hint)| Some((group.clone(), hint.known_from?)))
            .collect();
        known_from.sort_unstable();
        let work = self.work(open_tasks, &subscribers);
        let morning = Morning {
            staff: self.settings.staff(&self.read_model.reference, self.until),
            zone,
            since: self.since,
            until: self.until,
            last_working_day: self.last_working_day(),
            changes: self.group_changes(&hints, changes, &overdue(&open_alerts)),
            known_from,
            unexplained: self.unexplained(&work),
            work,
            open_alerts,
            picked: to_verify(&ended, zone),
            ended,
            reminders,
        };
        morning.briefs()
    }

    /// What changed at each group customer.
    fn group_changes(
        &self,
        hints: &Hints,
        mut changes: ChangesByGroup,
        overdue: &BTreeMap<GroupId, Overdue>,
    ) -> Vec<GroupChanges> {
        let groups: BTreeSet<&GroupId> = hints.keys().chain(overdue.keys()).collect();
        let of_group = |group: &GroupId| {
            let more = hints.get(group).map_or(0, |hint| {
                hint.more + hint.subjects.len().saturating_sub(LOOKED_AT_MAX) as u64
            });
            group_changes(
                group.clone(),
                changes.remove(group).unwrap_or_default(),
                more,
                overdue.get(group).copied(),
                self.until,
                |group| self.figures(group),
            )
        };
        groups.into_iter().filter_map(of_group).collect()
    }

    fn figures(&self, group: &GroupId) -> GroupFigures {
        let Some(series) = self.read_model.series.get(group) else {
            return GroupFigures::default();
        };
        let figures = month_figures(series, self.today.month(), self.today)
            .pop()
            .unwrap_or_default();
        GroupFigures {
            members: figures.closing,
            opening: figures.opening,
            churned: figures.churned(),
        }
    }

    fn work(
        &self,
        open_tasks: Vec<TaskWithAlerts>,
        subscribers: &SubscriberStandings,
    ) -> Vec<WorkItem> {
        let item = |(task, mut alerts): TaskWithAlerts| {
            let series = task
                .group_id()
                .and_then(|group| self.read_model.series.get(group));
            let at_stake_fen = series.and_then(|series| at_stake_fen(series, self.today.month()));
            alerts
                .iter_mut()
                .for_each(|alert| as_subscriber_stands(alert, subscribers));
            WorkItem {
                is_lost: TaskSubscribers::of_task(&task, &alerts, subscribers)
                    .is_only_reason_left(),
                alerts,
                at_stake_fen,
                task,
            }
        };
        open_tasks.into_iter().map(item).collect()
    }

    /// Tasks whose subscribers have all gone for days without a reason entered.
    fn unexplained(&self, work: &[WorkItem]) -> BTreeSet<TaskId> {
        let (zone, calendar) = (self.settings.rules.zone, &self.settings.calendar);
        let is_late = |gone_at| {
            let days = self.settings.sweep.reason_days;
            working_days_after(zone, calendar, gone_at, days) <= self.until
        };
        let tasks = work.iter().map(|item| &item.task);
        tasks
            .filter(|task| task.gone_at.is_some_and(is_late))
            .map(|task| task.task_id.clone())
            .collect()
    }
}

/// The subscribers that these tasks name.
pub(crate) fn subscribers_of_tasks(tasks: &[TaskWithAlerts]) -> BTreeSet<SubscriberId> {
    tasks
        .iter()
        .flat_map(|(task, alerts)| named_subscribers(task, alerts))
        .collect()
}

/// Low answers that make no task are shown in the brief of `until`, and lapse with it.
pub(crate) fn lapsed_low_scores(
    open_alerts: &[Alert],
    reference: &Reference,
    until: Timestamp,
) -> Vec<AlertChange> {
    let is_in_brief = |alert: &&Alert| {
        alert.key.kind == AlertKind::Signal(Signal::LowScore)
            && alert.opened_at <= until
            && !reference.wants_task(alert)
    };
    open_alerts
        .iter()
        .filter(is_in_brief)
        .map(|alert| resolve(alert, ResolvedBecause::Lapsed, until))
        .collect()
}

/// What is overdue, from the open alerts.
fn overdue(open_alerts: &[Alert]) -> BTreeMap<GroupId, Overdue> {
    let in_arrears = open_alerts
        .iter()
        .filter(|alert| alert.key.kind == AlertKind::Signal(Signal::Arrears));
    let of_group = |alert: &Alert| {
        let Explanation { k: bills, fen, .. } = alert.explanation;
        Some((
            alert.key.scope.group()?.clone(),
            Overdue {
                bills,
                fen: fen.unwrap_or_default(),
            },
        ))
    };
    in_arrears.filter_map(of_group).collect()
}
