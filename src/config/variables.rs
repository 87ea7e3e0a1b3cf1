//! Environment variables as a layer.
//!
//! It does not read the environment: names and texts are passed in. Invariant: a text gets the type
//! that `config/default.toml` has at that key; where that is a text it is taken as it is, so that a
//! password may hold commas or look like a number.

use toml::{Table, Value};

use super::layer::Layer;
use super::problem::{Problem, ProblemKind, ValueOrigin};
use super::strict::quoted;

/// The prefix of every variable.
pub(super) const PREFIX: &str = "SISAN__";

/// Tables whose keys are user-defined names, and the example in `config/default.toml` that gives
/// their types.
pub(super) const FREE: [(&str, &str); 6] = [
    ("feeds", "boss_daily"),
    ("limits.tier", "A"),
    ("limits.unit", "U01"),
    ("source.kafka.settings", "security.protocol"),
    ("status_maps", "ngboss"),
    ("status_maps.ngboss", "E"),
];

/// Makes a layer of variables. `known` holds every key, examples too; its values give the expected
/// types.
pub(super) fn layer(
    variables: impl Iterator<Item = (String, String)>,
    known: &Table,
) -> (Layer, Vec<Problem>) {
    let mut ours: Vec<_> = variables
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect();
    ours.sort();
    let (mut tree, mut places, mut problems) = (Table::new(), Vec::new(), Vec::new());
    for (name, text) in ours {
        let origin = ValueOrigin::Variable(name.clone());
        match resolve(&name, known) {
            None => problems.push(Problem::new(
                ProblemKind::Wrong,
                origin,
                "",
                "names no key; hint: write SISAN__SECTION__KEY, without empty parts",
            )),
            Some((path, example)) => {
                let above = (1..=path.len()).map(|end| {
                    path[..end]
                        .iter()
                        .map(|part| quoted(part))
                        .collect::<Vec<_>>()
                        .join(".")
                });
                let keys: Vec<String> = above.collect();
                if put_variable(&mut tree, &path, typed(&text, example)) {
                    places.extend(keys.into_iter().map(|key| (key, origin.clone())));
                } else {
                    let key = keys.last().map_or("", String::as_str);
                    let text = "is set twice, once as a whole or in other letters; hint: keep one of the variables";
                    problems.push(Problem::new(ProblemKind::Wrong, origin, key, text));
                }
            }
        }
    }
    (Layer::of_tree(tree, places), problems)
}

/// Resolves a variable to its key, and to the example for its value.
fn resolve<'a>(name: &str, known: &'a Table) -> Option<(Vec<String>, Option<&'a Value>)> {
    let (mut path, mut section) = (Vec::new(), String::new());
    let mut example = None;
    let mut table = Some(known);
    for part in name.strip_prefix(PREFIX)?.split("__") {
        if part.is_empty() {
            return None;
        }
        let lower = part.to_lowercase();
        let free = FREE
            .iter()
            .find(|(free, _)| *free == section)
            .filter(|_| !is_fixed(&section, &lower));
        let (part, like) = match free {
            Some((_, stand_in)) => (part.to_owned(), (*stand_in).to_owned()),
            None => (lower.clone(), lower),
        };
        example = table.and_then(|table| table.get(&like));
        table = example.and_then(Value::as_table);
        section = if section.is_empty() {
            like
        } else {
            format!("{section}.{like}")
        };
        path.push(part);
    }
    Some((path, example))
}

/// Whether a key of a free table is not user-defined.
fn is_fixed(section: &str, name: &str) -> bool {
    section == "feeds" && ["required", "grace"].contains(&name)
}

fn put_variable(tree: &mut Table, path: &[String], value: Value) -> bool {
    let Some((last, above)) = path.split_last() else {
        return false;
    };
    let mut table = tree;
    for part in above {
        let Value::Table(inner) = table
            .entry(part.clone())
            .or_insert_with(|| Value::Table(Table::new()))
        else {
            return false;
        };
        table = inner;
    }
    if table.contains_key(last) {
        return false;
    }
    table.insert(last.clone(), value);
    true
}

/// Converts a text to the type of `example`. A text that does not fit stays a text, and is refused
/// when it is read.
fn typed(text: &str, example: Option<&Value>) -> Value {
    let as_text = || Value::String(text.to_owned());
    match example {
        None | Some(Value::String(_) | Value::Datetime(_)) => as_text(),
        Some(Value::Array(_)) if text.trim().is_empty() => Value::Array(Vec::new()),
        Some(Value::Array(items)) if !text.trim_start().starts_with('[') => Value::Array(
            text.split(',')
                .map(|part| typed(part.trim(), items.first()))
                .collect(),
        ),
        Some(_) => parse(text).unwrap_or_else(as_text),
    }
}

/// Parses a TOML value; none when the text is none, or more than one.
fn parse(text: &str) -> Option<Value> {
    let table: Table = format!("value = {text}").parse().ok()?;
    (table.len() == 1).then(|| table.into_iter().next().map(|(_, value)| value))?
}
