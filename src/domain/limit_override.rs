//! Limits that differ for a tier or a unit.

use serde::Deserialize;

use super::limit_micro::LimitMicro;

/// What replaces the company's limits; a missing one is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct LimitOverride {
    /// churned / base.
    pub churn_rate: Option<LimitMicro>,
    /// lost / base.
    pub member_loss_rate: Option<LimitMicro>,
    /// Complaints per 10,000 of base.
    pub complaint_rate_10k: Option<LimitMicro>,
    /// Mean answer on the 100 scale.
    pub satisfaction: Option<LimitMicro>,
}
