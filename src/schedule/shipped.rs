//! Which jobs there are: those built in, or a folder's in their place.
//!
//! Invariant: no two jobs have the same name; they come in the order of their names.

use std::path::Path;

use super::job::JobSpec;
use super::parse::{JobError, parse_job};
use crate::small_file;

/// The job files of `jobs/`, built in.
pub(super) const SHIPPED: [(&str, &str); 9] = [
    ("backup.toml", include_str!("../../jobs/backup.toml")),
    (
        "check_store.toml",
        include_str!("../../jobs/check_store.toml"),
    ),
    (
        "close_month.toml",
        include_str!("../../jobs/close_month.toml"),
    ),
    (
        "daily_brief.toml",
        include_str!("../../jobs/daily_brief.toml"),
    ),
    (
        "daily_report.toml",
        include_str!("../../jobs/daily_report.toml"),
    ),
    (
        "escalate_tasks.toml",
        include_str!("../../jobs/escalate_tasks.toml"),
    ),
    (
        "holiday_plans.toml",
        include_str!("../../jobs/holiday_plans.toml"),
    ),
    (
        "key_date_reminders.toml",
        include_str!("../../jobs/key_date_reminders.toml"),
    ),
    (
        "prune_history.toml",
        include_str!("../../jobs/prune_history.toml"),
    ),
];

/// Most job files that a folder may hold.
const FILES_MAX: usize = 1_000;

/// Reads the jobs: the folder's `*.toml` if there is one, in place of all that are built in, so
/// that a job can also be left out.
///
/// # Errors
/// All that is wrong with all files.
pub(crate) fn load_jobs(dir: Option<&Path>) -> Result<Vec<JobSpec>, Vec<JobError>> {
    match dir {
        None => parse_all(
            SHIPPED
                .iter()
                .map(|(file, text)| ((*file).to_owned(), Ok((*text).to_owned()))),
        ),
        Some(dir) => {
            let files = list(dir).map_err(|error| vec![error])?;
            parse_all(files.into_iter().map(|path| {
                let text = small_file::read_text(&path).map_err(|error| error.to_string());
                (path.display().to_string(), text)
            }))
        }
    }
}

fn list(dir: &Path) -> Result<Vec<std::path::PathBuf>, JobError> {
    let fail = |what: String| JobError::Unreadable {
        path: dir.display().to_string(),
        what,
    };
    let hint = "; hint: jobs.dir must name a folder of job files, or be left out";
    let entries = std::fs::read_dir(dir).map_err(|error| fail(format!("{error}{hint}")))?;
    let paths: Result<Vec<_>, _> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect();
    let mut files = paths.map_err(|error| fail(error.to_string()))?;
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    files.sort();
    match files.len() {
        0 => Err(fail(format!("there is no job file{hint}"))),
        n if n > FILES_MAX => Err(fail(format!("there are more than {FILES_MAX} job files"))),
        _ => Ok(files),
    }
}

fn parse_all(
    files: impl Iterator<Item = (String, Result<String, String>)>,
) -> Result<Vec<JobSpec>, Vec<JobError>> {
    let (mut jobs, mut errors) = (Vec::<(String, JobSpec)>::new(), Vec::new());
    for (file, text) in files {
        match text
            .map_err(|what| {
                vec![JobError::Unreadable {
                    path: file.clone(),
                    what,
                }]
            })
            .and_then(|text| parse_job(&file, &text))
        {
            Err(more) => errors.extend(more),
            Ok(job) => match jobs.iter().find(|(_, known)| known.name == job.name) {
                Some((other, _)) => errors.push(JobError::Duplicate {
                    file,
                    other: other.clone(),
                    name: job.name,
                }),
                None => jobs.push((file, job)),
            },
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    jobs.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    Ok(jobs.into_iter().map(|(_, job)| job).collect())
}
