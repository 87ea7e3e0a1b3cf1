//! What is being loaded: the whole store at first, or one source that joins later.

use std::collections::BTreeSet;

use super::settings::Setting;
use super::value::{get, params};
use super::{StoreError, Tx};

/// What is being loaded. Meanwhile nothing is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loading {
    /// The first load is not done: nothing is too late, and mails for a relay are held.
    pub first: bool,
    /// Sources whose events are never too late.
    pub sources: BTreeSet<String>,
}

impl Loading {
    /// Whether anything is being loaded.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.first || !self.sources.is_empty()
    }
}

impl Tx<'_> {
    /// What is being loaded.
    pub(crate) fn loading(&self) -> Result<Loading, StoreError> {
        let sources = self.rows(
            "list sources being loaded",
            include_str!("sql/list_loading_sources.sql"),
            &[],
            |row| get(row, 0),
        )?;
        Ok(Loading {
            first: self.setting(Setting::Loaded)? != Some(1),
            sources: sources.into_iter().collect(),
        })
    }

    /// From now on the events of a source are never too late.
    pub fn begin_loading(&self, source: &str) -> Result<(), StoreError> {
        self.raise_lateness_policy()?;
        self.execute(
            "begin a load",
            include_str!("sql/insert_loading_source.sql"),
            params![source],
        )
        .map(drop)
    }

    /// All that was being loaded is there.
    pub fn end_loading(&self) -> Result<(), StoreError> {
        self.raise_lateness_policy()?;
        self.execute(
            "end the loads",
            include_str!("sql/delete_loading_sources.sql"),
            &[],
        )?;
        self.set(Setting::Loaded, 1)
    }
}
