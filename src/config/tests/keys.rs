//! The keys of the structs and of `config/default.toml` are the same.

use std::collections::BTreeSet;

use serde::de::{self, Deserialize};

use crate::config::load::known;
use crate::config::variables::FREE;
use crate::config::*;
use crate::domain::clock_mode::ClockMode;
use crate::domain::lead_days::LeadDays;
use crate::domain::limit_micro::LimitMicro;
use crate::domain::limit_override::LimitOverride;
use crate::domain::rate_base::RateBase;
use crate::domain::retention::Retention;

/// Lists a struct's keys: serde passes the field names to `deserialize_struct`.
struct Lister<'a>(&'a mut Vec<&'static str>);

impl<'de> de::Deserializer<'de> for Lister<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: de::Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("no struct"))
    }

    fn deserialize_struct<V: de::Visitor<'de>>(
        self,
        _: &str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.extend(fields);
        Err(de::Error::custom("listed"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn keys_of<T: for<'de> Deserialize<'de>>() -> BTreeSet<String> {
    let mut keys = Vec::new();
    assert!(
        T::deserialize(Lister(&mut keys)).is_err_and(|e| e.to_string() == "listed"),
        "no derived struct"
    );
    keys.into_iter().map(str::to_owned).collect()
}

fn sections() -> Vec<(&'static str, BTreeSet<String>)> {
    vec![
        ("", keys_of::<Config>()),
        ("alerts", keys_of::<Alerts>()),
        ("backup", keys_of::<Backup>()),
        ("batch", keys_of::<Batch>()),
        ("calendar", keys_of::<Calendar>()),
        ("clock", keys_of::<Clock>()),
        ("company", keys_of::<Company>()),
        ("events", keys_of::<Events>()),
        ("fallback", keys_of::<Fallback>()),
        (
            "feeds",
            ["required", "grace", "boss_daily"].map(String::from).into(),
        ),
        ("feeds.boss_daily", keys_of::<Feed>()),
        ("history", keys_of::<History>()),
        ("http", keys_of::<Http>()),
        ("jobs", keys_of::<Jobs>()),
        ("key_dates", keys_of::<KeyDates>()),
        ("key_dates.lead_days", keys_of::<LeadDays>()),
        ("limits", keys_of::<Limits>()),
        ("limits.tier.A", keys_of::<LimitOverride>()),
        ("limits.unit.U01", keys_of::<LimitOverride>()),
        ("log", keys_of::<Log>()),
        ("mail", keys_of::<Mail>()),
        ("observe", keys_of::<Observe>()),
        ("playbooks", keys_of::<Playbooks>()),
        ("rate", keys_of::<Rate>()),
        ("rejects", keys_of::<Rejects>()),
        ("report", keys_of::<Report>()),
        ("retention", keys_of::<Retention>()),
        ("signals", keys_of::<Signals>()),
        ("signals.arrears", keys_of::<Arrears>()),
        ("signals.batch_leave", keys_of::<BatchLeave>()),
        ("signals.complaint_hotspot", keys_of::<ComplaintHotspot>()),
        ("signals.complaint_open", keys_of::<ComplaintOpen>()),
        ("signals.contact_gap", keys_of::<ContactGap>()),
        ("signals.group_gone", keys_of::<GroupGone>()),
        ("signals.low_score", keys_of::<LowScore>()),
        ("signals.revenue_drop", keys_of::<RevenueDrop>()),
        ("signals.suspension_burst", keys_of::<SuspensionBurst>()),
        ("significance", keys_of::<Significance>()),
        ("source", keys_of::<Source>()),
        ("source.files", keys_of::<Files>()),
        ("source.kafka", keys_of::<Kafka>()),
        ("stop", keys_of::<Stop>()),
        ("store", keys_of::<Store>()),
        ("tasks", keys_of::<Tasks>()),
    ]
}

fn tables(table: &toml::Table, section: &str, into: &mut Vec<(String, BTreeSet<String>)>) {
    into.push((section.to_owned(), table.keys().cloned().collect()));
    for (name, value) in table {
        if let toml::Value::Table(inner) = value {
            tables(
                inner,
                &if section.is_empty() {
                    name.clone()
                } else {
                    format!("{section}.{name}")
                },
                into,
            );
        }
    }
}

#[test]
fn every_key_of_the_structs_is_in_the_defaults_and_the_other_way_round() {
    let mut documented = Vec::new();
    tables(&known(), "", &mut documented);
    let free = |section: &str| {
        FREE.iter()
            .any(|(free, _)| *free == section && section != "feeds")
    };
    documented.retain(|(section, _)| !free(section));
    documented.sort();
    let structs: Vec<(String, BTreeSet<String>)> = sections()
        .into_iter()
        .map(|(section, keys)| (section.to_owned(), keys))
        .collect();
    assert_eq!(documented, structs);
}

#[test]
fn every_free_table_has_the_example_that_stands_for_its_keys() {
    let mut documented = Vec::new();
    tables(&known(), "", &mut documented);
    for (section, example) in FREE {
        assert!(
            documented
                .iter()
                .any(|(name, keys)| name == section && keys.contains(example)),
            "{section}.{example}"
        );
    }
}

#[test]
fn the_defaults_load_with_nothing_over_them() {
    let config = load(&[], std::iter::empty()).expect("the defaults");
    assert_eq!(
        (
            config.timezone.name(),
            config.locale.name(),
            config.clock.mode
        ),
        ("Asia/Shanghai", "zh-CN", ClockMode::Wall)
    );
    assert_eq!(
        (config.batch.events_max, config.batch.wait.as_millis()),
        (40_000, 100)
    );
    assert_eq!(
        (config.events.bytes_max, config.events.ahead_max),
        (262_144, chrono::TimeDelta::minutes(5))
    );
    has_the_default_figures(&config);
    has_the_default_work_and_mails(&config);
}

fn has_the_default_figures(config: &Config) {
    let limits = &config.limits;
    let micros = [
        limits.churn_rate,
        limits.member_loss_rate,
        limits.complaint_rate_10k,
        limits.satisfaction,
    ]
    .map(LimitMicro::micros);
    assert_eq!(micros, [30_000, 30_000, 40_000_000, 80_000_000]);
    assert_eq!(
        (
            config.significance.alpha,
            config.significance.min_answers,
            config.rate.base
        ),
        (0.01, 5, RateBase::Opening)
    );
    assert_eq!(
        (config.signals.settle, config.signals.max_age),
        (chrono::TimeDelta::seconds(60), 3)
    );
    assert_eq!(
        (
            config.signals.batch_leave.windows_days.as_slice(),
            config.signals.batch_leave.members_min
        ),
        (&[1, 3, 7][..], 3)
    );
    assert_eq!(
        (
            config.history.open_months,
            config.alerts.clear_after,
            config.signals.group_gone.days
        ),
        (3, 1, 31)
    );
    assert_eq!(
        (config.rejects.pause_share, config.rejects.pause_window),
        (0.5, 1_000)
    );
    assert_eq!(
        (config.feeds.required.len(), config.feeds.grace),
        (0, chrono::TimeDelta::hours(2))
    );
}

fn has_the_default_work_and_mails(config: &Config) {
    assert_eq!(
        (
            config.tasks.due_critical_hours,
            config.tasks.due_warning_hours,
            config.tasks.per_manager_per_day_max
        ),
        (4, 16, 20)
    );
    assert_eq!(
        (config.mail.group_wait, config.mail.per_person_per_hour_max),
        (chrono::TimeDelta::minutes(5), 10)
    );
    assert_eq!(
        (config.fallback.id(), config.fallback.address()),
        ("fallback", "fallback@localhost")
    );
    let leads = &config.key_dates.lead_days;
    assert_eq!(
        (
            &*leads.birthday,
            &*leads.anniversary,
            &*leads.contract_end,
            &*leads.ceremony
        ),
        (&[7, 1][..], &[30, 7][..], &[90, 30, 7][..], &[7, 1][..])
    );
}

#[test]
fn a_default_that_is_taken_out_is_missed_by_name() {
    let whole: toml::Table = DEFAULT_TOML.parse().expect("TOML");
    let mut leaves = Vec::new();
    fn walk(table: &toml::Table, path: &[String], leaves: &mut Vec<Vec<String>>) {
        for (name, value) in table {
            let path = [path, std::slice::from_ref(name)].concat();
            match value {
                toml::Value::Table(inner) if !inner.is_empty() => walk(inner, &path, leaves),
                _ => leaves.push(path),
            }
        }
    }
    walk(&whole, &[], &mut leaves);
    assert!(leaves.len() > 60, "{}", leaves.len());
    for path in leaves {
        let (last, above) = path.split_last().expect("a key");
        let mut less = whole.clone();
        let mut table = &mut less;
        for part in above {
            table = table
                .get_mut(part)
                .and_then(toml::Value::as_table_mut)
                .expect("a table");
        }
        table.remove(last);
        let (_, faults) = crate::config::strict::deserialize::<Config>(less, &toml::Table::new());
        assert!(
            faults[0].text.contains(last.as_str()),
            "{path:?}: {faults:?}"
        );
    }
}

#[test]
fn the_shipped_examples_load() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/config");
    let development = load(
        &[format!("{examples}/development.toml").into()],
        std::iter::empty(),
    )
    .expect("development");
    assert_eq!(
        (
            development.environment,
            development.source.kind,
            development.mail.kind
        ),
        (Environment::Development, SourceKind::Files, MailTo::Folder)
    );
    let (production, unreadable) = load_for_check(
        &[format!("{examples}/production.toml").into()],
        std::iter::empty(),
    )
    .expect("production");
    assert_eq!(
        (
            production.environment,
            production.source.kind,
            production.mail.kind
        ),
        (Environment::Production, SourceKind::Kafka, MailTo::Smtp)
    );
    let keys: Vec<&str> = unreadable
        .iter()
        .map(|problem| problem.key.as_str())
        .collect();
    assert_eq!(keys, ["mail.password_file"]);
}
