//! Tests of the configuration as a whole.

mod any_text;
mod bad_figures;
mod bad_forms;
mod bad_names;
mod keys;
mod layering;
mod refused;
mod secrets;

use std::path::PathBuf;

use super::{Config, ConfigError, load};

/// A folder with configuration files.
struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a folder"),
        }
    }

    fn write_file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    }
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn load_text(text: &str, env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let files = Folder::new();
    load(
        &[files.write_file("own.toml", text)],
        variables(env).into_iter(),
    )
}
