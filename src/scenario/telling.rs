//! How the outcome of scenarios reads.
//!
//! It may not know how they were run.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FailedExpectation {
    /// Where it was expected: file, line and key.
    pub place: String,
    pub what: String,
    /// What is wrong with that.
    pub wrong: String,
    /// What is there instead.
    pub instead: Vec<String>,
    pub hint: Option<&'static str>,
}

/// What became of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScenarioOutcome {
    pub name: String,
    pub file: PathBuf,
    /// How long it took.
    pub took: Duration,
    /// The first step at which something does not hold, and what.
    pub failed: Option<(String, Vec<FailedExpectation>)>,
}

impl fmt::Display for FailedExpectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "  {}\n    expected: {}\n    {}",
            self.place, self.what, self.wrong
        )?;
        self.instead
            .iter()
            .try_for_each(|one| write!(f, "\n      {one}"))?;
        self.hint
            .map_or(Ok(()), |hint| write!(f, "\n    hint: {hint}"))
    }
}

impl fmt::Display for ScenarioOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((step, faults)) = &self.failed else {
            return write!(f, "ok      {} ({} ms)", self.name, self.took.as_millis());
        };
        write!(
            f,
            "FAILED  {}\n  {}, {step}",
            self.name,
            self.file.display()
        )?;
        faults.iter().try_for_each(|fault| write!(f, "\n{fault}"))
    }
}

/// How many scenarios did what.
#[must_use]
pub(crate) fn summary(all: &[ScenarioOutcome]) -> String {
    let failed = all
        .iter()
        .filter(|outcome| outcome.failed.is_some())
        .count();
    let took: Duration = all.iter().map(|outcome| outcome.took).sum();
    format!(
        "{} scenarios: {} ok, {failed} failed ({:.1} s)",
        all.len(),
        all.len() - failed,
        took.as_secs_f64()
    )
}
