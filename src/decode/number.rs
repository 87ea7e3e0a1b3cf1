//! Numbers as they were spelled → exact integers.
//!
//! It may not know a field. Invariant: no float is used; a number that does not fit exactly is
//! refused.

/// Most digits of a number in thousandths: ±10^15, well within an `i64` and beyond every range of
/// the contract.
const THOUSANDTHS_DIGITS_MAX: i64 = 15;

/// An integer: a JSON number without fraction or exponent.
pub(super) fn integer(number: &str) -> Option<i64> {
    (!number.starts_with('+')).then(|| number.parse().ok())?
}

/// The exact value of a decimal number in thousandths, whatever its spelling: `8.5`, `8.5000` and
/// `85e-1` are 8500. None when it has more than 3 decimals by value, is beyond 10^12 either way, or
/// is no number.
pub(super) fn thousandths(number: &str) -> Option<i64> {
    let (negative, rest) = number
        .strip_prefix('-')
        .map_or((false, number), |rest| (true, rest));
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, power_of_ten(exponent)?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if whole.is_empty() || fraction.is_empty() {
        return None;
    }
    let digits = whole.bytes().chain(fraction.bytes());
    if !digits.clone().all(|d| d.is_ascii_digit()) {
        return None;
    }
    let leading = digits.clone().take_while(|d| *d == b'0').count();
    let all = whole.len() + fraction.len();
    if leading == all {
        return Some(0);
    }
    let trailing = digits.clone().rev().take_while(|d| *d == b'0').count();
    // number = significant digits × 10^power / 1000, its last digit not 0: a negative power is a
    // 4th decimal.
    let significant = all - leading - trailing;
    let power = exponent
        .saturating_sub(fraction.len() as i64)
        .saturating_add(trailing as i64 + 3);
    if power < 0 || (significant as i64).saturating_add(power) > THOUSANDTHS_DIGITS_MAX {
        return None;
    }
    let value = digits
        .skip(leading)
        .take(significant)
        .fold(0i64, |value, d| value * 10 + i64::from(d - b'0'));
    let value = value * 10i64.pow(u32::try_from(power).ok()?);
    Some(if negative { -value } else { value })
}

/// An exponent; one too large for an `i64` saturates, since the digits decide as well.
fn power_of_ten(exponent: &str) -> Option<i64> {
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|d| d.is_ascii_digit()) {
        return None;
    }
    Some(exponent.parse().unwrap_or(if exponent.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_value_counts_and_not_the_spelling() {
        for spelling in [
            "8.5",
            "8.500",
            "8.5000",
            "85e-1",
            "0.85E+1",
            "0.00085e4",
            "8500000e-6",
            "85000000000000000000000e-22",
        ] {
            assert_eq!(thousandths(spelling), Some(8500), "{spelling}");
        }
        for zero in [
            "0",
            "-0",
            "0.0000",
            "-0.0",
            "0e99999999999999999999",
            "0e-99999999999999999999",
        ] {
            assert_eq!(thousandths(zero), Some(0), "{zero}");
        }
        assert_eq!(thousandths("-12.345"), Some(-12_345));
    }

    #[test]
    fn what_does_not_fit_is_none() {
        for bad in [
            "8.0005",
            "85e-4",
            "1e400",
            "1e-400",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "9e15",
            "",
            "-",
            "1.",
            ".5",
            "1e",
            "1e+",
            "NaN",
            "\"8\"",
            "8 ",
            "--1",
            "0x8",
            "８",
        ] {
            assert_eq!(thousandths(bad), None, "{bad}");
        }
        for bad in [
            "1.0",
            "1e3",
            "9223372036854775808",
            "+1",
            "\"1\"",
            "true",
            "",
            "-",
        ] {
            assert_eq!(integer(bad), None, "{bad}");
        }
        assert_eq!(
            (integer("-0"), integer("-10000000000000")),
            (Some(0), Some(-10_000_000_000_000))
        );
    }

    /// The definition, on digit strings: move the point three places right and require that only
    /// zeros follow it.
    fn by_definition(negative: bool, whole: &str, fraction: &str, exponent: i32) -> Option<i64> {
        let mut digits = format!("{whole}{fraction}");
        let mut point = i32::try_from(whole.len()).expect("short") + exponent + 3;
        while point < 0 {
            digits.insert(0, '0');
            point += 1;
        }
        let point = usize::try_from(point).expect("not negative");
        while digits.len() < point {
            digits.push('0');
        }
        let (before, behind) = digits.split_at(point);
        let value: i128 = if before.is_empty() {
            0
        } else {
            before.parse().ok()?
        };
        (behind.bytes().all(|d| d == b'0') && value < 10i128.pow(15))
            .then(|| i64::try_from(if negative { -value } else { value }).expect("fits"))
    }

    proptest! {
        #[test]
        fn thousandths_are_what_the_definition_says(
            negative: bool,
            whole in "0|[1-9][0-9]{0,9}",
            fraction in prop::option::of("[0-9]{1,3}0{0,3}[0-9]{0,2}"),
            exponent in prop::option::of(-9i32..9),
        ) {
            let spelled = format!(
                "{}{whole}{}{}",
                if negative { "-" } else { "" },
                fraction.as_ref().map(|f| format!(".{f}")).unwrap_or_default(),
                exponent.map(|e| format!("e{e}")).unwrap_or_default(),
            );
            let expected = by_definition(negative, &whole, fraction.as_deref().unwrap_or(""), exponent.unwrap_or(0));
            prop_assert_eq!(thousandths(&spelled), expected, "{}", spelled);
        }

        #[test]
        fn any_text_is_read_without_panic(text in "[-+0-9.eE]{0,40}") {
            let (read, judge) = (thousandths(&text), text.parse::<f64>());
            if let Some(value) = read {
                let judge = judge.expect("a number to others too");
                prop_assert!((judge * 1000.0 - value as f64).abs() <= 1e-3 * (1.0 + judge.abs()), "{} {}", text, value);
            }
        }
    }
}
