//! Writes each message as a file, for demos, tests and machines without a relay.
//!
//! Invariant: a file is whole or not there, and writing the same mail again changes nothing.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::access::Access;
use crate::domain::last_reply::Phase;
use crate::domain::mail::Mail;
use crate::domain::zone::Zone;
use crate::notify::retry::Outcome;

/// How a file is called while it is written, behind a dot and its name.
const TEMPORARY: &str = ".eml.tmp";

/// A folder of `.eml` files.
#[derive(Debug, Clone)]
pub struct FolderMailer {
    folder: PathBuf,
    zone: Zone,
}

impl FolderMailer {
    /// Files go to `folder`, which is made when the first comes; their names carry local time.
    #[must_use]
    pub(crate) fn new(folder: impl Into<PathBuf>, zone: Zone) -> Self {
        Self {
            folder: folder.into(),
            zone,
        }
    }

    /// `<yyyymmdd-hhmmss>-<kind>-<mail_id>.eml`, by the local time of queuing.
    #[must_use]
    pub(crate) fn file_name(&self, mail: &Mail) -> String {
        format!(
            "{}-{}-{}.eml",
            self.zone.local(mail.queued_at).format("%Y%m%d-%H%M%S"),
            mail.kind.name(),
            mail.mail_id()
        )
    }

    /// Where the file of a mail is.
    #[must_use]
    pub(crate) fn path_of(&self, mail: &Mail) -> PathBuf {
        self.folder.join(self.file_name(mail))
    }

    /// Removes what a process left behind that was killed while it wrote.
    ///
    /// # Errors
    /// When the folder cannot be read, or a file not be removed.
    pub(crate) fn tidy(&self) -> io::Result<()> {
        let entries = match fs::read_dir(&self.folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            if name.as_encoded_bytes().starts_with(b".")
                && name.as_encoded_bytes().ends_with(TEMPORARY.as_bytes())
            {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Writes files of these names with these bytes, beside each other: each waits for the disk.
    /// What became of each, in order.
    pub(crate) async fn write_mails(&self, files: Vec<(String, Vec<u8>)>) -> Vec<Outcome> {
        let folder = self.folder.clone();
        if let Err(e) = off_thread(move || Access::PRIVATE.create_folders(&folder)).await {
            return files.iter().map(|_| self.failed(&e)).collect();
        }
        let writing: Vec<_> = files
            .into_iter()
            .map(|(name, message)| {
                let folder = self.folder.clone();
                tokio::task::spawn_blocking(move || {
                    write_whole(&folder, &name, &message).map(|()| name)
                })
            })
            .collect();
        let mut written = Vec::new();
        for one in writing {
            written.push(one.await.unwrap_or_else(|e| Err(io::Error::other(e))));
        }
        let folder = self.folder.clone();
        let synced = off_thread(move || File::open(folder)?.sync_all()).await;
        let outcome = |file: io::Result<String>| match (file, &synced) {
            // The file's name is its reply, since it is the same in every language.
            (Ok(reply), Ok(())) => Outcome::Accepted { reply },
            (Err(e), _) => self.failed(&e),
            (Ok(_), Err(e)) => self.failed(e),
        };
        written.into_iter().map(outcome).collect()
    }

    fn failed(&self, error: &io::Error) -> Outcome {
        Outcome::Deferred {
            phase: Phase::Connect,
            reply: format!(
                "write to folder {} (`mail.folder`): {error}",
                self.folder.display()
            ),
        }
    }
}

async fn off_thread(work: impl FnOnce() -> io::Result<()> + Send + 'static) -> io::Result<()> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|e| Err(io::Error::other(e)))
}

/// Temporary file, fsync, rename; the folder is synced by the caller.
fn write_whole(folder: &Path, name: &str, message: &[u8]) -> io::Result<()> {
    let path = folder.join(name);
    if fs::read(&path).is_ok_and(|there| there == message) {
        return Ok(());
    }
    let temporary = folder.join(format!(".{name}.tmp"));
    let write = || {
        let mut file = Access::PRIVATE.create(&temporary)?;
        file.write_all(message)?;
        file.sync_all()?;
        fs::rename(&temporary, &path)
    };
    // What is left of it would take the room that the next one needs.
    write().inspect_err(|_| drop(fs::remove_file(&temporary)))
}
