//! `check-config`: reads everything, says all that is wrong, prints the effective configuration without secrets.

use std::io::Write;

use crate::config::{Config, Problem};

use super::error::{AppError, Exit};
use super::settings::Setup;

/// Prints what holds; secrets that are not here are only a warning.
///
/// # Errors
/// All that is wrong.
pub fn check_config(config: Config, missing_secrets: &[Problem], origin: bool, out: &mut dyn Write) -> Result<Exit, AppError> {
    let text = if origin { config.effective_with_origin() } else { config.effective() };
    let setup = Setup::read(config)?;
    for problem in missing_secrets {
        eprintln!("warning: {problem}");
    }
    out.write_all(text.as_bytes())?;
    let unknown: Vec<&str> =
        setup.jobs.iter().map(|job| job.action.as_str()).filter(|action| !super::actions::ACTIONS.contains(action)).collect();
    if !unknown.is_empty() {
        return Err(AppError::usage(anyhow::anyhow!(
            "jobs name actions that there are not: {}\nhint: one of {}",
            unknown.join(", "),
            super::actions::ACTIONS.join(", ")
        )));
    }
    let years: Vec<String> = setup.calendar.known_years().map(|year| year.to_string()).collect();
    eprintln!("ok: {} jobs, {} playbooks, working days known for {}", setup.jobs.len(), setup.playbooks.all().len(), years.join(", "));
    Ok(Exit::Done)
}
