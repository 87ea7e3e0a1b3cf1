//! Loading: defaults, files, environment, in that order; then reading and checking the whole.
//!
//! Invariant: all faults of one run are reported together; a configuration with a fault is never
//! returned, except that a check without connections may accept unreadable secrets.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check::{self, ConfigCheck};
use super::document::ConfigDocument;
use super::layer::{Layer, Layers};
use super::problem::{ConfigError, Problem, ProblemKind, ValueOrigin};
use super::secret::is_secret;
use super::{Config, strict, variables};
use crate::small_file;

/// Keys that were renamed, with their new names.
const RENAMED: [(&str, &str); 3] = [
    ("rejects.raw_retention_days", "retention.reject_bytes_days"),
    ("storm.share", "rejects.pause_share"),
    ("storm.window", "rejects.pause_window"),
];

/// The defaults, with the meaning, unit and reason of every key.
pub const DEFAULT_TOML: &str = include_str!("../../config/default.toml");

/// Loads the defaults, then the files in order, then the variables whose names begin with
/// `SISAN__`.
///
/// # Errors
/// [`ConfigError`] with all faults.
pub fn load(
    files: &[PathBuf],
    env: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    match load_for_check(files, env)? {
        (config, unreadable) if unreadable.is_empty() => Ok(config),
        (_, problems) => Err(ConfigError { problems }),
    }
}

/// Loads for a check where secret files may be missing: problems with them are returned beside the
/// configuration.
///
/// # Errors
/// [`ConfigError`] with all faults, when any is not [`ProblemKind::Unreadable`].
pub(crate) fn load_for_check(
    files: &[PathBuf],
    env: impl Iterator<Item = (String, String)>,
) -> Result<(Config, Vec<Problem>), ConfigError> {
    load_checked(files, env, None)
}

/// Loads as far as possible, for a check that continues with the files that the configuration
/// names; returns all faults, in the order of the keys. A faulty key gets its default; where that
/// is impossible, there is no configuration.
pub(crate) fn examine(
    files: &[PathBuf],
    env: impl Iterator<Item = (String, String)>,
) -> (Option<Config>, Vec<Problem>) {
    let (config, mut problems) = load_all(files, env, None);
    problems.sort_by(|a, b| a.key.cmp(&b.key));
    (config, problems)
}

/// Loads likewise, with a part of another document on top of all layers.
///
/// # Errors
/// As [`load_for_check`].
pub(crate) fn load_under(
    top: ConfigDocument,
    files: &[PathBuf],
    env: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    load_checked(files, env, Some(top)).map(|(config, _)| config)
}

fn load_checked(
    files: &[PathBuf],
    env: impl Iterator<Item = (String, String)>,
    top: Option<ConfigDocument>,
) -> Result<(Config, Vec<Problem>), ConfigError> {
    let (config, mut problems) = load_all(files, env, top);
    problems.sort_by(|a, b| a.key.cmp(&b.key));
    match config {
        Some(config)
            if problems
                .iter()
                .all(|problem| problem.kind == ProblemKind::Unreadable) =>
        {
            Ok((config, problems))
        }
        _ => Err(ConfigError { problems }),
    }
}

/// The variables of this process whose names begin with `SISAN__`.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub(crate) fn process_environment() -> impl Iterator<Item = (String, String)> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os()
        .map(move |(name, value)| (text(name), text(value)))
        .filter(|(name, _)| name.starts_with(variables::PREFIX))
}

fn load_all(
    files: &[PathBuf],
    env: impl Iterator<Item = (String, String)>,
    top: Option<ConfigDocument>,
) -> (Option<Config>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut layers = vec![
        Layer::parse(DEFAULT_TOML, |line| ValueOrigin::Default { line })
            .expect("the built-in defaults are TOML"),
    ];
    for file in files {
        match read_file(file) {
            Ok(layer) => layers.push(layer),
            Err(wrong) => problems.extend(wrong),
        }
    }
    let (variables, wrong) = variables::layer(env, &known());
    problems.extend(wrong);
    layers.push(variables);
    layers.extend(top.map(ConfigDocument::into_layer));
    problems.extend(layers.iter_mut().flat_map(Layer::take_odd));
    let layers = match Layers::stack(layers) {
        Ok(layers) => layers,
        Err(problem) => return (None, [problems, vec![problem]].concat()),
    };
    let config = read_and_check(layers, &mut problems);
    (config, problems)
}

fn read_file(path: &Path) -> Result<Layer, Vec<Problem>> {
    let origin = |line| ValueOrigin::File {
        path: path.to_owned(),
        line,
    };
    let whole = |text: &str| vec![Problem::new(ProblemKind::Wrong, origin(0), "", text)];
    let bytes = small_file::read_small(path, small_file::TEXT_BYTES_MAX).map_err(|error| {
        whole(&format!(
            "cannot be read: {error}; hint: name a file that is there, or leave --config out"
        ))
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| whole("is not UTF-8; hint: save it as UTF-8, not as GBK"))?;
    Layer::parse(&text, origin)
}

fn read_and_check(mut layers: Layers, problems: &mut Vec<Problem>) -> Option<Config> {
    let spare: toml::Table = DEFAULT_TOML
        .parse()
        .expect("the built-in defaults are TOML");
    let (config, faults) = strict::deserialize::<Config>(layers.tree.clone(), &spare);
    let known = known();
    problems.extend(
        faults
            .iter()
            .map(|fault| problem_of(fault, &layers, &known)),
    );
    let mut config = config?;
    let mut check = ConfigCheck::new(&layers);
    check::all(&mut config, &mut check);
    // An unreadable value was replaced by its default, and faults found with that would mislead.
    let mut reported: BTreeSet<String> = problems
        .iter()
        .map(|problem| problem.key.clone())
        .filter(|key| !key.is_empty())
        .collect();
    for problem in check.into_problems() {
        if !above(&problem.key).any(|key| reported.contains(key)) {
            reported.insert(problem.key.clone());
            problems.push(problem);
        }
    }
    layers.redact();
    config.layers = Arc::new(layers);
    Some(config)
}

/// A key, and all keys above it.
fn above(key: &str) -> impl Iterator<Item = &str> {
    std::iter::once(key).chain(key.match_indices(['.', '[']).map(|(at, _)| &key[..at]))
}

fn problem_of(fault: &strict::Fault, layers: &Layers, known: &toml::Table) -> Problem {
    if let Some((old, new)) = renamed(fault, layers) {
        return Problem::new(
            ProblemKind::Wrong,
            layers.origin(old),
            old,
            &format!("has another name now; hint: write `{new}`"),
        );
    }
    let text = if fault.unknown {
        let hint = nearest(&fault.key, known).map_or(
            "every key stands in config/default.toml".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        format!("{}; hint: {hint}", fault.text)
    } else if is_secret(&fault.key) {
        "a secret must be a text; hint: put it between quotes".to_owned()
    } else if fault.text.contains("hint: ") {
        fault.text.clone()
    } else {
        format!(
            "{}; hint: config/default.toml says what stands here",
            fault.text
        )
    };
    Problem::new(
        ProblemKind::Wrong,
        layers.origin(&fault.key),
        &fault.key,
        &text,
    )
}

/// The old and the new name of an unknown key that was renamed, or of a renamed key in an unknown
/// section.
fn renamed(fault: &strict::Fault, layers: &Layers) -> Option<(&'static str, &'static str)> {
    let is_it = |old: &str| {
        old.strip_prefix(&*fault.key)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    RENAMED
        .into_iter()
        .find(|(old, _)| fault.unknown && is_it(old) && layers.has(old))
}

/// Every key, with its default or its example.
pub(super) fn known() -> toml::Table {
    let uncomment = |line: &'static str| match line.strip_prefix('#') {
        Some(key)
            if key.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[' || c == '"') =>
        {
            key
        }
        _ => line,
    };
    let text: String = DEFAULT_TOML
        .lines()
        .flat_map(|line| [uncomment(line), "\n"])
        .collect();
    text.parse()
        .expect("the built-in defaults are TOML, with their examples too")
}

/// The key of the same section with the most similar spelling, at most two edits away.
fn nearest(key: &str, known: &toml::Table) -> Option<String> {
    let (section, name) = key
        .rsplit_once('.')
        .map_or(("", key), |(section, name)| (section, name));
    let mut table = known;
    for part in section.split('.').filter(|part| !part.is_empty()) {
        table = table.get(part)?.as_table()?;
    }
    let near = table
        .keys()
        .map(|candidate| (distance(candidate, name), candidate))
        .min()?;
    (near.0 <= 2).then(|| {
        if section.is_empty() {
            near.1.clone()
        } else {
            format!("{section}.{}", near.1)
        }
    })
}

/// The edit distance: letters to change, add or remove.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let cost = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
