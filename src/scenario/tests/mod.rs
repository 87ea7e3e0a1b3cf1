//! Scenarios as people write them.

mod judging;
mod outcome;
mod reading;

use std::path::Path;

use crate::config::{ConfigDocument, Problem};
use crate::domain::zone::Zone;
use crate::scenario::{Scenario, read_scenario};

fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").expect("a zone")
}

fn document(text: &str) -> ConfigDocument {
    ConfigDocument::parse(Path::new("a.toml"), text).expect("TOML")
}

fn scenario(text: &str) -> Scenario {
    read_scenario(&document(text), zone()).unwrap_or_else(|problems| panic!("{}", spell(&problems)))
}

/// Every problem of a text, one a line.
fn refused(text: &str) -> String {
    spell(&read_scenario(&document(text), zone()).expect_err("it is refused"))
}

fn spell(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}
