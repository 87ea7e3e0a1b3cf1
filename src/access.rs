//! Access rights of the files that the program writes: only its own user, unless a file is made for
//! others.
//!
//! It may not know the content of a file. Invariant: a new file never has more rights than were
//! asked for, not even while it is empty, whatever the process's umask is.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// The mode of a file; a folder gets the execute bit wherever its files may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access(u32);

impl Access {
    /// Only the program's user: files 0600, folders 0700.
    pub(crate) const PRIVATE: Self = Self(0o600);

    /// Parses a file mode such as `0640`.
    ///
    /// # Errors
    /// When the text is no mode, when the program itself could not read and write, and when anybody
    /// could execute what is written.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let digits =
            text.len() == 4 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
        let mode = u32::from_str_radix(text, 8).ok().filter(|_| digits);
        let mode = mode.ok_or_else(|| {
            format!(
                "`{}` is no file mode; hint: write it like \"0600\" or \"0640\"",
                text.escape_debug()
            )
        })?;
        if mode & 0o600 != 0o600 {
            return Err(format!(
                "`{text}` keeps the worker out; hint: the first digit behind the 0 must be 6, as in \"0640\""
            ));
        }
        if mode & 0o111 != 0 || mode & 0o002 != 0 {
            return Err(format!(
                "`{text}` lets files be run, or be written by everybody; hint: \"0640\" lets a group read them"
            ));
        }
        Ok(Self(mode))
    }

    #[must_use]
    pub(crate) const fn folder_mode(self) -> u32 {
        self.0 | (self.0 & 0o444) >> 2
    }

    /// Creates a file or truncates the one that exists.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn create(self, path: &Path) -> io::Result<File> {
        self.open(
            path,
            OpenOptions::new().write(true).create(true).truncate(true),
        )
    }

    /// Creates a file that must not exist yet.
    ///
    /// # Errors
    /// Those of the file system, and when the file exists.
    pub(crate) fn create_new(self, path: &Path) -> io::Result<File> {
        self.open(
            path,
            OpenOptions::new().read(true).write(true).create_new(true),
        )
    }

    /// Opens a file for reading and writing, and creates it if it does not exist.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn open_or_create(self, path: &Path) -> io::Result<File> {
        self.open(
            path,
            OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false),
        )
    }

    /// Writes a whole file.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn write_file(self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        io::Write::write_all(&mut self.create(path)?, bytes)
    }

    /// Creates a folder and its missing parents.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn create_folders(self, path: &Path) -> io::Result<()> {
        let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.is_dir();
        let missing: Vec<&Path> = path.ancestors().take_while(is_missing).collect();
        for folder in missing.into_iter().rev() {
            match DirBuilder::new().mode(self.folder_mode()).create(folder) {
                // The umask may have removed bits that the mode asks for.
                Ok(()) => {
                    std::fs::set_permissions(folder, Permissions::from_mode(self.folder_mode()))?
                }
                // Another thread or worker has just created it.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// An existing file keeps its mode: whoever set it meant it.
    fn open(self, path: &Path, options: &mut OpenOptions) -> io::Result<File> {
        let was_there = path.exists();
        let file = options.mode(self.0).open(path)?;
        if !was_there && file.metadata()?.permissions().mode() & 0o777 != self.0 {
            file.set_permissions(Permissions::from_mode(self.0))?;
        }
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("there").permissions().mode() & 0o777
    }

    #[test]
    fn a_mode_is_four_octal_digits_that_let_the_worker_in_and_nobody_run_anything() {
        for (text, folder) in [
            ("0600", 0o700),
            ("0640", 0o750),
            ("0644", 0o755),
            ("0660", 0o770),
            ("0664", 0o775),
        ] {
            assert_eq!(
                Access::parse(text).map(Access::folder_mode),
                Ok(folder),
                "{text}"
            );
        }
        for text in [
            "", "600", "0x40", "rw-", "0400", "0200", "0000", "0700", "0666", "0646", "06000",
            "+640", "0８00",
        ] {
            assert!(Access::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_made_has_the_mode_and_what_was_there_keeps_its_own() {
        let dir = tempfile::tempdir().expect("a folder");
        let group = Access::parse("0640").expect("a mode");
        for (access, name, file_mode, folder_mode) in [
            (Access::PRIVATE, "private", 0o600, 0o700),
            (group, "group", 0o640, 0o750),
        ] {
            let folder = dir.path().join(name).join("in/it");
            access.create_folders(&folder).expect("folders");
            access.create_folders(&folder).expect("they may be there");
            for above in folder.ancestors().take(3) {
                assert_eq!(mode(above), folder_mode, "{}", above.display());
            }
            for (file, made) in [
                ("created", access.create(&folder.join("created")).map(drop)),
                ("new", access.create_new(&folder.join("new")).map(drop)),
                (
                    "opened",
                    access.open_or_create(&folder.join("opened")).map(drop),
                ),
                (
                    "written",
                    access.write_file(&folder.join("written"), b"text"),
                ),
            ] {
                made.expect("a file");
                assert_eq!(mode(&folder.join(file)), file_mode, "{file}");
            }
        }
        let there = dir.path().join("there");
        std::fs::write(&there, "old").expect("a file");
        std::fs::set_permissions(&there, Permissions::from_mode(0o604)).expect("a mode");
        Access::PRIVATE.write_file(&there, b"new").expect("written");
        assert_eq!(
            (
                mode(&there),
                std::fs::read(&there).expect("a file").as_slice()
            ),
            (0o604, b"new".as_slice())
        );
        assert!(Access::PRIVATE.create_new(&there).is_err());
    }
}
