//! Signals about a whole group: judged when one of its lines left, undone when its members are back.

use std::collections::BTreeMap;

use crate::domain::alert::{Alert, Explanation, Period};
use crate::domain::counters::DaySeries;
use crate::domain::ids::GroupId;
use crate::domain::indicator::{AlertKind, Indicator, Scope, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::evaluate::alerts::Wanted;
use crate::evaluate::figures::closing_on;
use crate::evaluate::rules::LimitMicro;
use crate::evaluate::signals::{batch_leave, gone_since, wanted_by_group};

use super::look::Picture;

/// The group-level signals that must stand at `now` for these groups, each with the first day of its news: what happened on
/// a day and is judged on a later one, after an outage, is judged as of every day in between.
#[must_use]
pub fn wanted_by_groups(picture: Picture<'_>, groups: &BTreeMap<GroupId, LocalDay>, now: Timestamp) -> Vec<Wanted> {
    let today = picture.rules.zone.day_of(now);
    let mut wanted = Vec::new();
    for (group, news_from) in groups {
        let Some(series) = picture.series.get(group) else { continue };
        let on = |day: LocalDay| batch_leave(series, day, loss_limit(picture, group), picture.rules).map(|explanation| (day, explanation));
        if let Some((first, explanation)) = news_from.to(today).find_map(on) {
            wanted.push(wanted_by_group(group, Signal::BatchLeave, first, on(today).map_or(explanation, |(_, now)| now)));
        }
        if let Some(day) = gone_since(series, today, picture.rules) {
            let n = closing_on(series, day.plus(-1));
            wanted.push(wanted_by_group(group, Signal::GroupGone, day, Explanation { k: n, n, ..Explanation::default() }));
        }
    }
    wanted
}

/// Whether an open group-level signal still holds: a batch as long as one of the windows after its first day shows one,
/// a group that is gone as long as nobody is back. Time alone undoes neither.
#[must_use]
pub fn group_signal_holds(picture: Picture<'_>, alert: &Alert, now: Timestamp) -> bool {
    let (AlertKind::Signal(signal), Scope::Group(group), Period::Day(first)) = (alert.key.kind, &alert.key.scope, alert.key.period) else {
        return true;
    };
    let today = picture.rules.zone.day_of(now);
    let Some(series) = picture.series.get(group) else { return false };
    match signal {
        Signal::GroupGone => closing_on(series, today) <= 0,
        Signal::BatchLeave => batch_since(series, first, today, loss_limit(picture, group), picture),
        Signal::LockedNumberLost | Signal::KeyLine => true,
    }
}

fn batch_since(series: &DaySeries, first: LocalDay, today: LocalDay, limit: LimitMicro, picture: Picture<'_>) -> bool {
    let longest = picture.rules.signals.batch_windows_days.iter().max().copied().unwrap_or(1);
    first.to(today.min(first.plus(longest - 1))).any(|day| batch_leave(series, day, limit, picture.rules).is_some())
}

fn loss_limit(picture: Picture<'_>, group: &GroupId) -> LimitMicro {
    let known = picture.reference.group(group);
    let scope = Scope::Group(group.clone());
    picture.rules.limits_for(&scope, known.map(|g| &g.unit_id), known.map(|g| g.tier)).of(Indicator::MemberLossRate)
}
