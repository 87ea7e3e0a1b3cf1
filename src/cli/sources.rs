//! `sisan sources`: lists the state of the input, and changes positions.

use super::answers::{query, write_list};
use super::commands::SourceListArgs;
use crate::commands::{accept_file, seek_partition};
use crate::config::SourceKind;
use crate::consume::{ignored_in, lies_in};
use crate::runtime::{AppError, Setup};
use crate::store::Store;
use crate::views::lists;
use crate::views::queries::{self, SourceFilter};

/// Lists partitions and files, and the ignored files of the folder.
pub(super) fn list(setup: &Setup, store: &Store, args: &SourceListArgs) -> Result<(), AppError> {
    let files = &setup.config.source.files;
    let ignored = if setup.config.source.kind == SourceKind::Files {
        ignored_in(&files.dir, &setup.drop_files()).unwrap_or_else(|error| {
            say!(
                "what is not read is not shown: {error}: {}",
                std::error::Error::source(&error).map_or_else(String::new, ToString::to_string)
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
    say!("{source} goes on at offset {to}; it stood at {from}");
    Ok(())
}

/// Requests that a file is read again from its beginning.
pub(super) fn accept(setup: &Setup, store: &Store, file: &str) -> Result<(), AppError> {
    accept_file(store, file, setup.now(store)?)?;
    let dir = &setup.config.source.files.dir;
    if lies_in(dir, file) {
        say!("{file} is read anew from its beginning, by the worker that runs or by the next one");
    } else {
        say!(
            "{file} is not in {} (source.files.dir); once it is, it is read anew from its beginning",
            dir.display()
        );
    }
    Ok(())
}
