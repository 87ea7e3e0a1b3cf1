//! The provinces' status codes → canonical statuses.
//!
//! It may not know where the maps were configured. Invariant: the status of an unknown code is
//! never guessed.

use std::collections::{BTreeMap, HashMap};

use crate::domain::event::Status;

/// Code set → code → spelling of a canonical status, as in a configuration.
pub(crate) type Spelled = BTreeMap<String, BTreeMap<String, String>>;

/// The sample maps, each a file that can be used as a configuration file unchanged.
const SHIPPED: [&str; 2] = [
    include_str!("../../config/status_maps/ngboss.toml"),
    include_str!("../../config/status_maps/userstatus.toml"),
];

/// Why a configured status map is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StatusMapError {
    /// A code is mapped to a text that is no canonical status.
    #[error(
        "read status_maps.{code_set}.{code}: `{found}` is no canonical status; hint: use {}",
        Status::ONE_OF
    )]
    UnknownStatus {
        code_set: String,
        code: String,
        /// The text that it was mapped to.
        found: String,
    },
}

/// All status maps of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusMaps(HashMap<Box<str>, HashMap<Box<str>, Status>>);

impl StatusMaps {
    /// Overlays configured maps on these, code by code.
    ///
    /// # Errors
    /// Every code whose spelling is no canonical status.
    pub(crate) fn with(mut self, spelled: &Spelled) -> Result<Self, Vec<StatusMapError>> {
        let mut faults = Vec::new();
        for (code_set, codes) in spelled {
            let map = self.0.entry(code_set.as_str().into()).or_default();
            for (code, found) in codes {
                match Status::parse(found) {
                    Some(status) => {
                        map.insert(code.as_str().into(), status);
                    }
                    None => faults.push(StatusMapError::UnknownStatus {
                        code_set: code_set.clone(),
                        code: code.clone(),
                        found: found.clone(),
                    }),
                }
            }
        }
        if faults.is_empty() {
            Ok(self)
        } else {
            Err(faults)
        }
    }

    /// The maps that ship as samples: `ngboss` and `userstatus`.
    #[must_use]
    pub(crate) fn shipped() -> Self {
        Self::default()
            .with(&shipped_spelled())
            .expect("the shipped maps name canonical statuses")
    }

    /// The canonical status of a code.
    #[must_use]
    pub(crate) fn status(&self, code_set: &str, code: &str) -> Option<Status> {
        self.0.get(code_set)?.get(code).copied()
    }

    /// Whether a map has that name.
    #[must_use]
    pub(crate) fn has_code_set(&self, code_set: &str) -> bool {
        self.0.contains_key(code_set)
    }
}

fn shipped_spelled() -> Spelled {
    /// A file of one or more maps.
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        status_maps: Spelled,
    }
    SHIPPED
        .iter()
        .flat_map(|text| {
            toml::from_str::<File>(text)
                .expect("the shipped maps are TOML")
                .status_maps
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_maps_agree_with_the_provinces_own_sums() {
        let maps = StatusMaps::shipped();
        let of = |code_set: &str, wanted: fn(Status) -> bool| -> String {
            let mut codes: Vec<&str> = maps.0[code_set]
                .iter()
                .filter(|(_, status)| wanted(**status))
                .map(|(code, _)| &**code)
                .collect();
            codes.sort_unstable();
            codes.concat()
        };
        assert_eq!(
            (
                of("userstatus", Status::in_base),
                of("userstatus", Status::is_churned)
            ),
            ("12368".into(), "4579".into())
        );
        assert_eq!(
            (
                of("ngboss", Status::is_churned),
                of("ngboss", |s| s == Status::Active)
            ),
            ("69".into(), "0N".into())
        );
        assert_eq!(of("ngboss", |s| s == Status::SuspendedOneWay), "ABCGRT");
        assert_eq!(of("ngboss", |s| s == Status::PreCancelled), "8EF");
        assert_eq!(of("ngboss", Status::is_suspended), "123457ABCGHILMORSTZ");
    }

    #[test]
    fn a_configured_map_lies_over_the_shipped_one_code_by_code() {
        let spelled = |code_set: &str, code: &str, status: &str| {
            Spelled::from([(
                code_set.into(),
                BTreeMap::from([(code.into(), status.into())]),
            )])
        };
        let maps = StatusMaps::shipped()
            .with(&spelled("ngboss", "E", "ported_out"))
            .expect("good");
        assert_eq!(
            (maps.status("ngboss", "E"), maps.status("ngboss", "0")),
            (Some(Status::PortedOut), Some(Status::Active))
        );
        assert_eq!(
            (maps.status("ngboss", "~"), maps.status("NGBOSS", "0")),
            (None, None)
        );
        let faults = maps
            .with(&spelled("gz", "X", "stopped"))
            .expect_err("no status");
        assert!(
            faults[0].to_string().starts_with(
                "read status_maps.gz.X: `stopped` is no canonical status; hint: use one of active, "
            ),
            "{}",
            faults[0]
        );
    }
}
