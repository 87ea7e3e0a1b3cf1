//! The partitions and files of a list, and what lies in the folder of files and is not read.

use super::last::{Last, Limit, last};
use crate::domain::ignored_file::IgnoredEntry;
use crate::domain::source_state::SourceStatus;
use crate::store::{SourceRow, StoreError, Tx};

/// Which partitions and files are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SourceFilter<'a> {
    pub state: Option<SourceStatus>,
    /// What lies in the folder of files and is not read, by name.
    pub ignored: &'a [IgnoredEntry],
}

impl<'a> SourceFilter<'a> {
    /// The ignored entries that are wanted.
    pub(crate) fn shown_ignored(self) -> &'a [IgnoredEntry] {
        match self.state {
            None | Some(SourceStatus::Ignored) => self.ignored,
            Some(_) => &[],
        }
    }

    /// Whether a partition or file that was once read is wanted: one that is ignored by now has no
    /// other state.
    fn matches(self, row: &SourceRow) -> bool {
        let is_ignored = || {
            self.ignored
                .binary_search_by(|one| one.name.cmp(&row.name))
                .is_ok()
        };
        match self.state {
            None => true,
            Some(SourceStatus::Ignored) => is_ignored(),
            Some(state) => !is_ignored() && state == row.state.status(),
        }
    }
}

/// The last partitions and files that are wanted, by name.
pub(crate) fn sources(
    tx: &Tx<'_>,
    filter: SourceFilter<'_>,
    limit: Limit,
) -> Result<Last<SourceRow>, StoreError> {
    if filter.state == Some(SourceStatus::Ignored) {
        // The store knows ignored files that were read once.
        let known = filter.ignored.iter().map(|one| tx.source(&one.name));
        let known = known.collect::<Result<Vec<_>, _>>()?;
        return Ok(Last {
            rows: known.into_iter().flatten().collect(),
            left_out: 0,
        });
    }
    let page =
        |after: Option<&SourceRow>, rows| tx.sources_before(after.map(|row| &*row.name), rows);
    last(limit, page, |row| Ok(filter.matches(row))).map(Last::reversed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ignored_file::IgnoredBecause;
    use crate::domain::source_state::SourceState;

    #[test]
    fn a_file_that_is_ignored_by_now_has_no_other_state() {
        let row = |name: &str| SourceRow {
            name: name.to_owned(),
            state: SourceState::Done,
            ..SourceRow::default()
        };
        let ignored = [IgnoredEntry {
            name: "a.jsonl".to_owned(),
            reason: IgnoredBecause::HiddenName,
        }];
        let rows = [row("a.jsonl"), row("b.jsonl")];
        for (state, listed, beside) in [
            (None, [true, true], 1),
            (Some(SourceStatus::Ignored), [true, false], 1),
            (Some(SourceStatus::Done), [false, true], 0),
            (Some(SourceStatus::Reading), [false, false], 0),
        ] {
            let filter = SourceFilter {
                state,
                ignored: &ignored,
            };
            assert_eq!(
                [0, 1].map(|at: usize| filter.matches(&rows[at])),
                listed,
                "{state:?}"
            );
            assert_eq!(filter.shown_ignored().len(), beside, "{state:?}");
        }
    }
}
