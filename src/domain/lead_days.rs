//! Days ahead at which key dates are reminded of.

use serde::Deserialize;

use super::event::KeyDateKind;

/// Days ahead by the kind of a key date, most first; a key date that names its own has them
/// instead.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LeadDays {
    /// 生日
    pub birthday: Vec<i32>,
    /// 周年
    pub anniversary: Vec<i32>,
    /// 合约到期
    pub contract_end: Vec<i32>,
    /// 庆典
    pub ceremony: Vec<i32>,
    /// Any other.
    pub custom: Vec<i32>,
}

impl LeadDays {
    #[must_use]
    pub(crate) fn of_kind(&self, kind: KeyDateKind) -> &[i32] {
        match kind {
            KeyDateKind::Birthday => &self.birthday,
            KeyDateKind::Anniversary => &self.anniversary,
            KeyDateKind::ContractEnd => &self.contract_end,
            KeyDateKind::Ceremony => &self.ceremony,
            KeyDateKind::Custom => &self.custom,
        }
    }
}
