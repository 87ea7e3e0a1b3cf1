//! 定工作事项: the item of work, with its parts.

use serde::{Deserialize, Serialize};

use super::ItemKind;

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
    pub const fn kind(&self) -> ItemKind {
        match self {
            Self::Information { .. } => ItemKind::Information,
            Self::Service { .. } => ItemKind::Service,
            Self::Visit { .. } => ItemKind::Visit,
            Self::Retention { .. } => ItemKind::Retention,
        }
    }
}
