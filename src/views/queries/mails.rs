//! The mails of a list.

use super::last::{Last, Limit};
use crate::domain::mail::MailState;
use crate::store::{MailEntry, StoreError, Tx};

/// The last mails, of a state or all, in the order in which they were queued.
pub(crate) fn mails(
    tx: &Tx<'_>,
    state: Option<MailState>,
    limit: Limit,
) -> Result<Last<MailEntry>, StoreError> {
    let mut entries = tx.mail_entries(state, limit.rows_read())?;
    entries.reverse();
    Ok(limit.cut(entries).reversed())
}
