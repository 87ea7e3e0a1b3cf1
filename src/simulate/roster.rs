//! Who is in which group now, while the city's events are being made.
//!
//! It makes no events itself. Invariant: a subscriber in base is in the member list of exactly its
//! group.

use super::names;
use super::rng::Rng;
use crate::domain::event::Role;
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::LocalDay;

#[derive(Debug)]
pub(super) struct SimulatedSubscriber {
    pub(super) id: SubscriberId,
    /// Its group, also after it left.
    pub(super) group: usize,
    /// What its owner is.
    pub(super) role: Role,
    /// 锁定号码
    pub(super) locked: bool,
    /// Its monthly charge in fen.
    pub(super) fee_fen: i64,
    pub(super) since: LocalDay,
    /// Its events are made up to this day; nothing else may happen to it before.
    pub(super) events_until: LocalDay,
    place: usize,
}

impl SimulatedSubscriber {
    /// Neither a key person's nor locked: what happens to it raises no alert by itself.
    pub(super) fn is_plain(&self) -> bool {
        self.role == Role::Member && !self.locked
    }
}

pub(super) type SubscriberNo = usize;

/// All subscribers, and the members of each group.
#[derive(Debug, Default)]
pub(super) struct Roster {
    subscribers: Vec<SimulatedSubscriber>,
    members: Vec<Vec<SubscriberNo>>,
}

const FEES_FEN: [i64; 7] = [3_900, 5_900, 8_900, 9_900, 12_900, 15_900, 19_900];

impl Roster {
    /// No subscribers in this many groups.
    pub(super) fn new(groups: usize) -> Self {
        Self {
            subscribers: Vec::new(),
            members: vec![Vec::new(); groups],
        }
    }

    /// A new subscriber joins a group.
    pub(super) fn enroll(
        &mut self,
        group: usize,
        role: Role,
        locked: bool,
        day: LocalDay,
        rng: &mut Rng,
    ) -> SubscriberNo {
        let no = self.subscribers.len();
        let id = SubscriberId::parse(&names::phone(no)).expect("a phone number is an id");
        let fee_fen = *rng.pick(&FEES_FEN);
        self.subscribers.push(SimulatedSubscriber {
            id,
            group,
            role,
            locked,
            fee_fen,
            since: day,
            events_until: day,
            place: self.members[group].len(),
        });
        self.members[group].push(no);
        no
    }

    /// A subscriber is no longer a member of its group.
    pub(super) fn leave(&mut self, no: SubscriberNo) {
        let (group, place) = (self.subscribers[no].group, self.subscribers[no].place);
        self.members[group].swap_remove(place);
        if let Some(moved) = self.members[group].get(place) {
            self.subscribers[*moved].place = place;
        }
    }

    /// A subscriber comes back, or comes into another group.
    pub(super) fn enter(&mut self, no: SubscriberNo, group: usize) {
        self.subscribers[no].group = group;
        self.subscribers[no].place = self.members[group].len();
        self.members[group].push(no);
    }

    pub(super) fn subscriber(&self, no: SubscriberNo) -> &SimulatedSubscriber {
        &self.subscribers[no]
    }

    /// Nothing else may happen to the subscriber up to this day.
    pub(super) fn occupy_until(&mut self, no: SubscriberNo, day: LocalDay) {
        let subscriber = &mut self.subscribers[no];
        subscriber.events_until = subscriber.events_until.max(day);
    }

    /// The members of a group.
    pub(super) fn members(&self, group: usize) -> &[SubscriberNo] {
        &self.members[group]
    }

    /// A plain member without events since `since`; none when a dozen tries found none.
    pub(super) fn plain(
        &self,
        group: usize,
        since: LocalDay,
        rng: &mut Rng,
    ) -> Option<SubscriberNo> {
        let members = &self.members[group];
        (0..12)
            .filter(|_| !members.is_empty())
            .map(|_| *rng.pick(members))
            .find(|no| {
                let subscriber = &self.subscribers[*no];
                subscriber.is_plain() && subscriber.events_until < since
            })
    }
}
