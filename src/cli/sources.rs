//! `sisan sources`: lists the state of the input, and changes positions.

use super::answers::{query, write_list};
use super::commands::SourceListArgs;
use crate::commands::{accept_file, seek_partition};
use crate::config::SourceKind;
use crate::consume::{ignored_in, lies_in};
use crate::runtime::{AppError, Setup};
use crate::store::Store;
use crate::views::command_results::CommandResult;
use crate::views::lists;
use crate::views::queries::{self, SourceFilter};

/// Lists partitions and files, and the ignored files of the folder.
pub(super) fn list(setup: &Setup, store: &Store, args: &SourceListArgs) -> Result<(), AppError> {
    let files = &setup.config.source.files;
    let ignored = if setup.config.source.kind == SourceKind::Files {
        ignored_in(&files.dir, &setup.drop_files()).unwrap_or_else(|error| {
            let source = std::error::Error::source(&error);
            say!(
                "{}",
                CommandResult::IgnoredNotShown {
                    error: &error.to_string(),
                    source: &source.map_or_else(String::new, ToString::to_string),
                }
            );
            Vec::new()
        })
    } else {
        Vec::new()
    };
    let filter = SourceFilter {
        state: args.state,
        ignored: &ignored,
    };
    let sources = query(store, |tx| queries::sources(tx, filter, args.list.limit()))?;
    let instants = args.list.output.instants(&setup.config);
    let list = lists::sources(&sources.rows, filter.shown_ignored(), instants);
    write_list(setup, &args.list, list, sources.left_out)
}

/// Moves a partition of a topic to another offset.
pub(super) fn seek(setup: &Setup, store: &Store, source: &str, to: u64) -> Result<(), AppError> {
    let files = setup.config.source.kind == SourceKind::Files;
    let from = seek_partition(store, source, to, files, setup.now(store)?)?;
    say!("{}", CommandResult::Sought { source, from, to });
    Ok(())
}

/// Requests that a file is read again from its beginning.
pub(super) fn accept(setup: &Setup, store: &Store, file: &str) -> Result<(), AppError> {
    accept_file(store, file, setup.now(store)?)?;
    let dir = &setup.config.source.files.dir;
    let result = if lies_in(dir, file) {
        CommandResult::FileAccepted { file }
    } else {
        CommandResult::FileAwaited { file, dir }
    };
    say!("{result}");
    Ok(())
}
