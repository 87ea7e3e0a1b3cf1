//! Many small events, fast, for benches: bytes as a producer sends them, without a city behind
//! them.
//!
//! It shares nothing with the city but the number generator. Invariant: the same arguments give the
//! same bytes; times never fall, but in the repeated deliveries.

use std::io::Write;

use chrono::{FixedOffset, TimeDelta, TimeZone, Timelike};

use super::json::local_time;
use super::names::phone;
use super::rng::Rng;
use crate::domain::local_day::Timestamp;

/// What a delivery is keyed by: a phone number, or a group id of as many characters.
pub type BenchKey = [u8; 11];

/// Members of a group.
const GROUP_MEMBERS: u32 = 100;
/// Days over which the events are spread.
const DAYS: i64 = 60;
/// One delivery of this many repeats one of the last [`RING`].
const DUPLICATE_OF: u32 = 100;
/// Deliveries that may be repeated.
const RING: usize = 256;

/// `n` deliveries over the 60 days before `end`, 1 % of them repeated: 55 % statuses, 15 %
/// memberships, 20 % bills and payments, 5 % complaints, 5 % surveys, over `members` subscribers
/// and a hundredth as many groups.
pub fn bench_events(
    n: u64,
    members: u32,
    seed: u64,
    end: Timestamp,
) -> impl Iterator<Item = (BenchKey, Vec<u8>)> {
    let begin = end.plus(TimeDelta::days(-DAYS)).micros();
    let step = (DAYS as f64 * 86_400e6 / n.max(1) as f64).max(0.0);
    let mut maker = Maker {
        rng: Rng::new(seed, 5),
        seed,
        members: members.max(1),
        hour: (i64::MIN, String::new()),
    };
    let mut ring: Vec<(BenchKey, Vec<u8>)> = Vec::with_capacity(RING);
    (0..n).map(move |number| {
        if !ring.is_empty() && maker.rng.below(DUPLICATE_OF as usize) == 0 {
            return maker.rng.pick(&ring).clone();
        }
        let made = maker.make(number, begin + (number as f64 * step) as i64);
        match ring.len() {
            RING => ring[number as usize % RING].clone_from(&made),
            _ => ring.push(made.clone()),
        }
        made
    })
}

/// The units, managers and groups of `members` subscribers, 61 days before `end`.
#[must_use]
pub fn bench_reference(members: u32, end: Timestamp) -> Vec<(BenchKey, Vec<u8>)> {
    let groups = groups(members.max(1));
    let (units, managers) = (groups / 50 + 1, groups / 12 + 1);
    let time = local_time(end.plus(TimeDelta::days(-DAYS - 1)));
    let mut all = Vec::new();
    let mut say = |key: u32, kind: &str, number: u32, data: String| {
        let id = format!("{kind}{number:07}");
        let text = format!(
            r#"{{"specversion":"1.0","id":"{id}","source":"/bench/crm","type":"crm.{kind}.v1","time":"{time}","data":{data}}}"#
        );
        all.push((group_key(key), text.into_bytes()));
    };
    for unit in 0..units {
        let head = format!(
            r#"{{"manager_id":"H{unit:04}","name":"主任{unit}","email":"h{unit}@bench.example.com"}}"#
        );
        say(unit, "manager", 1_000_000 + unit, head);
        say(
            unit,
            "unit",
            unit,
            format!(
                r#"{{"unit_id":"U{unit:04}","name":"第{unit}客户中心","head_manager_id":"H{unit:04}"}}"#
            ),
        );
    }
    for manager in 0..managers {
        let above = manager % units;
        let email = format!("m{manager}@bench.example.com");
        let data = format!(
            r#"{{"manager_id":"M{manager:06}","name":"经理{manager}","email":"{email}","supervisor_id":"H{above:04}"}}"#
        );
        say(manager, "manager", manager, data);
    }
    for group in 0..groups {
        let (tier, unit, manager) = (
            ["A", "B", "C", "D"][group as usize % 4],
            group % units,
            group % managers,
        );
        let name = format!("集团客户{group}有限公司");
        let data = format!(
            r#"{{"group_id":"G{group:010}","name":"{name}","unit_id":"U{unit:04}","manager_id":"M{manager:06}","tier":"{tier}"}}"#
        );
        say(group, "group", group, data);
    }
    all
}

/// Every subscriber joins its group, 61 days before `end`.
pub fn bench_members(members: u32, end: Timestamp) -> impl Iterator<Item = (BenchKey, Vec<u8>)> {
    let time = local_time(end.plus(TimeDelta::days(-DAYS - 1)));
    (0..members).map(move |member| {
        let (who, group) = (phone(member as usize), member % groups(members));
        let text = format!(
            r#"{{"specversion":"1.0","id":"l{member:09}","source":"/bench/boss","type":"boss.membership.v1","time":"{time}","data":{{"subscriber_id":"{who}","group_id":"G{group:010}","change":"joined"}}}}"#
        );
        (phone_key(&who), text.into_bytes())
    })
}

const fn groups(members: u32) -> u32 {
    if members < GROUP_MEMBERS {
        1
    } else {
        members / GROUP_MEMBERS
    }
}

fn phone_key(phone: &str) -> BenchKey {
    let mut key = [b'0'; 11];
    key.copy_from_slice(phone.as_bytes());
    key
}

fn group_key(group: u32) -> BenchKey {
    let mut key = [b'G'; 11];
    write!(&mut key[1..], "{group:010}").expect("a u32 has at most 10 digits");
    key
}

struct Maker {
    rng: Rng,
    /// Part of every id, so that no two runs share any.
    seed: u64,
    members: u32,
    /// The hour of the last event and its local date and hour as text, so that most times cost no
    /// calendar.
    hour: (i64, String),
}

impl Maker {
    fn make(&mut self, number: u64, micros: i64) -> (BenchKey, Vec<u8>) {
        let member = self.rng.below(self.members as usize) as u32;
        let who = phone(member as usize);
        let (seed, dice, mut out) = (self.seed, self.rng.below(100), Vec::with_capacity(320));
        // Few complaints that change often, since 5 % new ones would put every group over its
        // limit.
        let complaint = member % (self.members / 700).max(1);
        let group = if (90..95).contains(&dice) {
            complaint
        } else {
            member
        } % groups(self.members);
        let (kind, source) = match dice {
            0..55 => ("boss.subscriber.status.v1", "/bench/boss"),
            55..70 => ("boss.membership.v1", "/bench/boss"),
            70..80 => ("boss.bill.v1", "/bench/billing"),
            80..90 => ("boss.payment.v1", "/bench/billing"),
            90..95 => ("crm.complaint.v1", "/bench/crm"),
            _ => ("crm.survey.v1", "/bench/crm"),
        };
        let (second, micros_part) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
        let (minute, sec, hour) = (
            second.rem_euclid(3600) / 60,
            second.rem_euclid(60),
            self.hour_text(second.div_euclid(3600)),
        );
        write!(
            out,
            r#"{{"specversion":"1.0","id":"e{seed}-{number:010}","source":"{source}","type":"{kind}","time":"{hour}:{minute:02}:{sec:02}.{micros_part:06}+08:00","datacontenttype":"application/json","partitionkey":"{who}","data":{{"#
        )
        .expect("memory takes all bytes");
        let period = (hour[..4].parse::<u32>().unwrap_or(2000) * 12
            + hour[5..7].parse::<u32>().unwrap_or(1))
        .saturating_sub(2);
        let period = (period / 12, period % 12 + 1);
        self.data(&mut out, dice, number, (&who, group, complaint), period);
        out.extend_from_slice(b"}}");
        (
            if dice < 90 {
                phone_key(&who)
            } else {
                group_key(group)
            },
            out,
        )
    }

    /// `2026-08-01T09` of an hour since the epoch, in local time.
    fn hour_text(&mut self, hour: i64) -> String {
        if self.hour.0 != hour {
            let zone = FixedOffset::east_opt(8 * 3600).expect("eight hours are an offset");
            let local = zone
                .timestamp_opt(hour * 3600, 0)
                .single()
                .expect("a time of a bench is in range");
            self.hour = (hour, format!("{}T{:02}", local.date_naive(), local.hour()));
        }
        self.hour.1.clone()
    }

    fn data(
        &mut self,
        out: &mut Vec<u8>,
        dice: usize,
        number: u64,
        of: (&str, u32, u32),
        (year, month): (u32, u32),
    ) {
        let (who, group, complaint) = of;
        let subscriber = format_args!(r#""subscriber_id":"{who}""#);
        let of = format_args!(r#""group_id":"G{group:010}""#);
        let bill = format_args!(r#""bill_id":"B{year}{month:02}-{who}""#);
        let (seed, luck, fen) = (
            self.seed,
            self.rng.below(1_000),
            3_900 + self.rng.below(200) * 100,
        );
        let written = match dice {
            0..55 => match luck {
                0..500 => write!(out, r#"{subscriber},"status":"active""#),
                500..750 => write!(
                    out,
                    r#"{subscriber},"status":"suspended_one_way","reason":"arrears""#
                ),
                750..985 => write!(
                    out,
                    r#"{subscriber},"status":"suspended","reason":"request""#
                ),
                985..998 => write!(out, r#"{subscriber},"status":"pre_cancelled""#),
                998 => write!(out, r#"{subscriber},"status":"cancelled_voluntary""#),
                _ => write!(out, r#"{subscriber},"status":"ported_out""#),
            },
            55..70 => write!(
                out,
                r#"{subscriber},{of},"change":"{}","role":"member","locked":false"#,
                if luck < 15 { "left" } else { "joined" }
            ),
            70..80 => write!(
                out,
                r#"{bill},{of},{subscriber},"period":"{year}-{month:02}","amount_fen":{fen},"due_on":"{year}-{month:02}-25""#
            ),
            80..90 => write!(
                out,
                r#""payment_id":"P{seed}-{number:010}",{bill},"amount_fen":{fen}"#
            ),
            90..95 => {
                let state = ["filed", "resolved", "resolved", "withdrawn"][luck % 4];
                write!(
                    out,
                    r#""complaint_id":"C{complaint:08}",{of},"state":"{state}","category":"网络质量""#
                )
            }
            _ => write!(
                out,
                r#""survey_id":"S{seed}-{number:010}",{of},"score":{},"scale":"100""#,
                78 + luck % 21
            ),
        };
        written.expect("memory takes all bytes");
    }
}
