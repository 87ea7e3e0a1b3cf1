//! Walks through a subscriber's events: its contributions to the groups' counters, and the facts
//! that may raise signals.
//!
//! Between two events nothing changes, so only days with events have contributions; a subscriber
//! without events costs nothing, and neither does a new month. Invariant: the events' data are not
//! copied on the way.

use serde::{Deserialize, Serialize};

use super::differences::Differences;
use super::subscriber::{MemberOf, SubscriberFact};
use super::subscriber_now::SubscriberNow;
use super::troubles::{TimelineEnd, folded_trouble, is_trouble, troubles};
use crate::domain::counters::Counter;
use crate::domain::event::{MemberChangeKind, Order, PortStage, Role, Status, StopReason};
use crate::domain::ids::GroupId;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::zone::Zone;

/// The data of a membership event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MembershipChange {
    pub(super) group_id: GroupId,
    pub(super) change: MemberChangeKind,
    pub(super) role: Role,
    pub(super) locked: bool,
}

/// The state of a subscriber at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SubscriberState {
    /// The group it is in, whatever its status.
    group: Option<MemberOf>,
    status: Status,
    /// Whether it ever joined a group.
    developed: bool,
    /// The beginning of its current status, if that is a trouble.
    trouble: Option<StatusTrouble>,
}

impl Default for SubscriberState {
    fn default() -> Self {
        Self {
            group: None,
            status: Status::Active,
            developed: false,
            trouble: None,
        }
    }
}

/// A status that is reported to the group's manager until it ends, however long ago it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StatusTrouble {
    since: Timestamp,
    pub(super) for_arrears: bool,
}

/// A [`SubscriberState`] on the way through a timeline, which borrows its texts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct View<'a> {
    pub(super) group_id: Option<&'a GroupId>,
    pub(super) role: Role,
    pub(super) locked: bool,
    pub(super) status: Status,
    pub(super) developed: bool,
    /// The trouble of the base state only: later statuses are steps of their own.
    trouble: Option<StatusTrouble>,
}

impl<'a> View<'a> {
    pub(super) fn of_state(state: &'a SubscriberState) -> Self {
        let group = state.group.as_ref();
        Self {
            group_id: group.map(|group| &group.group_id),
            role: group.map(|group| group.role).unwrap_or_default(),
            locked: group.is_some_and(|group| group.locked),
            status: state.status,
            developed: state.developed,
            trouble: state.trouble,
        }
    }

    fn state(self) -> SubscriberState {
        let group = self.group_id.map(|group_id| MemberOf {
            group_id: group_id.clone(),
            role: self.role,
            locked: self.locked,
        });
        SubscriberState {
            group,
            status: self.status,
            developed: self.developed,
            trouble: self.trouble,
        }
    }

    /// The group, if the membership counts: while the status is in base.
    pub(super) fn member_group(self) -> Option<&'a GroupId> {
        self.group_id.filter(|_| self.status.in_base())
    }

    /// `joined` puts a subscriber into the group, out of any other; `left` removes it only from the
    /// group that it names.
    pub(super) fn apply(&mut self, step: TimelineStep<'a>) {
        match step {
            TimelineStep::Status(status, _) => self.status = status,
            TimelineStep::Membership(MembershipChange {
                group_id,
                change: MemberChangeKind::Joined,
                role,
                locked,
            }) => {
                (self.group_id, self.role, self.locked) = (Some(group_id), *role, *locked);
                self.developed = true;
            }
            TimelineStep::Membership(MembershipChange {
                group_id,
                change: MemberChangeKind::Left,
                ..
            }) => {
                self.group_id = self.group_id.filter(|group| *group != group_id);
            }
            TimelineStep::Port(_) => {}
        }
    }
}

/// One step of the walk through a timeline.
#[derive(Clone, Copy)]
pub(super) enum TimelineStep<'a> {
    Membership(&'a MembershipChange),
    Status(Status, Option<StopReason>),
    Port(PortStage),
}

/// A subscriber's events in their total order, on top of its base state.
pub(crate) struct Walk<'a> {
    pub(super) base: View<'a>,
    pub(super) steps: Vec<(&'a Order, TimelineStep<'a>)>,
}

impl Walk<'_> {
    /// Adds `sign` times the subscriber's contributions to the counters, from day `since` on if
    /// given; and the day on which it left the company, which may be earlier.
    pub(crate) fn contribute(
        &self,
        zone: Zone,
        since: Option<LocalDay>,
        sign: i64,
        out: &mut Differences,
    ) {
        let (mut before, mut developed) = (self.base, self.base.developed);
        let mut opening = (self.base, None);
        let mut flags = Flags::default();
        let mut left = None;
        let mut days = self
            .states()
            .map(|(at, state)| (zone.day_of(at), state))
            .peekable();
        let mut last = self.base;
        while let Some((day, after)) = days.next() {
            let counts = since.is_none_or(|since| day >= since);
            if let Some(group) = after
                .group_id
                .filter(|_| counts && after.developed && !developed)
            {
                out.add(group, day, Counter::Developed, sign);
            }
            developed = after.developed;
            left = last.member_group().map(|group| (group, day)).or(left);
            last = after;
            if days.peek().is_some_and(|(next, _)| *next == day) {
                continue;
            }
            if opening.1 != Some(day.month()) {
                opening = (before, Some(day.month()));
                flags = Flags::default();
            }
            let now = monthly_flags(opening.0, after);
            if counts {
                add_running(before, after, day, sign, out);
                flags
                    .iter()
                    .flatten()
                    .for_each(|(group, counter)| out.add(group, day, *counter, -sign));
                now.iter()
                    .flatten()
                    .for_each(|(group, counter)| out.add(group, day, *counter, sign));
            }
            flags = now;
            before = after;
        }
        if let Some((group, day)) =
            left.filter(|_| last.member_group().is_none() && last.status != Status::Invalid)
        {
            out.add(group, day, Counter::LeftCompany, sign);
            if last.status.is_churned() {
                out.add(group, day, Counter::LeftChurned, sign);
            }
        }
    }

    /// All facts while it was a group's member, in order.
    pub(crate) fn facts(&self) -> impl Iterator<Item = SubscriberFact> {
        let (base, latest, is_ported, withdrawn) = (
            self.base,
            self.latest(),
            self.is_ported(),
            self.last_withdrawn(),
        );
        let fact = move |at, before: View<'_>, (trouble, holds)| {
            let member = MemberOf {
                group_id: before.group_id?.clone(),
                role: before.role,
                locked: before.locked,
            };
            Some(SubscriberFact {
                at,
                member,
                trouble,
                holds,
                now: now_of(latest, is_ported),
            })
        };
        let folded = base
            .trouble
            .and_then(|folded| fact(folded.since, base, folded_trouble(base, folded, latest)?));
        let mut state = base;
        let of_steps = self
            .steps
            .iter()
            .enumerate()
            .flat_map(move |(at, (order, step))| {
                let before = state;
                state.apply(*step);
                let end = TimelineEnd {
                    latest,
                    is_porting: withdrawn.is_none_or(|withdrawn| withdrawn < at),
                };
                let troubles = before
                    .member_group()
                    .map_or([None; 2], |_| troubles(before, state, *step, end));
                troubles
                    .into_iter()
                    .flatten()
                    .filter_map(move |trouble| fact(order.time, before, trouble))
            });
        folded.into_iter().chain(of_steps)
    }

    /// The current state of the subscriber, as its group customer sees it.
    #[must_use]
    pub(crate) fn now(&self) -> SubscriberNow {
        now_of(self.latest(), self.is_ported())
    }

    /// The base state after folding everything so far.
    pub(super) fn folded(&self) -> SubscriberState {
        let mut state = self.base;
        for (order, step) in &self.steps {
            let before = state;
            state.apply(*step);
            if let TimelineStep::Status(status, reason) = step {
                let goes_on = *status == before.status
                    || (status.is_suspended() && before.status.is_suspended());
                let began = StatusTrouble {
                    since: order.time,
                    for_arrears: *reason == Some(StopReason::Arrears),
                };
                state.trouble = if goes_on {
                    before.trouble
                } else {
                    is_trouble(*status).then_some(began)
                };
            }
        }
        state.state()
    }

    /// The group that it is a member of at an instant after the base state.
    #[must_use]
    pub(crate) fn member_group_at(&self, at: Timestamp) -> Option<&GroupId> {
        let until = self.states().take_while(|(time, _)| *time <= at).last();
        until.map_or(self.base, |(_, state)| state).member_group()
    }

    /// The state at the end of the timeline.
    pub(super) fn latest(&self) -> View<'_> {
        self.states().last().map_or(self.base, |(_, state)| state)
    }

    /// The instants at which its state may have changed, with the state then.
    fn states(&self) -> impl Iterator<Item = (Timestamp, View<'_>)> {
        let mut state = self.base;
        self.steps
            .iter()
            .filter(|(_, step)| !matches!(step, TimelineStep::Port(_)))
            .map(move |(order, step)| {
                state.apply(*step);
                (order.time, state)
            })
    }

    /// Whether the last port-out step is `ported`, and no later event shows the subscriber in use
    /// here.
    fn is_ported(&self) -> bool {
        let last = self.steps.iter().rev().find_map(|(_, step)| match step {
            TimelineStep::Port(stage) => Some(*stage == PortStage::Ported),
            TimelineStep::Status(status, _) if status.in_base() => Some(false),
            TimelineStep::Membership(MembershipChange {
                change: MemberChangeKind::Joined,
                ..
            }) => Some(false),
            _ => None,
        });
        last == Some(true)
    }

    /// The index of the last step that withdraws a port-out.
    fn last_withdrawn(&self) -> Option<usize> {
        self.steps
            .iter()
            .rposition(|(_, step)| matches!(step, TimelineStep::Port(PortStage::Withdrawn)))
    }
}

fn now_of(latest: View<'_>, is_ported: bool) -> SubscriberNow {
    SubscriberNow {
        member_of: latest.member_group().cloned(),
        status: latest.status,
        is_ported,
    }
}

/// The counters that run on through the months, and those of the day itself.
fn add_running(before: View<'_>, after: View<'_>, day: LocalDay, sign: i64, out: &mut Differences) {
    for (state, n) in [(before, -sign), (after, sign)] {
        if let Some(group) = state.member_group() {
            out.add(group, day, Counter::Members, n);
            if state.status.is_suspended() {
                out.add(group, day, Counter::Suspended, n);
            }
        }
    }
    if let Some(group) = after
        .member_group()
        .filter(|_| after.status.is_suspended() && !before.status.is_suspended())
    {
        out.add(group, day, Counter::NewlySuspended, sign);
    }
}

/// What a subscriber may count as at once: lost to its opening group, churned, joined to another
/// group.
type Flags<'a> = [Option<(&'a GroupId, Counter)>; 3];

/// What a subscriber counts as on a day of a month that it began in state `opening`.
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
    let joined = is
        .filter(|_| is != was)
        .map(|group| (group, Counter::Joined));
    [was.zip(gone), was.zip(churned), joined]
}
