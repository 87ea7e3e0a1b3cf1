//! The demo from its city to the last line on the screen.

use std::io::{Write, stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use chrono::NaiveDate;

use crate::access::Access;
use crate::config::{self, Config};
use crate::consume::StopSignal;
use crate::domain::daily_row::ShownRow;
use crate::domain::indicator::{Scope, Verdict};
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::notify::words::demo;
use crate::pipeline::ended_named_members;
use crate::simulate::{
    City, CityConfig, OpenedAlert, ReportLine, Story, Totals, build, write_files,
};
use crate::store::Store;

use super::month::month_of_work;
use super::{Intentions, People};
use crate::cli::progress::{Progress, ProgressUnit};
use crate::runtime::error::{AppError, Exit};
use crate::runtime::{OutboxDispatcher, Setup, Worker};
use crate::views::daily::rows_of_day;

/// Last day of the demo's events: fixed, so that the same seed gives the same output on any day.
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 10, 31).expect("it is a date");
/// The manager who gets the company's alerts: the head of the first unit.
const COMPANY_HEAD: &str = "HD01";
const EVENTS_PER_FILE: usize = 20_000;
/// Width of the output, in terminal cells.
const STORY_WIDTH: usize = 80;

/// What may be said about the demo.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoArgs {
    /// Folder for everything the demo makes; must not exist or be a demo's of before
    #[arg(long, default_value = "sisan-demo")]
    pub dir: PathBuf,
    /// Another city
    #[arg(long, default_value_t = 43)]
    pub seed: u64,
    /// Group customers
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(20..=20_000))]
    pub groups: u32,
    /// Leave when the story has ended; it always does
    #[arg(long)]
    pub exit: bool,
}

/// Runs the demo.
///
/// # Errors
/// When the folder cannot be used or the worker stops.
pub fn demo(args: &DemoArgs, config_files: &[PathBuf]) -> Result<Exit, AppError> {
    let begun = Instant::now();
    let config = demo_config(args, config_files)?;
    clear(args)?;
    let city_config = CityConfig {
        seed: args.seed,
        groups: args.groups,
        members: args.groups * 100,
        days: 90,
        last_day: LAST_DAY,
        zone: config.timezone,
    };
    let building = Progress::begin("building the city", ProgressUnit::Events);
    let city = build(city_config);
    write_files(&city, &args.dir.join("events"), EVENTS_PER_FILE)
        .context("write the city's events")?;
    let setup = Arc::new(Setup::from_config(config)?);
    let store = Arc::new(setup.migrate_store()?.lock()?);
    let mut dispatcher = OutboxDispatcher::open(&setup)?;
    drop(building);
    let mut progress = Progress::begin("running the worker over 90 days", ProgressUnit::Events)
        .of_whole(city.deliveries().len() as u64);
    let intentions = Intentions::of_events(city.deliveries());
    let people = People::new(args.seed, Arc::clone(&setup), intentions);
    let worker = Worker::new(&setup, Arc::clone(&store), true)?
        .with_progress(move |events, _| progress.to(events))
        .with_people(move |pipeline, now| people.act(pipeline, now));
    let source = setup.source(&store, true, StopSignal::new())?;
    let ended = worker.drain(source, &mut dispatcher)?;
    let story = story(&city, &setup, &store, args)?;
    writeln!(
        stdout(),
        "{}\n{}",
        story.render(STORY_WIDTH, setup.config.locale),
        footer(args, begun.elapsed(), setup.config.locale)
    )?;
    Ok(ended.exit)
}

/// Removes the folder of an earlier demo; refuses any other folder.
fn clear(args: &DemoArgs) -> Result<(), AppError> {
    let mark = args.dir.join(".sisan-demo");
    if args.dir.exists() {
        if !mark.exists() {
            return Err(AppError::usage(anyhow!(
                "--dir {}: is there already and is no demo's\nhint: name another folder",
                args.dir.display()
            )));
        }
        std::fs::remove_dir_all(&args.dir)
            .with_context(|| format!("clear {}", args.dir.display()))?;
    }
    Access::PRIVATE
        .create_folders(&args.dir)
        .with_context(|| format!("make {}", args.dir.display()))?;
    Access::PRIVATE
        .write_file(
            &mark,
            b"made by `sisan demo`; the next one removes this folder\n",
        )
        .with_context(|| format!("write {}", mark.display()))?;
    Ok(())
}

/// The given configuration, overridden by the demo's own folder and an event clock.
fn demo_config(args: &DemoArgs, config_files: &[PathBuf]) -> Result<Config, AppError> {
    let path = |part: &str| args.dir.join(part).display().to_string();
    let variables = [
        ("SISAN__CLOCK__MODE", "event".to_owned()),
        ("SISAN__SOURCE__KIND", "files".to_owned()),
        ("SISAN__SOURCE__FILES__DIR", path("events")),
        ("SISAN__STORE__URL", format!("sqlite:{}", path("sisan.db"))),
        ("SISAN__MAIL__KIND", "folder".to_owned()),
        ("SISAN__MAIL__FOLDER", path("mails")),
        ("SISAN__REPORT__DIR", path("reports")),
        ("SISAN__TASKS__CLOSED_DIR", path("closed_tasks")),
        ("SISAN__COMPANY__HEAD_MANAGER_ID", COMPANY_HEAD.to_owned()),
        ("SISAN__LOG__FILTER", "warn".to_owned()),
    ];
    let own = variables.map(|(name, value)| (name.to_owned(), value));
    let given = config::process_environment()
        .filter(|(name, _)| own.iter().all(|(known, _)| known != name));
    config::load(config_files, given.chain(own.clone())).map_err(AppError::usage)
}

fn story(city: &City, setup: &Setup, store: &Store, args: &DemoArgs) -> Result<Story, AppError> {
    let (month, zone, now) = (
        LocalDay::from_date(LAST_DAY).month(),
        setup.config.timezone,
        setup.now(store)?,
    );
    let (alerts, sources, tasks, mails, named) = store.read_tx("tell the story", |tx| {
        Ok((
            tx.alerts()?,
            tx.sources()?,
            tx.tasks()?,
            tx.mail_entries(None, u32::MAX)?,
            ended_named_members(tx, month, zone, now)?,
        ))
    })?;
    let found: Vec<OpenedAlert> = alerts
        .iter()
        .map(|alert| OpenedAlert {
            kind: alert.key.kind,
            scope: alert.key.scope.clone(),
            subject: alert.key.subject.as_str().into(),
            opened_at: alert.opened_at,
        })
        .collect();
    let totals = Totals {
        events: sources.iter().map(|row| row.applied).sum(),
        duplicates: sources.iter().map(|row| row.duplicate).sum(),
        rejected: sources.iter().map(|row| row.rejected).sum(),
        alerts: alerts.len() as u64,
        tasks: tasks.len() as u64,
        mails: mails.len() as u64,
        mail_folder: args.dir.join("mails").display().to_string(),
    };
    let work = month_of_work(month, zone, &tasks, &mails, &named);
    Ok(Story::new(
        city,
        &found,
        totals,
        work,
        last_report(setup, store)?,
    ))
}

/// The company and every group in breach, the highest churn first, on the last day of the city.
fn last_report(setup: &Setup, store: &Store) -> Result<Vec<ReportLine>, AppError> {
    let now = setup.now(store)?;
    let today = setup.config.timezone.day_of(now);
    let rows = rows_of_day(store, &setup.rules(), today, None, now)?;
    let line = |shown: &ShownRow| ReportLine {
        scope: shown.row.scope.clone(),
        name: shown.row.name.clone(),
        figures: shown.row.figures,
        verdicts: shown.row.indicators.map(|judged| judged.verdict),
    };
    let is_in_breach = |shown: &&ShownRow| {
        shown
            .row
            .indicators
            .iter()
            .any(|judged| judged.verdict == Verdict::Breach)
    };
    let mut groups: Vec<_> = rows
        .iter()
        .filter(|shown| shown.row.scope.group().is_some())
        .filter(is_in_breach)
        .collect();
    groups.sort_by_key(|shown| {
        std::cmp::Reverse((shown.row.figures.churned(), shown.row.figures.lost))
    });
    let company = rows
        .iter()
        .filter(|shown| shown.row.scope == Scope::Company);
    Ok(company
        .map(line)
        .chain(groups.into_iter().map(line))
        .collect())
}

/// What is where, and two commands to go on with.
fn footer(args: &DemoArgs, took: Duration, locale: Locale) -> String {
    let dir = args.dir.display();
    let day_before = LocalDay::from_date(LAST_DAY).plus(-1);
    let made = demo::made(locale, took.as_secs_f64(), &dir.to_string());
    format!(
        "{made}\n  \
         export SISAN__STORE__URL=sqlite:{dir}/sisan.db\n  \
         export SISAN__CLOCK__MODE=event\n  \
         sisan report daily --date {day_before} --scope unit\n  \
         sisan alerts list --state firing"
    )
}
