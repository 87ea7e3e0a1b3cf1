//! Limits as exact decimals.
//!
//! It may not know which figure a limit is for. Invariant: a [`LimitMicro`] is above 0 and is
//! exactly the decimal that was written: figures are compared with it in integers, never in floats.

use std::fmt;
use std::str::FromStr;

use serde::de;

/// Digits behind the point.
const DECIMALS: usize = 6;

/// A limit in millionths: `0.03` is 30,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LimitMicro(i64);

/// Why a text is no limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// It is no decimal number.
    #[error("`{0}` is no decimal number; hint: write it like 0.03")]
    NotDecimal(String),
    /// It is 0 or less.
    #[error(
        "`{0}` is not above 0; hint: a limit that anything breaks says nothing, take the key out to use the default"
    )]
    NotPositive(String),
    #[error("`{0}` has more than 6 decimals; hint: limits are compared exactly, in millionths")]
    TooFine(String),
    #[error("`{0}` is too large for a limit")]
    TooLarge(String),
}

impl LimitMicro {
    /// Millionths in 1.
    pub(crate) const ONE: i64 = 1_000_000;

    /// A constant limit.
    ///
    /// # Panics
    /// When it is not above 0.
    #[must_use]
    #[cfg(test)]
    pub(crate) const fn from_micros(micros: i64) -> Self {
        assert!(micros > 0, "a limit is above 0");
        Self(micros)
    }

    /// The limit in millionths, above 0.
    #[must_use]
    pub(crate) const fn micros(self) -> i64 {
        self.0
    }

    /// The limit for display and reports; comparisons use [`LimitMicro::micros`].
    #[must_use]
    pub(crate) fn to_f64(self) -> f64 {
        // Below 10^15, so that the integer is exact and the quotient is the nearest float to the
        // decimal.
        self.0 as f64 / Self::ONE as f64
    }
}

impl FromStr for LimitMicro {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let (negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let only_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !only_digits(whole) || !only_digits(part) {
            return Err(LimitError::NotDecimal(text.into()));
        }
        let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
        if negative || whole.is_empty() && part.is_empty() {
            return Err(LimitError::NotPositive(text.into()));
        }
        if part.len() > DECIMALS {
            return Err(LimitError::TooFine(text.into()));
        }
        if whole.len() > 9 {
            return Err(LimitError::TooLarge(text.into()));
        }
        let micros = format!("{whole}{part:0<DECIMALS$}")
            .parse()
            .expect("at most 15 digits");
        Ok(Self(micros))
    }
}

/// The decimal, with as many digits as needed.
impl fmt::Display for LimitMicro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / Self::ONE, self.0 % Self::ONE);
        if part == 0 {
            return write!(f, "{whole}");
        }
        write!(
            f,
            "{whole}.{}",
            format!("{part:0DECIMALS$}").trim_end_matches('0')
        )
    }
}

/// A TOML integer, float or text. The shortest spelling of a float is the one that was written, up
/// to 15 digits.
impl<'de> de::Deserialize<'de> for LimitMicro {
    fn deserialize<D: de::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = LimitMicro;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number such as 0.03")
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<LimitMicro, E> {
                n.to_string().parse().map_err(E::custom)
            }
            fn visit_f64<E: de::Error>(self, n: f64) -> Result<LimitMicro, E> {
                n.to_string().parse().map_err(E::custom)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<LimitMicro, E> {
                text.parse().map_err(E::custom)
            }
        }
        reader.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_limit_is_the_decimal_that_was_written() {
        for (text, micros) in [
            ("0.03", 30_000),
            ("40", 40_000_000),
            ("40.0", 40_000_000),
            ("0.000001", 1),
            ("00.5", 500_000),
            ("0.0300000000", 30_000),
            ("999999999.999999", 999_999_999_999_999),
        ] {
            assert_eq!(
                text.parse::<LimitMicro>().map(LimitMicro::micros),
                Ok(micros),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_limit_is_refused_by_name() {
        let error = |text: &str| text.parse::<LimitMicro>().expect_err("no limit");
        for text in [
            "", ".", "1.", ".5", "1e-2", "inf", "NaN", "0,03", "3 %", "--1", "+1", "٣",
        ] {
            assert_eq!(error(text), LimitError::NotDecimal(text.into()));
        }
        for text in ["0", "0.0", "-0", "-0.03", "-1"] {
            assert_eq!(error(text), LimitError::NotPositive(text.into()));
        }
        assert_eq!(error("0.0000001"), LimitError::TooFine("0.0000001".into()));
        assert_eq!(
            error("1000000000"),
            LimitError::TooLarge("1000000000".into())
        );
    }

    proptest! {
        #[test]
        fn a_limit_reads_back_from_its_text_and_from_the_float_that_toml_makes_of_it(micros in 1i64..999_999_999_999_999) {
            let limit = LimitMicro(micros);
            prop_assert_eq!(limit.to_string().parse(), Ok(limit));
            let float: f64 = limit.to_string().parse().expect("a float");
            prop_assert_eq!(float.to_string().parse(), Ok(limit));
            prop_assert_eq!(limit.to_f64(), float);
        }
    }
}
