//! Change notifications of the file system, so that idle files cost nothing.
//!
//! It may not know files. It may miss changes (over a network, behind links, when there are too
//! many at once, on systems other than Linux): so the caller scans the whole folder from time to
//! time.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::path::Path;

#[cfg(target_os = "linux")]
use inotify::{EventMask, Inotify, WatchMask};

/// The notifications since the last call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FolderChanges {
    /// Names within the folder.
    pub(super) names: HashSet<OsString>,
    /// Whether notifications may have been lost.
    pub(super) missed: bool,
    /// Whether no more will come.
    pub(super) over: bool,
}

/// A watch over one folder.
#[cfg(target_os = "linux")]
pub(super) struct Watch {
    system: Inotify,
    buffer: Vec<u8>,
}

/// Bytes read from the system at once.
#[cfg(target_os = "linux")]
const BUFFER_BYTES: usize = 64 << 10;

#[cfg(target_os = "linux")]
impl Watch {
    /// Starts to watch a folder.
    ///
    /// # Errors
    /// When the system refuses, as where too many folders are watched already.
    pub(super) fn begin(dir: &Path) -> io::Result<Self> {
        let system = Inotify::init()?;
        let changes = WatchMask::CREATE
            | WatchMask::MODIFY
            | WatchMask::ATTRIB
            | WatchMask::CLOSE_WRITE
            | WatchMask::DELETE;
        let moves = WatchMask::MOVED_FROM
            | WatchMask::MOVED_TO
            | WatchMask::DELETE_SELF
            | WatchMask::MOVE_SELF;
        system.watches().add(dir, changes | moves)?;
        Ok(Self {
            system,
            buffer: vec![0; BUFFER_BYTES],
        })
    }

    /// Takes the notifications since the last call.
    pub(super) fn take(&mut self) -> FolderChanges {
        let mut notifications = FolderChanges::default();
        loop {
            match self.system.read_events(&mut self.buffer) {
                Ok(events) => {
                    for event in events {
                        let ends = EventMask::DELETE_SELF
                            | EventMask::MOVE_SELF
                            | EventMask::IGNORED
                            | EventMask::UNMOUNT;
                        notifications.missed |= event.mask.contains(EventMask::Q_OVERFLOW);
                        notifications.over |= event.mask.intersects(ends);
                        notifications
                            .names
                            .extend(event.name.map(ToOwned::to_owned));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return notifications,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    tracing::warn!(%error, "The system reports no more changes of the folder of events; it is scanned from time to time");
                    (notifications.missed, notifications.over) = (true, true);
                    return notifications;
                }
            }
        }
    }
}

/// Other systems have no watch.
#[cfg(not(target_os = "linux"))]
pub(super) struct Watch(std::convert::Infallible);

#[cfg(not(target_os = "linux"))]
impl Watch {
    /// Always fails.
    pub(super) fn begin(_: &Path) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Is never called.
    pub(super) fn take(&mut self) -> FolderChanges {
        match self.0 {}
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_comes_changes_or_goes_is_told_by_its_name_and_reading_is_not() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = |name: &str| dir.path().join(name);
        std::fs::write(path("old"), b"x").expect("a file");
        let mut watch = Watch::begin(dir.path()).expect("a watch");
        std::fs::read(path("old")).expect("its content");
        assert_eq!(watch.take(), FolderChanges::default());
        std::fs::write(path("new"), b"x").expect("a file");
        std::fs::rename(path("old"), path("moved")).expect("another name");
        std::fs::remove_file(path("new")).expect("gone");
        assert_eq!(
            watch.take(),
            FolderChanges {
                names: ["new", "old", "moved"].map(OsString::from).into(),
                ..FolderChanges::default()
            }
        );
        std::fs::remove_file(path("moved")).expect("gone");
        std::fs::remove_dir(dir.path()).expect("gone");
        assert!(watch.take().over);
    }
}
