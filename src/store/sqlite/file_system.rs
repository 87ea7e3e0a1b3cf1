//! Whether a folder is on a network file system, where SQLite's locks and its shared memory do not
//! hold.
//!
//! Source: `/proc/self/mountinfo`, as proc(5) describes it; where there is none, no folder is
//! refused.

use std::path::Path;

use crate::store::StoreError;

/// Kinds of file systems that live on another machine.
const NETWORK_KINDS: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "beegfs",
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.ceph",
    "fuse.s3fs",
    "fuse.rclone",
    "fuse.juicefs",
];
/// The fields before the optional ones: ids, device, root, mount point, options.
const MOUNT_POINT: usize = 4;

/// Refuses a folder on a network file system.
pub(super) fn refuse_network(folder: &Path) -> Result<(), StoreError> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    // One that is not there yet is refused when it is used.
    let Ok(folder) = folder.canonicalize() else {
        return Ok(());
    };
    match kind_of(&mounts, &folder).filter(|kind| NETWORK_KINDS.contains(kind)) {
        Some(kind) => Err(StoreError::NetworkFileSystem {
            path: folder,
            kind: kind.to_owned(),
        }),
        None => Ok(()),
    }
}

/// The kind of the file system that an absolute path is on: that of the longest mount point above
/// it, the last one mounted there.
fn kind_of<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mounted = mounts.lines().filter_map(|line| {
        let point = unescape(line.split(' ').nth(MOUNT_POINT)?);
        let kind = line.split_once(" - ")?.1.split(' ').next()?;
        path.starts_with(&point).then_some((point.len(), kind))
    });
    mounted
        .max_by_key(|(length, _)| *length)
        .map(|(_, kind)| kind)
}

/// Blanks, tabs, line ends and backslashes are written as octal numbers in that file.
fn unescape(text: &str) -> String {
    [
        ("\\040", " "),
        ("\\011", "\t"),
        ("\\012", "\n"),
        ("\\134", "\\"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (escaped, plain)| {
        text.replace(escaped, plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / /srv/data rw,relatime shared:20 - nfs4 nas:/export rw,vers=4.2
41 40 8:17 / /srv/data/local rw,relatime - xfs /dev/sdb1 rw
42 22 0:36 / /mnt/on\\040the\\040host rw,relatime master:3 propagate_from:2 - 9p host rw
43 22 0:37 / /over rw - cifs //server/share rw
44 43 8:33 / /over rw - ext4 /dev/sdc1 rw
";

    #[test]
    fn the_nearest_mount_point_says_what_a_folder_is_on() {
        for (path, kind) in [
            ("/var/lib/sisan", "ext4"),
            ("/srv/data", "nfs4"),
            ("/srv/data/sisan", "nfs4"),
            ("/srv/database", "ext4"),
            ("/srv/data/local/sisan", "xfs"),
            ("/mnt/on the host/sisan", "9p"),
            ("/over/sisan", "ext4"),
        ] {
            assert_eq!(kind_of(MOUNTS, Path::new(path)), Some(kind), "{path}");
        }
        assert_eq!(kind_of("", Path::new("/")), None);
    }

    #[test]
    fn a_local_folder_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(refuse_network(folder.path()).is_ok());
        assert!(refuse_network(Path::new("/no/such/folder")).is_ok());
    }
}
