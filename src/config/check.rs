//! Collects the faults of values that could be read.
//!
//! It may not know the topics: each checks its own keys. Invariant: every problem names where its
//! key was set.

use std::fmt::Display;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use super::layer::Layers;
use super::problem::{ConfigError, Problem, ProblemKind};
use super::secret::is_blank;
use super::{Config, base, evaluation, follow_up, http, limits, mail, places, retention, source};
use crate::domain::secret::Secret;
use crate::small_file;

/// Largest file that is read as a secret, in bytes.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// The problems found so far.
pub(super) struct ConfigCheck<'a> {
    layers: &'a Layers,
    problems: Vec<Problem>,
}

impl<'a> ConfigCheck<'a> {
    pub(super) const fn new(layers: &'a Layers) -> Self {
        Self {
            layers,
            problems: Vec::new(),
        }
    }

    /// Whether any layer has exactly this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.layers.has(key)
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    pub(super) fn finish(self) -> Result<(), ConfigError> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(ConfigError {
                problems: self.problems,
            })
        }
    }

    /// Reports a value that is not allowed. `text` may end in `; hint: …`.
    pub(super) fn wrong(&mut self, key: &str, text: &str) {
        self.problems.push(Problem::new(
            ProblemKind::Wrong,
            self.layers.origin(key),
            key,
            text,
        ));
    }

    /// Reports that the file named by a key cannot be read.
    pub(super) fn unreadable(&mut self, key: &str, text: &str) {
        self.problems.push(Problem::new(
            ProblemKind::Unreadable,
            self.layers.origin(key),
            key,
            text,
        ));
    }

    /// Reports a missing key that another key makes necessary; the problem names where that other
    /// key was set.
    pub(super) fn missing(&mut self, key: &str, because: &str, reason: &str) {
        self.problems.push(Problem::new(
            ProblemKind::Wrong,
            self.layers.origin(because),
            key,
            &format!("is missing, but {reason}"),
        ));
    }

    pub(super) fn within<T: PartialOrd + Display + Copy>(
        &mut self,
        key: &str,
        value: T,
        least: T,
        most: T,
    ) {
        if !(least..=most).contains(&value) {
            self.wrong(key, &format!("`{value}` is not within {least} to {most}"));
        }
    }

    pub(super) fn within_span(
        &mut self,
        key: &str,
        value: Duration,
        least: Duration,
        most: Duration,
    ) {
        if !(least..=most).contains(&value) {
            self.wrong(
                key,
                &format!("{value:?} is not within {least:?} to {most:?}"),
            );
        }
    }

    /// Checks that a value is above 0 and at most `most`.
    pub(super) fn within_float(&mut self, key: &str, value: f64, most: f64) {
        if !(value > 0.0 && value <= most) {
            self.wrong(key, &format!("`{value}` is not above 0 and at most {most}"));
        }
    }

    /// Checks a text for display: not empty, one line, at most 200 characters.
    pub(super) fn line_of_text(&mut self, key: &str, text: &str) {
        if text.trim().is_empty()
            || text.chars().any(char::is_control)
            || text.chars().count() > 200
        {
            self.wrong(key, "must be one line of 1 to 200 characters");
        }
    }
}

/// Checks everything, and reads the secrets that are in files.
pub(super) fn all(root: &mut Config, check: &mut ConfigCheck<'_>) {
    for (key, file, secret) in root.secrets() {
        fetch(key, file, secret, check);
    }
    base::check(root, check);
    http::check(root, check);
    places::check(root, check);
    source::check(&root.source, check);
    limits::check(&root.limits, check);
    evaluation::check(root, check);
    follow_up::check(root, check);
    mail::check(root, check);
    retention::check(root.retention, check);
}

fn fetch(key: &str, file: Option<&Path>, secret: &mut Option<Secret>, check: &mut ConfigCheck<'_>) {
    if secret
        .as_ref()
        .is_some_and(|secret| is_blank(secret.expose()))
    {
        check.wrong(
            key,
            "is empty; hint: take the key out where no password is needed",
        );
    }
    let Some(path) = file else { return };
    let file_key = format!("{key}_file");
    if secret.is_some() {
        check.wrong(
            &file_key,
            &format!("is given beside {key}; hint: keep one of the two"),
        );
        return;
    }
    match read_secret(path) {
        Ok(read) => *secret = Some(read),
        Err((ProblemKind::Unreadable, why)) => {
            check.unreadable(&file_key, &format!("{} {why}", path.display()))
        }
        Err((ProblemKind::Wrong, why)) => {
            check.wrong(&file_key, &format!("{} {why}", path.display()))
        }
    }
}

/// The file's text without a byte order mark and trailing line ends. No error repeats the content.
fn read_secret(path: &Path) -> Result<Secret, (ProblemKind, String)> {
    let wrong = |why: &str| {
        Err((
            ProblemKind::Wrong,
            format!("{why}; hint: the file must hold the secret and nothing else"),
        ))
    };
    let bytes = match small_file::read_small(path, SECRET_BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::FileTooLarge => {
            return wrong("is larger than 64 KiB");
        }
        // The path is a device, or a folder.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::IsADirectory
            ) =>
        {
            return Err((ProblemKind::Wrong, error.to_string()));
        }
        Err(error) => {
            let why = format!(
                "cannot be read: {error}; hint: the worker's user must be allowed to read it"
            );
            return Err((ProblemKind::Unreadable, why));
        }
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return wrong("is not UTF-8");
    };
    let line = text
        .strip_prefix('\u{feff}')
        .unwrap_or(&text)
        .trim_end_matches(['\r', '\n']);
    if is_blank(line) {
        return wrong("is empty, or holds blanks only");
    }
    if line.chars().any(char::is_control) {
        return wrong("holds more than one line or a control character");
    }
    Ok(Secret::new(line))
}
