//! Reads a tree of TOML into a struct, and finds all faults instead of the first.
//!
//! It may not know which struct. A fault is noted, the value replaced from a spare tree or removed,
//! and the whole read again, until it fits. Invariant: each round repairs one value, so that the
//! rounds end.

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

/// Most faults that are noted, since each one costs another read of the whole tree.
const ROUNDS_MAX: usize = 100;

/// A value or key that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The key with its sections.
    pub(super) key: String,
    /// What is wrong.
    pub(super) text: String,
    /// Whether the key is unknown.
    pub(super) unknown: bool,
}

/// A part of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum KeyPart {
    Name(String),
    Item(usize),
}

/// Reads a tree; returns no value only when it cannot be repaired.
pub(super) fn deserialize<T: DeserializeOwned>(
    mut tree: toml::Table,
    spare: &toml::Table,
) -> (Option<T>, Vec<Fault>) {
    let mut faults = Vec::new();
    for _ in 0..ROUNDS_MAX {
        match attempt(&tree) {
            Ok((value, unknown)) => {
                faults.extend(unknown);
                return (Some(value), faults);
            }
            Err((at, text)) => {
                faults.push(Fault {
                    key: spell(&at),
                    text,
                    unknown: false,
                });
                if !repair(&mut tree, &at, spare) {
                    return (None, faults);
                }
            }
        }
    }
    let text = format!("is wrong in more than {ROUNDS_MAX} places; hint: mend these first");
    faults.push(Fault {
        key: String::new(),
        text,
        unknown: false,
    });
    (None, faults)
}

/// Reads a tree without repairing it. Keys of faults begin with `prefix`.
pub(super) fn read_once<T: DeserializeOwned>(
    tree: toml::Table,
    prefix: &str,
) -> Result<T, Vec<Fault>> {
    let under = |key: &str| {
        if key.is_empty() {
            prefix.to_owned()
        } else {
            format!("{prefix}.{key}")
        }
    };
    match attempt(&tree) {
        Ok((value, unknown)) if unknown.is_empty() => Ok(value),
        Ok((_, unknown)) => Err(unknown
            .into_iter()
            .map(|fault| Fault {
                key: under(&fault.key),
                ..fault
            })
            .collect()),
        Err((at, text)) => Err(vec![Fault {
            key: under(&spell(&at)),
            text,
            unknown: false,
        }]),
    }
}

fn attempt<T: DeserializeOwned>(
    tree: &toml::Table,
) -> Result<(T, Vec<Fault>), (Vec<KeyPart>, String)> {
    let mut unknown = Vec::new();
    let mut ignored = |path: serde_ignored::Path<'_>| {
        let key = spell(&parts_of_ignored(&path));
        unknown.push(Fault {
            key,
            text: "is no key of the configuration".into(),
            unknown: true,
        });
    };
    let reader = serde_ignored::Deserializer::new(toml::Value::Table(tree.clone()), &mut ignored);
    let read = serde_path_to_error::deserialize(reader);
    read.map(|value| (value, unknown)).map_err(|error| {
        let at = parts_of_error(error.path());
        (at, error.into_inner().message().to_owned())
    })
}

fn parts_of_ignored(path: &serde_ignored::Path<'_>) -> Vec<KeyPart> {
    use serde_ignored::Path;
    match path {
        Path::Root => Vec::new(),
        Path::Seq { parent, index } => {
            [parts_of_ignored(parent), vec![KeyPart::Item(*index)]].concat()
        }
        Path::Map { parent, key } => {
            [parts_of_ignored(parent), vec![KeyPart::Name(key.clone())]].concat()
        }
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => parts_of_ignored(parent),
    }
}

fn parts_of_error(path: &serde_path_to_error::Path) -> Vec<KeyPart> {
    let part = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(KeyPart::Item(*index)),
        Segment::Map { key } => Some(KeyPart::Name(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().map_while(part).collect()
}

fn spell(parts: &[KeyPart]) -> String {
    let mut key = String::new();
    for part in parts {
        match part {
            KeyPart::Item(at) => key.push_str(&format!("[{at}]")),
            KeyPart::Name(name) if key.is_empty() => key.push_str(&quoted(name)),
            KeyPart::Name(name) => key.push_str(&format!(".{}", quoted(name))),
        }
    }
    key
}

/// A name as TOML spells it in a key, quoted where necessary.
pub(super) fn quoted(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        super::print::text(name)
    }
}

/// Replaces a value that does not fit with the spare's, or removes it. A list is repaired as a
/// whole, so that its other items keep their numbers. Returns whether anything changed.
fn repair(tree: &mut toml::Table, at: &[KeyPart], spare: &toml::Table) -> bool {
    let at = match at.iter().rposition(|part| matches!(part, KeyPart::Item(_))) {
        Some(last) if last + 1 == at.len() => &at[..last],
        _ => at,
    };
    let Some((KeyPart::Name(last), above)) = at.split_last() else {
        return false;
    };
    let Some(table) = find_mut(tree, above) else {
        return false;
    };
    let spare = find(spare, at);
    let before = table.get(last).cloned();
    match spare {
        Some(value) => drop(table.insert(last.clone(), value.clone())),
        None => drop(table.remove(last)),
    }
    table.get(last) != before.as_ref()
}

fn find_mut<'a>(tree: &'a mut toml::Table, at: &[KeyPart]) -> Option<&'a mut toml::Table> {
    let Some((KeyPart::Name(first), rest)) = at.split_first() else {
        return Some(tree);
    };
    let mut value = tree.get_mut(first)?;
    for part in rest {
        value = match part {
            KeyPart::Name(name) => value.as_table_mut()?.get_mut(name)?,
            KeyPart::Item(at) => value.as_array_mut()?.get_mut(*at)?,
        };
    }
    value.as_table_mut()
}

fn find<'a>(tree: &'a toml::Table, at: &[KeyPart]) -> Option<&'a toml::Value> {
    let Some((KeyPart::Name(first), rest)) = at.split_first() else {
        return None;
    };
    rest.iter()
        .try_fold(tree.get(first)?, |value, part| match part {
            KeyPart::Name(name) => value.as_table()?.get(name),
            KeyPart::Item(at) => value.as_array()?.get(*at),
        })
}
