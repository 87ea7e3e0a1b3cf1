//! Long work of the store: its progress is reported, and it can be ended.

use super::error::StoreError;

/// Called now and then with how much of long work is done, and of how much if that is known.
pub(crate) type OnProgress<'a> = &'a mut dyn FnMut(u64, Option<u64>);

/// Asked now and then whether long work is to end.
pub(crate) type IsOver<'a> = &'a (dyn Fn() -> bool + Sync);

/// An error once the work is to end.
pub(super) fn go_on(is_over: IsOver<'_>) -> Result<(), StoreError> {
    if is_over() {
        Err(StoreError::Ended)
    } else {
        Ok(())
    }
}
