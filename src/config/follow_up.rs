//! `alerts.*`, `tasks.*`, `feeds.*`, `key_dates.*`, and checks of `status_maps`.
//!
//! It may not know how alerts become tasks. Invariant: every required feed is described; lead days
//! decrease, and none is repeated.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use chrono::TimeDelta;
use serde::Deserialize;
use serde::de::{self, MapAccess};

use super::check::ConfigCheck;
use super::strict::quoted;
use super::{Config, value};
use crate::access::Access;
use crate::domain::event::{EventType, KeyDateKind, Status};
use crate::domain::ids::UnitId;
use crate::domain::invisible::is_padded;
use crate::domain::lead_days::LeadDays;

/// Types that a feed may count: all that BOSS and CRM send but the closing itself.
fn feed_types() -> impl Iterator<Item = &'static str> {
    let counted = EventType::ALL.into_iter();
    counted
        .filter(|one| *one != EventType::Feed)
        .map(EventType::name)
}

/// `alerts.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Alerts {
    /// Midnights in a row within the limit before an alert clears; 0 to 31.
    pub clear_after: u32,
    /// Most days of a silence.
    pub silence_days_max: u32,
}

/// `tasks.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Tasks {
    /// Working hours for a critical one.
    pub due_critical_hours: u32,
    /// Working hours for any other.
    pub due_warning_hours: u32,
    /// New ones a manager gets a day.
    pub per_manager_per_day_max: u32,
    /// Folder of the events about tasks that are done.
    pub closed_dir: PathBuf,
    /// The mode of those files.
    #[serde(deserialize_with = "value::access")]
    pub closed_mode: Access,
    /// The CloudEvents source of those events.
    pub closed_source: String,
    /// Working days without a contact, after which a task is stalled.
    pub stalled_days: u32,
    /// Working days without an answer, after which an approval request is escalated.
    pub unanswered_days: u32,
    /// Working days without a reason for the loss of all subscribers of a task, after which it is
    /// reported upwards.
    pub reason_days: u32,
    /// Working days to introduce oneself to a customer of tier A or B that changed hands.
    pub introduce_key_days: u32,
    /// The same for any other customer.
    pub introduce_days: u32,
    /// Days after which a kept customer is called again.
    pub return_call_days: u32,
    /// Days after which the win-back of members who left of their own will begins.
    pub win_back_days: u32,
    /// Days for which missed planned work is caught up.
    pub caught_up_days: u32,
    /// Days after which the port-out guard ends.
    pub guard_days: u32,
    /// Members now, as percent of those at the month's start, that count as growth.
    pub growth_percent: u32,
    /// Members that joined this month, at least, for growth.
    pub growth_joined_min: u32,
}

/// `observe.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Observe {
    /// Units whose alerts are recorded, but make no mails and tasks.
    pub units: Vec<UnitId>,
}

/// `feeds.*`
#[derive(Debug, Clone)]
pub struct FeedSettings {
    /// Names of the feeds without which nothing is judged.
    pub required: Vec<String>,
    /// How long after midnight a day may still be closed without a warning.
    pub grace: TimeDelta,
    /// Every feed by its name.
    pub feeds: BTreeMap<String, Feed>,
}

/// `feeds.<name>.*`: which events a feed counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Feed {
    /// CloudEvents sources.
    #[serde(default, deserialize_with = "value::list")]
    pub sources: Vec<String>,
    /// Event types.
    #[serde(default, deserialize_with = "value::list")]
    pub types: Vec<String>,
}

/// `key_dates.*`
#[derive(Debug, Clone, Deserialize)]
pub struct KeyDates {
    /// Days ahead at which to remind.
    pub lead_days: LeadDays,
}

/// Two keys have fixed names and every other is a feed: no derive expresses that without `flatten`.
impl<'de> Deserialize<'de> for FeedSettings {
    fn deserialize<D: de::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = FeedSettings;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FeedSettings, A::Error> {
                let (mut required, mut grace, mut feeds) = (None, None, BTreeMap::new());
                while let Some(name) = map.next_key::<String>()? {
                    match name.as_str() {
                        "required" => required = Some(map.next_value::<TextList>()?.0),
                        "grace" => grace = Some(map.next_value::<DurationValue>()?.0),
                        _ => drop(feeds.insert(name, map.next_value()?)),
                    }
                }
                let missing = |key| <A::Error as de::Error>::missing_field(key);
                Ok(FeedSettings {
                    required: required.ok_or_else(|| missing("required"))?,
                    grace: grace.ok_or_else(|| missing("grace"))?,
                    feeds,
                })
            }
        }
        reader.deserialize_map(Visitor)
    }
}

/// A list of texts, as a map's value.
#[derive(Deserialize)]
struct TextList(#[serde(deserialize_with = "value::list")] Vec<String>);

/// A duration, as a map's value.
#[derive(Deserialize)]
struct DurationValue(#[serde(deserialize_with = "value::time_delta")] TimeDelta);

pub(super) fn check(root: &Config, check: &mut ConfigCheck<'_>) {
    check_work(root, check);
    for unit in root
        .observe
        .units
        .iter()
        .filter_map(|unit| UnitId::parse(unit.as_str()).err())
    {
        check.wrong(
            "observe.units",
            &format!("holds what is no unit's id: it {unit}"),
        );
    }
    check_feeds(&root.feeds, check);
    check_leads(root, check);
    check_status_maps(&root.status_maps, check);
}

/// Checks the ranges of alerts and tasks.
fn check_work(root: &Config, check: &mut ConfigCheck<'_>) {
    check.within("alerts.clear_after", root.alerts.clear_after, 0, 31);
    check.within(
        "alerts.silence_days_max",
        root.alerts.silence_days_max,
        1,
        366,
    );
    let tasks = &root.tasks;
    check.within(
        "tasks.due_critical_hours",
        tasks.due_critical_hours,
        1,
        10_000,
    );
    check.within(
        "tasks.due_warning_hours",
        tasks.due_warning_hours,
        1,
        10_000,
    );
    check.within(
        "tasks.per_manager_per_day_max",
        tasks.per_manager_per_day_max,
        1,
        100_000,
    );
    check.line_of_text("tasks.closed_source", &tasks.closed_source);
    let days = [
        ("tasks.stalled_days", tasks.stalled_days),
        ("tasks.unanswered_days", tasks.unanswered_days),
        ("tasks.reason_days", tasks.reason_days),
        ("tasks.introduce_key_days", tasks.introduce_key_days),
        ("tasks.introduce_days", tasks.introduce_days),
        ("tasks.return_call_days", tasks.return_call_days),
        ("tasks.win_back_days", tasks.win_back_days),
        ("tasks.caught_up_days", tasks.caught_up_days),
        ("tasks.guard_days", tasks.guard_days),
    ];
    days.into_iter()
        .for_each(|(key, days)| check.within(key, days, 1, 366));
    check.within("tasks.growth_percent", tasks.growth_percent, 101, 10_000);
    check.within(
        "tasks.growth_joined_min",
        tasks.growth_joined_min,
        1,
        100_000,
    );
}

fn check_leads(root: &Config, check: &mut ConfigCheck<'_>) {
    for kind in KeyDateKind::ALL {
        let leads = root.key_dates.lead_days.of_kind(kind);
        if leads.iter().any(|days| !(0..=366).contains(days))
            || !leads.windows(2).all(|pair| pair[0] > pair[1])
        {
            check.wrong(
                &format!("key_dates.lead_days.{}", kind.name()),
                "must be different numbers of days from 0 to 366, falling; hint: write it like [30, 7]",
            );
        }
    }
}

fn check_feeds(feeds: &FeedSettings, check: &mut ConfigCheck<'_>) {
    for name in feeds
        .required
        .iter()
        .filter(|name| !feeds.feeds.contains_key(*name))
    {
        let text = format!(
            "`{}` is described nowhere; hint: add [feeds.{}] with its sources and types",
            name.escape_debug(),
            quoted(name)
        );
        check.wrong("feeds.required", &text);
    }
    for (name, feed) in &feeds.feeds {
        let section = format!("feeds.{}", quoted(name));
        for text in [name]
            .into_iter()
            .chain(&feed.sources)
            .filter(|text| is_padded(text))
        {
            check.wrong(
                &section,
                &format!(
                    "`{}` begins or ends with white space or an invisible character",
                    text.escape_debug()
                ),
            );
        }
        for (key, list) in [("sources", &feed.sources), ("types", &feed.types)] {
            if list.is_empty() {
                check.missing(
                    &format!("{section}.{key}"),
                    &section,
                    "a feed without them counts nothing; hint: give a list",
                );
            }
        }
        for bad in feed
            .types
            .iter()
            .filter(|kind| !feed_types().any(|name| name == kind.as_str()))
        {
            check.wrong(
                &format!("{section}.types"),
                &format!(
                    "`{}` is no event type; hint: use {}",
                    bad.escape_debug(),
                    feed_types().collect::<Vec<_>>().join(", ")
                ),
            );
        }
    }
}

fn check_status_maps(
    maps: &BTreeMap<String, BTreeMap<String, String>>,
    check: &mut ConfigCheck<'_>,
) {
    for (set, codes) in maps {
        for text in [set]
            .into_iter()
            .chain(codes.keys())
            .filter(|text| is_padded(text))
        {
            let key = format!("status_maps.{}", quoted(set));
            check.wrong(
                &key,
                &format!(
                    "`{}` begins or ends with white space or an invisible character",
                    text.escape_debug()
                ),
            );
        }
        for (code, status) in codes
            .iter()
            .filter(|(_, status)| Status::parse(status).is_none())
        {
            let names = Status::ALL.map(Status::name).join(", ");
            let key = format!("status_maps.{}.{}", quoted(set), quoted(code));
            check.wrong(
                &key,
                &format!(
                    "`{}` is no canonical status; hint: use {names}",
                    status.escape_debug()
                ),
            );
        }
    }
}
