//! Cron with five fields: minute, hour, day of month, month, day of week.
//!
//! It may not know zones: it computes local wall times from local wall times. The parser behind it
//! knows more (seconds, years, `L`, `#`, `W`, `?`, `+`, nicknames); what is not plain cron is
//! refused here, so that a file means the same whatever reads it. Invariant: a [`Cron`] that was
//! read falls due again and again.

use chrono::{NaiveDateTime, Timelike};

/// Names of the fields, in order.
const FIELDS: [&str; 5] = ["minute", "hour", "day of month", "month", "day of week"];
const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
/// Most days a month may have, January first.
const MONTH_DAYS: [u16; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A schedule in cron's words.
#[derive(Debug, Clone)]
pub struct Cron {
    parsed: Box<croner::Cron>,
}

/// Why a text is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CronFault {
    #[error(
        "has {0} fields, expected 5; hint: write minute, hour, day of month, month, day of week, such as \"0 1 * * *\""
    )]
    Fields(usize),
    /// A field has a part that plain cron does not know.
    #[error(
        "has `{part}` as {field}; hint: use *, numbers, ranges 1-5, lists 1,15 and steps */10, months JAN-DEC and days SUN-SAT"
    )]
    Syntax { field: &'static str, part: String },
    /// A number is out of range, or a range runs backwards.
    #[error("cannot be read: {0}")]
    Range(String),
    /// Both fields of days are restricted: cron then means either, which hardly anybody means.
    #[error(
        "restricts the day of month and the day of week, which in cron means either; hint: leave one at * or use `calendar`"
    )]
    BothDays,
    /// No month has such a day.
    #[error("names a day that no month has, so that it would never fall due")]
    Never,
}

impl Cron {
    /// Reads five fields.
    ///
    /// # Errors
    /// [`CronFault`] with the first that is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, CronFault> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        if fields.len() != FIELDS.len() {
            return Err(CronFault::Fields(fields.len()));
        }
        for (at, part) in fields.iter().enumerate() {
            if !is_plain(at, part) {
                return Err(CronFault::Syntax {
                    field: FIELDS[at],
                    part: (*part).to_owned(),
                });
            }
        }
        if fields[2] != "*" && fields[4] != "*" {
            return Err(CronFault::BothDays);
        }
        let text = fields.join(" ");
        let parsed: croner::Cron = text
            .parse()
            .map_err(|error: croner::errors::CronError| CronFault::Range(error.to_string()))?;
        let (days, months) = (parsed.pattern.days.values(), parsed.pattern.months.values());
        let has_day = |month: &u16| {
            MONTH_DAYS
                .get(usize::from(*month).wrapping_sub(1))
                .is_some_and(|most| days.iter().any(|day| day <= most))
        };
        if !months.iter().any(has_day) {
            return Err(CronFault::Never);
        }
        Ok(Self {
            parsed: Box::new(parsed),
        })
    }

    /// The first local wall time after `local`; nothing past the end of the calendar.
    #[must_use]
    pub(crate) fn next_after(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        self.parsed
            .find_next_occurrence(&local.with_nanosecond(0)?, false)
            .ok()
    }
}

/// `*`, numbers, names, ranges of them, lists of those, each with a step behind `/` where it is `*`
/// or a range.
fn is_plain(field: usize, part: &str) -> bool {
    let number =
        |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let names: &[&str] = match field {
        3 => &MONTHS,
        4 => &DAYS,
        _ => &[],
    };
    let value = |text: &str| number(text) || names.contains(&text);
    part.split(',').all(|item| {
        let (range, step) = item
            .split_once('/')
            .map_or((item, None), |(range, step)| (range, Some(step)));
        let is_range = range
            .split_once('-')
            .is_some_and(|(from, to)| value(from) && value(to));
        let step_fits = step.is_none_or(|step| {
            number(step) && !step.trim_start_matches('0').is_empty() && (range == "*" || is_range)
        });
        (range == "*" || is_range || value(range)) && step_fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_plain_cron_is_refused_by_field() {
        let fault = |text: &str| Cron::parse(text).expect_err(text);
        for (text, fields) in [
            ("", 0),
            ("0 1 * *", 4),
            ("0 0 1 * * *", 6),
            ("0 0 1 * * * 2026", 7),
            ("@daily", 1),
        ] {
            assert_eq!(fault(text), CronFault::Fields(fields));
        }
        for (text, field) in [
            ("0 1 L * *", "day of month"),
            ("0 1 LW * *", "day of month"),
            ("0 1 15W * *", "day of month"),
            ("0 1 ? * *", "day of month"),
            ("0 1 * * 5L", "day of week"),
            ("0 1 * * 5#2", "day of week"),
            ("0 1 * * ?", "day of week"),
            ("0 1 * * +1", "day of week"),
            ("0 1 * * Monday", "day of week"),
            ("0 1 * * mon", "day of week"),
            ("0 1 * MON *", "month"),
            ("0/10 1 * * *", "minute"),
            ("/10 1 * * *", "minute"),
            ("*/0 1 * * *", "minute"),
            ("1,,2 1 * * *", "minute"),
            ("-1 1 * * *", "minute"),
            ("1- 1 * * *", "minute"),
            ("100 1 * * *", "minute"),
            ("x 1 * * *", "minute"),
            ("0 1h * * *", "hour"),
        ] {
            assert!(
                matches!(fault(text), CronFault::Syntax { field: named, .. } if named == field),
                "{text}: {:?}",
                fault(text)
            );
        }
        for text in [
            "60 1 * * *",
            "0 24 * * *",
            "0 0 0 * *",
            "0 0 32 * *",
            "0 0 1 13 *",
            "0 0 * * 8",
            "30-10 0 * * *",
        ] {
            assert!(
                matches!(fault(text), CronFault::Range(_)),
                "{text}: {:?}",
                fault(text)
            );
        }
        assert_eq!(fault("0 0 1 * 1"), CronFault::BothDays);
        assert_eq!(fault("0 0 */2 * 1"), CronFault::BothDays);
        for text in ["0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 31 APR *"] {
            assert_eq!(fault(text), CronFault::Never);
        }
    }

    #[test]
    fn plain_cron_is_read() {
        for text in [
            "0 1 * * *",
            "*/15 8-18 * * MON-FRI",
            "0 3 10 * *",
            "0 0 29 2 *",
            "5,35 * 1,15 JAN-MAR/2 *",
            "0 17 * * 5",
            "0 17 * * 7",
            "  0   1 * *  * ",
        ] {
            assert!(
                Cron::parse(text).is_ok(),
                "{text}: {:?}",
                Cron::parse(text).err()
            );
        }
    }
}
