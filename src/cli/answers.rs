//! The commands that only read, or change one thing. Each opens the store, does its work, and
//! reports the result.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow};

use super::commands::{
    Command, GroupsCommand, JobCommand, LoadCommand, OutboxCommand, RejectsCommand,
    RemindersCommand, ReportCommand, SourcesCommand,
};
use super::output::{ListArgs, OutputArgs};
use super::progress::{Progress, ProgressUnit};
use super::reports;
use super::{alerts, outbox, sources, tasks};
use crate::clock::wall_now;
use crate::commands::{begin_load, end_load, retry_rejects};
use crate::domain::alert::MailId;
use crate::domain::ids::GroupId;
use crate::domain::job_action::JobAction;
use crate::domain::local_day::Timestamp;
use crate::domain::phones::mask_phones_in;
use crate::notify::words::job_outcome;
use crate::pipeline::Pipeline;
use crate::report::{Listing, printable_lines};
use crate::runtime::{AppError, Setup, Worker};
use crate::schedule::next_due;
use crate::store::{Store, StoreError, Tx};
use crate::views::command_results::CommandResult;
use crate::views::group_file::group_file;
use crate::views::lists;
use crate::views::queries::{self, RejectFilter, ReminderFilter};

/// Runs a command.
pub(super) fn answer(setup: &Setup, command: Command) -> Result<(), AppError> {
    let store = setup.open_store().context("open the store")?;
    match command {
        Command::Report(ReportCommand::Daily(args)) => reports::daily(setup, &store, &args),
        Command::Report(ReportCommand::Changes(args)) => reports::changes(setup, &store, &args),
        Command::Alerts(command) => alerts::answer(setup, &store, command),
        Command::Tasks(command) => tasks::answer(setup, &store, command),
        Command::Groups(GroupsCommand::Show { group_id, output }) => {
            show_group(setup, &store, &group_id, &output)
        }
        Command::Reminders(command) => reminders(setup, &store, command),
        Command::Sources(SourcesCommand::Seek { source, to }) => {
            sources::seek(setup, &store, &source, to)
        }
        Command::Sources(SourcesCommand::Accept { file }) => sources::accept(setup, &store, &file),
        Command::Sources(SourcesCommand::List(args)) => sources::list(setup, &store, &args),
        Command::Outbox(OutboxCommand::List(args)) => {
            let mails = query(&store, |tx| {
                queries::mails(tx, args.state, args.list.limit())
            })?;
            let instants = args.list.output.instants(&setup.config);
            let list = lists::outbox(&mails.rows, instants);
            write_list(setup, &args.list, list, mails.left_out)
        }
        Command::Outbox(OutboxCommand::Show { mail_id, output }) => {
            outbox::show(setup, &store, &MailId::new(mail_id), &output)
        }
        Command::Outbox(OutboxCommand::Retry { mail_id }) => outbox::retry(setup, &store, mail_id),
        Command::Outbox(OutboxCommand::Hold) => outbox::hold(&store),
        Command::Outbox(OutboxCommand::Release) => outbox::release(&store),
        Command::Rejects(command) => rejects(setup, store, command),
        Command::Load(LoadCommand::Begin { source }) => load_begin(&store, &source),
        Command::Load(LoadCommand::Done) => load_done(&store),
        Command::Job(JobCommand::List(args)) => list_jobs(setup, &store, &args),
        Command::Job(JobCommand::Run { name, at, confirm }) => {
            run_job(setup, store, &name, (at.as_deref(), confirm))
        }
        Command::Backup { file } => back_up(&store, &file),
        Command::Demo(_)
        | Command::Test(_)
        | Command::Run { .. }
        | Command::Migrate
        | Command::CheckConfig(_)
        | Command::Config(_)
        | Command::Mail(_)
        | Command::Store(_)
        | Command::Restore { .. } => Ok(()),
    }
}

pub(super) fn query<R>(
    store: &Store,
    work: impl FnOnce(&Tx<'_>) -> Result<R, StoreError>,
) -> Result<R, AppError> {
    Ok(store.read_tx("list", work)?)
}

fn show_group(
    setup: &Setup,
    store: &Store,
    group_id: &GroupId,
    output: &OutputArgs,
) -> Result<(), AppError> {
    let (rules, instants) = (setup.rules(), output.instants(&setup.config));
    let document = group_file(store, &rules, group_id, instants, setup.now(store)?)?;
    document
        .write_document(
            output.format,
            &output.options(&setup.config),
            &mut output.open()?,
        )
        .context("write the file")?;
    Ok(())
}

/// Writes the last rows of a list, and reports on stderr how many more there are, among these rows
/// or beyond them.
pub(super) fn write_list(
    setup: &Setup,
    args: &ListArgs,
    list: Listing<'_>,
    left_out: usize,
) -> Result<(), AppError> {
    let (output, most) = (&args.output, args.limit().rows as usize);
    let left_out = left_out + list.rows().len().saturating_sub(most);
    list.with_last(most)
        .write_listing(
            output.format,
            &output.options(&setup.config),
            &mut output.open()?,
        )
        .context("write the list")?;
    args.print_cut(setup.config.locale, left_out);
    Ok(())
}

fn back_up(store: &Store, file: &Path) -> Result<(), AppError> {
    let mut progress = Progress::begin("copying the store", ProgressUnit::Bytes);
    let bytes = store.back_up(
        file,
        &mut |done, whole| progress.advance(done, whole),
        &|| false,
    )?;
    drop(progress);
    say!("{}", CommandResult::BackedUp { file, bytes });
    Ok(())
}

fn reminders(setup: &Setup, store: &Store, command: RemindersCommand) -> Result<(), AppError> {
    let RemindersCommand::List {
        group,
        assignee,
        list,
    } = command;
    let filter = ReminderFilter { group, assignee };
    let reminders = query(store, |tx| queries::reminders(tx, &filter, list.limit()))?;
    let instants = list.output.instants(&setup.config);
    let rows = lists::reminders(&reminders.rows, instants);
    write_list(setup, &list, rows, reminders.left_out)
}

fn rejects(setup: &Setup, store: Store, command: RejectsCommand) -> Result<(), AppError> {
    match command {
        RejectsCommand::List {
            conflicts,
            class,
            source,
            list,
        } => {
            let filter = RejectFilter {
                conflicts,
                class,
                source,
            };
            let rejects = query(&store, |tx| queries::rejects(tx, &filter, list.limit()))?;
            let instants = list.output.instants(&setup.config);
            let rows = lists::rejects(&rejects.rows, instants);
            write_list(setup, &list, rows, rejects.left_out)
        }
        RejectsCommand::Show { reject_id } => {
            let found = query(&store, |tx| tx.reject(reject_id))?;
            let reject = found.ok_or_else(|| {
                anyhow!("there is no rejection {reject_id}\nhint: `sisan rejects list` lists them")
            })?;
            let text = lists::reject_file(&reject, setup.config.locale);
            std::io::stdout().write_all(mask_phones_in(&printable_lines(&text)).as_bytes())?;
            Ok(())
        }
        RejectsCommand::Retry { reject_id } => {
            let mut pipeline = Pipeline::open(Arc::new(store.lock()?), setup.pipeline())?;
            let (tried, applied) = retry_rejects(&mut pipeline, &reject_id, wall_now())?;
            say!("{}", CommandResult::RejectsRetried { tried, applied });
            Ok(())
        }
    }
}

fn load_begin(store: &Store, source: &str) -> Result<(), AppError> {
    begin_load(store, source)?;
    say!("{}", CommandResult::LoadBegun { source });
    Ok(())
}

fn load_done(store: &Store) -> Result<(), AppError> {
    end_load(store)?;
    say!("{}", CommandResult::LoadEnded);
    Ok(())
}

fn list_jobs(setup: &Setup, store: &Store, args: &ListArgs) -> Result<(), AppError> {
    let (zone, now) = (setup.config.timezone, setup.now(store)?);
    let working = |date| setup.calendar.is_working(date);
    let listed = setup.jobs.iter().map(|job| {
        let next = next_due(job, now, zone, &working);
        (job.name.as_str(), job.action.name(), next)
    });
    let jobs = query(store, |tx| queries::jobs(tx, listed))?;
    let instants = args.output.instants(&setup.config);
    let list = lists::jobs(&jobs, instants);
    write_list(setup, args, list, 0)
}

fn run_job(
    setup: &Setup,
    store: Store,
    name: &str,
    (at, confirmed): (Option<&str>, bool),
) -> Result<(), AppError> {
    let job = setup.jobs.iter().find(|job| job.name.as_str() == name);
    let job = job.ok_or_else(|| {
        AppError::usage(anyhow!(
            "there is no job `{name}`\nhint: `sisan job list` lists them"
        ))
    })?;
    let now = setup.now(&store)?;
    let due_at: Timestamp = match at {
        None => now,
        Some(text) => chrono::DateTime::parse_from_rfc3339(text)
            .map_err(|e| {
                AppError::usage(anyhow!(
                    "--at {text}: {e}\nhint: write it as 2026-10-01T01:00:00+08:00"
                ))
            })?
            .to_utc()
            .into(),
    };
    if due_at > now {
        let now = setup.config.timezone.display(now);
        return Err(AppError::usage(anyhow!(
            "--at {} lies after now ({now})\nhint: a run is for a time that has come",
            at.unwrap_or_default()
        )));
    }
    if confirmed && job.action != JobAction::CloseMonth {
        return Err(AppError::usage(anyhow!(
            "--confirm: job {name} asks for nothing to be confirmed\nhint: leave it out"
        )));
    }
    let store = Arc::new(store.lock()?);
    let mut worker = Worker::new(setup, Arc::clone(&store), true)?;
    worker.run_by_hand(job, due_at, confirmed)?;
    let run = query(&store, |tx| tx.job_runs(name, due_at, 1))?;
    let Some(outcome) = run.into_iter().next().and_then(|run| run.outcome) else {
        return Ok(());
    };
    let (locale, zone) = (setup.config.locale, setup.config.timezone);
    say!("{}", job_outcome::text(locale, Some(zone), &outcome));
    if outcome.is_failure() {
        Err(anyhow!("job {name} has failed").into())
    } else {
        Ok(())
    }
}
