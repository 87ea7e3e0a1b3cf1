//! RFC 3339 instants and calendar dates, in the contract's strict spelling.
//!
//! Not chrono's parser: that takes a second 60 and every year, which the contract refuses, and so
//! each text would be checked again after it. It may not know a field or the current time. Invariant: no allocation, and no text is accepted
//! that chrono would read differently.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use crate::domain::local_day::Timestamp;

/// The allowed years of an event's time as written, before the offset is applied.
pub(super) const EVENT_YEARS: RangeInclusive<i32> = 2000..=2099;
/// The allowed years of a date within `data`: birthdays may be long ago.
pub(super) const DATE_YEARS: RangeInclusive<i32> = 1900..=2099;

const MICROS: i64 = 1_000_000;

/// An instant: `2026-08-20T10:00:00.123456+08:00`. `T` and `Z` in either case, the offset required,
/// no second 60; digits past the microsecond are cut.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let (head, rest) = text.as_bytes().split_first_chunk::<19>()?;
    let day = day(&head[..10], EVENT_YEARS)?;
    let [b'T' | b't', h1, h2, b':', m1, m2, b':', s1, s2] = head[10..] else {
        return None;
    };
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (micros, rest) = fraction(rest)?;
    let seconds =
        i64::from(day.to_epoch_days()) * 86_400 + i64::from(hour * 3600 + minute * 60 + second);
    Some(Timestamp::from_micros(
        (seconds - offset_seconds(rest)?) * MICROS + micros,
    ))
}

/// A calendar date: `2026-08-20`.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    day(text.as_bytes(), DATE_YEARS)
}

/// Whether a local date is in the allowed years of an event's time.
pub(super) fn is_event_year(date: NaiveDate) -> bool {
    EVENT_YEARS.contains(&date.year())
}

fn day(text: &[u8], years: RangeInclusive<i32>) -> Option<NaiveDate> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
        return None;
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    years
        .contains(&year)
        .then(|| NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?))?
}

/// The microseconds of an optional `.123…`, and the rest of the text.
fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    let Some(digits) = rest.strip_prefix(b".") else {
        return Some((0, rest));
    };
    let count = digits.iter().take_while(|d| d.is_ascii_digit()).count();
    let (digits, rest) = digits.split_at(count);
    let kept = &digits[..count.min(6)];
    let scale = 10i64.pow(6 - u32::try_from(kept.len()).ok()?);
    (count > 0).then(|| Some((i64::from(number(kept)?) * scale, rest)))?
}

/// Seconds east of UTC of `Z` or `+08:00`, which must be the whole rest.
fn offset_seconds(rest: &[u8]) -> Option<i64> {
    let (sign, digits) = match rest {
        [b'Z' | b'z'] => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let &[h1, h2, b':', m1, m2] = digits else {
        return None;
    };
    let (hours, minutes) = (number(&[h1, h2])?, number(&[m1, m2])?);
    (hours <= 23 && minutes <= 59).then(|| sign * i64::from(hours * 3600 + minutes * 60))
}

/// At most 6 decimal digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |n, d| {
        d.is_ascii_digit().then(|| n * 10 + u32::from(d - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    /// The value that chrono reads, within the limits of the contract.
    fn judge(text: &str) -> Option<i64> {
        let read = DateTime::parse_from_rfc3339(text).ok()?;
        let (year, second) = (text.get(..4)?.parse::<i32>().ok()?, text.get(17..19)?);
        (EVENT_YEARS.contains(&year)
            && second != "60"
            && matches!(text.as_bytes()[10], b'T' | b't'))
        .then(|| read.timestamp_micros())
    }

    #[test]
    fn good_spellings_of_one_instant_are_one_instant() {
        let t = instant("2026-08-20T10:00:00+08:00").expect("good");
        assert_eq!(t.to_string(), "2026-08-20T02:00:00Z");
        for same in [
            "2026-08-20t02:00:00z",
            "2026-08-20T02:00:00.0000009Z",
            "2026-08-20T02:00:00-00:00",
            "2026-08-21T01:59:00.000+23:59",
            "2026-08-19T22:00:00.0-04:00",
        ] {
            assert_eq!(instant(same), Some(t), "{same}");
        }
        assert_eq!(
            instant("2026-08-20T02:00:00.1234569Z").map(Timestamp::micros),
            Some(t.micros() + 123_456)
        );
        assert_eq!(
            instant("2000-01-01T00:00:00+08:00")
                .map(|t| t.to_string())
                .as_deref(),
            Some("1999-12-31T16:00:00Z")
        );
    }

    #[test]
    fn bad_instants_are_none() {
        for bad in [
            "",
            "2026-08-20",
            "2026-08-20T10:00:00",
            "2026-08-20 10:00:00Z",
            "2026-08-20T10:00Z",
            "2026-06-30T23:59:60Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-08-20T24:00:00Z",
            "2026-08-20T10:60:00Z",
            "1999-12-31T23:59:59Z",
            "2100-01-01T00:00:00Z",
            "2026-08-20T10:00:00.Z",
            "2026-08-20T10:00:00,5Z",
            "2026-08-20T10:00:00+24:00",
            "2026-08-20T10:00:00+08:60",
            "2026-08-20T10:00:00+0800",
            "2026-08-20T10:00:00+08",
            "2026-08-20T10:00:00ZZ",
            "2026-08-20T10:00:00Z ",
            " 2026-08-20T10:00:00Z",
            "+2026-08-20T10:00:00Z",
            "2026-8-20T10:00:00Z",
            "２０２６-08-20T10:00:00Z",
            "2026-08-20T10:00:00+08:00:00",
            "2026-08-20T10:00:00\u{2212}08:00",
            "20260820T100000Z",
        ] {
            assert_eq!(instant(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        assert!(
            date("2024-02-29").is_some()
                && date("1900-01-01").is_some()
                && date("2099-12-31").is_some()
        );
        for bad in [
            "2025-02-30",
            "2025-02-29",
            "1899-12-31",
            "2100-01-01",
            "2025-2-3",
            "20250203",
            "2025-02-03T00:00:00Z",
            "2025/02/03",
            "",
            "0000-00-00",
        ] {
            assert_eq!(date(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn an_instant_is_read_as_chrono_reads_it(
            text in "(19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?([Zz]|[+-][0-2][0-9]:[0-6][0-9])",
        ) {
            prop_assert_eq!(instant(&text).map(Timestamp::micros), judge(&text), "{}", text);
        }

        #[test]
        fn a_spoilt_instant_is_read_as_chrono_reads_it(at in 0usize..30, by in "[ -~]") {
            let mut text = "2024-02-29T23:59:59.123456+08:00".to_owned();
            text.replace_range(at..=at, &by);
            prop_assert_eq!(instant(&text).map(Timestamp::micros), judge(&text), "{}", text);
        }
    }
}
