//! A line from one of its events to the next: its state, without copying what the events say.

use serde::{Deserialize, Serialize};

use super::subscriber::MemberOf;
use crate::domain::event::{Change, PortStage, Role, Status};
use crate::domain::ids::GroupId;

/// What a membership event says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MembershipChange {
    pub(super) group_id: GroupId,
    pub(super) change: Change,
    pub(super) role: Role,
    pub(super) locked: bool,
}

/// A line at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LineState {
    /// The group it is in, whatever its status.
    group: Option<MemberOf>,
    /// Its status.
    status: Status,
    /// Whether it ever joined a group.
    developed: bool,
}

impl Default for LineState {
    fn default() -> Self {
        Self { group: None, status: Status::Active, developed: false }
    }
}

/// A [`LineState`] on the way through a timeline, whose texts it shares.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct View<'a> {
    pub(super) group_id: Option<&'a GroupId>,
    pub(super) role: Role,
    pub(super) locked: bool,
    pub(super) status: Status,
    pub(super) developed: bool,
}

impl<'a> View<'a> {
    pub(super) fn of(state: &'a LineState) -> Self {
        let group = state.group.as_ref();
        Self {
            group_id: group.map(|group| &group.group_id),
            role: group.map(|group| group.role).unwrap_or_default(),
            locked: group.is_some_and(|group| group.locked),
            status: state.status,
            developed: state.developed,
        }
    }

    pub(super) fn state(self) -> LineState {
        let group = self.group_id.map(|group_id| MemberOf { group_id: group_id.clone(), role: self.role, locked: self.locked });
        LineState { group, status: self.status, developed: self.developed }
    }

    /// The group, if the membership counts: with a status in base.
    pub(super) fn member_group(self) -> Option<&'a GroupId> {
        self.group_id.filter(|_| self.status.in_base())
    }

    /// `joined` puts a line into the group, out of any other; `left` takes it out only of the group that it names.
    pub(super) fn apply(&mut self, step: Step<'a>) {
        match step {
            Step::Status(status) => self.status = status,
            Step::Membership(MembershipChange { group_id, change: Change::Joined, role, locked }) => {
                (self.group_id, self.role, self.locked) = (Some(group_id), *role, *locked);
                self.developed = true;
            }
            Step::Membership(MembershipChange { group_id, change: Change::Left, .. }) => {
                self.group_id = self.group_id.filter(|group| *group != group_id);
            }
            Step::Port(_) => {}
        }
    }
}

/// One step of the walk through a timeline.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Membership(&'a MembershipChange),
    Status(Status),
    Port(PortStage),
}
