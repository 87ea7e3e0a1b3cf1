//! How a command ends.

use std::io::ErrorKind;

use crate::store::StoreError;

/// Exit codes; scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The work failed.
    Failed = 1,
    /// Bad usage or configuration.
    Usage = 2,
    /// Temporary: start me again.
    Temporary = 75,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error of a command, with the code that it exits with.
#[derive(Debug)]
pub struct AppError {
    /// The code.
    pub exit: Exit,
    /// What went wrong.
    pub error: anyhow::Error,
}

impl AppError {
    /// Bad usage or configuration.
    pub fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self { exit: Exit::Usage, error: error.into() }
    }
}

impl<E: Into<anyhow::Error>> From<E> for AppError {
    fn from(error: E) -> Self {
        let error = error.into();
        if is_disk_full(&error) {
            let hint = "hint: free some space, then start again: it goes on where it stood, and nothing is lost";
            return Self { exit: Exit::Temporary, error: anyhow::anyhow!("E_DISK: there is no room left: {error:#}\n{hint}") };
        }
        Self { exit: Exit::Failed, error }
    }
}

/// Whether a disk has no room left: that of the store, the reports, or wherever it was writing.
fn is_disk_full(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        matches!(io, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
            || cause.downcast_ref::<StoreError>().is_some_and(StoreError::is_disk_full)
    })
}
