//! A city's deliveries, month by month.

use sisan::domain::event::Event;
use sisan::domain::local_day::Month;
use sisan::domain::zone::Zone;
use sisan::simulate::{City, CityConfig, build};

/// The last day of all cities.
const LAST_DAY: &str = "2026-10-31";
/// Of the city, and of what its people do.
pub const SEED: u64 = 43;

/// A month, and what comes in it.
pub type Months<'a> = (Month, Vec<&'a Event>);

/// A city that has lived for so many days.
pub fn city(groups: u32, members: u32, days: u32) -> City {
    let zone = Zone::parse("Asia/Shanghai").expect("a zone");
    build(CityConfig {
        seed: SEED,
        groups,
        members,
        days,
        last_day: LAST_DAY.parse().expect("a date"),
        zone,
    })
}

/// The deliveries of a city by the month in which they come: that of the latest event so far.
pub fn months_of(city: &City) -> Vec<Months<'_>> {
    let mut months: Vec<Months<'_>> = Vec::new();
    for event in city.deliveries() {
        let month = city
            .config
            .zone
            .day_of(event.order.time)
            .month()
            .max(city.first_day.month());
        match months.last_mut() {
            Some((last, events)) if month <= *last => events.push(event),
            _ => months.push((month, vec![event])),
        }
    }
    months
}

/// What comes in the first week of a month.
pub fn first_week<'a>((month, events): &Months<'a>) -> Vec<&'a Event> {
    let zone = Zone::parse("Asia/Shanghai").expect("a zone");
    let end = zone.start_of(month.first_day().plus(7));
    events[..events.partition_point(|event| event.order.time < end)].to_vec()
}
