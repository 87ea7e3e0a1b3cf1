//! What each subcommand does: the parts that it starts, and the exit code that it gives.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;

use super::commands::{Command, ConfigCommand, ProcessRole, StoreCommand};
use super::progress::{Progress, ProgressUnit};
use super::{Cli, answers, check_config, mail};
use crate::config::{self, StoreUrl};
use crate::consume::{Source, StopSignal};
use crate::demo::demo;
use crate::runtime::{
    AppError, Ended, Exit, OutboxDispatcher, ReloadSignal, Setup, Worker, check_open_files,
    install_signal_handlers,
};
use crate::scenario::runner::test;
use crate::serve::{Listeners, State};
use crate::store::sqlite::Restored;
use crate::store::{self, Copied, Store, StoreAt};
use crate::telemetry;
use crate::views::command_results::{CommandResult, MailResult};

/// Most names of ignored files that a drain reports.
const IGNORED_SHOWN_MAX: usize = 100;

/// Runs a command.
///
/// # Errors
/// The failure, with its exit code.
pub fn run(cli: Cli) -> Result<Exit, AppError> {
    if let Command::CheckConfig(args) = cli.command {
        return check_config::check_config(
            &cli.config,
            config::process_environment(),
            args,
            &mut std::io::stdout().lock(),
        );
    }
    if let Command::Config(ConfigCommand::Default) = cli.command {
        std::io::stdout()
            .lock()
            .write_all(config::DEFAULT_TOML.as_bytes())?;
        return Ok(Exit::Done);
    }
    let mut config =
        config::load(&cli.config, config::process_environment()).map_err(AppError::usage)?;
    if let Command::Demo(args) = cli.command {
        // The demo's output must fit one screen.
        "warn".clone_into(&mut config.log.filter);
        telemetry::begin(&config);
        return demo(&args, &cli.config);
    }
    if let Command::Test(args) = cli.command {
        // `sisan test` prints results of scenarios, not the worker's log.
        "off".clone_into(&mut config.log.filter);
        telemetry::begin(&config);
        return test(&args, &Setup::from_config(config)?, &cli.config);
    }
    telemetry::begin(&config);
    let setup = Setup::from_config(config)?;
    match cli.command {
        Command::Run { drain, roles } => work(&setup, drain, &roles, cli.config),
        Command::Migrate => setup
            .migrate_store()
            .map(|_| Exit::Done)
            .map_err(Into::into),
        Command::Restore { file } => restore(&setup, &file),
        Command::Store(StoreCommand::Copy { from, to }) => copy_store(&setup, &from, &to),
        Command::Mail(command) => mail::run(&setup, &command),
        command => answers::answer(&setup, command).map(|()| Exit::Done),
    }
}

fn work(
    setup: &Setup,
    drain: bool,
    roles: &[ProcessRole],
    files: Vec<PathBuf>,
) -> Result<Exit, AppError> {
    if roles.len() < ProcessRole::ALL.len()
        && (drain || matches!(setup.config.store.url, StoreUrl::Sqlite(_)))
    {
        return Err(AppError::usage(anyhow!(
            "--roles: one process does everything on SQLite, and in a drain\nhint: leave --roles out"
        )));
    }
    let clients = check_open_files()?;
    setup
        .config
        .open_secret_files()
        .iter()
        .for_each(|warning| tracing::warn!("{warning}"));
    let has = |role| roles.contains(&role);
    let http = &setup.config.http;
    let listeners = (has(ProcessRole::Http) && !drain)
        .then(|| Listeners::bind(http.listen, http.metrics_listen))
        .transpose()?;
    let store = Arc::new(setup.migrate_store()?.lock()?);
    let (stop, reload) = (StopSignal::new(), ReloadSignal::default());
    install_signal_handlers(stop.clone(), setup.config.stop.within, reload.clone())?;
    let state = || {
        State::new(
            Arc::clone(&store),
            Arc::clone(&setup.metrics),
            setup.clock.clone(),
        )
    };
    listeners.map_or(Ok(()), |listeners| listeners.serve(state(), clients))?;
    let dispatcher = OutboxDispatcher::open(setup)?;
    let worker = Worker::new(setup, Arc::clone(&store), has(ProcessRole::Jobs))?;
    let ended = if drain {
        let source = setup.source(&store, drain, stop)?;
        drain_input(worker, source, dispatcher)?
    } else {
        let is_first_load = store
            .read_tx("see what is being loaded", |tx| tx.loading())?
            .first;
        let worker = if is_first_load {
            shows_its_backlog(worker)
        } else {
            worker
        };
        let source = || setup.source(&store, drain, stop.clone());
        let open = || has(ProcessRole::Stream).then(&source).transpose();
        worker.with_reload(reload, move || read_again(&files)).run(
            &open,
            has(ProcessRole::Mail).then_some(dispatcher),
            &stop,
        )?
    };
    print_ended(&ended);
    Ok(ended.exit)
}

fn drain_input(
    worker: Worker,
    source: Source,
    mut dispatcher: OutboxDispatcher,
) -> Result<Ended, AppError> {
    let mut progress = Progress::begin("reading all input", ProgressUnit::Events);
    worker
        .with_progress(move |events, _| progress.to(events))
        .drain(source, &mut dispatcher)
}

/// Loads the configuration again, for a reload.
fn read_again(files: &[PathBuf]) -> Result<Setup, AppError> {
    Setup::from_config(config::load(files, config::process_environment()).map_err(AppError::usage)?)
}

/// A worker that reports the progress of a first load, while there is a backlog.
fn shows_its_backlog(worker: Worker) -> Worker {
    let mut progress = Progress::begin("the first load", ProgressUnit::Events);
    worker.with_progress(move |events, has_backlog| {
        if has_backlog {
            progress.to(events);
        }
    })
}

fn restore(setup: &Setup, backup: &Path) -> Result<Exit, AppError> {
    let mut progress = Progress::begin("restoring the store", ProgressUnit::Bytes);
    let Restored { sources, held } =
        setup.restore_store(backup, &mut |done, whole| progress.advance(done, whole))?;
    drop(progress);
    say!("{}", CommandResult::Restored { sources, held });
    Ok(Exit::Done)
}

fn copy_store(setup: &Setup, from: &str, to: &str) -> Result<Exit, AppError> {
    let at = |flag, url: &str| -> Result<StoreAt, AppError> {
        Ok(setup.store_at(
            &url.parse()
                .map_err(|e| AppError::usage(anyhow!("{flag} {e}")))?,
        ))
    };
    let (from, to) = (at("--from", from)?, at("--to", to)?);
    store::check_way(&from, &to).map_err(AppError::usage)?;
    let (from, to) = (Store::open(&from)?.lock()?, Store::migrate(&to)?);
    let mut progress = Progress::begin("copying the store", ProgressUnit::Entries);
    let Copied {
        timelines,
        identities,
        rows,
    } = store::copy(&from, &to, &mut |done, whole| progress.advance(done, whole))?;
    drop(progress);
    say!(
        "{}",
        CommandResult::Copied {
            timelines,
            identities,
            rows,
        }
    );
    Ok(Exit::Done)
}

fn print_ended(ended: &Ended) {
    for reason in &ended.paused {
        say!("error: {}", reason.replace("; hint: ", "\nhint: "));
    }
    for ignored in ended.ignored.iter().take(IGNORED_SHOWN_MAX) {
        say!("{}", CommandResult::NotRead(ignored));
    }
    if let Some(more) = ended
        .ignored
        .len()
        .checked_sub(IGNORED_SHOWN_MAX)
        .filter(|more| *more > 0)
    {
        say!("{}", CommandResult::MoreNotRead(more));
    }
    if ended.mails_waiting > 0 {
        say!("{}", MailResult::Waiting(ended.mails_waiting));
    }
}
