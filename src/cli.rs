//! The command line: a subcommand per role. It wires; it decides nothing.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::{Args, Parser, Subcommand};

use crate::app::demo::{DemoArgs, demo};
use crate::app::reports::{self, DailyArgs};
use crate::app::{AppError, Ended, Exit, OutputArgs, PostOffice, Setup, Worker, check, lists, stop_on_signal};
use crate::clock::wall_now;
use crate::config;
use crate::consume::StopSignal;
use crate::domain::local_day::Timestamp;
use crate::report::Listing;
use crate::schedule::next_due;
use crate::store::Store;
use crate::store::sqlite::{Setting, Tx};
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
    Sources(ListCommand),
    /// The first load
    #[command(subcommand)]
    Load(LoadCommand),
    /// Scheduled jobs
    #[command(subcommand)]
    Job(JobCommand),
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
enum OutboxCommand {
    /// List them
    List(Filtered),
    /// Let mails go that were held while the store was loading
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
    /// The first load is done: months may close, and mails for a relay may be released
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
        Command::Run { drain } => work(&setup, drain),
        Command::Migrate => Store::migrate(&setup.store_path()).map(|_| Exit::Done).map_err(Into::into),
        command => answer(&setup, command).map(|()| Exit::Done),
    }
}

fn work(setup: &Setup, drain: bool) -> Result<Exit, AppError> {
    let store = Arc::new(Store::migrate(&setup.store_path())?.lock()?);
    let stop = StopSignal::new();
    stop_on_signal(stop.clone())?;
    let post = PostOffice::open(setup)?;
    let worker = Worker::new(setup, Arc::clone(&store))?;
    let source = setup.source(&store, drain, stop.clone())?;
    let ended = if drain {
        let mut post = post;
        worker.drain(source, &mut post)?
    } else {
        worker.run(source, post, &stop)?
    };
    tell(&ended);
    Ok(ended.exit)
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

/// The commands that only look, or change one thing.
fn answer(setup: &Setup, command: Command) -> Result<(), AppError> {
    let store = Store::open(&setup.store_path()).context("open the store")?;
    match command {
        Command::Report(ReportCommand::Daily(args)) => reports::daily(setup, &store, &args),
        Command::Alerts(ListCommand::List(args)) => {
            let mut alerts = read(&store, |tx| tx.alerts())?;
            alerts.retain(|alert| args.state.as_deref().is_none_or(|state| alert.state.name() == state));
            write(setup, &args.output, &lists::alerts(&alerts, args.output.instants(&setup.config)))
        }
        Command::Tasks(ListCommand::List(args)) => {
            let mut tasks = read(&store, |tx| tx.tasks())?;
            tasks.retain(|task| args.state.as_deref().is_none_or(|state| task.state.name() == state));
            write(setup, &args.output, &lists::tasks(&tasks, reports::now(setup, &store)?, args.output.instants(&setup.config)))
        }
        Command::Reminders(ListCommand::List(args)) => write(setup, &args.output, &lists::reminders(&read(&store, |tx| tx.reminders())?)),
        Command::Sources(ListCommand::List(args)) => {
            write(setup, &args.output, &lists::sources(&read(&store, |tx| tx.sources())?, args.output.instants(&setup.config)))
        }
        Command::Outbox(OutboxCommand::List(args)) => {
            let mut mails = read(&store, |tx| tx.mails())?;
            mails.retain(|queued| args.state.as_deref().is_none_or(|state| queued.delivery.state.name() == state));
            write(setup, &args.output, &lists::outbox(&mails, args.output.instants(&setup.config)))
        }
        Command::Outbox(OutboxCommand::Release) => release(&store),
        Command::Rejects(command) => rejects(setup, store, command),
        Command::Load(LoadCommand::Done) => load_done(&store),
        Command::Job(JobCommand::List(output)) => list_jobs(setup, &store, &output),
        Command::Job(JobCommand::Run { name, at }) => run_job(setup, store, &name, at.as_deref()),
        Command::Demo(_) | Command::Run { .. } | Command::Migrate | Command::CheckConfig { .. } => Ok(()),
    }
}

fn read<R>(store: &Store, work: impl FnOnce(&Tx<'_>) -> Result<R, crate::store::StoreError>) -> Result<R, AppError> {
    Ok(store.read("list", work)?)
}

fn write(setup: &Setup, output: &OutputArgs, list: &Listing<'_>) -> Result<(), AppError> {
    list.write(output.format, &output.options(&setup.config), &mut output.open()?).context("write the list")?;
    Ok(())
}

fn release(store: &Store) -> Result<(), AppError> {
    use crate::domain::mail::{Delivery, MailState};
    let released = store.write("release held mails", |tx| -> Result<usize, crate::store::StoreError> {
        let held: Vec<_> = tx.mails()?.into_iter().filter(|queued| queued.delivery.state == MailState::Held).collect();
        for queued in &held {
            tx.record_delivery(&queued.mail_id, &Delivery { state: MailState::Queued, ..queued.delivery.clone() })?;
        }
        Ok(held.len())
    })?;
    eprintln!("{released} mails released");
    Ok(())
}

fn rejects(setup: &Setup, store: Store, command: RejectsCommand) -> Result<(), AppError> {
    let all = read(&store, |tx| tx.rejects())?;
    match command {
        RejectsCommand::List { conflicts, output } => {
            write(setup, &output, &lists::rejects(&all, conflicts, output.instants(&setup.config)))
        }
        RejectsCommand::Show { reject_id } => {
            let found = all.iter().find(|reject| reject.reject_id == reject_id);
            let reject = found.ok_or_else(|| anyhow!("there is no rejection {reject_id}\nhint: `sisan rejects list` lists them"))?;
            let raw = reject.payload.as_deref().map_or_else(|| "(not kept)".into(), String::from_utf8_lossy);
            let text = format!("{} {} {}\n{}\n{}\n", reject.source, reject.position, reject.class, reject.reason, raw);
            std::io::stdout().write_all(crate::domain::ids::mask_phones_in(&text).as_bytes())?;
            Ok(())
        }
        RejectsCommand::Retry { reject_id } => {
            let mut pipeline = crate::pipeline::Pipeline::open(Arc::new(store.lock()?), setup.pipeline())?;
            let wanted: Vec<_> = all.into_iter().filter(|r| reject_id.is_empty() || reject_id.contains(&r.reject_id)).collect();
            let tried = wanted.len();
            let applied = pipeline.retry(wanted, wall_now())?;
            eprintln!("{tried} tried, {applied} applied");
            Ok(())
        }
    }
}

fn load_done(store: &Store) -> Result<(), AppError> {
    let behind: Vec<String> = read(store, |tx| tx.sources())?.into_iter().filter(|row| row.lag > 0).map(|row| row.name).collect();
    if !behind.is_empty() {
        return Err(
            anyhow!("the load is not done: {} have more to read\nhint: let the worker read on, then try again", behind.join(", ")).into()
        );
    }
    store.write("end the load", |tx| tx.set(Setting::Loaded, 1))?;
    eprintln!(
        "the store is loaded; months may close from now on\nhint: a running worker takes notice when it is started again; `sisan outbox release` lets held mails go"
    );
    Ok(())
}

fn list_jobs(setup: &Setup, store: &Store, output: &OutputArgs) -> Result<(), AppError> {
    let (zone, now) = (setup.config.timezone, reports::now(setup, store)?);
    let working = |date| setup.calendar.is_working(date);
    let mut jobs = Vec::new();
    for job in &setup.jobs {
        let last = read(store, |tx| tx.job_runs(job.name.as_str(), 1))?.into_iter().next();
        jobs.push((job.clone(), last, next_due(job, now, zone, &working)));
    }
    write(setup, output, &lists::jobs(&jobs, output.instants(&setup.config)))
}

fn run_job(setup: &Setup, store: Store, name: &str, at: Option<&str>) -> Result<(), AppError> {
    let job = setup.jobs.iter().find(|job| job.name.as_str() == name);
    let job = job.ok_or_else(|| AppError::usage(anyhow!("there is no job `{name}`\nhint: `sisan job list` lists them")))?;
    let due_at: Timestamp = match at {
        None => reports::now(setup, &store)?,
        Some(text) => chrono::DateTime::parse_from_rfc3339(text)
            .map_err(|e| AppError::usage(anyhow!("--at {text}: {e}\nhint: write it as 2026-10-01T01:00:00+08:00")))?
            .to_utc()
            .into(),
    };
    let store = Arc::new(store.lock()?);
    let mut worker = Worker::new(setup, Arc::clone(&store))?;
    store.write("claim a job's run", |tx| tx.claim_job_run(name, due_at))?;
    worker.run_job(job, due_at)?;
    let run = read(&store, |tx| tx.job_runs(name, 1))?;
    eprintln!("{}", run.first().and_then(|run| run.outcome.clone()).unwrap_or_default());
    Ok(())
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
