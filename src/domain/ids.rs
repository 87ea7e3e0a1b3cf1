//! Identifiers of the domain. Each is its own type, so that a group can never be passed where a
//! unit is meant.
//!
//! Invariant: an id holds 1–64 characters, none of them a control character, and neither white
//! space nor an invisible character at either end.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::invisible::is_padded;
use super::short_text::ShortText;

/// Most characters an id may have.
pub(crate) const ID_CHARS_MAX: usize = 64;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text is empty.
    #[error("is empty, expected 1 to 64 characters")]
    Empty,
    /// The text is longer than [`ID_CHARS_MAX`] characters.
    #[error("is longer than 64 characters")]
    TooLong,
    /// The text holds a control character.
    #[error("holds a control character")]
    Control,
    /// The text begins or ends with white space or an invisible character.
    #[error("begins or ends with white space or an invisible character")]
    Blank,
}

/// Checks the rule that all ids share.
///
/// # Errors
/// [`IdError`] names the broken part of the rule.
pub(crate) fn check_id(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > ID_CHARS_MAX && text.chars().count() > ID_CHARS_MAX {
        return Err(IdError::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(IdError::Control);
    }
    if is_padded(text) {
        return Err(IdError::Blank);
    }
    Ok(())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(ShortText);

        impl $name {
            /// Checks a text against the id rule.
            ///
            /// # Errors
            /// [`IdError`] when it breaks the rule.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check_id(text)?;
                Ok(Self(text.into()))
            }

            /// The id as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A SIM in BOSS; 11 digits that begin with 1 are a phone number.
    SubscriberId;
    /// A group customer (集团客户): an enterprise.
    GroupId;
    /// A business unit of the operator.
    UnitId;
    /// An account manager (客户经理), a head or a supervisor.
    ManagerId;
    /// A bill of one billing period.
    BillId;
    /// A payment towards a bill.
    PaymentId;
    /// A complaint, whatever its state.
    ComplaintId;
    /// One answer to a survey.
    SurveyId;
    /// A contact of a manager with a group customer.
    ContactId;
    /// A key project (重点工作项目).
    ProjectId;
    /// A key date (关键时刻) of a group customer.
    KeyDateId;
}

/// Masks a phone number (11 digits that begin with 1) as `138****8000`; any other text is returned
/// unchanged.
#[must_use]
pub fn mask_phone(text: &str) -> String {
    if is_phone(text) {
        format!("{}****{}", &text[..3], &text[7..])
    } else {
        text.to_owned()
    }
}

fn is_phone(text: &str) -> bool {
    text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_1_to_64_characters_and_no_control_character() {
        assert!(GroupId::parse("集").is_ok());
        assert!(GroupId::parse(&"集".repeat(64)).is_ok());
        assert_eq!(GroupId::parse(&"集".repeat(65)), Err(IdError::TooLong));
        assert_eq!(GroupId::parse(""), Err(IdError::Empty));
        assert_eq!(GroupId::parse("a\u{7}"), Err(IdError::Control));
        for blank in [
            '\u{feff}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{a0}', '\u{3000}', ' ',
        ] {
            assert_eq!(
                GroupId::parse(&format!("{blank}G1")),
                Err(IdError::Blank),
                "{blank:?}"
            );
            assert_eq!(
                GroupId::parse(&format!("G1{blank}")),
                Err(IdError::Blank),
                "{blank:?}"
            );
            assert!(GroupId::parse(&format!("G{blank}1")).is_ok(), "{blank:?}");
        }
    }

    #[test]
    fn only_phone_numbers_are_masked() {
        assert_eq!(mask_phone("13800008000"), "138****8000");
        assert_eq!(mask_phone("23800008000"), "23800008000");
        assert_eq!(mask_phone("G00001"), "G00001");
    }
}
