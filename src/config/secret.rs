//! Secrets: the keys that hold them, and checks of the files that they come from.
//!
//! It may not know what they open.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::root::Config;
use crate::domain::mailbox::is_cut;
use crate::domain::secret::Secret;

/// Whether a text cannot be meant as a secret: it has only blanks, byte order marks and other
/// invisible characters.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(is_cut)
}

impl Config {
    /// The same with a placeholder for each secret whose file could not be read, so that all other
    /// checks can run.
    #[must_use]
    pub(crate) fn with_stand_ins(mut self) -> Self {
        for (_, file, secret) in self.secrets() {
            if file.is_some() && secret.is_none() {
                *secret = Some(Secret::new("a secret"));
            }
        }
        self
    }

    /// Secret files that users other than the worker's may read, each as a sentence with its key.
    #[must_use]
    pub(crate) fn open_secret_files(&self) -> Vec<String> {
        let open = |path: &Path| {
            let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
            (mode & 0o077 != 0).then_some(mode)
        };
        let describe = |key: &str, path: &Path| {
            open(path).map(|mode| {
                format!("{key}_file: others may read {} (mode {mode:04o}); hint: chmod 0600 {0}, and change the secret", path.display())
            })
        };
        self.clone()
            .secrets()
            .into_iter()
            .filter_map(|(key, file, _)| describe(key, file?))
            .collect()
    }

    /// Each secret with its key and its file.
    pub(super) fn secrets(&mut self) -> [(&'static str, Option<&Path>, &mut Option<Secret>); 3] {
        let (kafka, store, mail) = (&mut self.source.kafka, &mut self.store, &mut self.mail);
        [
            (
                "source.kafka.password",
                kafka.password_file.as_deref(),
                &mut kafka.password,
            ),
            (
                "store.password",
                store.password_file.as_deref(),
                &mut store.password,
            ),
            (
                "mail.password",
                mail.password_file.as_deref(),
                &mut mail.password,
            ),
        ]
    }
}

/// Whether the value of a key must not be shown. A file name is no secret.
pub(super) fn is_secret(key: &str) -> bool {
    let last = key
        .rsplit(['.', '"'])
        .find(|part| !part.is_empty())
        .unwrap_or(key)
        .to_lowercase();
    !last.ends_with("_file")
        && ["password", "passphrase", "secret", "pem", "jaas"]
            .iter()
            .any(|word| last.contains(word))
        || key.contains("oauthbearer.config")
}
