//! The events of a seed: a small company in which people leave, are stopped, complain and are
//! asked, with deliveries that come twice, late, in conflict, retracted or as no events at all; and
//! what they must add up to, counted here.

use chrono::TimeDelta;
use serde_json::{Value, json};
use sisan::domain::local_day::Timestamp;
use sisan::simulate::Rng;

/// What is drawn from: low and high, both included.
pub const GROUPS: (i32, i32) = (2, 4);
pub const MEMBERS_OF_A_GROUP: (i32, i32) = (10, 40);
pub const LIVE_EVENTS: (i32, i32) = (40, 160);
/// How late a live event may be.
const LATE_MAX_MINUTES: i32 = 36 * 60;
const OUT_OF_ORDER: f64 = 0.3;
const SECOND_DELIVERY: f64 = 0.08;
const CONFLICT: f64 = 0.03;
const NO_EVENT: f64 = 0.03;
const RETRACTED: f64 = 0.08;

/// A message to publish.
#[derive(Debug, Clone)]
pub struct Message {
    /// When, from the beginning.
    pub after: TimeDelta,
    /// Messages of one key keep their order.
    pub key: usize,
    pub text: Vec<u8>,
}

/// Messages, in the order of their publication, and what they add up to.
pub struct Input {
    pub messages: Vec<Message>,
    pub applied: u64,
    pub duplicates: u64,
    pub conflicts: u64,
    pub rejected: u64,
}

struct Maker {
    rng: Rng,
    begun: Timestamp,
    groups: usize,
    members: Vec<(String, usize)>,
    input: Input,
    number: usize,
}

/// The messages of a seed over a time from `begun` on.
pub fn input_of(seed: u64, begun: Timestamp, over: TimeDelta) -> Input {
    let mut rng = Rng::new(seed, 1);
    let groups = rng.between(GROUPS.0, GROUPS.1) as usize;
    let members = (0..groups).flat_map(|group| {
        let count = rng.between(MEMBERS_OF_A_GROUP.0, MEMBERS_OF_A_GROUP.1);
        (0..count)
            .map(move |member| (format!("139{group:02}{member:06}"), group))
            .collect::<Vec<_>>()
    });
    let members = members.collect();
    let input = Input {
        messages: Vec::new(),
        applied: 0,
        duplicates: 0,
        conflicts: 0,
        rejected: 0,
    };
    let mut maker = Maker {
        rng,
        begun,
        groups,
        members,
        input,
        number: 0,
    };
    maker.company();
    let count = maker.rng.between(LIVE_EVENTS.0, LIVE_EVENTS.1);
    for _ in 0..count {
        let after = TimeDelta::seconds(maker.rng.below(over.num_seconds().max(1) as usize) as i64);
        maker.live(after);
    }
    maker.input.messages.sort_by_key(|message| message.after);
    maker.input
}

impl Maker {
    /// Who is who, since the month before.
    fn company(&mut self) {
        let long_ago = self.begun.plus(TimeDelta::days(-7));
        let head = json!({"manager_id": "H1", "name": "主任", "email": "h1@sisan.example.com"});
        self.event(long_ago, "crm.manager.v1", &head);
        self.event(
            long_ago,
            "crm.unit.v1",
            &json!({"unit_id": "U1", "name": "第一中心", "head_manager_id": "H1"}),
        );
        for group in 0..self.groups {
            let manager = json!({"manager_id": format!("M{group}"), "name": format!("经理{group}"),
                "email": format!("m{group}@sisan.example.com"), "supervisor_id": "H1"});
            self.event(long_ago, "crm.manager.v1", &manager);
            let tier = ["A", "B", "C", "D"][group % 4];
            let customer = json!({"group_id": format!("G{group}"), "name": format!("集团{group}"), "unit_id": "U1",
                "manager_id": format!("M{group}"), "tier": tier});
            self.event(long_ago, "crm.group.v1", &customer);
            let lead = i64::from(self.rng.between(0, 31));
            let on = self.begun.plus(TimeDelta::days(lead)).to_string()[..10].to_owned();
            let date = json!({"key_date_id": format!("K{group}"), "group_id": format!("G{group}"), "kind": "contract_end",
                "title": "合同到期", "calendar": "solar", "date": on, "every": "once"});
            self.event(long_ago, "crm.key_date.v1", &date);
        }
        for (at, (line, group)) in self.members.clone().into_iter().enumerate() {
            let joined = json!({"subscriber_id": line, "group_id": format!("G{group}"), "change": "joined",
                "locked": at % 7 == 0, "role": if at % 11 == 0 { "decision_maker" } else { "member" }});
            self.event(long_ago, "boss.membership.v1", &joined);
        }
    }

    /// Something happens.
    fn live(&mut self, after: TimeDelta) {
        let late = if self.rng.chance(OUT_OF_ORDER) {
            self.rng.between(0, LATE_MAX_MINUTES)
        } else {
            0
        };
        let time = self.begun.plus(after - TimeDelta::minutes(i64::from(late)));
        let (line, group) = self.rng.pick(&self.members).clone();
        let (kind, data) = self.draw(&line, group);
        let (id, event) = self.make(time, kind, &data);
        let key = self.number;
        self.publish(after, key, &event);
        self.input.applied += 1;
        self.deliver_again(after, key, time, &event);
        if self.rng.chance(RETRACTED) {
            self.retract(after, time, &id);
        }
        if self.rng.chance(NO_EVENT) {
            self.deliver_no_event(after);
        }
    }

    /// What happens to a subscriber or to its group.
    fn draw(&mut self, line: &str, group: usize) -> (&'static str, Value) {
        let of = format!("G{group}");
        let dice = self.rng.below(100);
        match dice {
            0..25 => (
                "boss.subscriber.status.v1",
                json!({"subscriber_id": line, "status": "suspended", "reason": "arrears"}),
            ),
            25..40 => (
                "boss.subscriber.status.v1",
                json!({"subscriber_id": line, "status": "active"}),
            ),
            40..50 => (
                "boss.subscriber.status.v1",
                json!({"subscriber_id": line, "status": "cancelled_voluntary"}),
            ),
            50..54 => (
                "boss.port_out.v1",
                json!({"subscriber_id": line, "stage": "authorised"}),
            ),
            54..60 => (
                "boss.subscriber.status.v1",
                json!({"subscriber_id": line, "status": "ported_out"}),
            ),
            60..70 => (
                "boss.membership.v1",
                json!({"subscriber_id": line, "group_id": of, "change": "left"}),
            ),
            70..80 => (
                "crm.complaint.v1",
                json!({"complaint_id": format!("C{}", self.number), "group_id": of, "state": "filed"}),
            ),
            80..85 => {
                let manager = json!({"manager_id": format!("M{group}"), "name": format!("经理{group}"), "active": self.rng.chance(0.5),
                    "email": format!("m{group}@sisan.example.com"), "supervisor_id": "H1"});
                ("crm.manager.v1", manager)
            }
            _ => {
                let score = 60 + self.rng.below(40);
                (
                    "crm.survey.v1",
                    json!({"survey_id": format!("S{}", self.number), "group_id": of, "score": score, "scale": "100"}),
                )
            }
        }
    }

    /// The same event once more, or another under its identity.
    fn deliver_again(&mut self, after: TimeDelta, key: usize, time: Timestamp, event: &Value) {
        if self.rng.chance(SECOND_DELIVERY) {
            let key = self.rng.below(64);
            self.publish_later(after, key, event);
            self.input.duplicates += 1;
        }
        if self.rng.chance(CONFLICT) {
            let mut other = event.clone();
            other["time"] = time.plus(TimeDelta::seconds(-1)).to_string().into();
            // Behind the first of its identity, in its partition: which of the two comes first is
            // not left to chance.
            self.publish_later(after, key, &other);
            self.input.conflicts += 1;
        }
    }

    fn retract(&mut self, after: TimeDelta, time: Timestamp, id: &str) {
        let target = json!({"source": "/simulator", "id": id});
        let (_, retraction) = self.make(time, "boss.retraction.v1", &target);
        let key = self.number;
        // It may come first.
        let before = self
            .rng
            .chance(0.3)
            .then(|| TimeDelta::minutes(i64::from(self.rng.between(0, 30))));
        match before {
            Some(before) => self.publish((after - before).max(TimeDelta::zero()), key, &retraction),
            None => self.publish_later(after, key, &retraction),
        }
        self.input.applied += 1;
    }

    fn deliver_no_event(&mut self, after: TimeDelta) {
        let (text, key) = (
            *self
                .rng
                .pick(&[&b"{"[..], b"", b"[]", br#"{"specversion":"1.0"}"#]),
            self.number,
        );
        self.input.messages.push(Message {
            after,
            key,
            text: text.to_vec(),
        });
        self.input.rejected += 1;
    }

    fn event(&mut self, time: Timestamp, kind: &str, data: &Value) {
        let (_, event) = self.make(time, kind, data);
        self.publish(TimeDelta::zero(), self.number, &event);
        self.input.applied += 1;
    }

    fn make(&mut self, time: Timestamp, kind: &str, data: &Value) -> (String, Value) {
        self.number += 1;
        let id = format!("e{}", self.number);
        let time = time.to_string();
        let event = json!({"specversion": "1.0", "id": id, "source": "/simulator", "type": kind, "time": time, "data": data});
        (id, event)
    }

    fn publish_later(&mut self, after: TimeDelta, key: usize, event: &Value) {
        let later = TimeDelta::seconds(i64::from(self.rng.between(0, 3_600)));
        self.publish(after + later, key, event);
    }

    fn publish(&mut self, after: TimeDelta, key: usize, event: &Value) {
        self.input.messages.push(Message {
            after,
            key,
            text: event.to_string().into_bytes(),
        });
    }
}
