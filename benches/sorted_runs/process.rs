//! The resources that this process has used, as Linux reports them.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use super::Done;

/// Of a block in a file's metadata.
const BLOCK_BYTES: u64 = 512;
/// Of `/proc`'s clock.
const TICK: Duration = Duration::from_millis(10);
/// The position of the user and kernel times in `/proc/self/stat`, counted behind the name.
const TIMES_AT: usize = 11;

/// The most memory that was resident.
pub fn peak_bytes() -> Done<u64> {
    Ok(field("/proc/self/status", "VmHWM:")? << 10)
}

/// Bytes handed to the disk.
pub fn written_bytes() -> Done<u64> {
    field("/proc/self/io", "write_bytes:")
}

/// The time of all cores.
pub fn cpu() -> Done<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, behind) = stat.rsplit_once(") ").ok_or("no name of the process")?;
    let times = behind.split(' ').skip(TIMES_AT).take(2);
    let ticks: u32 = times.map(str::parse::<u32>).sum::<Result<_, _>>()?;
    Ok(TICK * ticks)
}

/// Bytes of all files of a folder.
pub fn disk_bytes(dir: &Path) -> Done<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(dir)? {
        let (path, metadata) = entry.and_then(|entry| Ok((entry.path(), entry.metadata()?)))?;
        bytes += match metadata.is_dir() {
            true => disk_bytes(&path)?,
            false => metadata.blocks() * BLOCK_BYTES,
        };
    }
    Ok(bytes)
}

fn field(file: &str, name: &str) -> Done<u64> {
    let text = fs::read_to_string(file)?;
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    let value = value.and_then(|value| value.split_whitespace().next());
    Ok(value.ok_or("no such field")?.parse()?)
}
