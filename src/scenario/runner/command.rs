//! `sisan test FILE…`: runs scenarios and prints their outcomes.

use std::collections::VecDeque;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, anyhow};

use super::run::{Ready, prepare, run};
use super::show::name_of;
use crate::access::Access;
use crate::config::process_environment;
use crate::report::printable_lines;
use crate::runtime::{AppError, Exit, Setup};
use crate::scenario::{Coverage, ScenarioOutcome, Touched, summary, write_junit};

/// The description of the format in `sisan test --help`.
pub(crate) const FORMAT: &str = include_str!("format.txt");

/// What may be said about the scenarios.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TestArgs {
    /// Scenarios in TOML, or folders of such
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write the outcome as JUnit XML, too
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

/// Runs scenarios and prints their outcomes.
///
/// # Errors
/// When a file is broken, or a worker fails.
pub(crate) fn test(
    args: &TestArgs,
    setup: &Setup,
    config_files: &[PathBuf],
) -> Result<Exit, AppError> {
    let variables: Vec<(String, String)> = process_environment().collect();
    let ready = prepare_all(&scenario_files(&args.files)?, config_files, &variables)?;
    let names = setup
        .playbooks
        .all()
        .iter()
        .map(|playbook| name_of(&playbook.selector));
    let mut coverage = Coverage::of_playbooks(names.collect());
    let mut all = Vec::new();
    for (outcome, touched) in run_all(ready)? {
        writeln!(stdout(), "{}", printable_lines(&outcome.to_string()))?;
        coverage.add(touched);
        all.push(outcome);
    }
    writeln!(
        stdout(),
        "\n{}\n{}",
        printable_lines(&summary(&all)),
        printable_lines(&coverage.text())
    )?;
    if let Some(path) = &args.junit {
        Access::PRIVATE
            .write_file(path, write_junit(&all).as_bytes())
            .with_context(|| format!("write {}", path.display()))?;
    }
    Ok(if all.iter().any(|outcome| outcome.failed.is_some()) {
        Exit::Failed
    } else {
        Exit::Done
    })
}

/// The files that are named, and those of the folders that are, by name.
pub(super) fn scenario_files(named: &[PathBuf]) -> Result<Vec<PathBuf>, AppError> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path)
            .with_context(|| format!("read {}", path.display()))
            .map_err(AppError::usage)?;
        let mut found: Vec<PathBuf> = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        found.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
        if found.is_empty() {
            return Err(AppError::usage(anyhow!(
                "{}: there is no scenario\nhint: scenarios are files that end in .toml",
                path.display()
            )));
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Reads all scenarios.
///
/// # Errors
/// All that is wrong with all of them.
pub(super) fn prepare_all(
    files: &[PathBuf],
    config_files: &[PathBuf],
    variables: &[(String, String)],
) -> Result<Vec<Ready>, AppError> {
    let (mut ready, mut wrong) = (Vec::new(), Vec::new());
    for file in files {
        match prepare(file, config_files, variables) {
            Ok(one) => ready.push(one),
            Err(error) => wrong.push(format!("{:#}", error.error)),
        }
    }
    if wrong.is_empty() {
        Ok(ready)
    } else {
        Err(AppError::usage(anyhow!("{}", wrong.join("\n"))))
    }
}

/// Runs all scenarios, as many at once as the machine has cores; in the order in which they are
/// given.
///
/// # Errors
/// When a worker fails.
pub(super) fn run_all(ready: Vec<Ready>) -> Result<Vec<(ScenarioOutcome, Touched)>, AppError> {
    let count = ready.len();
    let waiting = Mutex::new(ready.into_iter().enumerate().collect::<VecDeque<_>>());
    let done = Mutex::new(Vec::with_capacity(count));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores.min(count) {
            scope.spawn(|| {
                while let Some((at, one)) = guard(&waiting).pop_front() {
                    let outcome = run(one);
                    guard(&done).push((at, outcome));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

fn guard<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
