//! `sisan sources`: lists the state of the input, and changes positions.

use super::answers::{query, write_list};
use super::commands::SourceFilter;
use crate::commands::{accept_file, seek_partition};
use crate::config::SourceKind;
use crate::consume::{ignored_in, lies_in};
use crate::domain::source_state::SourceStatus;
use crate::runtime::{AppError, Setup};
use crate::store::{SourceRow, Store};
use crate::views::lists;
use crate::views::queries::{self, Last};

/// Lists partitions and files, and the ignored files of the folder.
pub(super) fn list(setup: &Setup, store: &Store, args: &SourceFilter) -> Result<(), AppError> {
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
    let is_ignored = |row: &SourceRow| {
        ignored
            .binary_search_by(|one| one.name.cmp(&row.name))
            .is_ok()
    };
    let is_wanted = |row: &SourceRow| match args.state {
        None => true,
        Some(SourceStatus::Ignored) => is_ignored(row),
        Some(state) => !is_ignored(row) && state == row.state.status(),
    };
    let limit = args.list.limit();
    let sources = query(store, |tx| match args.state {
        // The store knows ignored files that were read once.
        Some(SourceStatus::Ignored) => {
            let known = ignored.iter().map(|one| tx.source(&one.name));
            let known = known.collect::<Result<Vec<_>, _>>()?;
            Ok(Last {
                rows: known.into_iter().flatten().collect(),
                left_out: 0,
            })
        }
        _ => queries::sources(tx, limit, is_wanted),
    })?;
    let beside = if args
        .state
        .is_none_or(|state| state == SourceStatus::Ignored)
    {
        &ignored[..]
    } else {
        &[]
    };
    let instants = args.list.output.instants(&setup.config);
    let list = lists::sources(&sources.rows, beside, instants);
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
