//! The command line: a subcommand per role. It wires; it decides nothing.

mod answers;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::app::demo::{DemoArgs, demo};
use crate::app::reports::DailyArgs;
use crate::app::{AppError, Ended, Exit, OutputArgs, PostOffice, Setup, Worker, check, stop_on_signal};
use crate::config::{self, StoreUrl};
use crate::consume::StopSignal;
use crate::store::sqlite::Restored;
use crate::store::{self, Copied, Store, StoreAt};
use crate::telemetry;

/// sisan (四三): the retention worker beside a telecom operator's BOSS
#[derive(Debug, Parser)]
#[command(name = "sisan", version, about, max_term_width = 110)]
pub struct Cli {
    /// Configuration over the built-in defaults; may be given several times, the last one wins
    #[arg(long, global = true, value_name = "FILE")]
    config: Vec<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a city and 90 days of events, run the whole worker over them, show what it found
    Demo(DemoArgs),
    /// The worker: stream, jobs, mails
    Run {
        /// Take all input there is, run the jobs that fall due, try each mail, and exit
        #[arg(long)]
        drain: bool,
        /// What this process does: many may share a store on PostgreSQL
        #[arg(long, value_delimiter = ',', default_values_t = Role::ALL)]
        roles: Vec<Role>,
    },
    /// Bring the store's schema up
    Migrate,
    /// Read all configuration, say all that is wrong, print what holds without secrets
    CheckConfig {
        /// Behind each value where it came from
        #[arg(long)]
        origin: bool,
    },
    /// Reports
    #[command(subcommand)]
    Report(ReportCommand),
    /// Alerts
    #[command(subcommand)]
    Alerts(ListCommand),
    /// Tasks
    #[command(subcommand)]
    Tasks(ListCommand),
    /// Reminders of key dates
    #[command(subcommand)]
    Reminders(ListCommand),
    /// Mails
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// Deliveries that were no events
    #[command(subcommand)]
    Rejects(RejectsCommand),
    /// Partitions and files
    #[command(subcommand)]
    Sources(SourcesCommand),
    /// The first load, and that of a source that joins later
    #[command(subcommand)]
    Load(LoadCommand),
    /// Scheduled jobs
    #[command(subcommand)]
    Job(JobCommand),
    /// The store as a whole
    #[command(subcommand)]
    Store(StoreCommand),
    /// Copy the store to one file, checked; the worker may be running
    Backup {
        /// The file to make
        file: PathBuf,
    },
    /// Make the store of a backup; mails are held until `outbox release`
    Restore {
        /// The backup
        file: PathBuf,
    },
}

/// What a process may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    /// Takes events in
    Stream,
    /// Looks at figures, raises alerts, runs jobs and writes mails: one process at a time, the others stand by
    Jobs,
    /// Sends mails
    Mail,
}

impl Role {
    const ALL: [Self; 3] = [Self::Stream, Self::Jobs, Self::Mail];
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_possible_value().map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}

#[derive(Debug, Subcommand)]
enum ReportCommand {
    /// The daily report of a day
    Daily(DailyArgs),
}

#[derive(Debug, Subcommand)]
enum ListCommand {
    /// List them
    List(Filtered),
}

#[derive(Debug, Args)]
struct Filtered {
    /// Only those in this state
    #[arg(long)]
    state: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Subcommand)]
enum SourcesCommand {
    /// List them
    List(Filtered),
    /// Go on at another offset after E_OFFSET_GONE or E_TOPIC_REPLACED; the operators are told
    Seek {
        /// Which: topic-partition, as listed
        source: String,
        /// The offset to read next
        #[arg(long)]
        to: u64,
    },
}

#[derive(Debug, Subcommand)]
enum StoreCommand {
    /// Copy it from SQLite to an empty database of a PostgreSQL server; the worker must not be running
    Copy {
        /// sqlite:PATH
        #[arg(long)]
        from: String,
        /// postgres://USER@HOST/DATABASE; its password is that of store.password
        #[arg(long)]
        to: String,
    },
}

#[derive(Debug, Subcommand)]
enum OutboxCommand {
    /// List them
    List(Filtered),
    /// Hold every mail that waits, and those to come: before a restored database is used
    Hold,
    /// Let mails go that were held: the store was loading, or is a restored one
    Release,
}

#[derive(Debug, Subcommand)]
enum RejectsCommand {
    /// List them
    List {
        /// Conflicts instead: an identity that came again with another meaning
        #[arg(long)]
        conflicts: bool,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show one with its raw bytes, phone numbers masked
    Show {
        /// Its number
        reject_id: i64,
    },
    /// Try them again after a fix; the worker must not be running
    Retry {
        /// Only these numbers; all unless told
        reject_id: Vec<i64>,
    },
}

#[derive(Debug, Subcommand)]
enum LoadCommand {
    /// A source joins: until `load done` its old events are taken too, and no month closes
    Begin {
        /// The CloudEvents source, e.g. /boss/chenzhou
        #[arg(long)]
        source: String,
    },
    /// All that is being loaded is there: months may close, and mails for a relay may be released
    Done,
}

#[derive(Debug, Subcommand)]
enum JobCommand {
    /// List them with their last and next run
    List(OutputArgs),
    /// Run one by hand; the worker must not be running
    Run {
        /// Which
        name: String,
        /// For this due time (RFC 3339); now unless told
        #[arg(long)]
        at: Option<String>,
    },
}

/// Runs a command.
///
/// # Errors
/// What went wrong, with the exit code.
pub fn run(cli: Cli) -> Result<Exit, AppError> {
    if let Command::CheckConfig { origin } = cli.command {
        let (config, missing) = config::load_for_check(&cli.config, config::process_environment()).map_err(AppError::usage)?;
        return check::check_config(config, &missing, origin, &mut std::io::stdout().lock());
    }
    let config = config::load(&cli.config, config::process_environment()).map_err(AppError::usage)?;
    telemetry::begin(&config);
    if let Command::Demo(args) = cli.command {
        return demo(&args, config);
    }
    let setup = Setup::read(config)?;
    match cli.command {
        Command::Run { drain, roles } => work(&setup, drain, &roles),
        Command::Migrate => setup.migrate_store().map(|_| Exit::Done).map_err(Into::into),
        Command::Restore { file } => restore(&setup, &file),
        Command::Store(StoreCommand::Copy { from, to }) => copy_store(&setup, &from, &to),
        command => answers::answer(&setup, command).map(|()| Exit::Done),
    }
}

fn work(setup: &Setup, drain: bool, roles: &[Role]) -> Result<Exit, AppError> {
    if roles.len() < Role::ALL.len() && (drain || matches!(setup.config.store.url, StoreUrl::Sqlite(_))) {
        return Err(AppError::usage(anyhow!("--roles: one process does everything on SQLite, and in a drain\nhint: leave --roles out")));
    }
    let store = Arc::new(setup.migrate_store()?.lock()?);
    let stop = StopSignal::new();
    stop_on_signal(stop.clone(), setup.config.stop.within)?;
    let post = PostOffice::open(setup)?;
    let has = |role| roles.contains(&role);
    let worker = Worker::new(setup, Arc::clone(&store), has(Role::Jobs))?;
    let ended = if drain {
        let (source, mut post) = (setup.source(&store, drain, stop)?, post);
        worker.drain(source, &mut post)?
    } else {
        let open = || if has(Role::Stream) { setup.source(&store, drain, stop.clone()).map(Some) } else { Ok(None) };
        worker.run(&open, has(Role::Mail).then_some(post), &stop)?
    };
    tell(&ended);
    Ok(ended.exit)
}

fn restore(setup: &Setup, backup: &Path) -> Result<Exit, AppError> {
    let Restored { sources, held } = setup.restore_store(backup)?;
    eprintln!(
        "the store is restored; {sources} partitions or files go on where they stood, {held} mails are held, and those to come\nhint: look at `sisan outbox list --state held`, then `sisan outbox release`"
    );
    Ok(Exit::Done)
}

fn copy_store(setup: &Setup, from: &str, to: &str) -> Result<Exit, AppError> {
    let at = |flag, url: &str| -> Result<StoreAt, AppError> {
        Ok(setup.store_at(&url.parse().map_err(|e| AppError::usage(anyhow!("{flag} {e}")))?))
    };
    let (from, to) = (Store::open(&at("--from", from)?)?.lock()?, Store::migrate(&at("--to", to)?)?);
    let Copied { timelines, identities, rows } = store::copy(&from, &to)?;
    eprintln!(
        "{timelines} timelines, {identities} identities and {rows} other rows are copied\nhint: set store.url to the copy, and start the worker; the store of before is as it was"
    );
    Ok(Exit::Done)
}

fn tell(ended: &Ended) {
    for error in &ended.paused {
        eprintln!("error: {error}");
    }
    if ended.mails_waiting > 0 {
        eprintln!(
            "{} mails wait for another attempt\nhint: look at `sisan outbox list --state deferred`, then start again",
            ended.mails_waiting
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
