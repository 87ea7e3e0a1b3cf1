//! The city against the contract and against definitions that are computed here independently, by
//! brute force.

mod brute;
mod city;
mod contract;
mod output;
mod round_trip;
mod screen;

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::NaiveDate;

use brute::Brute;

use super::{City, CityConfig, build};
use crate::domain::zone::Zone;

fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").expect("valid")
}

/// Cities that many tests use, and the slow independent result for each.
static CITIES: LazyLock<Vec<(City, Brute)>> = LazyLock::new(|| {
    let with_opinion = |city: City| {
        let brute = Brute::new(&city);
        (city, brute)
    };
    [
        demo(43),
        other(5, 24, 900, 45, (2026, 3, 8)),
        other(8, 60, 9_000, 120, (2025, 12, 31)),
    ]
    .map(with_opinion)
    .into()
});

fn demo(seed: u64) -> City {
    build(config(seed))
}

fn config(seed: u64) -> CityConfig {
    CityConfig::demo(
        seed,
        NaiveDate::from_ymd_opt(2026, 10, 20).expect("valid"),
        zone(),
    )
}

/// A city of another size and other days.
fn other(seed: u64, groups: u32, members: u32, days: u32, last_day: (i32, u32, u32)) -> City {
    let last_day = NaiveDate::from_ymd_opt(last_day.0, last_day.1, last_day.2).expect("valid");
    build(CityConfig {
        seed,
        groups,
        members,
        days,
        last_day,
        zone: zone(),
    })
}

/// How often each event type comes.
fn by_type(city: &City) -> HashMap<&'static str, usize> {
    let mut count = HashMap::new();
    for event in city.events() {
        *count.entry(event.data.type_name()).or_default() += 1;
    }
    count
}
