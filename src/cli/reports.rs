//! `report daily`: the current figures of a day, or exactly those that a version was published
//! with; `report changes`: the differences between its versions.

use anyhow::{Context, anyhow};

use crate::domain::indicator::ScopeKind;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::store::Store;
use crate::views::command_results::CommandResult;
use crate::views::daily::{
    DailyFilter, changes_of, daily_report, newest_day, rows_of_day, versions_of_day,
};
use crate::views::remarks::nothing_to_compare;

use super::answers::write_list;
use super::one_of::one_of;
use super::output::{ListArgs, OutputArgs};
use crate::runtime::{AppError, Setup};

/// Which rows of which day.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DailyArgs {
    /// The day as YYYY-MM-DD, or `today`
    #[arg(long, default_value = "today")]
    pub date: String,
    /// company, unit or group; by default all
    #[arg(long, value_parser = one_of!(ScopeKind))]
    pub scope: Option<ScopeKind>,
    /// Only this group or unit
    #[arg(long)]
    pub id: Option<String>,
    /// Exactly what was published as this version; by default the figures of now
    #[arg(long)]
    pub version: Option<u32>,
    /// How to write it
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Writes the report of a day.
///
/// # Errors
/// When the day is not valid, the version was not published, or the report cannot be written.
pub(crate) fn daily(setup: &Setup, store: &Store, args: &DailyArgs) -> Result<(), AppError> {
    let now = setup.now(store)?;
    let day = day_asked(setup, store, &args.date, now)?;
    let filter = DailyFilter {
        scope: args.scope,
        id: args.id.as_deref(),
    };
    let mut rows = rows_of_day(store, &setup.rules(), day, args.version, now)?;
    rows.retain(|shown| filter.matches(shown));
    if let (Some(id), true) = (&args.id, rows.is_empty()) {
        if !store.read_tx("see who is known", |tx| filter.may_have_rows(tx))? {
            let what = args.scope.map_or("group or unit", ScopeKind::name);
            return Err(AppError::usage(anyhow!(
                "--id {id}: no accepted event names such a {what}\nhint: `sisan report daily` lists them"
            )));
        }
        say!("{}", CommandResult::NoRow { id, day });
    }
    let mut out = args.output.open()?;
    let options = args.output.options(&setup.config);
    daily_report(&rows, options.reader())
        .write_report(args.output.format, &options, &mut out)
        .context("write the report")?;
    Ok(())
}

/// Which day's published versions.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ChangesArgs {
    /// The day as YYYY-MM-DD
    #[arg(long)]
    pub date: String,
    /// How to write it
    #[command(flatten)]
    pub list: ListArgs,
}

/// Writes what changed between the published versions of a day.
///
/// # Errors
/// When the day is not valid, or the list cannot be written.
pub(crate) fn changes(setup: &Setup, store: &Store, args: &ChangesArgs) -> Result<(), AppError> {
    let day = day_asked(setup, store, &args.date, setup.now(store)?)?;
    let versions = store.read_tx("read published reports", |tx| versions_of_day(tx, day))?;
    if versions.len() < 2 {
        let locale = setup.config.locale;
        say!("{}", nothing_to_compare(locale, day, versions.len()));
    }
    let reader = args.list.output.options(&setup.config).reader();
    write_list(setup, &args.list, changes_of(&versions, reader), 0)
}

/// Parses the requested day, which must have begun by the clock or by the newest accepted event.
fn day_asked(
    setup: &Setup,
    store: &Store,
    date: &str,
    now: Timestamp,
) -> Result<LocalDay, AppError> {
    let zone = setup.config.timezone;
    let today = zone.day_of(now);
    let day = match date {
        "today" => today,
        text => LocalDay::from_date(text.parse().map_err(|_| {
            AppError::usage(anyhow!("--date {text}: expected YYYY-MM-DD or today"))
        })?),
    };
    let newest = store.read_tx("read the event clock", |tx| newest_day(tx, zone, now))?;
    if day > newest {
        return Err(AppError::usage(anyhow!(
            "--date {day} lies after today ({today})\nhint: a day has figures once it has begun"
        )));
    }
    Ok(day)
}
