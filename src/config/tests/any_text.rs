//! Any text loads or is refused with a key; it never panics.

use proptest::prelude::*;

use super::*;
use crate::config::load::known;
use crate::config::print;

fn leaves(table: &toml::Table, section: &[String], into: &mut Vec<Vec<String>>) {
    for (name, value) in table {
        let path = [section, std::slice::from_ref(name)].concat();
        if let toml::Value::Table(inner) = value {
            leaves(inner, &path, into);
        }
        into.push(path);
    }
}

fn any_path() -> impl Strategy<Value = Vec<String>> {
    let mut all = Vec::new();
    leaves(&known(), &[], &mut all);
    prop::sample::select(all)
}

fn any_value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>().prop_map(|text| print::text(&text)),
        any::<i64>().prop_map(|n| n.to_string()),
        prop::sample::select(vec![
            "0",
            "-1",
            "nan",
            "-inf",
            "1e308",
            "0.1",
            "true",
            "[]",
            "{}",
            "[[1], {a = 2}]",
            "2026-01-01",
            "\"0s\"",
            "\"a@b\"",
            "[\"a\", \"b\"]"
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_value_at_any_key_loads_or_is_refused_there(path in any_path(), value in any_value()) {
        let key: Vec<String> = path.iter().map(|part| crate::config::strict::quoted(part)).collect();
        match load_text(&format!("{} = {value}\n", key.join(".")), &[]) {
            Ok(config) => prop_assert!(load_text(&config.effective(), &[]).is_ok(), "{}", config.effective()),
            Err(error) => prop_assert!(error.to_string().contains("own.toml"), "{}", error),
        }
    }

    #[test]
    fn any_text_in_any_variable_loads_or_is_refused_by_its_name(path in any_path(), text in any::<String>()) {
        let name = format!("SISAN__{}", path.join("__"));
        if let Err(error) = load(&[], vec![(name.clone(), text)].into_iter()) {
            prop_assert!(error.to_string().contains(&name), "{}", error);
        }
    }

    #[test]
    fn any_text_as_a_file_loads_or_is_refused(text in "[a-z\\[\\]=\"{}.,0-9 \\n#]{0,80}") {
        if let Err(error) = load_text(&text, &[]) {
            prop_assert!(error.to_string().contains("own.toml"), "{}", error);
        }
    }
}
