//! Events as the lines of BOSS drops, and the mappings that read these.

use std::collections::BTreeMap;

use serde_json::Value;

/// The fields of data, those of inner objects with a dot.
fn flat(data: &Value) -> BTreeMap<String, &Value> {
    let mut all = BTreeMap::new();
    for (name, value) in data.as_object().expect("an object") {
        match value.as_object() {
            Some(inner) => all.extend(
                inner
                    .iter()
                    .map(|(part, value)| (format!("{name}.{part}"), value)),
            ),
            None => drop(all.insert(name.clone(), value)),
        }
    }
    all
}

/// The fields that occur and the kind of each.
pub fn kinds(events: &[Value]) -> BTreeMap<String, &'static str> {
    let mut kinds = BTreeMap::new();
    for (name, value) in events.iter().flat_map(|event| flat(&event["data"])) {
        let kind = match value {
            Value::Bool(_) => "bool",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "int",
            _ => "text",
        };
        let known = kinds.entry(name).or_insert(kind);
        if kind == "number" {
            *known = kind;
        }
    }
    kinds
}

/// A value as a column has it.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(
        || {
            if value.is_null() {
                String::new()
            } else {
                value.to_string()
            }
        },
        str::to_owned,
    )
}

/// An event as a line of a drop.
pub fn drop_line(event: &Value, fields: &BTreeMap<String, &str>) -> String {
    let data = flat(&event["data"]);
    let columns = fields
        .keys()
        .map(|name| data.get(name).map_or_else(String::new, |value| text(value)));
    [text(&event["id"]), text(&event["time"])]
        .into_iter()
        .chain(columns)
        .collect::<Vec<_>>()
        .join("|")
        + "\n"
}

/// The mapping that reads such lines.
pub fn mapping(
    at: usize,
    type_name: &str,
    source: &str,
    fields: &BTreeMap<String, &str>,
) -> String {
    let columns = fields.iter().zip(3..).map(|((to, kind), column)| {
        format!("{{ column = {column}, to = {to:?}, kind = {kind:?} }}")
    });
    let (columns, count) = (columns.collect::<Vec<_>>().join(", "), fields.len() + 2);
    format!(
        "[[source.files.mappings]]\nname = \"drop_{at}\"\nfile_pattern = \"{at}_*.dat\"\nencoding = \"utf8\"\n\
         layout = {{ separated = {{ by = \"|\", columns = {count} }} }}\nevent_type = {type_name:?}\nsource = {source:?}\n\
         id = {{ column = 1 }}\ntime = {{ column = 2, format = \"%Y-%m-%dT%H:%M:%S%.f%:z\" }}\nfields = [{columns}]\n"
    )
}
