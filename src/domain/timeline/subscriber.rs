//! A subscriber's line: memberships, statuses and port-out stages, and what they contribute to the groups' counters.
//!
//! Between two events nothing changes, so only days with events get contributions; a line to which nothing happens
//! costs nothing, and a new month is free.

use serde::{Deserialize, Serialize};

use super::differences::Differences;
use super::walk::{LineState, MembershipChange, Step, View};
use crate::domain::counters::Counter;
use crate::domain::event::{Membership, Order, Population, PortStage, Role, Status, SubscriberStatus};
use crate::domain::history::History;
use crate::domain::ids::GroupId;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::zone::Zone;

/// The group that a line is in, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberOf {
    /// Which group.
    pub group_id: GroupId,
    /// As what.
    pub role: Role,
    /// 锁定号码
    pub locked: bool,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineTrouble {
    /// Its member is gone from the group; the group that it moved to, if any, stands beside.
    Lost,
    /// Stopped, one way or both.
    Suspended,
    /// 预销
    PreCancelled,
    /// Cancelled or ported out.
    Churned,
    /// A stage of a port-out.
    Porting(PortStage),
}

/// Something that happened to a member's line and may be news to the group's manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFact {
    /// When.
    pub at: Timestamp,
    /// To which group's member, as what.
    pub member: MemberOf,
    /// What.
    pub trouble: LineTrouble,
    /// Whether it still holds at the end of the timeline.
    pub holds: bool,
    /// The group that the line is a member of at the end of the timeline.
    pub now_in: Option<GroupId>,
}

/// All events of one subscriber in the open months, on top of what was before them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriberTimeline {
    base: LineState,
    memberships: History<MembershipChange>,
    vip_memberships: History<MembershipChange>,
    statuses: History<(Status, Option<crate::domain::event::StopReason>)>,
    ports: History<PortStage>,
}

impl SubscriberTimeline {
    /// Takes a membership event in.
    pub fn put_membership(&mut self, order: Order, event: Membership) {
        let Membership { group_id, change, role, locked, population, .. } = event;
        let line = match population {
            Population::Group => &mut self.memberships,
            Population::VipClub => &mut self.vip_memberships,
        };
        line.put(order, MembershipChange { group_id, change, role, locked });
    }

    /// Takes a status event in.
    pub fn put_status(&mut self, order: Order, event: &SubscriberStatus) {
        self.statuses.put(order, (event.status, event.reason));
    }

    /// Takes a port-out event in.
    pub fn put_port_out(&mut self, order: Order, stage: PortStage) {
        self.ports.put(order, stage);
    }

    /// Takes an event out; says whether it was there.
    pub fn retract(&mut self, source: &str, id: &str) -> bool {
        self.memberships.retract(source, id)
            || self.statuses.retract(source, id)
            || self.ports.retract(source, id)
            || self.vip_memberships.retract(source, id)
    }

    /// Folds everything before `closed_before` into the base state. The state at any later instant stays the same.
    pub fn fold(&mut self, closed_before: Timestamp) {
        let old = Self {
            base: self.base.clone(),
            memberships: take(&mut self.memberships, closed_before),
            statuses: take(&mut self.statuses, closed_before),
            ..Self::default()
        };
        self.base = old.latest().state();
    }

    /// Whether anything was folded into its base state.
    #[must_use]
    pub fn is_folded(&self) -> bool {
        self.base != LineState::default()
    }

    /// Adds `sign` times its contributions to the counters.
    pub fn contribute(&self, zone: Zone, sign: i64, out: &mut Differences) {
        let walk = self.walk();
        let base = View::of(&self.base);
        let (mut before, mut developed) = (base, base.developed);
        let mut opening = (base, None);
        let mut flags = Flags::default();
        let mut days = walk.iter().map(|(order, after)| (zone.day_of(order.time), *after)).peekable();
        while let Some((day, after)) = days.next() {
            if let Some(group) = after.group_id.filter(|_| after.developed && !developed) {
                out.add(group, day, Counter::Developed, sign);
            }
            developed = after.developed;
            if days.peek().is_some_and(|(next, _)| *next == day) {
                continue;
            }
            if opening.1 != Some(day.month()) {
                opening = (before, Some(day.month()));
                flags = Flags::default();
            }
            add_running(before, after, day, sign, out);
            let now = monthly_flags(opening.0, after);
            flags.iter().flatten().for_each(|(group, counter)| out.add(group, day, *counter, -sign));
            now.iter().flatten().for_each(|(group, counter)| out.add(group, day, *counter, sign));
            flags = now;
            before = after;
        }
        self.add_left_company(&walk, zone, sign, out);
    }

    /// The line at the end of its timeline.
    fn latest(&self) -> View<'_> {
        self.walk().pop().map_or_else(|| View::of(&self.base), |(_, state)| state)
    }

    /// Everything that happened to it while it was a group's member, in order.
    #[must_use]
    pub fn facts(&self) -> Vec<LineFact> {
        let mut facts = Vec::new();
        let latest = self.latest();
        let porting = self.ports.latest().copied().filter(|stage| *stage != PortStage::Withdrawn);
        let now_in = latest.member_group();
        let mut state = View::of(&self.base);
        for (order, step) in self.steps() {
            let before = state;
            state.apply(step);
            let Some(group_id) = before.member_group() else { continue };
            let same_group = now_in == Some(group_id);
            let mut fact = |trouble, holds| {
                let member = MemberOf { group_id: group_id.clone(), role: before.role, locked: before.locked };
                facts.push(LineFact { at: order.time, member, trouble, holds, now_in: now_in.cloned() });
            };
            if state.member_group() != Some(group_id) && state.status != Status::Invalid {
                fact(LineTrouble::Lost, !same_group && latest.status != Status::Invalid);
            }
            match step {
                Step::Status(status) if status.is_suspended() && !before.status.is_suspended() => {
                    fact(LineTrouble::Suspended, latest.status.is_suspended());
                }
                Step::Status(Status::PreCancelled) if before.status != Status::PreCancelled => {
                    fact(LineTrouble::PreCancelled, latest.status == Status::PreCancelled);
                }
                Step::Status(status) if status.is_churned() => fact(LineTrouble::Churned, latest.status.is_churned()),
                Step::Port(stage) if stage != PortStage::Withdrawn => {
                    fact(LineTrouble::Porting(stage), porting.is_some());
                }
                _ => {}
            }
        }
        facts
    }

    /// The day on which it last left the company, if it is out of it now and not by `invalid`.
    fn add_left_company(&self, walk: &[(&Order, View<'_>)], zone: Zone, sign: i64, out: &mut Differences) {
        let Some((_, last)) = walk.last() else { return };
        if last.member_group().is_some() || last.status == Status::Invalid {
            return;
        }
        let left = walk.iter().enumerate().rev().find_map(|(at, (order, _))| {
            let before = walk.get(at.wrapping_sub(1)).map_or_else(|| View::of(&self.base), |(_, state)| *state);
            before.member_group().map(|group| (group, order.time))
        });
        if let Some((group, time)) = left {
            out.add(group, zone.day_of(time), Counter::LeftCompany, sign);
        }
    }

    /// The line's state after each of its events.
    fn walk(&self) -> Vec<(&Order, View<'_>)> {
        let mut state = View::of(&self.base);
        let steps = self.steps().filter(|(_, step)| !matches!(step, Step::Port(_)));
        let states = steps.map(|(order, step)| {
            state.apply(step);
            (order, state)
        });
        states.collect()
    }

    /// Its events merged into their total order.
    fn steps(&self) -> impl Iterator<Item = (&Order, Step<'_>)> {
        let count = self.memberships.entries().len() + self.statuses.entries().len() + self.ports.entries().len();
        let mut steps: Vec<(&Order, Step<'_>)> = Vec::with_capacity(count);
        steps.extend(self.memberships.entries().iter().map(|(order, change)| (order, Step::Membership(change))));
        steps.extend(self.statuses.entries().iter().map(|(order, (status, _))| (order, Step::Status(*status))));
        steps.extend(self.ports.entries().iter().map(|(order, stage)| (order, Step::Port(*stage))));
        steps.sort_by(|a, b| a.0.cmp(b.0));
        steps.into_iter()
    }
}

fn take<T>(history: &mut History<T>, closed_before: Timestamp) -> History<T> {
    let mut taken = History::default();
    for (order, what) in history.take_before(closed_before) {
        taken.put(order, what);
    }
    taken
}

/// The series that run on through the months, and the day's own counter.
fn add_running(before: View<'_>, after: View<'_>, day: LocalDay, sign: i64, out: &mut Differences) {
    for (state, n) in [(before, -sign), (after, sign)] {
        if let Some(group) = state.member_group() {
            out.add(group, day, Counter::Members, n);
            if state.status.is_suspended() {
                out.add(group, day, Counter::Suspended, n);
            }
        }
    }
    if let Some(group) = after.member_group().filter(|_| after.status.is_suspended() && !before.status.is_suspended()) {
        out.add(group, day, Counter::NewlySuspended, sign);
    }
}

/// What a line may count as at once: out of the opening base, churned, in another group.
type Flags<'a> = [Option<(&'a GroupId, Counter)>; 3];

/// What a line counts as on a day of a month that it opened in state `opening`.
fn monthly_flags<'a>(opening: View<'a>, now: View<'a>) -> Flags<'a> {
    let (was, is) = (opening.member_group(), now.member_group());
    let gone = match now.status {
        Status::Invalid => Some(Counter::OpeningInvalid),
        _ if is != was => Some(Counter::Lost),
        _ => None,
    };
    let churned = match now.status {
        Status::CancelledVoluntary => Some(Counter::ChurnedVoluntary),
        Status::CancelledInvoluntary => Some(Counter::ChurnedInvoluntary),
        Status::PortedOut => Some(Counter::PortedOut),
        _ => None,
    };
    let joined = is.filter(|_| is != was).map(|group| (group, Counter::Joined));
    [was.zip(gone), was.zip(churned), joined]
}
