//! The effective configuration as TOML.
//!
//! It may not know what a key means. Invariant: what it prints reads back as the same tree.

use super::layer::Layers;
use super::strict::quoted;

/// Prints all keys, section by section; with `origins`, each value is followed by its origin.
pub(super) fn effective(layers: &Layers, origins: bool) -> String {
    let mut out = String::new();
    section(&layers.tree, "", &mut out, &|key| {
        if origins {
            format!("  # {}", layers.origin(key))
        } else {
            String::new()
        }
    });
    out
}

fn section(table: &toml::Table, name: &str, out: &mut String, note: &dyn Fn(&str) -> String) {
    let under = |key: &str| {
        if name.is_empty() {
            quoted(key)
        } else {
            format!("{name}.{}", quoted(key))
        }
    };
    let (inner, plain): (Vec<_>, Vec<_>) = table.iter().partition(|(_, value)| value.is_table());
    if !name.is_empty() && (!plain.is_empty() || inner.is_empty()) {
        out.push_str(&format!("\n[{name}]\n"));
    }
    for (key, value) in plain {
        out.push_str(&format!(
            "{} = {}{}\n",
            quoted(key),
            spell(value),
            note(&under(key))
        ));
    }
    for (key, value) in inner {
        if let toml::Value::Table(table) = value {
            section(table, &under(key), out, note);
        }
    }
}

fn spell(value: &toml::Value) -> String {
    match value {
        toml::Value::String(string) => text(string),
        toml::Value::Integer(n) => n.to_string(),
        toml::Value::Float(n) if n.is_finite() => {
            let short = n.to_string();
            if short.contains('.') {
                short
            } else {
                format!("{short}.0")
            }
        }
        toml::Value::Float(n) if n.is_nan() => "nan".into(),
        toml::Value::Float(n) => if *n > 0.0 { "inf" } else { "-inf" }.into(),
        toml::Value::Boolean(yes) => yes.to_string(),
        toml::Value::Datetime(at) => at.to_string(),
        toml::Value::Array(items) => format!(
            "[{}]",
            items.iter().map(spell).collect::<Vec<_>>().join(", ")
        ),
        toml::Value::Table(table) if table.is_empty() => "{}".into(),
        toml::Value::Table(table) => {
            let pairs: Vec<String> = table
                .iter()
                .map(|(key, value)| format!("{} = {}", quoted(key), spell(value)))
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

/// Quotes a text as a basic string of TOML.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_value() -> impl Strategy<Value = toml::Value> {
        let leaf = prop_oneof![
            any::<String>().prop_map(toml::Value::String),
            any::<i64>().prop_map(toml::Value::Integer),
            proptest::num::f64::NORMAL.prop_map(toml::Value::Float),
            any::<bool>().prop_map(toml::Value::Boolean),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(toml::Value::Array),
                prop::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|table| toml::Value::Table(table.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back_as_the_same_tree(table in prop::collection::btree_map(any::<String>(), any_value(), 0..6)) {
            let tree: toml::Table = table.into_iter().collect();
            let mut out = String::new();
            section(&tree, "", &mut out, &|_| "  # somewhere".into());
            prop_assert_eq!(out.parse::<toml::Table>(), Ok(tree), "{}", out);
        }
    }
}
