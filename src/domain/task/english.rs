//! The texts of a task in English, beside the Chinese that it always has.
//!
//! Invariant: a text without English is shown as it was written.

use serde::{Deserialize, Serialize};

use super::{Check, Item, Task};
use crate::domain::locale::Locale;

/// The English of a task's texts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InEnglish {
    /// What to check first: as many lines as in Chinese.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
}

impl InEnglish {
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Task {
    #[must_use]
    pub(crate) fn item_in(&self, locale: Locale) -> &Item {
        self.english
            .item
            .as_ref()
            .filter(|_| locale == Locale::En)
            .unwrap_or(&self.item)
    }
}
