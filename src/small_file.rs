//! Reads the files that people write for the worker: configuration, secrets, jobs, playbooks,
//! calendars.
//!
//! It may not know their content. Invariant: only a regular file is opened, and nothing is read
//! beyond a stated size: a device has no end, and a pipe may have no beginning.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Largest file of configuration, jobs, playbooks, calendars or certificates, in bytes.
pub(crate) const TEXT_BYTES_MAX: u64 = 16 << 20;

/// Reads a file of at most `bytes_max` bytes.
///
/// # Errors
/// When it cannot be read, is no regular file, or has more.
pub(crate) fn read_small(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let about = fs::metadata(path)?;
    if about.is_dir() {
        return Err(io::Error::new(
            ErrorKind::IsADirectory,
            "is a folder; hint: name a file",
        ));
    }
    if !about.is_file() {
        return Err(io::Error::new(
            ErrorKind::InvalidInput,
            "is no regular file; hint: devices and pipes are not read",
        ));
    }
    let mut bytes = Vec::new();
    // It may have grown since.
    File::open(path)?
        .take(bytes_max.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        return Err(io::Error::new(
            ErrorKind::FileTooLarge,
            format!("is larger than {bytes_max} bytes; hint: is it the right file?"),
        ));
    }
    Ok(bytes)
}

/// Reads a UTF-8 file of at most [`TEXT_BYTES_MAX`] bytes.
///
/// # Errors
/// As [`read_small`], and when it is not UTF-8.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    let not_utf8 = |_| {
        io::Error::new(
            ErrorKind::InvalidData,
            "is not UTF-8; hint: save it as UTF-8, not as GBK",
        )
    };
    String::from_utf8(read_small(path, TEXT_BYTES_MAX)?).map_err(not_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &Path) -> (ErrorKind, String) {
        let error = read_small(path, 5).expect_err("it is refused");
        (error.kind(), error.to_string())
    }

    #[test]
    fn what_has_no_end_or_is_too_large_is_refused_at_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("file");
        fs::write(&file, "12345").expect("a file");
        assert_eq!(read_small(&file, 5).expect("small enough"), b"12345");
        fs::write(&file, "123456").expect("a file");
        assert_eq!(
            refused(&file),
            (
                ErrorKind::FileTooLarge,
                "is larger than 5 bytes; hint: is it the right file?".to_owned()
            )
        );
        assert_eq!(refused(Path::new("/dev/zero")).0, ErrorKind::InvalidInput);
        assert_eq!(refused(dir.path()).0, ErrorKind::IsADirectory);
        let link = dir.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).expect("a link");
        assert_eq!(
            refused(&link).0,
            ErrorKind::InvalidInput,
            "what a link leads to counts"
        );
    }
}
