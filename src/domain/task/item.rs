//! 定工作事项: the item of work, with its parts.

use serde::{Deserialize, Serialize};

use super::ItemKind;

/// Most characters of one text of a playbook, so that mails show it whole.
pub(crate) const INSTRUCTION_CHARS_MAX: usize = 800;

/// 定工作事项: the item with its parts; a playbook that omits one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Item {
    /// Give or get information.
    Information {
        way: String,
        what: String,
    },
    Service {
        what: String,
    },
    /// Visit somebody.
    Visit {
        whom: String,
        purpose: String,
        prepare: String,
        steps: Vec<String>,
    },
    /// Talk somebody out of leaving.
    Retention {
        plan: String,
    },
}

impl Item {
    #[must_use]
    pub(crate) const fn kind(&self) -> ItemKind {
        match self {
            Self::Information { .. } => ItemKind::Information,
            Self::Service { .. } => ItemKind::Service,
            Self::Visit { .. } => ItemKind::Visit,
            Self::Retention { .. } => ItemKind::Retention,
        }
    }

    #[must_use]
    pub(crate) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Information { way, what } => vec![way, what],
            Self::Service { what } => vec![what],
            Self::Visit {
                whom,
                purpose,
                prepare,
                steps,
            } => [whom, purpose, prepare]
                .into_iter()
                .chain(steps)
                .map(String::as_str)
                .collect(),
            Self::Retention { plan } => vec![plan],
        }
    }
}
