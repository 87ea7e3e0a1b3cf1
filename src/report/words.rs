//! The Chinese words for the codes of the daily report.
//!
//! It knows only words. Invariant: a code without a word comes back as it is, so that nothing is
//! hidden.

use crate::domain::indicator::{ScopeKind, Verdict};
use crate::domain::trust::Trust;

/// The levels that alerts and rows are of.
#[must_use]
pub(crate) fn scopes() -> Vec<&'static str> {
    [ScopeKind::Group, ScopeKind::Unit, ScopeKind::Company]
        .map(ScopeKind::name)
        .to_vec()
}

#[must_use]
pub(crate) fn verdicts() -> Vec<&'static str> {
    let all = [
        Verdict::FeedIncomplete,
        Verdict::InsufficientData,
        Verdict::Ok,
        Verdict::Breach,
        Verdict::Watch,
    ];
    all.map(Verdict::name).to_vec()
}

#[must_use]
pub(crate) fn trusts() -> Vec<&'static str> {
    [Trust::Ok, Trust::Warning, Trust::Failed]
        .map(Trust::name)
        .to_vec()
}

#[must_use]
pub(crate) fn scope(code: &str) -> &str {
    match code {
        "company" => "公司",
        "unit" => "单位",
        "group" => "集团",
        "manager" => "客户经理",
        other => other,
    }
}

#[must_use]
pub(crate) fn verdict(code: &str) -> &str {
    match code {
        "ok" => "正常",
        "breach" => "超限",
        "watch" => "关注",
        "insufficient_data" => "样本不足",
        "feed_incomplete" => "数据不全",
        other => other,
    }
}

/// Of a trust mark.
#[must_use]
pub(crate) fn trust(code: &str) -> &str {
    match code {
        "ok" => "可信",
        "warning" => "存疑",
        "failed" => "不可信",
        other => other,
    }
}

/// Of a risk grade.
#[must_use]
pub(crate) fn risk_grade(code: &str) -> &str {
    match code {
        "normal" => "正常",
        "attention" => "关注",
        "at_risk" => "有风险",
        "critical" => "高危",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_verdict_and_trust_mark_has_a_chinese_word() {
        for name in scopes() {
            assert_ne!(scope(name), name);
        }
        for name in verdicts() {
            assert_ne!(verdict(name), name);
        }
        for name in trusts() {
            assert_ne!(trust(name), name);
        }
        assert_eq!(verdict("new_one"), "new_one");
    }
}
