//! Layers of TOML laid over one another, and the origin of each key.
//!
//! It may not know what a key means. Invariant: a key's origin is that of the last layer that has
//! it; a list and all its items have one origin.

use std::collections::BTreeMap;
use std::fmt;

use ::config::{Source, Value, ValueKind};
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, ProblemKind, ValueOrigin};
use super::strict::quoted;

#[derive(Debug)]
pub(super) struct Layer {
    tree: toml::Table,
    /// Its keys, each before those below it, with their positions.
    places: BTreeMap<String, ValueOrigin>,
}

/// All layers as one.
#[derive(Default, Clone)]
pub(super) struct Layers {
    pub(super) tree: toml::Table,
    origins: BTreeMap<String, ValueOrigin>,
}

/// Prints no values: until it is redacted the tree holds secrets.
impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layers")
    }
}

impl Layer {
    /// Parses TOML text; `origin` makes an [`ValueOrigin`] of a line number.
    pub(super) fn parse(
        text: &str,
        origin: impl Fn(usize) -> ValueOrigin,
    ) -> Result<Self, Vec<Problem>> {
        let lines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        let line_of = |at: usize| lines.partition_point(|end| *end < at) + 1;
        let no_toml = |error: &toml::de::Error| {
            // Only the message: the error's own Display repeats the line, which may hold a secret.
            let line = error.span().map_or(1, |span| line_of(span.start));
            Problem::new(
                ProblemKind::Wrong,
                origin(line),
                "",
                &format!("is no TOML: {}", error.message()),
            )
        };
        let (parsed, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return Err(errors.iter().map(no_toml).collect());
        }
        let mut places = BTreeMap::new();
        walk_table(parsed.get_ref(), "", &|at| origin(line_of(at)), &mut places);
        let tree = text.parse().map_err(|error| vec![no_toml(&error)])?;
        Ok(Self { tree, places })
    }

    /// The parsed tree.
    pub(super) const fn tree(&self) -> &toml::Table {
        &self.tree
    }

    /// The origin of a key, or of the nearest one above it.
    pub(super) fn origin(&self, key: &str) -> ValueOrigin {
        let mut key = Some(key);
        while let Some(sought) = key {
            if let Some(origin) = self.places.get(sought) {
                return origin.clone();
            }
            key = parent(sought);
        }
        ValueOrigin::Unset
    }

    /// Takes one of its tables out, as a layer of its own.
    pub(super) fn take(&mut self, name: &str) -> Self {
        let prefix = format!("{name}.");
        let (within, beside) = std::mem::take(&mut self.places)
            .into_iter()
            .partition(|(key, _)| key.starts_with(&prefix));
        self.places = beside;
        let tree = match self.tree.remove(name) {
            Some(toml::Value::Table(tree)) => tree,
            _ => toml::Table::new(),
        };
        let within: BTreeMap<String, ValueOrigin> = within;
        Self {
            tree,
            places: within
                .into_iter()
                .map(|(key, origin)| (key[prefix.len()..].to_owned(), origin))
                .collect(),
        }
    }

    /// A layer whose tree and key origins are given.
    pub(super) fn of_tree(tree: toml::Table, places: Vec<(String, ValueOrigin)>) -> Self {
        Self {
            tree,
            places: places.into_iter().collect(),
        }
    }

    /// Removes keys that the `config` crate would change on the way: top-level names with signs,
    /// which it would parse as paths (`a[999999999]` as a list of as many items), and dates, which
    /// it would turn into texts. No key of ours is either.
    pub(super) fn take_odd(&mut self) -> Vec<Problem> {
        let mut odd = Vec::new();
        self.tree.retain(|name, _| {
            let plain = quoted(name) == *name;
            if !plain {
                odd.push((
                    quoted(name),
                    "is no key of the configuration; hint: every key stands in config/default.toml",
                ));
            }
            plain
        });
        take_dates(&mut self.tree, "", &mut odd);
        let place = |key: &str| self.places.get(key).cloned().unwrap_or(ValueOrigin::Unset);
        odd.iter()
            .map(|(key, text)| Problem::new(ProblemKind::Wrong, place(key), key, text))
            .collect()
    }
}

fn flatten<'t>(
    table: &'t toml::Table,
    section: &str,
    values: &mut BTreeMap<String, &'t toml::Value>,
) {
    for (name, value) in table {
        let key = if section.is_empty() {
            quoted(name)
        } else {
            format!("{section}.{}", quoted(name))
        };
        match value {
            toml::Value::Table(inner) => flatten(inner, &key, values),
            value => drop(values.insert(key, value)),
        }
    }
}

fn take_dates(table: &mut toml::Table, section: &str, odd: &mut Vec<(String, &'static str)>) {
    fn is_date(value: &toml::Value) -> bool {
        match value {
            toml::Value::Datetime(_) => true,
            toml::Value::Array(items) => items.iter().any(is_date),
            _ => false,
        }
    }
    table.retain(|name, value| {
        let key = if section.is_empty() {
            quoted(name)
        } else {
            format!("{section}.{}", quoted(name))
        };
        if let toml::Value::Table(inner) = value {
            take_dates(inner, &key, odd);
        }
        if is_date(value) {
            odd.push((
                key,
                "is a date or time, which no key takes; hint: put a text between quotes",
            ));
            return false;
        }
        true
    });
}

fn walk_table(
    table: &DeTable<'_>,
    section: &str,
    origin: &dyn Fn(usize) -> ValueOrigin,
    places: &mut BTreeMap<String, ValueOrigin>,
) {
    for (name, value) in table {
        let key = if section.is_empty() {
            quoted(name.get_ref())
        } else {
            format!("{section}.{}", quoted(name.get_ref()))
        };
        places.insert(key.clone(), origin(name.span().start));
        walk_value(value.get_ref(), &key, origin, places);
    }
}

fn walk_value(
    value: &DeValue<'_>,
    key: &str,
    origin: &dyn Fn(usize) -> ValueOrigin,
    places: &mut BTreeMap<String, ValueOrigin>,
) {
    match value {
        DeValue::Table(table) => walk_table(table, key, origin, places),
        DeValue::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let key = format!("{key}[{at}]");
                places.insert(key.clone(), origin(item.span().start));
                walk_value(item.get_ref(), &key, origin, places);
            }
        }
        _ => {}
    }
}

impl Layers {
    /// Lays layers over one another, the last one on top.
    pub(super) fn stack(layers: Vec<Layer>) -> Result<Self, Problem> {
        let mut builder = ::config::Config::builder();
        let mut origins = BTreeMap::new();
        for layer in layers {
            for (key, origin) in layer.places {
                forget_items(&mut origins, &key);
                origins.insert(key, origin);
            }
            builder = builder.add_source(TreeSource(layer.tree));
        }
        let built = builder.build();
        // Trees are merged without parsing, so no input reaches this.
        let built = built.map_err(|_| {
            Problem::new(
                ProblemKind::Wrong,
                ValueOrigin::Unset,
                "",
                "the layers do not fit over one another",
            )
        })?;
        match toml_of(built.cache) {
            toml::Value::Table(tree) => Ok(Self { tree, origins }),
            _ => Ok(Self {
                tree: toml::Table::new(),
                origins,
            }),
        }
    }

    /// The keys whose values differ between two trees, in order.
    pub(super) fn keys_that_differ(&self, other: &Self) -> Vec<String> {
        let (mut mine, mut theirs) = (BTreeMap::new(), BTreeMap::new());
        flatten(&self.tree, "", &mut mine);
        flatten(&other.tree, "", &mut theirs);
        let differs = |key: &&String| mine.get(*key) != theirs.get(*key);
        mine.keys()
            .chain(theirs.keys().filter(|key| !mine.contains_key(*key)))
            .filter(differs)
            .cloned()
            .collect()
    }

    /// The origin of a key, or else of what is above it.
    pub(super) fn origin(&self, key: &str) -> ValueOrigin {
        let mut key = key;
        loop {
            if let Some(origin) = self.origins.get(key) {
                return origin.clone();
            }
            match parent(key) {
                Some(above) => key = above,
                None => return ValueOrigin::Unset,
            }
        }
    }

    /// Whether any layer has exactly this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.origins.contains_key(key)
    }

    /// Takes every secret out of the tree.
    pub(super) fn redact(&mut self) {
        fn table(tree: &mut toml::Table) {
            for (name, value) in tree.iter_mut() {
                match value {
                    toml::Value::Table(inner) => table(inner),
                    value if super::secret::is_secret(name) => {
                        *value = toml::Value::String("<secret>".into())
                    }
                    _ => {}
                }
            }
        }
        table(&mut self.tree);
    }
}

/// Drops the origins of a list's items when an upper layer replaces the list.
fn forget_items(origins: &mut BTreeMap<String, ValueOrigin>, list: &str) {
    if !list.contains('[') {
        let prefix = format!("{list}[");
        let items: Vec<String> = origins
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .map(|(key, _)| key.clone())
            .collect();
        for item in items {
            origins.remove(&item);
        }
    }
}

/// The parent of a key, split outside quotes: that of `a."b.c"` is `a`, that of `a[0]` is `a`.
fn parent(key: &str) -> Option<&str> {
    let (mut within, mut last) = (false, None);
    for (at, c) in key.char_indices() {
        match c {
            '"' => within = !within,
            '.' | '[' if !within => last = Some(at),
            _ => {}
        }
    }
    last.map(|at| &key[..at])
}

#[derive(Debug, Clone)]
struct TreeSource(toml::Table);

impl Source for TreeSource {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<::config::Map<String, Value>, ::config::ConfigError> {
        Ok(self
            .0
            .iter()
            .map(|(key, value)| (key.clone(), value_of(value)))
            .collect())
    }
}

fn value_of(value: &toml::Value) -> Value {
    let kind = match value {
        toml::Value::String(text) => ValueKind::String(text.clone()),
        toml::Value::Integer(n) => ValueKind::I64(*n),
        toml::Value::Float(n) => ValueKind::Float(*n),
        toml::Value::Boolean(yes) => ValueKind::Boolean(*yes),
        toml::Value::Datetime(at) => ValueKind::String(at.to_string()),
        toml::Value::Array(items) => ValueKind::Array(items.iter().map(value_of).collect()),
        toml::Value::Table(table) => ValueKind::Table(
            table
                .iter()
                .map(|(key, value)| (key.clone(), value_of(value)))
                .collect(),
        ),
    };
    Value::new(None, kind)
}

fn toml_of(value: Value) -> toml::Value {
    match value.kind {
        ValueKind::Nil => toml::Value::Table(toml::Table::new()),
        ValueKind::Boolean(yes) => toml::Value::Boolean(yes),
        ValueKind::I64(n) => toml::Value::Integer(n),
        // TOML has no wider integers, so no input reaches these; as text they are refused where a
        // number is expected.
        ValueKind::I128(n) => toml::Value::String(n.to_string()),
        ValueKind::U64(n) => toml::Value::String(n.to_string()),
        ValueKind::U128(n) => toml::Value::String(n.to_string()),
        ValueKind::Float(n) => toml::Value::Float(n),
        ValueKind::String(text) => toml::Value::String(text),
        ValueKind::Array(items) => toml::Value::Array(items.into_iter().map(toml_of).collect()),
        ValueKind::Table(table) => toml::Value::Table(
            table
                .into_iter()
                .map(|(key, value)| (key, toml_of(value)))
                .collect(),
        ),
    }
}
