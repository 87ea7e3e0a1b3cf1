//! The conformance cases: what arrives, and what must be true after all of it is in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Every case.
pub const CASES: [&str; 6] = [
    "bad-events",
    "corrections",
    "day-edges",
    "odd-shapes",
    "ordered-small",
    "shuffled-duplicates",
];

/// One case.
pub struct Case {
    /// Its folder's name.
    pub name: &'static str,
}

impl Case {
    fn dir(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/conformance")
            .join(self.name)
    }

    /// The folder of what arrives.
    pub fn events_dir(&self) -> PathBuf {
        self.dir().join("events")
    }

    /// Every line that arrives, in order.
    pub fn lines(&self) -> Vec<Vec<u8>> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.events_dir())
            .expect("events")
            .map(|f| f.expect("a file").path())
            .collect();
        files.sort();
        files
            .iter()
            .flat_map(|file| split_lines(&fs::read(file).expect("a file")))
            .collect()
    }

    /// What must be true, by file name without ending.
    pub fn expected(&self, stem: &str) -> Option<Value> {
        let text =
            fs::read_to_string(self.dir().join("expected").join(format!("{stem}.json"))).ok()?;
        Some(serde_json::from_str(&text).expect("expected values are JSON"))
    }

    /// The dates whose reports are expected.
    pub fn dates(&self) -> Vec<String> {
        let stems = fs::read_dir(self.dir().join("expected"))
            .expect("expected")
            .map(|f| f.expect("a file").path());
        let stems = stems.filter_map(|path| {
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
        });
        let mut dates: Vec<String> = stems.filter(|stem| stem.starts_with("20")).collect();
        dates.sort();
        dates
    }
}

fn split_lines(text: &[u8]) -> Vec<Vec<u8>> {
    text.split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .map(<[u8]>::to_vec)
        .collect()
}

/// What differs between the report of a date and what is expected of it.
pub fn report_faults(expected: &Value, rows: &[Value]) -> Vec<String> {
    let of = |row: &Value| format!("{} {}", row["scope"], row["scope_id"]);
    let mut faults = Vec::new();
    let wanted = expected.as_array().expect("rows");
    for want in wanted {
        match rows.iter().find(|row| of(row) == of(want)) {
            None => faults.push(format!("{}: there is no row", of(want))),
            Some(row) => faults.extend(
                cell_faults(want, row)
                    .into_iter()
                    .map(|fault| format!("{} {}: {fault}", want["date"], of(want))),
            ),
        }
    }
    let (have, want): (BTreeSet<String>, BTreeSet<String>) = (
        rows.iter().map(of).collect(),
        wanted.iter().map(of).collect(),
    );
    faults.extend(
        have.difference(&want)
            .map(|row| format!("{row}: nobody expects it")),
    );
    faults
}

fn cell_faults(want: &Value, row: &Value) -> Vec<String> {
    let differs = |(name, want): (&String, &Value)| {
        (!same(want, &row[name])).then(|| format!("{name} is {}, expected {want}", row[name]))
    };
    want.as_object()
        .expect("a row")
        .iter()
        .filter_map(differs)
        .collect()
}

/// Integers and texts are equal, quotients to 1e-9.
fn same(want: &Value, have: &Value) -> bool {
    match (want.as_i64(), want.as_f64(), have.as_f64()) {
        (None, Some(want), Some(have)) => (want - have).abs() <= 1e-9 * want.abs().max(1.0),
        _ => want == have,
    }
}

/// What differs between the indicator alerts that fire and those expected.
pub fn firing_faults(expected: &Value, alerts: &[Value]) -> Vec<String> {
    let of = |a: &Value| {
        format!(
            "{} {} {} {}",
            a["scope"], a["scope_id"], a["kind"], a["period"]
        )
    };
    let want: BTreeSet<String> = expected
        .as_array()
        .expect("alerts")
        .iter()
        .map(of)
        .collect();
    let periods: BTreeSet<String> = expected
        .as_array()
        .expect("alerts")
        .iter()
        .map(|a| a["period"].to_string())
        .collect();
    let four = [
        "churn_rate",
        "member_loss_rate",
        "complaint_rate_10k",
        "satisfaction",
    ];
    let fires = |a: &&Value| {
        ["firing", "acknowledged"].contains(&a["state"].as_str().unwrap_or_default())
            && four.contains(&a["kind"].as_str().unwrap_or_default())
            && periods.contains(&a["period"].to_string())
    };
    let have: BTreeSet<String> = alerts.iter().filter(fires).map(of).collect();
    let missing = want
        .difference(&have)
        .map(|a| format!("does not fire: {a}"));
    missing
        .chain(have.difference(&want).map(|a| format!("fires: {a}")))
        .collect()
}

/// What differs between the counts per source and those expected.
pub fn source_faults(expected: &Value, sources: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, counts) in expected.as_object().expect("sources") {
        let Some(row) = sources.iter().find(|row| row["source"] == name.as_str()) else {
            faults.push(format!("{name} was not read"));
            continue;
        };
        faults.extend(
            cell_faults(counts, row)
                .into_iter()
                .map(|fault| format!("{name}: {fault}")),
        );
    }
    faults
}

/// What differs between the rejections and those expected: position and class.
pub fn reject_faults(expected: &Value, rejects: &[Value]) -> Vec<String> {
    let of = |row: &Value| format!("{} {}", row["position"], row["class"]);
    let have: Vec<String> = rejects.iter().map(of).collect();
    let want: Vec<String> = expected
        .as_array()
        .expect("rejects")
        .iter()
        .map(of)
        .collect();
    if have == want {
        Vec::new()
    } else {
        vec![format!("rejected {have:?}, expected {want:?}")]
    }
}
