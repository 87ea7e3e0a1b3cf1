//! `check-config`: reads everything, reports all faults, prints the effective configuration without
//! secrets.

use std::io::Write;
use std::path::PathBuf;

use anyhow::anyhow;

use crate::config::{self, Config, ConfigError, Problem, ProblemKind, SourceKind, StoreUrl};
use crate::consume::check_settings;
use crate::store::check_server_url;

use super::connect::connect;
use crate::runtime::Setup;
use crate::runtime::connectors::{kafka_config, mailer_of};
use crate::runtime::error::{AppError, Exit};
use crate::views::command_results::CommandResult;

/// Arguments of `check-config`.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct CheckArgs {
    /// Behind each value where it came from
    #[arg(long)]
    pub origin: bool,
    /// Ask the broker (or folder), the store and the relay too; nothing is changed there
    #[arg(long)]
    pub connect: bool,
}

/// Prints the effective configuration; secret files that are missing here are only a warning.
///
/// # Errors
/// All faults, of the configuration and of the files that it names.
pub(crate) fn check_config(
    files: &[PathBuf],
    env: impl Iterator<Item = (String, String)>,
    args: CheckArgs,
    out: &mut dyn Write,
) -> Result<Exit, AppError> {
    let (config, problems) = config::examine(files, env);
    // Secret files may be readable only by the worker's user.
    let is_wrong =
        |one: &Problem| one.kind == ProblemKind::Wrong || !one.key.ends_with("password_file");
    let (wrong, missing_secrets): (Vec<Problem>, Vec<Problem>) =
        problems.into_iter().partition(is_wrong);
    let is_right = |section: &str| {
        !wrong
            .iter()
            .any(|one| one.key.is_empty() || one.key.starts_with(section))
    };
    let mut all = Vec::new();
    let (mut text, mut setup) = (String::new(), None);
    if let Some(config) = config {
        text = if args.origin {
            config.effective_with_origin()
        } else {
            config.effective()
        };
        all.extend(refused_by_run(&config.clone().with_stand_ins(), is_right));
        let (read, faults) = Setup::examine(config);
        all.extend(faults);
        setup = read;
    }
    if !wrong.is_empty() {
        all.insert(0, ConfigError { problems: wrong }.to_string());
    }
    for problem in missing_secrets {
        say!("warning: {problem}");
    }
    let Some(setup) = setup.filter(|_| all.is_empty()) else {
        return Err(AppError::usage(anyhow!("{}", all.join("\n"))));
    };
    out.write_all(text.as_bytes())?;
    let years: Vec<String> = setup
        .calendar
        .known_years()
        .map(|year| year.to_string())
        .collect();
    say!(
        "{}",
        CommandResult::ConfigurationIsRight {
            jobs: setup.jobs.len(),
            playbooks: setup.playbooks.all().len(),
            years: &years,
        }
    );
    if args.connect {
        connect(&setup, &mut std::io::stderr().lock())
    } else {
        Ok(Exit::Done)
    }
}

/// Faults that only the client of the input, of the store or of the relay can find. A section that
/// has a fault already is not checked.
fn refused_by_run(config: &Config, is_right: impl Fn(&str) -> bool) -> Vec<String> {
    let mut refused = Vec::new();
    if config.source.kind == SourceKind::Kafka && is_right("source.") {
        refused.extend(
            check_settings(&kafka_config(config, false))
                .err()
                .map(|error| format!("source.kafka: {error}")),
        );
    }
    if let (StoreUrl::Postgres(url), true) = (&config.store.url, is_right("store.")) {
        refused.extend(check_server_url(url).err().map(|error| error.to_string()));
    }
    if is_right("mail.") {
        refused.extend(
            mailer_of(config)
                .err()
                .map(|error| format!("mail: {:#}", error.error)),
        );
    }
    refused
}

#[cfg(test)]
#[path = "check_config_tests.rs"]
mod tests;
