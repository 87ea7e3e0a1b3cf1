//! Key dates and key projects of the groups, managers who are away, groups that change hands, feeds
//! that close.
//!
//! Invariant: birthdays and contract ends are placed so that reminders are sent within the city's
//! days.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::city_state::CityState;
use super::layout::born;
use super::names;
use crate::domain::event::{
    EventData, Every, Feed, Group, KeyDate, KeyDateKind, KeyDay, LunarDay, Manager, Project, Tier,
};
use crate::domain::ids::{KeyDateId, ProjectId};
use crate::domain::local_day::LocalDay;

impl CityState {
    /// Makes the key dates and projects of the groups on the load day.
    pub(super) fn load_key_dates(&mut self) {
        for group in 0..self.layout.sites.len() {
            let tier = self.layout.sites[group].group.tier;
            for post in ["联系人", "决策人"] {
                let (name, age) = (names::person(&mut self.rng).0, self.rng.between(28, 58));
                let born = born(&self.days, age, &mut self.rng);
                // An older person keeps his birthday by the lunar calendar.
                let day = if age >= 50 {
                    lunar(born)
                } else {
                    KeyDay::Solar(born)
                };
                self.say_key_date(
                    group,
                    KeyDateKind::Birthday,
                    &format!("{post}{name}生日"),
                    Some(&name),
                    day,
                );
            }
            self.say_anniversary(group);
            self.say_contract_end(group);
            self.say_ceremony(group, tier);
            if tier == Tier::A || (tier == Tier::B && self.rng.chance(0.15)) {
                self.say_project(group);
            }
        }
    }

    fn say_anniversary(&mut self, group: usize) {
        if self.rng.chance(0.2) {
            let (age, name) = (
                self.rng.between(3, 30),
                self.layout.sites[group].group.name.clone(),
            );
            let founded = born(&self.days, age, &mut self.rng);
            self.say_key_date(
                group,
                KeyDateKind::Anniversary,
                &format!("{name}成立周年"),
                None,
                KeyDay::Solar(founded),
            );
        }
    }

    fn say_contract_end(&mut self, group: usize) {
        if self.rng.chance(0.35) {
            let ends = self
                .days
                .first
                .plus(self.rng.between(10, self.length() + 80))
                .date();
            self.say_key_date(
                group,
                KeyDateKind::ContractEnd,
                "集团专线合约到期",
                None,
                KeyDay::Solar(ends),
            );
        }
    }

    fn say_ceremony(&mut self, group: usize, tier: Tier) {
        if tier <= Tier::B && self.rng.chance(0.2) {
            let on = self
                .days
                .first
                .plus(self.rng.between(10, self.length()))
                .date();
            self.say_key_date(
                group,
                KeyDateKind::Ceremony,
                "新厂区落成典礼",
                None,
                KeyDay::Solar(on),
            );
        }
    }

    fn length(&self) -> i32 {
        self.days.last.number() - self.days.first.number()
    }

    fn say_key_date(
        &mut self,
        group: usize,
        kind: KeyDateKind,
        title: &str,
        contact: Option<&str>,
        day: KeyDay,
    ) {
        let key_date_id = KeyDateId::parse(&format!("D{:06}", self.next_serial()))
            .expect("a short text is an id");
        let every = if matches!(kind, KeyDateKind::Birthday | KeyDateKind::Anniversary) {
            Every::Year
        } else {
            Every::Once
        };
        let (group_id, contact) = (self.group_id(group), contact.map(Into::into));
        let payload = KeyDate {
            key_date_id,
            group_id,
            kind,
            title: title.into(),
            contact,
            day,
            every,
            lead_days: None,
            removed: false,
        };
        let time = self.days.within(self.days.load(), 20, 21, &mut self.rng);
        self.log.say(time, EventData::KeyDate(payload));
    }

    fn say_project(&mut self, group: usize) {
        let project_id = ProjectId::parse(&format!("J{:05}", self.next_serial()))
            .expect("a short text is an id");
        let title = *self.rng.pick(&[
            "智慧园区专网建设",
            "云视讯会议系统",
            "千兆专线升级",
            "5G工业视觉质检",
        ]);
        let due_on = Some(
            self.days
                .first
                .plus(self.rng.between(20, self.length() + 40))
                .date(),
        );
        let payload = Project {
            project_id,
            group_id: self.group_id(group),
            title: title.into(),
            due_on,
            closed: false,
        };
        let time = self.days.within(self.days.load(), 21, 22, &mut self.rng);
        self.log.say(time, EventData::Project(payload));
    }

    /// A manager is away for a week, and two groups change hands.
    pub(super) fn staff_changes(&mut self, day: LocalDay) {
        let since = day.number() - self.days.first.number();
        let managers = self.layout.managers.len();
        if since == self.length() / 4 && managers > 1 {
            let (who, delegate) = (self.rng.below(managers), self.rng.below(managers - 1));
            let delegate = if delegate >= who {
                delegate + 1
            } else {
                delegate
            };
            let delegate_id = Some(self.layout.managers[delegate].manager_id.clone());
            let away = Manager {
                delegate_id,
                away_until: Some(day.plus(6).date()),
                ..self.layout.managers[who].clone()
            };
            let time = self.hours(day);
            self.log.say(time, EventData::Manager(away));
        }
        if since == self.length() * 2 / 5 || since == self.length() * 2 / 3 {
            let group = self.rng.below(self.layout.sites.len());
            let unit = self.layout.sites[group].unit;
            let colleagues: Vec<usize> = (self.layout.sites.iter())
                .filter(|site| {
                    site.unit == unit && site.manager != self.layout.sites[group].manager
                })
                .map(|site| site.manager)
                .collect();
            if colleagues.is_empty() {
                return;
            }
            let to = *self.rng.pick(&colleagues);
            let manager_id = self.layout.managers[to].manager_id.clone();
            let site = &mut self.layout.sites[group];
            (site.manager, site.group) = (
                to,
                Group {
                    manager_id,
                    ..site.group.clone()
                },
            );
            let payload = site.group.clone();
            let time = self.hours(day);
            self.log.say(time, EventData::Group(payload));
        }
    }

    /// Closes the feeds of BOSS and of the CRM for every day, with how many events each sent.
    pub(super) fn close_feeds(&mut self) {
        let mut sent: BTreeMap<LocalDay, [u64; 2]> =
            self.days.all().map(|day| (day, [0, 0])).collect();
        let zone = self.days.zone;
        self.log.each(|time, boss| {
            if let Some(day) = sent.get_mut(&zone.day_of(time)) {
                day[usize::from(!boss)] += 1;
            }
        });
        for (day, [boss, crm]) in sent {
            for (name, events, second) in [("boss", boss, 2_400), ("crm", crm, 2_460)] {
                let time = self.days.at(day.plus(1), second);
                self.log.say(
                    time,
                    EventData::Feed(Feed {
                        feed: name.into(),
                        date: day.date(),
                        events,
                    }),
                );
            }
        }
    }
}

/// A lunar date with the numbers of a solar one: it falls some weeks later.
fn lunar(date: NaiveDate) -> KeyDay {
    let (month, day) = (date.month() as u8, date.day().min(30) as u8);
    KeyDay::Lunar(LunarDay {
        month,
        day,
        leap: false,
    })
}
