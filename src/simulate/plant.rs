//! Makes the events of the planted incidents and near misses, day by day.
//!
//! It does not judge what comes of them: `judge` does. Invariant: a planned subscriber or complaint
//! comes on its day.

use super::city_state::{CityState, Leaving};
use super::incident::{IncidentKind, NearMissKind};
use super::plan::{Planned, Plot};
use super::roster::SubscriberNo;
use super::service::SurveyAnswer;
use crate::domain::event::{EventData, Intent, PortStage, Role, Status, StopReason};
use crate::domain::local_day::LocalDay;

impl CityState {
    /// Makes the events of this day's share; bad answers are left to the day's surveys.
    pub(super) fn plant(
        &mut self,
        planned: &Planned,
        day: LocalDay,
        answers: &mut Vec<SurveyAnswer>,
    ) {
        let (share, group) = (planned.share(day), planned.group);
        if share == 0 {
            return;
        }
        match planned.plot {
            Plot::Incident(IncidentKind::ChurnWave) => self.churn_wave(planned, share, day),
            Plot::Incident(IncidentKind::BatchLeave) => {
                (0..share).for_each(|_| self.plain_leaves(group, day, Leaving::PortedOut))
            }
            Plot::NearMiss(NearMissKind::OneLeaver | NearMissKind::TwoTogether) => {
                (0..share).for_each(|_| self.plain_leaves(group, day, Leaving::Voluntary));
            }
            Plot::Incident(IncidentKind::MemberLoss) => {
                let to = self.host(group);
                for _ in 0..share {
                    if let Some(subscriber) = self.any_plain(group) {
                        self.moves(subscriber, day, to);
                    }
                }
            }
            Plot::Incident(IncidentKind::ComplaintWave) => {
                (0..share).for_each(|_| self.complains(group, day, "网络质量", true))
            }
            Plot::NearMiss(NearMissKind::OneComplaint) => {
                let category = self.category();
                self.complains(group, day, category, true);
            }
            Plot::Incident(IncidentKind::BadSurveys) | Plot::NearMiss(NearMissKind::FewAnswers) => {
                for _ in 0..share {
                    let (time, score) = (
                        self.days.within(day, 9, 21, &mut self.rng),
                        self.rng.between(45, 74),
                    );
                    answers.push(SurveyAnswer {
                        time,
                        group,
                        planted: Some(score),
                    });
                }
            }
            Plot::Incident(IncidentKind::LockedNumberLost) => self.locked_leaves(planned, day),
            Plot::Incident(IncidentKind::KeyLine) => self.key_line(planned, day),
            Plot::Incident(IncidentKind::GroupGone) => {
                self.warn_once(planned, day, "企业拟整体迁往外地，员工号码陆续销户");
                for _ in 0..share {
                    let Some(subscriber) = self.roster.members(group).last().copied() else {
                        return;
                    };
                    self.leaves(subscriber, day, Leaving::Voluntary, false);
                }
            }
            Plot::Incident(IncidentKind::Chance) => {}
        }
    }

    fn churn_wave(&mut self, planned: &Planned, share: usize, day: LocalDay) {
        let note = "客户反映竞争对手上门推广，部分员工准备携号转网";
        self.warn_once(planned, day, note);
        for nth in 0..share {
            let how = if nth % 5 < 3 {
                Leaving::PortedOut
            } else {
                Leaving::Voluntary
            };
            self.plain_leaves(planned.group, day, how);
        }
    }

    /// On its first day the manager notes a contact about it.
    fn warn_once(&mut self, planned: &Planned, day: LocalDay, note: &str) {
        if day == planned.start {
            let time = self.hours(day);
            let contact = self.new_contact(planned.group, note, Some(Intent::Strong));
            self.log.say(time, EventData::Contact(contact));
        }
    }

    fn plain_leaves(&mut self, group: usize, day: LocalDay, how: Leaving) {
        if let Some(subscriber) = self.any_plain(group) {
            self.leaves(subscriber, day, how, true);
        }
    }

    /// Some plain member; members of a planned group have no other events.
    fn any_plain(&mut self, group: usize) -> Option<SubscriberNo> {
        let members = self.roster.members(group);
        let from = self.rng.below(members.len());
        (members[from..].iter().chain(&members[..from]))
            .copied()
            .find(|subscriber| self.roster.subscriber(*subscriber).is_plain())
    }

    /// Where members go over to: the largest group in which nothing is planned.
    fn host(&self, group: usize) -> usize {
        let sites = 0..self.layout.sites.len();
        sites
            .filter(|other| *other != group && !self.guard.spared[*other].subscribers)
            .max_by_key(|g| self.roster.members(*g).len())
            .unwrap_or(0)
    }

    fn locked_leaves(&mut self, planned: &Planned, day: LocalDay) {
        let locked = |subscriber: &SubscriberNo| {
            self.roster.subscriber(*subscriber).locked
                && self.roster.subscriber(*subscriber).role == Role::Member
        };
        if let Some(subscriber) = self
            .roster
            .members(planned.group)
            .iter()
            .copied()
            .find(locked)
        {
            let how = if planned.nth.is_multiple_of(2) {
                Leaving::PortedOut
            } else {
                Leaving::Voluntary
            };
            self.leaves(subscriber, day, how, true);
        }
    }

    /// The decision maker's or key contact's own subscriber: stopped, pre-cancelled, asked for
    /// porting, cancelled, authorised.
    fn key_line(&mut self, planned: &Planned, day: LocalDay) {
        let role = if planned.nth.is_multiple_of(2) {
            Role::DecisionMaker
        } else {
            Role::KeyContact
        };
        let of_role = |subscriber: &SubscriberNo| self.roster.subscriber(*subscriber).role == role;
        let Some(subscriber) = self
            .roster
            .members(planned.group)
            .iter()
            .copied()
            .find(of_role)
        else {
            return;
        };
        let (time, back) = (self.hours(day), self.hours(day.plus(3)));
        match planned.nth % 5 {
            0 => {
                self.say_status(
                    time,
                    subscriber,
                    Status::Suspended,
                    Some(StopReason::Request),
                );
                self.say_status(back, subscriber, Status::Active, None);
            }
            1 => {
                self.say_status(time, subscriber, Status::PreCancelled, None);
                self.say_status(back, subscriber, Status::Active, None);
            }
            2 => self.say_port(time, subscriber, PortStage::Queried),
            3 => {
                self.leaves(subscriber, day, Leaving::Voluntary, false);
            }
            _ => self.say_port(time, subscriber, PortStage::Authorised),
        }
    }
}
