//! Durations as people write them in TOML.
//!
//! It may not know what a duration is for. Invariant: none is longer than ten years, so that sums
//! stay in range.

use std::time::Duration;

/// Longest duration: ten years, so that sums with it stay in range.
const DURATION_MAX: Duration = Duration::from_secs(3_653 * 86_400);

/// Reads a whole number and its unit: `100ms`, `30s`, `5m`, `2h`, `3d`.
///
/// # Errors
/// A text with what is wrong and, behind `; hint: `, what to write.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let bad = || {
        format!(
            "`{text}` is no duration; hint: write a whole number and ms, s, m, h or d, such as \"30s\""
        )
    };
    let at = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
    let (number, unit) = text.split_at(at);
    let number: u64 = number.parse().map_err(|_| bad())?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(bad()),
    };
    let duration = number
        .checked_mul(millis)
        .map(Duration::from_millis)
        .filter(|d| *d <= DURATION_MAX);
    duration.ok_or_else(|| format!("`{text}` is longer than ten years"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_whole_number_and_a_unit() {
        for (text, millis) in [
            ("100ms", 100),
            ("0s", 0),
            ("60s", 60_000),
            ("5m", 300_000),
            ("2h", 7_200_000),
            ("3d", 259_200_000),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(millis)));
        }
        for text in [
            "",
            "5",
            "5 m",
            "m",
            "-5m",
            "+5m",
            "1.5h",
            "5M",
            "1h30m",
            "5min",
            "99999999999999999999s",
            "٣s",
        ] {
            let error = parse_duration(text).expect_err("no duration");
            assert!(error.contains("hint:"), "{error}");
        }
        assert_eq!(
            parse_duration("4000d"),
            Err("`4000d` is longer than ten years".into())
        );
        assert_eq!(
            parse_duration("18446744073709551615d"),
            Err("`18446744073709551615d` is longer than ten years".into())
        );
    }
}
