//! Which rows of the daily report are asked for, and of which days there may be any.

use crate::domain::daily_row::{DailyRow, ShownRow};
use crate::domain::indicator::ScopeKind;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::zone::Zone;
use crate::pipeline::load_read_model;
use crate::store::{Setting, StoreError, Tx};

/// Which rows are wanted: those that meet all that is given.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DailyFilter<'a> {
    pub scope: Option<ScopeKind>,
    /// Of a group customer or a unit.
    pub id: Option<&'a str>,
}

impl DailyFilter<'_> {
    pub(crate) fn matches(self, shown: &ShownRow) -> bool {
        let of = &shown.row.scope;
        self.scope
            .is_none_or(|scope| ScopeKind::of_scope(of) == scope)
            && self.id.is_none_or(|id| of.id() == id)
    }

    /// Whether some day may have a row that is wanted: an accepted event names the id.
    pub(crate) fn may_have_rows(self, tx: &Tx<'_>) -> Result<bool, StoreError> {
        let Some(id) = self.id else { return Ok(true) };
        Ok(load_read_model(tx)?.knows(self.scope, id))
    }
}

/// The last day that has begun, by the clock or by the newest accepted event.
pub(crate) fn newest_day(tx: &Tx<'_>, zone: Zone, now: Timestamp) -> Result<LocalDay, StoreError> {
    let newest = tx.setting(Setting::EventClock)?;
    let newest = newest.map_or(now, Timestamp::from_micros);
    Ok(zone.day_of(now.max(newest)))
}

/// The published versions of a day, each with its rows.
pub(crate) fn versions_of_day(
    tx: &Tx<'_>,
    day: LocalDay,
) -> Result<Vec<(u32, Vec<DailyRow>)>, StoreError> {
    let published = tx.publications(day)?.into_iter();
    Ok(published.map(|one| (one.version, one.rows)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::indicator::{Scope, Verdict};
    use crate::views::tests::{group, row, shown};

    #[test]
    fn a_row_is_wanted_if_it_has_the_level_and_the_id_that_are_given() {
        let of = |scope| shown(row(scope, "", 0, Verdict::Ok));
        let rows = [of(Scope::Company), of(group("G1")), of(group("G2"))];
        let wanted = |scope, id| {
            let filter = DailyFilter { scope, id };
            [0, 1, 2].map(|at: usize| filter.matches(&rows[at]))
        };
        assert_eq!(wanted(None, None), [true; 3]);
        assert_eq!(wanted(Some(ScopeKind::Group), None), [false, true, true]);
        assert_eq!(wanted(None, Some("G2")), [false, false, true]);
        assert_eq!(wanted(Some(ScopeKind::Unit), Some("G2")), [false; 3]);
    }
}
