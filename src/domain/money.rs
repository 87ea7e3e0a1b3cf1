//! Money: an integer number of fen, never a float.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Largest amount of one event, in fen, either way.
pub(crate) const FEN_MAX: i64 = 10_000_000_000_000;

/// An amount in fen (分), 100 to the yuan.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(i64);

impl Fen {
    /// Checks an amount of an event: at most [`FEN_MAX`] either way.
    #[must_use]
    pub(crate) fn parse(fen: i64) -> Option<Self> {
        (-FEN_MAX..=FEN_MAX).contains(&fen).then_some(Self(fen))
    }

    /// A sum of amounts, which may exceed [`FEN_MAX`].
    #[must_use]
    pub(crate) const fn of_sum(fen: i64) -> Self {
        Self(fen)
    }

    /// The number of fen.
    #[must_use]
    pub(crate) const fn get(self) -> i64 {
        self.0
    }
}

/// In yuan, with two decimals.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(
            f,
            "{sign}{}.{:02}",
            self.0.unsigned_abs() / 100,
            self.0.unsigned_abs() % 100
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_shown_in_yuan() {
        assert_eq!(Fen(-5).to_string(), "-0.05");
        assert_eq!(Fen(123_456).to_string(), "1234.56");
        assert_eq!(Fen::parse(FEN_MAX + 1), None);
    }
}
