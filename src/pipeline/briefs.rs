//! InputProgress what a morning's briefs are gathered from: once for all managers, when the first
//! of their mails is written.
//!
//! A task or an alert that is not what was written is left out; an evaluation tells of it.
//! Invariant: how many timelines are read is bounded by the group customers that changed, not by
//! what changed there.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertChange, AlertId, Explanation, ResolvedBecause, TaskId};
use crate::domain::brief::{Brief, Change, GroupChanges, Overdue, WorkItem};
use crate::domain::brief_hint::GroupHint;
use crate::domain::entity::EntityKey;
use crate::domain::fast_map::FastMap;
use crate::domain::ids::{GroupId, ManagerId, SubscriberId};
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::mail::{Notice, NoticeTopic};
use crate::domain::reference::Reference;
use crate::domain::task::Task;
use crate::evaluate::alerts::resolve;
use crate::evaluate::figures::month_figures;
use crate::evaluate::stake::at_stake_fen;
use crate::follow_up::assignee::Staff;
use crate::follow_up::morning::Morning;
use crate::follow_up::task_subscribers::{
    TaskSubscribers, as_subscriber_stands, named_subscribers,
};
use crate::follow_up::verification::to_verify;
use crate::follow_up::what_changed::{GroupFigures, LOOKED_AT_MAX, changes_of, group_changes};
use crate::follow_up::working_hours::working_days_after;
use crate::notify::compose::About;
use crate::store::{BriefSpan, StoreError, Tx};

use super::damage::or_told;
use super::follow::subscriber_standings;
use super::{ReadModel, Settings};

/// Timelines that are read at once.
const READ_AT_ONCE: usize = 10_000;

/// The briefs of the last morning for which any were asked, by manager, as now known.
pub fn read_briefs(
    tx: &Tx<'_>,
    read_model: &ReadModel,
    settings: &Settings,
) -> Result<BTreeMap<ManagerId, Brief>, StoreError> {
    let Some(span) = tx.brief_span()? else {
        return Ok(BTreeMap::new());
    };
    Ok(Reader {
        tx,
        read_model,
        settings,
        today: settings.rules.zone.day_of(span.until),
    }
    .morning(span)?
    .briefs())
}

/// The briefs that notices ask for.
#[derive(Debug, Default)]
pub(super) struct Briefs {
    /// When they are due; none if no brief is asked for.
    until: Option<Timestamp>,
    by_manager: BTreeMap<ManagerId, Brief>,
}

impl Briefs {
    pub(super) fn read(
        tx: &Tx<'_>,
        read_model: &ReadModel,
        settings: &Settings,
        due: &[Notice],
    ) -> Result<Self, StoreError> {
        if !due
            .iter()
            .any(|notice| matches!(notice.topic, NoticeTopic::Brief(..)))
        {
            return Ok(Self::default());
        }
        let until = tx.brief_span()?.map(|span| span.until);
        let by_manager = read_briefs(tx, read_model, settings)?;
        if let Some(until) = until {
            lapse_low_scores(tx, &read_model.reference, until)?;
        }
        Ok(Self { until, by_manager })
    }

    /// What a notice is about: nothing, if its manager has nothing to see or it is of another
    /// morning.
    pub(super) fn about(&mut self, notice: &Notice, manager: &ManagerId) -> About {
        let brief = if self.until == Some(notice.created_at) {
            self.by_manager.remove(manager)
        } else {
            None
        };
        brief.map_or(About::Gone, |brief| About::Brief(Box::new(brief)))
    }
}

/// Low answers that make no task are told by the brief, and nothing more comes of them.
fn lapse_low_scores(
    tx: &Tx<'_>,
    reference: &Reference,
    until: Timestamp,
) -> Result<(), StoreError> {
    let is_told = |alert: &Alert| {
        let tier = alert
            .key
            .scope
            .group()
            .and_then(|group| reference.group(group))
            .map(|group| group.tier);
        let kind = alert.key.kind;
        kind == AlertKind::Signal(Signal::LowScore)
            && alert.opened_at <= until
            && !kind.wants_task(alert.severity, tier)
    };
    let told = tx.open_alerts()?.rows.into_iter().filter(is_told);
    let lapsed: Vec<AlertChange> = told
        .map(|alert| resolve(&alert, ResolvedBecause::Lapsed, until))
        .collect();
    tx.save_alerts(lapsed.iter().map(AlertChange::alert))
}

struct Reader<'a> {
    tx: &'a Tx<'a>,
    read_model: &'a ReadModel,
    settings: &'a Settings,
    today: LocalDay,
}

impl<'a> Reader<'a> {
    fn morning(&self, span: BriefSpan) -> Result<Morning<'a>, StoreError> {
        let zone = self.settings.rules.zone;
        let news = self.tx.brief_hints(span.after_hint, span.last_brief_hint)?;
        let last_working_day = LocalDay::from_date(
            self.settings
                .calendar
                .previous_working_day(self.today.date()),
        );
        let open_alerts = self.tx.open_alerts()?.rows;
        let mut known_from: Vec<(GroupId, Timestamp)> = news
            .iter()
            .filter_map(|(group, news)| Some((group.clone(), news.known_from?)))
            .collect();
        known_from.sort_unstable();
        let ended = self
            .tx
            .tasks_ended_between(
                zone.start_of(last_working_day.month().first_day()),
                Timestamp::MAX,
            )?
            .rows;
        let work = self.work(&open_alerts)?;
        Ok(Morning {
            staff: Staff {
                reference: &self.read_model.reference,
                company_head: self.settings.company_head.as_ref(),
                today: self.today.date(),
            },
            zone,
            since: span.since,
            until: span.until,
            last_working_day,
            changes: self.changes(&news, &overdue(&open_alerts), span.until)?,
            known_from,
            unexplained: self.unexplained(&work, span.until),
            work,
            open_alerts,
            picked: to_verify(&ended, zone),
            ended,
            reminders: self.tx.reminders_of_day(self.today)?,
        })
    }

    /// What changed at each group customer.
    fn changes(
        &self,
        news: &FastMap<GroupId, GroupHint>,
        overdue: &BTreeMap<GroupId, Overdue>,
        now: Timestamp,
    ) -> Result<Vec<GroupChanges>, StoreError> {
        let mut changes = self.look(news)?;
        let groups: BTreeSet<&GroupId> = news.keys().chain(overdue.keys()).collect();
        let all = groups.into_iter().filter_map(|group| {
            let more = news.get(group).map_or(0, |news| {
                news.more + news.subjects.len().saturating_sub(LOOKED_AT_MAX) as u64
            });
            let changes = changes.remove(group).unwrap_or_default();
            group_changes(
                group.clone(),
                changes,
                more,
                overdue.get(group).copied(),
                now,
                |group| self.figures(group),
            )
        });
        Ok(all.collect())
    }

    /// What is now known to have happened where the news says.
    fn look(
        &self,
        news: &FastMap<GroupId, GroupHint>,
    ) -> Result<BTreeMap<GroupId, Vec<Change>>, StoreError> {
        let mut places = Vec::new();
        for (group, news) in news {
            let first = news.in_order().into_iter().take(LOOKED_AT_MAX);
            places.extend(first.map(|(subject, from)| (subject.key(), group, subject, from)));
        }
        places.sort_by_cached_key(|(key, ..)| key.digest());
        let low_score = self.settings.rules.signals.low_score_thousandths;
        let mut changes: BTreeMap<GroupId, Vec<Change>> = BTreeMap::new();
        for part in places.chunks(READ_AT_ONCE) {
            let keys: Vec<EntityKey> = part.iter().map(|(key, ..)| key.clone()).collect();
            for ((_, group, subject, from), timeline) in part.iter().zip(self.tx.timelines(&keys)?)
            {
                let found = timeline
                    .map(|timeline| {
                        changes_of(group, subject.as_str(), *from, low_score, &timeline)
                    })
                    .unwrap_or_default();
                if !found.is_empty() {
                    changes.entry((*group).clone()).or_default().extend(found);
                }
            }
        }
        Ok(changes)
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

    fn work(&self, open_alerts: &[Alert]) -> Result<Vec<WorkItem>, StoreError> {
        let open: BTreeMap<AlertId, &Alert> = open_alerts
            .iter()
            .map(|alert| (alert.alert_id(), alert))
            .collect();
        let read = |id: &AlertId| or_told(self.tx.alert(id), |_| Ok(())).map(Option::flatten);
        let alert = |id: &AlertId| {
            open.get(id)
                .map_or_else(|| read(id), |alert| Ok(Some((*alert).clone())))
        };
        let with_alerts = |task: Task| {
            let alerts = task
                .alert_ids
                .iter()
                .map(alert)
                .collect::<Result<Vec<_>, StoreError>>()?;
            Ok((task, alerts.into_iter().flatten().collect()))
        };
        let tasks = self
            .tx
            .open_tasks()?
            .rows
            .into_iter()
            .map(with_alerts)
            .collect::<Result<Vec<(Task, Vec<Alert>)>, StoreError>>()?;
        let named: BTreeSet<SubscriberId> = tasks
            .iter()
            .flat_map(|(task, alerts)| named_subscribers(task, alerts))
            .collect();
        let lines = subscriber_standings(self.tx, named)?;
        let item = |(task, mut alerts): (Task, Vec<Alert>)| {
            let series = task
                .group_id()
                .and_then(|group| self.read_model.series.get(group));
            let at_stake_fen = series.and_then(|series| at_stake_fen(series, self.today.month()));
            alerts
                .iter_mut()
                .for_each(|alert| as_subscriber_stands(alert, &lines));
            WorkItem {
                is_lost: TaskSubscribers::of(&task, &alerts, &lines).are_lost(),
                alerts,
                at_stake_fen,
                task,
            }
        };
        Ok(tasks.into_iter().map(item).collect())
    }

    /// Tasks whose lines have all gone, and of which nobody has said why for days.
    fn unexplained(&self, work: &[WorkItem], now: Timestamp) -> BTreeSet<TaskId> {
        let (zone, calendar) = (self.settings.rules.zone, &self.settings.calendar);
        let is_late = |gone_at| {
            working_days_after(zone, calendar, gone_at, self.settings.sweep.reason_days) <= now
        };
        let tasks = work.iter().map(|item| &item.task);
        tasks
            .filter(|task| task.gone_at.is_some_and(is_late))
            .map(|task| task.task_id.clone())
            .collect()
    }
}

/// What is overdue where an alert says that it is.
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
