//! Sizes, incidents and near misses of the city.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::brute::{Alert, is_breach, is_over};
use super::{CITIES, by_type, config, demo, other};
use crate::domain::event::{EventData, PortStage, Tier};
use crate::domain::indicator::{AlertKind, Indicator, Scope};
use crate::domain::local_day::LocalDay;
use crate::simulate::service::PROMISES;
use crate::simulate::{City, IncidentKind, build};

/// The alerts that the city expects.
fn expected(city: &City, signals: bool) -> BTreeMap<Alert, LocalDay> {
    (city
        .incidents
        .iter()
        .flat_map(|incident| &incident.expected))
    .filter(|e| matches!(e.kind, AlertKind::Signal(_)) == signals)
    .map(|e| {
        (
            (
                e.kind,
                e.scope.clone(),
                e.subject.to_string(),
                e.from_day.month(),
            ),
            e.from_day,
        )
    })
    .collect()
}

#[test]
fn incidents_are_all_and_only_the_breaches_that_the_definitions_find() {
    for (city, brute) in CITIES.iter() {
        assert_eq!(
            expected(city, false),
            brute.breaches(),
            "seed {}",
            city.config.seed
        );
    }
}

#[test]
fn incidents_are_all_and_only_the_signals_that_the_definitions_find() {
    for (city, brute) in CITIES.iter() {
        assert_eq!(
            expected(city, true),
            brute.signals(),
            "seed {}",
            city.config.seed
        );
    }
}

#[test]
fn every_kind_of_incident_is_planted_and_raises_its_own_alert_and_chance_raises_none() {
    for seed in 0..12 {
        let city = demo(seed);
        for kind in IncidentKind::PLANTED {
            assert!(
                city.incidents
                    .iter()
                    .filter(|incident| incident.kind == kind)
                    .count()
                    >= 2,
                "seed {seed} {kind:?}"
            );
        }
        for incident in &city.incidents {
            assert_ne!(
                incident.kind,
                IncidentKind::Chance,
                "seed {seed}: {incident:?}"
            );
            let is_own = |scope: &Scope| scope.group() == incident.group_id.as_ref();
            let own = incident
                .expected
                .iter()
                .find(|e| Some(e.kind) == incident.kind.aim() && is_own(&e.scope));
            let own = own.unwrap_or_else(|| panic!("seed {seed}: {incident:?} raises nothing"));
            assert!(
                incident.starts_on <= own.from_day && own.from_day <= incident.ends_on,
                "seed {seed} {incident:?}"
            );
        }
    }
}

#[test]
fn a_code_for_porting_is_used_within_the_hour_and_every_promise_says_what_follows() {
    for seed in 0..3 {
        let city = demo(seed);
        let mut codes = BTreeMap::new();
        let (mut used, mut promises) = (0, 0);
        for event in city.events() {
            match &event.data {
                EventData::PortOut(port) if port.stage == PortStage::Authorised => {
                    codes.insert(port.subscriber_id.clone(), event.order.time);
                }
                EventData::PortOut(port) if port.stage == PortStage::Ported => {
                    let Some(code) = codes.remove(&port.subscriber_id) else {
                        continue;
                    };
                    let held = event.order.time.since(code);
                    let within = TimeDelta::zero()..=TimeDelta::hours(1);
                    assert!(within.contains(&held), "held for {held}");
                    used += 1;
                }
                EventData::Contact(contact) if contact.promised_on.is_some() => {
                    let note = contact.note.as_deref().unwrap_or_default();
                    assert!(PROMISES.contains(&note), "no promise: {note}");
                    promises += 1;
                }
                _ => {}
            }
        }
        assert!(
            used > 0 && promises > 0,
            "{used} codes, {promises} promises"
        );
    }
}

#[test]
fn near_misses_are_over_a_limit_and_no_breach() {
    for (city, brute) in CITIES.iter() {
        assert!(city.near_misses.len() >= 4);
        let signals = brute.signals();
        for near_miss in &city.near_misses {
            let scope = Scope::Group(near_miss.group_id.clone());
            match near_miss.kind.never() {
                AlertKind::Indicator(indicator) => {
                    let watched = near_miss
                        .day
                        .to(near_miss.day.plus(1))
                        .any(|day| is_over(&brute.figures(day)[&scope], indicator));
                    assert!(watched, "{near_miss:?} is no miss");
                    let to = near_miss
                        .day
                        .month()
                        .last_day()
                        .min(LocalDay::from_date(city.config.last_day));
                    let breach = near_miss
                        .day
                        .to(to)
                        .any(|day| is_breach(&brute.figures(day)[&scope], indicator, true));
                    assert!(!breach, "{near_miss:?} hits");
                }
                kind @ AlertKind::Signal(_) => {
                    assert!(
                        brute.figures(near_miss.day)[&scope].churned >= 2,
                        "{near_miss:?} is no miss"
                    );
                    assert!(
                        !signals
                            .keys()
                            .any(|(found, at, ..)| *found == kind && *at == scope),
                        "{near_miss:?} hits"
                    );
                }
            }
        }
    }
}

#[test]
fn sizes_are_as_configured_with_a_heavy_tail() {
    let (city, brute) = &CITIES[0];
    let load = brute.figures(city.load_day);
    assert_eq!(load[&Scope::Company].closing, 20_000);
    let mut sizes: Vec<u64> = load
        .iter()
        .filter(|(scope, _)| scope.group().is_some())
        .map(|(_, c)| c.closing)
        .collect();
    sizes.sort_unstable();
    assert_eq!(sizes.len(), 200);
    let small = sizes.iter().filter(|n| (10..=50).contains(*n)).count();
    let large = sizes.iter().filter(|n| (500..=1_500).contains(*n)).count();
    assert!(
        small > 100 && (3..=12).contains(&large) && sizes[199] <= 1_500,
        "{small} {large} {sizes:?}"
    );
    let first_month = city.first_day.month().first_day();
    assert_eq!(
        brute.figures(first_month)[&Scope::Company].opening,
        20_000,
        "the opening base of the first month is right"
    );
    let tiers = city
        .events()
        .filter(|e| matches!(&e.data, EventData::Group(g) if g.tier == Tier::A))
        .count();
    assert!((5..=25).contains(&tiers), "{tiers}");
}

#[test]
fn healthy_groups_stay_healthy_at_realistic_rates() {
    let (_, brute) = &CITIES[0];
    let figures = brute.figures(LocalDay::from_date(
        chrono::NaiveDate::from_ymd_opt(2026, 9, 30).expect("valid"),
    ));
    let company = figures[&Scope::Company];
    println!("company, September: {company:?}");
    let churn = company.churned as f64 / company.opening as f64;
    assert!((0.006..0.018).contains(&churn), "{churn}");
    let complaints = company.complaints as f64 * 10_000.0 / company.opening as f64;
    assert!((4.0..30.0).contains(&complaints), "{complaints}");
    let satisfaction = company.score as f64 / 1_000.0 / company.answers as f64;
    assert!((85.0..92.0).contains(&satisfaction), "{satisfaction}");
    assert_eq!(
        company.closing,
        company.opening + company.joined - company.lost
    );
    let healthy = figures
        .iter()
        .filter(|(s, _)| s.group().is_some())
        .filter(|(_, c)| !Indicator::ALL.iter().any(|i| is_breach(c, *i, true)));
    assert!(healthy.count() > 180);
}

#[test]
fn the_demo_has_one_to_two_hundred_thousand_events_of_all_types_within_two_seconds() {
    // The best of three: other tests run beside this one.
    let timed = || {
        let begun = std::time::Instant::now();
        (build(config(43)), begun.elapsed())
    };
    let (city, took) = [timed(), timed(), timed()]
        .into_iter()
        .min_by_key(|(_, took)| *took)
        .expect("valid");
    let count = by_type(&city);
    println!(
        "{} events, {} duplicates, {} late, in {took:?}: {count:?}",
        city.events().len(),
        city.duplicates,
        city.late
    );
    assert!((100_000..=200_000).contains(&city.events().len()));
    assert_eq!(count.len(), 15, "{count:?}");
    assert!(took.as_secs_f64() < 2.0, "{took:?}");
}

#[test]
fn values_that_are_too_small_are_raised() {
    let city = other(1, 1, 1, 1, (2026, 2, 10));
    assert_eq!(
        (city.config.groups, city.config.members, city.config.days),
        (24, 288, 28)
    );
    assert!(
        IncidentKind::PLANTED
            .iter()
            .all(|kind| city.incidents.iter().any(|incident| incident.kind == *kind))
    );
}
