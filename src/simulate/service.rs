//! Complaints, surveys and contacts of the customer service.
//!
//! Invariant: by chance alone no group, unit or company is over a limit with five answers or more:
//! at every answer the means so far stay above 80, whatever the order of the groups.

use chrono::{Datelike, TimeDelta, Weekday};

use super::city_state::CityState;
use super::rng::Rng;
use crate::domain::event::{
    Channel, Complaint, ComplaintSeverity, ComplaintState, Contact, Effect, EventData, Intent,
    Scale, Survey, Tier,
};
use crate::domain::ids::{ComplaintId, ContactId, SurveyId};
use crate::domain::local_day::{LocalDay, Timestamp};

/// Complaints per member and month.
const COMPLAINTS: f64 = 0.0007;
/// The categories of complaints.
const CATEGORIES: [&str; 6] = [
    "网络质量",
    "资费争议",
    "营业服务",
    "宽带故障",
    "业务退订",
    "骚扰电话",
];
/// The notes of contacts.
const NOTES: [&str; 8] = [
    "例行走访，客户对网络覆盖基本满意",
    "回访宽带提速情况，客户认可",
    "沟通套餐到期续约意向",
    "了解办公室搬迁计划，需提前布线",
    "客户咨询5G专网方案，已转行业经理",
    "核对统付账单，无异议",
    "推介云视讯业务，客户有兴趣",
    "收集员工用网反馈，信号偏弱的楼层已记录",
];

/// The notes of contacts that promise a follow-up: each names what will follow.
pub(super) const PROMISES: [&str; 5] = [
    "客户反映会议室信号弱，答应查明后回复",
    "客户询问专线报价，答应核价后回复",
    "客户要近三个月的用量明细，答应整理后送去",
    "客户想看云视讯演示，答应约好时间回复",
    "客户问统付账单中的一笔费用，答应核对后答复",
];

/// An answer that is to be given.
#[derive(Debug)]
pub(super) struct SurveyAnswer {
    pub(super) time: Timestamp,
    pub(super) group: usize,
    /// Its score on the 100 scale where it was planted.
    pub(super) planted: Option<i32>,
}

/// Sums of the month's answers, so that chance stays on the right side.
#[derive(Debug, Default)]
pub(super) struct Answers {
    groups: Vec<(i32, i32)>,
    units: Vec<(i32, i32)>,
    company: (i32, i32),
}

impl Answers {
    pub(super) fn begin_month(&mut self, groups: usize, units: usize) {
        *self = Self {
            groups: vec![(0, 0); groups],
            units: vec![(0, 0); units],
            company: (0, 0),
        };
    }

    /// Whether another score keeps the mean of each level at 82 or more.
    fn bears(&self, group: usize, unit: usize, score: i32) -> bool {
        [self.groups[group], self.units[unit], self.company]
            .iter()
            .all(|(n, sum)| sum + score >= 82 * (n + 1))
    }

    fn add(&mut self, group: usize, unit: usize, score: i32) {
        for (n, sum) in [
            &mut self.groups[group],
            &mut self.units[unit],
            &mut self.company,
        ] {
            *n += 1;
            *sum += score;
        }
    }
}

impl CityState {
    /// Files one complaint; it is settled within days, unless `lasting`.
    pub(super) fn complains(&mut self, group: usize, day: LocalDay, category: &str, lasting: bool) {
        let complaint_id = ComplaintId::parse(&format!("C{:07}", self.next_serial()))
            .expect("a short text is an id");
        let members = self.roster.members(group);
        let who = if members.is_empty() {
            None
        } else {
            Some(*self.rng.pick(members))
        };
        let subscriber_id = who.map(|subscriber| self.roster.subscriber(subscriber).id.clone());
        let severity = if self.rng.chance(0.03) {
            ComplaintSeverity::Major
        } else {
            ComplaintSeverity::Normal
        };
        let (group_id, category) = (self.group_id(group), Some(category.into()));
        let filed = Complaint {
            complaint_id,
            group_id,
            subscriber_id,
            state: ComplaintState::Filed,
            category,
            severity,
        };
        let time = self.hours(day);
        self.log.say(time, EventData::Complaint(filed.clone()));
        if lasting && self.rng.chance(0.6) {
            return;
        }
        let state = if !lasting && self.rng.chance(0.04) {
            ComplaintState::Withdrawn
        } else {
            ComplaintState::Resolved
        };
        let time = time.plus(TimeDelta::minutes(i64::from(
            self.rng.between(180, 52 * 60),
        )));
        self.log
            .say(time, EventData::Complaint(Complaint { state, ..filed }));
    }

    pub(super) fn category(&mut self) -> &'static str {
        CATEGORIES[self.rng.below(CATEGORIES.len())]
    }

    /// The day's complaints by chance.
    pub(super) fn complaints_background(&mut self, day: LocalDay) {
        for group in 0..self.layout.sites.len() {
            let mean = self.roster.members(group).len() as f64 * COMPLAINTS / 30.0;
            for _ in 0..self.rng.poisson(mean) {
                if self.guard.may_complain(group) {
                    let category = self.category();
                    self.complains(group, day, category, false);
                }
            }
        }
    }

    /// The day's answers, those planted among them.
    pub(super) fn surveys(
        &mut self,
        day: LocalDay,
        answers: &mut Answers,
        mut today: Vec<SurveyAnswer>,
    ) {
        for group in 0..self.layout.sites.len() {
            let mean = (1.0 + self.roster.members(group).len() as f64 / 50.0) / 30.0;
            for _ in 0..self.rng.poisson(mean) {
                if !self.guard.spared[group].surveys {
                    let time = self.days.within(day, 9, 21, &mut self.rng);
                    today.push(SurveyAnswer {
                        time,
                        group,
                        planted: None,
                    });
                }
            }
        }
        today.sort_by_key(|answer| (answer.time, answer.group));
        for answer in today {
            let unit = self.layout.sites[answer.group].unit;
            let (scale, points) = match answer.planted {
                Some(score) => (Scale::Hundred, score * 1_000),
                None => score(&mut self.rng, |score| {
                    answers.bears(answer.group, unit, score)
                }),
            };
            let survey_id = SurveyId::parse(&format!("S{:07}", self.next_serial()))
                .expect("a short text is an id");
            let payload = Survey {
                survey_id,
                group_id: self.group_id(answer.group),
                score_thousandths: i64::from(points),
                scale,
            };
            answers.add(
                answer.group,
                unit,
                (payload.hundred_thousandths() / 1_000) as i32,
            );
            self.log.say(answer.time, EventData::Survey(payload));
        }
    }

    /// The day's visits and calls: none at weekends.
    pub(super) fn contacts(&mut self, day: LocalDay) {
        if matches!(day.date().weekday(), Weekday::Sat | Weekday::Sun) {
            return;
        }
        for group in 0..self.layout.sites.len() {
            let a_month = match self.layout.sites[group].group.tier {
                Tier::A => 4.0,
                Tier::B => 2.5,
                Tier::C => 1.2,
                Tier::D => 0.6,
            };
            if self.rng.chance(a_month / 21.0) {
                self.contact(group, day);
            }
        }
    }

    /// One contact; some promise a follow-up, and most promises are kept.
    fn contact(&mut self, group: usize, day: LocalDay) {
        let promised = self
            .rng
            .chance(0.15)
            .then(|| working_day(day.plus(self.rng.between(2, 6))));
        let notes: &[&str] = if promised.is_some() {
            &PROMISES
        } else {
            &NOTES
        };
        let (note, time) = (*self.rng.pick(notes), self.hours(day));
        let intent = *self.rng.pick(&[
            Intent::None,
            Intent::None,
            Intent::None,
            Intent::None,
            Intent::Weak,
        ]);
        let made = self.new_contact(group, note, Some(intent));
        let contact = Contact {
            promised_on: promised.map(LocalDay::date),
            ..made
        };
        let fulfils = Some(contact.contact_id.clone());
        self.log.say(time, EventData::Contact(contact));
        if let Some(due) = promised.filter(|_| self.rng.chance(0.85)) {
            let time = self.days.within(due, 9, 17, &mut self.rng);
            let kept = Contact {
                fulfils,
                effect: Some(Effect::Good),
                ..self.new_contact(group, "兑现承诺，已回复客户", None)
            };
            self.log.say(time, EventData::Contact(kept));
        }
    }

    /// A contact of the group's manager.
    pub(super) fn new_contact(
        &mut self,
        group: usize,
        note: &str,
        intent: Option<Intent>,
    ) -> Contact {
        let contact_id = ContactId::parse(&format!("K{:07}", self.next_serial()))
            .expect("a short text is an id");
        let channel = *self.rng.pick(&[
            Channel::Visit,
            Channel::Visit,
            Channel::Call,
            Channel::Call,
            Channel::Mail,
        ]);
        let site = &self.layout.sites[group].group;
        let (group_id, manager_id, note) = (
            site.group_id.clone(),
            site.manager_id.clone(),
            Some(note.into()),
        );
        let (promised_on, fulfils, opinion, effect) = (None, None, None, None);
        Contact {
            contact_id,
            group_id,
            manager_id,
            channel,
            note,
            promised_on,
            fulfils,
            intent,
            opinion,
            effect,
        }
    }
}

/// The Monday after, for a day of the weekend.
fn working_day(day: LocalDay) -> LocalDay {
    match day.date().weekday() {
        Weekday::Sat => day.plus(2),
        Weekday::Sun => day.plus(1),
        _ => day,
    }
}

/// A score by chance, about 88 on average, in thousandths of its scale's point; a better one where
/// it is not borne.
fn score(rng: &mut Rng, bears: impl Fn(i32) -> bool) -> (Scale, i32) {
    let drawn = (88.0 + rng.normal() * 7.0).clamp(62.0, 100.0) as i32;
    match rng.unit() {
        u if u < 0.15 => {
            let stars = if drawn >= 86 { 5 } else { 4 };
            (
                Scale::Five,
                if bears(stars * 20) { stars } else { 5 } * 1_000,
            )
        }
        u if u < 0.40 => {
            let halves = drawn / 5;
            (
                Scale::Ten,
                if bears(halves * 5) { halves } else { 19 } * 500,
            )
        }
        _ => (
            Scale::Hundred,
            if bears(drawn) { drawn } else { 95 } * 1_000,
        ),
    }
}
