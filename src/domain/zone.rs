//! The zone in which days begin and end: the only place where an instant becomes a local date.
//!
//! It may not know the current time: `clock` does. Invariant: `zone.day_of(t) <= d` exactly when
//! `t < zone.end_of(d)`, also where a midnight does not exist.

use std::sync::{Mutex, PoisonError};

use chrono::{NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::local_day::{LocalDay, Month, Timestamp};

/// Microseconds in a second.
const MICROS: i64 = 1_000_000;

/// The configured zone in which days begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    tz: Tz,
    /// Its offset from UTC in microseconds if that never changes in the years 2000 to 2099, as in
    /// China.
    steady: Option<i64>,
}

impl Zone {
    /// A zone by its name in the tz database, e.g. `Asia/Shanghai`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let tz: Tz = name.parse().ok()?;
        Some(Self {
            tz,
            steady: steady(tz),
        })
    }

    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        self.tz.name()
    }

    /// The local day of an instant.
    #[must_use]
    pub fn day_of(self, t: Timestamp) -> LocalDay {
        match self.steady {
            Some(offset) if STEADY_MICROS.contains(&t.micros()) => {
                LocalDay::from_number((t.micros() + offset).div_euclid(DAY_MICROS) as i32)
            }
            _ => LocalDay::from_date(self.local(t).date()),
        }
    }

    /// The local wall time of an instant.
    #[must_use]
    pub fn local(self, t: Timestamp) -> NaiveDateTime {
        self.tz
            .from_utc_datetime(&t.utc().naive_utc())
            .naive_local()
    }

    /// The first instant of a day.
    #[must_use]
    pub fn start_of(self, day: LocalDay) -> Timestamp {
        self.at(day.date().and_time(chrono::NaiveTime::MIN))
    }

    /// The first instant after a day: 00:00 of the next one.
    #[must_use]
    pub(crate) fn end_of(self, day: LocalDay) -> Timestamp {
        self.start_of(day.plus(1))
    }

    /// From the first instant of a month to the first one of the next.
    #[must_use]
    pub(crate) fn span_of(self, month: Month) -> (Timestamp, Timestamp) {
        (
            self.start_of(month.first_day()),
            self.start_of(month.plus(1).first_day()),
        )
    }

    /// The instant of a local wall time: the earlier one of two, and within a gap the first one
    /// after it.
    #[must_use]
    pub(crate) fn at(self, local: NaiveDateTime) -> Timestamp {
        if let Some(t) = self.tz.from_local_datetime(&local).earliest() {
            return t.to_utc().into();
        }
        self.gap_end(local)
    }

    /// The instant at which the clock jumps over `local`: before it the local time is earlier, from
    /// it on later.
    fn gap_end(self, local: NaiveDateTime) -> Timestamp {
        // No zone is more than 14 hours from UTC, and the largest known gap is a day (Apia 2011).
        let middle = local.and_utc().timestamp();
        let (mut before, mut after) = (middle - 48 * 3600, middle + 48 * 3600);
        while after - before > 1 {
            let probe = before + (after - before) / 2;
            if self.local(Timestamp::from_micros(probe * MICROS)) < local {
                before = probe
            } else {
                after = probe
            }
        }
        Timestamp::from_micros(after * MICROS)
    }

    /// A local time for people, with the zone's name: `2026-10-01 09:00 Asia/Shanghai`.
    #[must_use]
    pub(crate) fn display(self, t: Timestamp) -> String {
        format!("{} {}", self.local(t).format("%Y-%m-%d %H:%M"), self.name())
    }
}

/// Microseconds in a day.
const DAY_MICROS: i64 = 86_400 * MICROS;
/// The instants of the years 2000 to 2099 in UTC.
const STEADY_MICROS: std::ops::Range<i64> = 946_684_800 * MICROS..4_102_444_800 * MICROS;

/// The offset from UTC of a zone whose offset is the same in every week of the years 2000 to 2099:
/// no zone is known to have jumped there and back within a week. Results are cached, since zones
/// are often parsed.
fn steady(tz: Tz) -> Option<i64> {
    static KNOWN: Mutex<Vec<(Tz, Option<i64>)>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, found)) = known.iter().find(|(one, _)| *one == tz) {
        return *found;
    }
    let offset = |micros: i64| {
        i64::from(
            tz.offset_from_utc_datetime(&Timestamp::from_micros(micros).utc().naive_utc())
                .fix()
                .local_minus_utc(),
        )
    };
    let first = offset(STEADY_MICROS.start);
    let same = STEADY_MICROS
        .step_by(7 * DAY_MICROS as usize)
        .chain([STEADY_MICROS.end])
        .all(|micros| offset(micros) == first);
    let found = same.then_some(first * MICROS);
    known.push((tz, found));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn zone(name: &str) -> Zone {
        Zone::parse(name).expect("known zone")
    }

    #[test]
    fn the_days_border_is_local_midnight() {
        let z = zone("Asia/Shanghai");
        let day = LocalDay::from_date(NaiveDate::from_ymd_opt(2026, 8, 1).expect("date"));
        assert_eq!(z.start_of(day).to_string(), "2026-07-31T16:00:00Z");
        assert_eq!(z.day_of(z.start_of(day)), day);
        assert_eq!(
            z.day_of(Timestamp::from_micros(z.start_of(day).micros() - 1)),
            day.plus(-1)
        );
    }

    #[test]
    fn a_time_that_the_clock_leaves_out_is_the_first_instant_after_the_gap() {
        let time = |text: &str| text.parse::<NaiveDateTime>().expect("a local time");
        let new_york = zone("America/New_York");
        assert_eq!(
            new_york.at(time("2026-03-08T02:20:00")).to_string(),
            "2026-03-08T07:00:00Z"
        );
        assert_eq!(
            new_york.at(time("2026-03-08T03:00:00")).to_string(),
            "2026-03-08T07:00:00Z"
        );
        assert_eq!(
            zone("Pacific/Apia")
                .at(time("2011-12-30T12:00:00"))
                .to_string(),
            "2011-12-30T10:00:00Z"
        );
    }

    #[test]
    fn a_zone_is_steady_where_the_clock_never_jumps() {
        for (name, is_steady) in [
            ("Asia/Shanghai", true),
            ("Asia/Urumqi", true),
            ("Africa/Casablanca", false),
            ("America/New_York", false),
        ] {
            assert_eq!(zone(name).steady.is_some(), is_steady, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_day_is_that_of_the_local_time(
            micros in 900_000_000_000_000i64..4_202_444_800_000_000,
            name in prop::sample::select(vec!["Asia/Shanghai", "Asia/Kathmandu", "Pacific/Apia", "Europe/Volgograd", "Asia/Pyongyang"]),
        ) {
            let (z, t) = (zone(name), Timestamp::from_micros(micros));
            prop_assert_eq!(z.day_of(t), LocalDay::from_date(z.local(t).date()));
        }

        #[test]
        fn an_instant_is_on_a_day_exactly_when_it_is_before_its_end(
            micros in 946_684_800_000_000i64..4_102_444_800_000_000,
            name in prop::sample::select(vec!["Asia/Shanghai", "America/Havana", "America/Santiago", "Pacific/Apia", "Australia/Lord_Howe"]),
        ) {
            let (z, t) = (zone(name), Timestamp::from_micros(micros));
            let day = z.day_of(t);
            prop_assert!(z.start_of(day) <= t);
            prop_assert!(t < z.end_of(day));
        }
    }
}
