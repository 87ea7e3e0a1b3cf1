//! The actor that a command is recorded with.

use crate::domain::ids::ManagerId;
use crate::domain::task::Actor;

/// A manager, or an operator where none is given; always with the system's user.
#[must_use]
pub fn actor(manager_id: Option<ManagerId>) -> Actor {
    Actor {
        manager_id,
        user: Some(system_user()),
    }
}

/// The user that this process runs as, by name where `/etc/passwd` has one. The environment is not
/// trusted: anybody could set it.
fn system_user() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let uid = status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:"))
        .and_then(|ids| ids.split_whitespace().next());
    let Some(uid) = uid else {
        return "unknown".to_owned();
    };
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, id) = (fields.next()?, fields.nth(1)?);
        (id == uid).then(|| name.to_owned())
    });
    name.unwrap_or_else(|| format!("uid {uid}"))
}
