//! The silences of a list.

use super::last::{Last, Limit, last};
use crate::domain::local_day::LocalDay;
use crate::domain::silence::Silence;
use crate::store::{StoreError, Tx};

/// The silences that hold on `today` or end later, or all of them; the last, in the order in which
/// they end.
pub(crate) fn silences(
    tx: &Tx<'_>,
    today: Option<LocalDay>,
    limit: Limit,
) -> Result<Last<Silence>, StoreError> {
    let Some(today) = today else {
        return last(
            limit,
            |after, rows| tx.silences_before(after, rows),
            |_| Ok(true),
        )
        .map(Last::reversed);
    };
    let mut holding = tx.silences_since(today)?;
    holding.reverse();
    Ok(limit.cut(holding).reversed())
}
