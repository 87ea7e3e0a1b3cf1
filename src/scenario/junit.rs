//! The outcome as JUnit XML, which every build server reads.
//!
//! Invariant: whatever text is in a scenario, the document is well formed.

use super::telling::ScenarioOutcome;

/// Writes the outcome of all scenarios.
#[must_use]
pub(crate) fn write_junit(all: &[ScenarioOutcome]) -> String {
    let failures = all
        .iter()
        .filter(|outcome| outcome.failed.is_some())
        .count();
    let seconds: f64 = all.iter().map(|outcome| outcome.took.as_secs_f64()).sum();
    let counts = format!(
        "tests=\"{}\" failures=\"{failures}\" errors=\"0\" time=\"{seconds:.3}\"",
        all.len()
    );
    let cases: String = all.iter().map(case).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sisan test\" {counts}>\n  <testsuite name=\"scenarios\" {counts}>\n{cases}  </testsuite>\n</testsuites>\n"
    )
}

fn case(outcome: &ScenarioOutcome) -> String {
    let (name, file, seconds) = (
        escape(&outcome.name),
        escape(&outcome.file.display().to_string()),
        outcome.took.as_secs_f64(),
    );
    let open = format!(
        "    <testcase classname=\"{file}\" name=\"{name}\" file=\"{file}\" time=\"{seconds:.3}\""
    );
    let Some((step, faults)) = &outcome.failed else {
        return format!("{open}/>\n");
    };
    let first = faults
        .first()
        .map_or(String::new(), |fault| format!(": expected {}", fault.what));
    let text = outcome.to_string();
    format!(
        "{open}>\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
        escape(&format!("{step}{first}")),
        escape(&text)
    )
}

/// What XML 1.0 may hold, with what means something in it escaped.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}' => {
                escaped.push(c)
            }
            _ => escaped.push('\u{fffd}'),
        }
    }
    escaped
}
