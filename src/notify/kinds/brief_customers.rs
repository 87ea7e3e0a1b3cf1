//! 查客户信息 of the brief: what changed at each group customer, which notices came, which customers
//! changed hands.
//!
//! Invariant: what is not shown is counted.

use serde::Serialize;

use super::super::clean;
use super::super::pending::ComposeContext;
use super::super::words::explain::{self, count};
use super::super::words::phrases::rest;
use super::super::words::{self, figures, names_of_tasks, phrases};
use super::who::{Who, manager_name};
use crate::domain::alert::Alert;
use crate::domain::brief::{Brief, ChangeKind, GroupChange, GroupChanges, HandedOver};
use crate::domain::event::PortStage;
use crate::domain::history::History;
use crate::domain::ids::GroupId;
use crate::domain::indicator::Scope;
use crate::domain::locale::Locale;

/// Most changes shown of a group customer.
const CHANGES_MAX: usize = 20;
/// Most group customers, notices and hand-overs shown.
const SHOWN_MAX: usize = 40;

/// How a line is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tone {
    /// Gone, or about to go.
    Bad,
    Warn,
    Good,
    Plain,
}

#[derive(Debug, Serialize)]
pub(crate) struct Customers {
    /// Whether there is anything to see, or a customer of the reader's who could have changed.
    shown: bool,
    groups: Vec<GroupView>,
    more_groups: Option<String>,
    notices: Vec<NoticeView>,
    more_notices: Option<String>,
    handed_over: Vec<String>,
    more_handed_over: Option<String>,
    since: String,
}

#[derive(Debug, Serialize)]
struct GroupView {
    who: Who,
    members: String,
    opening: String,
    churned: Option<String>,
    bar: Option<ShareBar>,
    rows: Vec<ChangeRow>,
    more: Option<String>,
}

/// A share of a whole, in percent of a bar's width; drawn by table cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct ShareBar {
    /// The share, 1–99.
    pub part: i64,
    /// The rest of 100.
    pub rest: i64,
}

impl ShareBar {
    /// Of `part` in `whole`; none where there is nothing to draw.
    #[must_use]
    pub(crate) fn of_share(part: i64, whole: i64) -> Option<Self> {
        (part > 0 && whole > 0).then(|| {
            let part = (part.min(whole).saturating_mul(100) / whole).clamp(1, 99);
            Self {
                part,
                rest: 100 - part,
            }
        })
    }
}

/// All changes of one kind.
#[derive(Debug, Serialize)]
struct ChangeRow {
    label: &'static str,
    tone: Tone,
    n: usize,
    subjects: Vec<String>,
}

#[derive(Debug, Serialize)]
struct NoticeView {
    who: Who,
    headline: String,
    figures: String,
}

impl Customers {
    /// The section of a brief.
    #[must_use]
    pub(crate) fn of_brief(brief: &Brief, locale: Locale, ctx: &ComposeContext<'_>) -> Self {
        let (groups, more_groups) = ctx.room.first(&brief.groups, SHOWN_MAX);
        let (notices, more_notices) = ctx.room.first(&brief.notices, SHOWN_MAX);
        let (moved, more_moved) = ctx.room.first(&brief.handed_over, SHOWN_MAX);
        Self {
            shown: has_changes(brief) || has_customers(brief, ctx),
            groups: groups
                .iter()
                .map(|group| group_view(group, locale, ctx))
                .collect(),
            more_groups: rest(more_groups, locale),
            notices: notices
                .iter()
                .map(|alert| notice(alert, locale, ctx))
                .collect(),
            more_notices: rest(more_notices, locale),
            handed_over: moved
                .iter()
                .map(|one| handed_over(one, brief, locale, ctx))
                .collect(),
            more_handed_over: rest(more_moved, locale),
            since: figures::moment(locale, ctx.zone, ctx.now, brief.since),
        }
    }
}

fn has_changes(brief: &Brief) -> bool {
    !(brief.groups.is_empty() && brief.notices.is_empty() && brief.handed_over.is_empty())
}

/// Whether any group customer is the reader's own: supervisors, heads and chiefs often have none.
fn has_customers(brief: &Brief, ctx: &ComposeContext<'_>) -> bool {
    let mut groups = ctx.reference.groups.values().filter_map(History::latest);
    groups.any(|group| group.manager_id == brief.manager_id && !group.closed)
}

fn group_view(group: &GroupChanges, locale: Locale, ctx: &ComposeContext<'_>) -> GroupView {
    let (shown, hidden) = ctx.room.first(&group.changes, CHANGES_MAX);
    let mut rows: Vec<ChangeRow> = Vec::new();
    for change in shown {
        let (label, subject) = (
            names_of_tasks::change(locale, change.kind),
            subject(change, locale, ctx),
        );
        match rows.iter_mut().find(|row| row.label == label) {
            Some(row) => row.subjects.push(subject),
            None => rows.push(ChangeRow {
                label,
                tone: tone(change.kind),
                n: 0,
                subjects: vec![subject],
            }),
        }
    }
    rows.iter_mut().for_each(|row| row.n = row.subjects.len());
    let share = |churned: i64| {
        let share = if group.opening > 0 {
            format!(" ({:.1}%)", churned as f64 * 100.0 / group.opening as f64)
        } else {
            String::new()
        };
        format!("{}{share}", count(churned))
    };
    GroupView {
        who: who(&group.group_id, locale, ctx),
        members: count(group.members),
        opening: count(group.opening),
        churned: (group.churned > 0).then(|| share(group.churned)),
        bar: ShareBar::of_share(group.churned, group.opening),
        rows,
        more: rest(group.more + hidden, locale),
    }
}

fn who(id: &GroupId, locale: Locale, ctx: &ComposeContext<'_>) -> Who {
    Who::of_scope(&Scope::Group(id.clone()), None, locale, ctx.reference)
}

/// Which subscriber, complaint, answer or bill, what about it, and when.
fn subject(change: &GroupChange, locale: Locale, ctx: &ComposeContext<'_>) -> String {
    let detail = change.detail.as_deref().map(|detail| match change.kind {
        ChangeKind::Moved => format!("→ {}", group_name(detail, ctx)),
        ChangeKind::MovedIn => format!("← {}", group_name(detail, ctx)),
        ChangeKind::LowScore => phrases::score(locale, &clean::name(detail)),
        ChangeKind::Overdue => detail
            .parse()
            .map_or_else(|_| clean::name(detail), |fen| figures::money(locale, fen)),
        _ => clean::name(detail),
    });
    let at = figures::moment(locale, ctx.zone, ctx.now, change.at);
    // Bills are counted, not named.
    let which = match change.kind {
        ChangeKind::Overdue => phrases::bills(locale, &clean::name(&change.subject)),
        _ => clean::name(&change.subject),
    };
    let parts = [
        Some(which),
        detail.filter(|text| !text.is_empty()),
        Some(at),
    ];
    parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn group_name(id: &str, ctx: &ComposeContext<'_>) -> String {
    let group = GroupId::parse(id)
        .ok()
        .and_then(|id| ctx.reference.group(&id));
    group.map_or_else(|| clean::name(id), |group| clean::name(&group.name))
}

const fn tone(kind: ChangeKind) -> Tone {
    match kind {
        ChangeKind::Churned(_) | ChangeKind::PreCancelled => Tone::Bad,
        ChangeKind::Porting(PortStage::Queried | PortStage::Authorised | PortStage::Ported) => {
            Tone::Bad
        }
        ChangeKind::Stopped(_)
        | ChangeKind::Reserved
        | ChangeKind::ComplaintFiled
        | ChangeKind::ComplaintOpen
        | ChangeKind::LowScore
        | ChangeKind::Overdue => Tone::Warn,
        ChangeKind::Porting(PortStage::Withdrawn)
        | ChangeKind::Restored
        | ChangeKind::Joined
        | ChangeKind::MovedIn => Tone::Good,
        ChangeKind::Moved | ChangeKind::Left => Tone::Plain,
    }
}

fn notice(alert: &Alert, locale: Locale, ctx: &ComposeContext<'_>) -> NoticeView {
    let w = words::by_locale(locale);
    let figures: Vec<String> = explain::cells(locale, alert)
        .iter()
        .map(|cell| format!("{} {}", cell.label, cell.value))
        .collect();
    NoticeView {
        who: Who::of_scope(&alert.key.scope, None, locale, ctx.reference),
        headline: explain::headline(locale, alert),
        figures: figures.join(w.semicolon),
    }
}

fn handed_over(
    one: &HandedOver,
    brief: &Brief,
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> String {
    let group = group_name(one.group_id.as_str(), ctx);
    if one.to == brief.manager_id {
        phrases::taken_over(locale, &group, &manager_name(&one.from, ctx.reference))
    } else {
        phrases::handed_on(locale, &group, &manager_name(&one.to, ctx.reference))
    }
}
