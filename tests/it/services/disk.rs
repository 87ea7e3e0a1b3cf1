//! A disk that is full, or fails: a library to be preloaded into a program, which makes its writes
//! to files fail.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// Builds the library into a folder; `tests/services/disk_faults.c` describes it. Any user may load
/// it.
pub fn preload(folder: &TempDir) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let library = folder.path().join("disk_faults.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/services/disk_faults.c");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(source)
        .status()
        .expect("a C compiler");
    assert!(built.success());
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))
        .expect("rights");
    library
}
