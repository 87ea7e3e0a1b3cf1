//! `limits.*`: the appraisal limit of each indicator, and overrides for a tier or a unit.
//!
//! It may not know how figures are compared with it. Invariant: for a group customer its unit's
//! limit takes precedence over its tier's, which takes precedence over the company's; a rate is at
//! most 1, complaints at most 10,000, satisfaction at most 100.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de};

use super::check::ConfigCheck;
use crate::domain::event::Tier;
use crate::domain::ids::UnitId;
use crate::domain::limit_micro::LimitMicro;
use crate::domain::limit_override::LimitOverride;

/// `limits.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Limits {
    /// churned / base, share of a month.
    pub churn_rate: LimitMicro,
    /// lost / base, share of a month.
    pub member_loss_rate: LimitMicro,
    /// Complaints per 10,000 of base.
    pub complaint_rate_10k: LimitMicro,
    /// Mean answer on the 100 scale.
    pub satisfaction: LimitMicro,
    /// Overrides by tier of the group customer.
    #[serde(default, deserialize_with = "by_tier")]
    pub tier: BTreeMap<Tier, LimitOverride>,
    /// Overrides by unit.
    #[serde(default, deserialize_with = "by_unit")]
    pub unit: BTreeMap<UnitId, LimitOverride>,
}

fn by_tier<'de, D: Deserializer<'de>>(
    reader: D,
) -> Result<BTreeMap<Tier, LimitOverride>, D::Error> {
    let tier = |name: &str| match name {
        "A" => Ok(Tier::A),
        "B" => Ok(Tier::B),
        "C" => Ok(Tier::C),
        "D" => Ok(Tier::D),
        _ => Err(format!(
            "`{}` is no tier; hint: use A, B, C or D",
            name.escape_debug()
        )),
    };
    keyed(reader, tier)
}

fn by_unit<'de, D: Deserializer<'de>>(
    reader: D,
) -> Result<BTreeMap<UnitId, LimitOverride>, D::Error> {
    keyed(reader, |name| {
        UnitId::parse(name).map_err(|e| format!("the unit `{}` {e}", name.escape_debug()))
    })
}

fn keyed<'de, D: Deserializer<'de>, K: Ord>(
    reader: D,
    parse: impl Fn(&str) -> Result<K, String>,
) -> Result<BTreeMap<K, LimitOverride>, D::Error> {
    let named = BTreeMap::<String, LimitOverride>::deserialize(reader)?;
    named
        .into_iter()
        .map(|(name, over)| {
            parse(&name)
                .map(|key| (key, over))
                .map_err(de::Error::custom)
        })
        .collect()
}

pub(super) fn check(limits: &Limits, check: &mut ConfigCheck<'_>) {
    let whole = LimitOverride {
        churn_rate: Some(limits.churn_rate),
        member_loss_rate: Some(limits.member_loss_rate),
        complaint_rate_10k: Some(limits.complaint_rate_10k),
        satisfaction: Some(limits.satisfaction),
    };
    check_one("limits", &whole, check);
    for (tier, over) in &limits.tier {
        check_one(&format!("limits.tier.{}", tier.name()), over, check);
    }
    for (unit, over) in &limits.unit {
        check_one(
            &format!("limits.unit.{}", super::strict::quoted(unit.as_str())),
            over,
            check,
        );
    }
}

fn check_one(section: &str, over: &LimitOverride, check: &mut ConfigCheck<'_>) {
    let most = [
        ("churn_rate", over.churn_rate, 1, "a share, 0.03 is 3 %"),
        (
            "member_loss_rate",
            over.member_loss_rate,
            1,
            "a share, 0.03 is 3 %",
        ),
        (
            "complaint_rate_10k",
            over.complaint_rate_10k,
            10_000,
            "complaints per 10,000 members",
        ),
        (
            "satisfaction",
            over.satisfaction,
            100,
            "on the scale of 100",
        ),
    ];
    for (name, limit, most, hint) in most {
        if let Some(limit) = limit.filter(|limit| limit.micros() > most * LimitMicro::ONE) {
            check.wrong(
                &format!("{section}.{name}"),
                &format!("`{limit}` is above {most}; hint: it is {hint}"),
            );
        }
    }
}
