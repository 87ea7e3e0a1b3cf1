//! How much a group customer is at risk, in four grades.
//!
//! It does not grade: no row of a report is graded yet.

use super::names::names;

names! {
    /// The lowest risk comes first.
    pub(crate) enum RiskGrade {
        Normal = "normal",
        Attention = "attention",
        AtRisk = "at_risk",
        Critical = "critical",
    }
}
