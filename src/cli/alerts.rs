//! `sisan alerts`: its arguments and its answers.

use std::collections::BTreeSet;

use anyhow::{Context, anyhow};
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use super::one_of::one_of;
use super::output::ListArgs;
use super::output::OutputArgs;
use crate::commands::{CommandError, acknowledge_alert, actor, silence_alerts};
use crate::domain::alert::{AlertId, AlertState};
use crate::domain::ids::{GroupId, ManagerId};
use crate::domain::indicator::{AlertKind, Scope, ScopeKind};
use crate::domain::local_day::LocalDay;
use crate::follow_up::silencing::SilenceRequest;
use crate::runtime::{AppError, Setup};
use crate::store::Store;
use crate::views::alert_file;
use crate::views::lists;
use crate::views::queries::{self, AlertFilter, AlertWithTasks};
use crate::views::remarks;

use super::answers::{query, write_list};

/// What is done with alerts.
#[derive(Debug, Subcommand)]
pub(super) enum AlertsCommand {
    /// List them
    List(AlertListArgs),
    /// Say why one fires, with its figures
    Explain {
        /// Which
        alert_id: String,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Acknowledge one that has no task; accepting its task does that for any other
    Ack {
        /// Which
        alert_id: String,
        /// In this manager's name; by default as an operator. It is logged, with the system's user
        #[arg(long = "as", value_name = "MANAGER", value_parser = ManagerId::parse)]
        manager: Option<ManagerId>,
    },
    /// For a while, make no mails and tasks of some alerts; they are recorded all the same
    Silence(SilenceArgs),
    /// List the silences that hold
    Silences {
        /// Also those that are over
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        list: ListArgs,
    },
}

/// Which alerts.
#[derive(Debug, Args)]
pub(super) struct AlertListArgs {
    /// Only those in this state
    #[arg(long, value_parser = one_of!(AlertState))]
    state: Option<AlertState>,
    /// Only those of this level
    #[arg(long, value_parser = one_of!(ScopeKind))]
    scope: Option<ScopeKind>,
    /// Only those of this group customer
    #[arg(long, value_parser = GroupId::parse)]
    group: Option<GroupId>,
    /// Only those of this indicator or signal
    #[arg(long, value_parser = kind)]
    kind: Option<AlertKind>,
    #[command(flatten)]
    list: ListArgs,
}

/// Of which level alerts may be silenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SilencedScope {
    Group,
    Unit,
}

impl From<SilencedScope> for ScopeKind {
    fn from(scope: SilencedScope) -> Self {
        match scope {
            SilencedScope::Group => Self::Group,
            SilencedScope::Unit => Self::Unit,
        }
    }
}

/// What is silenced.
#[derive(Debug, Args)]
pub(super) struct SilenceArgs {
    /// Of which level
    #[arg(long)]
    scope: SilencedScope,
    /// Which group customer or unit
    #[arg(long)]
    id: String,
    /// Only alerts of this indicator or signal
    #[arg(long, value_parser = kind)]
    kind: Option<AlertKind>,
    /// Its last day
    #[arg(long)]
    until: NaiveDate,
    /// Why
    #[arg(long)]
    reason: String,
    /// In this manager's name, who must be above whoever looks after it; by default as an operator
    #[arg(long = "as", value_name = "MANAGER", value_parser = ManagerId::parse)]
    manager: Option<ManagerId>,
}

fn kind(name: &str) -> Result<AlertKind, String> {
    let names = || {
        AlertKind::all()
            .map(AlertKind::name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    AlertKind::parse(name).ok_or_else(|| format!("expected one of {}", names()))
}

/// Runs a subcommand.
pub(super) fn answer(setup: &Setup, store: &Store, command: AlertsCommand) -> Result<(), AppError> {
    match command {
        AlertsCommand::List(args) => {
            let (filter, list) = args.filter()?;
            let alerts = query(store, |tx| queries::alerts(tx, &filter, list.limit()))?;
            let rows = lists::alerts(&alerts.rows, list.output.instants(&setup.config));
            write_list(setup, &list, rows, alerts.left_out)
        }
        AlertsCommand::Explain { alert_id, output } => {
            explain(setup, store, &AlertId::new(alert_id), &output)
        }
        AlertsCommand::Ack { alert_id, manager } => {
            let (id, by) = (AlertId::new(alert_id), actor(manager));
            let alert =
                acknowledge_alert(&setup.plan_settings(), store, &id, &by, setup.now(store)?)?;
            say!("{}", remarks::alert_line(setup.config.locale, &alert));
            Ok(())
        }
        AlertsCommand::Silence(args) => silence(setup, store, args),
        AlertsCommand::Silences { all, list } => {
            let today = setup.config.timezone.day_of(setup.now(store)?);
            let silences = query(store, |tx| {
                queries::silences(tx, (!all).then_some(today), list.limit())
            })?;
            let rows = lists::silences(&silences.rows, list.output.instants(&setup.config));
            write_list(setup, &list, rows, silences.left_out)
        }
    }
}

impl AlertListArgs {
    /// The filter, and how to write the list; refused if no alert can meet it.
    fn filter(self) -> Result<(AlertFilter, ListArgs), AppError> {
        let filter = AlertFilter {
            state: self.state,
            scope: self.scope,
            group: self.group,
            kind: self.kind,
        };
        match filter.contradiction() {
            Some(scope) => Err(AppError::usage(anyhow!(
                "--scope {}: no alert of a group customer is of this level\nhint: leave --scope or --group out",
                scope.name()
            ))),
            None => Ok((filter, self.list)),
        }
    }
}

fn explain(
    setup: &Setup,
    store: &Store,
    id: &AlertId,
    output: &OutputArgs,
) -> Result<(), AppError> {
    let AlertWithTasks {
        alert,
        tasks,
        units,
    } = query(store, |tx| queries::alert_with_tasks(tx, id))?
        .ok_or_else(|| CommandError::NoAlert(id.clone()))?;
    let (now, instants) = (setup.now(store)?, output.instants(&setup.config));
    let beside = lists::TaskListContext {
        to_verify: &BTreeSet::new(),
        units: &units,
        now,
        instants,
    };
    let document = alert_file::explained(setup.config.locale, &alert, &tasks, beside);
    document
        .write_document(
            output.format,
            &output.options(&setup.config),
            &mut output.open()?,
        )
        .context("write the explanation")?;
    Ok(())
}

fn silence(setup: &Setup, store: &Store, args: SilenceArgs) -> Result<(), AppError> {
    let scope = Scope::parse(ScopeKind::from(args.scope).name(), &args.id);
    let scope = scope.ok_or_else(|| {
        AppError::usage(anyhow!(
            "--id {}: it is no id\nhint: give 1 to 64 characters",
            args.id
        ))
    })?;
    let request = SilenceRequest {
        scope,
        kind: args.kind,
        until: LocalDay::from_date(args.until),
        reason: args.reason,
        by: actor(args.manager),
    };
    let days_max = setup.config.alerts.silence_days_max;
    let made = silence_alerts(
        &setup.plan_settings(),
        store,
        request,
        days_max,
        setup.now(store)?,
    )?;
    say!("{}", remarks::silenced(setup.config.locale, &made));
    Ok(())
}
