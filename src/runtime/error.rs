//! The outcome of a command.

use std::error::Error;
use std::io;

use crate::commands::CommandError;
use crate::consume::SourceError;
use crate::pipeline::PipelineError;
use crate::report::ReportError;
use crate::store::{StoreError, is_disk_full};
use crate::views::ViewError;

/// Exit codes; scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Done = 0,
    Failed = 1,
    /// Bad usage or configuration.
    Usage = 2,
    /// Temporary: start the process again.
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
    pub exit: Exit,
    pub error: anyhow::Error,
    may_pass: bool,
}

impl AppError {
    /// Bad usage or configuration.
    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self {
            exit: Exit::Usage,
            error: error.into(),
            may_pass: false,
        }
    }

    /// Whether another worker leads.
    #[must_use]
    pub(crate) fn is_not_leader(&self) -> bool {
        is_of_store(&self.error, |error| matches!(error, StoreError::NotLeader))
    }

    /// Whether it comes of the store and [may pass](StoreError::may_pass).
    #[must_use]
    pub(crate) const fn may_pass(&self) -> bool {
        self.may_pass
    }

    /// Whether the reader of the output has closed it.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        let is_pipe = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
        // A database's connection may break as a pipe does.
        self.error.root_cause().downcast_ref().is_some_and(is_pipe)
            && !is_of_store(&self.error, |_| true)
    }

    /// Whether the worker continues after it has read the store again and rejoined the group.
    #[must_use]
    pub(crate) fn ends_with_a_new_start(&self) -> bool {
        let is_displaced = |cause: &SourceError| matches!(cause, SourceError::Displaced { .. });
        self.may_pass()
            || self
                .error
                .chain()
                .any(|cause| cause.downcast_ref().is_some_and(is_displaced))
    }
}

fn is_of_store(error: &anyhow::Error, is: impl Fn(&StoreError) -> bool) -> bool {
    let of_pipeline = |cause: &(dyn Error + 'static)| {
        cause
            .downcast_ref()
            .and_then(PipelineError::of_store)
            .is_some_and(&is)
    };
    error
        .chain()
        .any(|cause| cause.downcast_ref().is_some_and(&is) || of_pipeline(cause))
}

impl<E: Into<anyhow::Error>> From<E> for AppError {
    fn from(error: E) -> Self {
        let error = match error.into().downcast::<CommandError>() {
            Ok(CommandError::Store(error)) => error.into(),
            Ok(error) if error.is_usage() => return Self::usage(error),
            Ok(error) => error.into(),
            Err(error) => match error.downcast::<ViewError>() {
                Ok(ViewError::Store(error)) => error.into(),
                Ok(error) => error.into(),
                Err(error) => error,
            },
        };
        let may_pass = is_of_store(&error, StoreError::may_pass);
        if error.chain().any(is_disk_full) {
            let hint = "hint: free some space: it goes on where it stood, and nothing is lost; a worker that has ended is started again";
            return Self {
                exit: Exit::Temporary,
                error: anyhow::anyhow!("E_DISK: there is no room left: {error:#}\n{hint}"),
                may_pass,
            };
        }
        let is_passing = |cause: &SourceError| {
            matches!(
                cause,
                SourceError::Silent { .. } | SourceError::Displaced { .. }
            )
        };
        let passes = error
            .chain()
            .any(|cause| cause.downcast_ref().is_some_and(is_passing));
        let exit = match passes || may_pass {
            true => Exit::Temporary,
            false if is_of_store(&error, |error| matches!(error, StoreError::Url { .. })) => {
                Exit::Usage
            }
            false if error.chain().any(is_no_such_format) => Exit::Usage,
            false => Exit::Failed,
        };
        Self {
            exit,
            error,
            may_pass,
        }
    }
}

/// Whether a format was asked for that what is written does not have.
fn is_no_such_format(cause: &(dyn Error + 'static)) -> bool {
    cause.downcast_ref().is_some_and(|error| {
        matches!(
            error,
            ReportError::NotForLists { .. } | ReportError::NotForDocuments { .. }
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_that_a_list_does_not_have_is_bad_usage() {
        let error = anyhow::Error::new(ReportError::NotForLists { format: "parquet" });
        let of_command = AppError::from(error.context("write the list"));
        assert_eq!(of_command.exit, Exit::Usage);
    }

    #[test]
    fn a_full_disk_is_temporary_whichever_layers_pass_it_on() {
        let full = || StoreError::File {
            path: "sisan.db".into(),
            source: std::io::ErrorKind::StorageFull.into(),
        };
        let other = || StoreError::File {
            path: "sisan.db".into(),
            source: std::io::ErrorKind::PermissionDenied.into(),
        };
        for (error, exit) in [
            (AppError::from(full()), Exit::Temporary),
            (PipelineError::Store(full()).into(), Exit::Temporary),
            (
                PipelineError::Store(StoreError::full_database()).into(),
                Exit::Temporary,
            ),
            (PipelineError::Store(other()).into(), Exit::Failed),
        ] {
            assert_eq!(
                (error.exit, error.error.to_string().contains("E_DISK")),
                (exit, exit == Exit::Temporary),
                "{}",
                error.error
            );
        }
    }

    #[test]
    fn a_store_that_may_answer_again_is_temporary_whichever_layers_pass_it_on() {
        let conflict = || StoreError::Conflict {
            operation: "a test",
        };
        for error in [
            AppError::from(conflict()),
            PipelineError::Store(conflict()).into(),
            anyhow::Error::new(conflict()).context("a layer").into(),
        ] {
            assert!(
                error.may_pass() && error.exit == Exit::Temporary,
                "{}",
                error.error
            );
        }
        assert!(AppError::from(StoreError::NotLeader).is_not_leader());
    }
}
