//! How much of what can happen the scenarios cover: kinds of alerts, and playbooks.

use std::collections::BTreeSet;

use crate::domain::indicator::AlertKind;

/// What one scenario touched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Touched {
    /// Kinds of alerts that were raised.
    pub kinds: BTreeSet<AlertKind>,
    /// Playbooks that answered one, by name.
    pub playbooks: BTreeSet<String>,
}

/// What all of them touched, of what there is.
#[derive(Debug, Clone)]
pub(crate) struct Coverage {
    playbooks: Vec<String>,
    touched: Touched,
}

impl Coverage {
    /// Nothing is touched yet of these playbooks.
    #[must_use]
    pub(crate) fn of_playbooks(playbooks: Vec<String>) -> Self {
        Self {
            playbooks,
            touched: Touched::default(),
        }
    }

    /// Adds what a scenario touched.
    pub(crate) fn add(&mut self, touched: Touched) {
        self.touched.kinds.extend(touched.kinds);
        self.touched.playbooks.extend(touched.playbooks);
    }

    /// Both shares, as two lines.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        let kinds: Vec<(&str, bool)> = AlertKind::all()
            .map(|kind| (kind.name(), self.touched.kinds.contains(&kind)))
            .collect();
        let playbooks: Vec<(&str, bool)> = self
            .playbooks
            .iter()
            .map(|name| (name.as_str(), self.touched.playbooks.contains(name)))
            .collect();
        format!(
            "{}\n{}",
            share("signals and indicators raised", &kinds),
            share("playbooks used", &playbooks)
        )
    }
}

fn share(of_what: &str, all: &[(&str, bool)]) -> String {
    let left: Vec<&str> = all
        .iter()
        .filter(|(_, is_touched)| !is_touched)
        .map(|(name, _)| *name)
        .collect();
    let not = if left.is_empty() {
        String::new()
    } else {
        format!(" (not: {})", left.join(", "))
    };
    format!(
        "{of_what}: {} of {}{not}",
        all.len() - left.len(),
        all.len()
    )
}
