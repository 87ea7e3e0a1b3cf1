//! `sisan alerts`: its arguments and its answers.

use std::collections::BTreeSet;

use anyhow::{Context, anyhow};
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use super::one_of::one_of;
use super::output::ListArgs;
use super::output::OutputArgs;
use crate::commands::{CommandError, acknowledge_alert, actor, silence_alerts};
use crate::domain::alert::{Alert, AlertId, AlertState};
use crate::domain::ids::{GroupId, ManagerId};
use crate::domain::indicator::{AlertKind, Scope, ScopeKind};
use crate::domain::local_day::LocalDay;
use crate::follow_up::silencing::SilenceRequest;
use crate::runtime::{AppError, Setup};
use crate::store::Store;
use crate::views::alert_file;
use crate::views::lists;
use crate::views::queries::{self, AlertsOf};
use crate::views::remarks;

use super::answers::{query, write_list};

/// What is done with alerts.
#[derive(Debug, Subcommand)]
pub(super) enum AlertsCommand {
    /// List them
    List(AlertFilter),
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
pub(super) struct AlertFilter {
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
        AlertsCommand::List(filter) => {
            filter.check()?;
            let of = AlertsOf::fewest(filter.group.as_ref(), filter.state);
            let alerts = query(store, |tx| {
                queries::alerts(tx, of, filter.list.limit(), |alert| filter.takes(alert))
            })?;
            let instants = filter.list.output.instants(&setup.config);
            let list = lists::alerts(&alerts.rows, instants);
            write_list(setup, &filter.list, list, alerts.left_out)
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

impl AlertFilter {
    /// Refuses combinations that no alert can have: alerts of a group customer have the level
    /// `group`.
    fn check(&self) -> Result<(), AppError> {
        match self.scope {
            Some(scope) if scope != ScopeKind::Group && self.group.is_some() => {
                Err(AppError::usage(anyhow!(
                    "--scope {}: no alert of a group customer is of this level\nhint: leave --scope or --group out",
                    scope.name()
                )))
            }
            _ => Ok(()),
        }
    }

    fn takes(&self, alert: &Alert) -> bool {
        let key = &alert.key;
        self.state.is_none_or(|state| alert.state == state)
            && self
                .scope
                .is_none_or(|scope| ScopeKind::of_scope(&key.scope) == scope)
            && self
                .group
                .as_ref()
                .is_none_or(|group| key.scope.group() == Some(group))
            && self.kind.is_none_or(|kind| key.kind == kind)
    }
}

fn explain(
    setup: &Setup,
    store: &Store,
    id: &AlertId,
    output: &OutputArgs,
) -> Result<(), AppError> {
    let alert =
        query(store, |tx| tx.alert(id))?.ok_or_else(|| CommandError::NoAlert(id.clone()))?;
    let (tasks, units) = query(store, |tx| {
        let mut tasks = tx.tasks_of_scope(&alert.key.scope)?;
        tasks.retain(|task| task.alert_ids.contains(id));
        let units = queries::units_of(tx, &tasks)?;
        Ok((tasks, units))
    })?;
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
