//! The columns of the daily report, as data: name, Chinese header, kind and getter.
//!
//! All formats and the comparison of versions read this one table, so they cannot drift apart.
//! Invariant: the names and their order in JSON are the contract's; a new column may be added, none
//! renamed.

use crate::domain::daily_row::DailyRow;
use crate::domain::indicator::{Indicator, Scope};
use crate::domain::sum::narrow;
use crate::notify::words::{names, trust};
use crate::report::daily_column::DailyColumn;
use crate::report::{Cell, Column, ColumnKind, Figure};
use crate::views::codes;
use crate::views::column::moment;

fn value(row: &DailyRow, indicator: Indicator) -> Cell<'_> {
    let judged = row.judged(indicator);
    match (judged.value, judged.limit) {
        (Some(value), Some(limit)) => Cell::Figure(Figure::beside(value, limit)),
        (value, _) => value.into(),
    }
}

fn verdict(row: &DailyRow, indicator: Indicator) -> Cell<'_> {
    row.judged(indicator).verdict.name().into()
}

/// A verdict's column: an entry of the object `verdicts` in JSON, a column of its own elsewhere.
const fn verdict_column(name: &'static str, key: &'static str, zh: &'static str) -> Column {
    Column::code(name, zh, codes::verdict)
        .one_of(codes::verdicts)
        .nested("verdicts", key)
        .detail()
}

/// Every column, in the order of the contract.
pub(crate) static DAILY: &[DailyColumn] = &[
    DailyColumn::key(
        Column::new("date", "日期", ColumnKind::Day).detail(),
        |r| r.day.into(),
    ),
    DailyColumn::shown(
        Column::new("version", "版本", ColumnKind::Count).detail(),
        |s, _| s.version.into(),
    ),
    DailyColumn::shown(
        Column::new("as_of", "取数时间", ColumnKind::Instant).detail(),
        |s, reader| moment(reader.instants, s.as_of),
    ),
    DailyColumn::key(
        Column::code("scope", "层级", codes::scope)
            .one_of(codes::scopes)
            .if_room(),
        |r| r.scope.name().into(),
    ),
    DailyColumn::key(Column::text("scope_id", "编号"), |r| r.scope.id().into()),
    DailyColumn::note(Column::text("name", "名称"), |r| r.name.as_str().into())
        .in_a_word(|r, locale| (r.scope == Scope::Unit(None)).then(|| names::unassigned(locale))),
    DailyColumn::figure(Column::text("unit_id", "所属单位").detail(), |r| {
        r.unit_id.as_deref().into()
    })
    .in_a_word(|r, locale| {
        let is_unassigned = r.unit_id.as_deref() == Some(Scope::Unit(None).id());
        is_unassigned.then(|| names::unassigned(locale))
    }),
    DailyColumn::if_room("opening", "期初成员", |r| r.figures.opening.into()),
    DailyColumn::if_room("joined", "新入", |r| r.figures.joined.into()),
    DailyColumn::if_room("lost", "流失", |r| r.figures.lost.into()),
    DailyColumn::if_room("closing", "期末成员", |r| r.figures.closing.into()),
    DailyColumn::if_room("churned", "离网", |r| r.figures.churned().into()),
    DailyColumn::more("churned_voluntary", "主动离网", |r| {
        r.figures.churned_voluntary.into()
    }),
    DailyColumn::more("churned_involuntary", "被动离网", |r| {
        r.figures.churned_involuntary.into()
    }),
    DailyColumn::more("ported_out", "携出", |r| r.figures.ported_out.into()),
    DailyColumn::if_room("suspended", "停机", |r| r.figures.suspended.into()),
    DailyColumn::more("newly_suspended", "当日新停", |r| {
        r.figures.newly_suspended.into()
    }),
    DailyColumn::if_room("complaints", "投诉", |r| r.figures.complaints.into()),
    DailyColumn::more("open_complaints", "在办投诉", |r| {
        r.figures.open_complaints.into()
    }),
    DailyColumn::more("survey_answers", "测评答卷", |r| {
        r.figures.survey_answers.into()
    }),
    DailyColumn::figure(
        Column::new("survey_score_sum", "测评总分", ColumnKind::Thousandths).detail(),
        |r| Cell::Thousandths(r.figures.survey_score_thousandths),
    ),
    DailyColumn::more("developed", "新发展", |r| r.figures.developed.into()),
    DailyColumn::more("billed", "出账用户", |r| r.figures.billed.into()),
    DailyColumn::figure(
        Column::new("billed_fen", "出账金额", ColumnKind::Fen).detail(),
        |r| narrow(r.figures.billed_fen).into(),
    ),
    DailyColumn::figure(
        Column::new("churn_rate", "离网率", ColumnKind::Percent).judged_by("verdict_churn_rate"),
        |r| value(r, Indicator::ChurnRate),
    ),
    DailyColumn::figure(
        Column::new("member_loss_rate", "成员流失率", ColumnKind::Percent)
            .judged_by("verdict_member_loss_rate"),
        |r| value(r, Indicator::MemberLossRate),
    ),
    DailyColumn::figure(
        Column::new("complaint_rate_10k", "万人投诉率", ColumnKind::Number)
            .judged_by("verdict_complaint_rate_10k"),
        |r| value(r, Indicator::ComplaintRate10k),
    ),
    DailyColumn::figure(
        Column::new("satisfaction", "满意度", ColumnKind::Number).judged_by("verdict_satisfaction"),
        |r| value(r, Indicator::Satisfaction),
    ),
    DailyColumn::figure(
        Column::new("balance_churn_rate", "平衡法离网率", ColumnKind::Percent).detail(),
        |r| r.balance_churn_rate.into(),
    ),
    DailyColumn::figure(
        Column::code("trust", "可信度", codes::trust)
            .one_of(codes::trusts)
            .if_room(),
        |r| r.trust.name().into(),
    ),
    DailyColumn::words(
        Column::new("trust_reasons", "存疑原因", ColumnKind::List).detail(),
        |r, locale| {
            let reasons = r.trust_reasons.iter();
            Cell::List(
                reasons
                    .map(|reason| trust::reason(locale, reason).into())
                    .collect(),
            )
        },
    ),
    DailyColumn::figure(
        verdict_column("verdict_churn_rate", "churn_rate", "离网率判定"),
        |r| verdict(r, Indicator::ChurnRate),
    ),
    DailyColumn::figure(
        verdict_column(
            "verdict_member_loss_rate",
            "member_loss_rate",
            "成员流失率判定",
        ),
        |r| verdict(r, Indicator::MemberLossRate),
    ),
    DailyColumn::figure(
        verdict_column(
            "verdict_complaint_rate_10k",
            "complaint_rate_10k",
            "万人投诉率判定",
        ),
        |r| verdict(r, Indicator::ComplaintRate10k),
    ),
    DailyColumn::figure(
        verdict_column("verdict_satisfaction", "satisfaction", "满意度判定"),
        |r| verdict(r, Indicator::Satisfaction),
    ),
    DailyColumn::shown(
        Column::new("restated", "有变动", ColumnKind::Bool).detail(),
        |s, _| s.restated.into(),
    ),
    DailyColumn::to_come(Column::new("risk", "风险分", ColumnKind::Number)),
    DailyColumn::to_come(Column::new(
        "risk_grade",
        "风险等级",
        ColumnKind::Code(codes::risk_grade),
    )),
    DailyColumn::to_come(Column::new("at_stake_fen", "在险收入", ColumnKind::Fen)),
    DailyColumn::to_come(Column::new("vip_opening", "期初贵宾", ColumnKind::Count)),
    DailyColumn::to_come(Column::new("vip_joined", "贵宾新入", ColumnKind::Count)),
    DailyColumn::to_come(Column::new("vip_lost", "贵宾流失", ColumnKind::Count)),
    DailyColumn::to_come(Column::new("vip_closing", "期末贵宾", ColumnKind::Count)),
    DailyColumn::to_come(Column::new(
        "vip_loss_rate",
        "贵宾流失率",
        ColumnKind::Percent,
    )),
    DailyColumn::to_come(Column::new("veto", "一票否决", ColumnKind::Bool)),
    DailyColumn::to_come(Column::new(
        "price_population",
        "计价基数",
        ColumnKind::Count,
    )),
    DailyColumn::to_come(Column::new("price_members", "计价成员", ColumnKind::Count)),
    DailyColumn::to_come(Column::new("price_fen", "扣罚金额", ColumnKind::Fen)),
    DailyColumn::of_four(
        "targets",
        "target_churn_rate",
        "churn_rate",
        "离网率目标",
        ColumnKind::Percent,
    ),
    DailyColumn::of_four(
        "targets",
        "target_member_loss_rate",
        "member_loss_rate",
        "成员流失率目标",
        ColumnKind::Percent,
    ),
    DailyColumn::of_four(
        "targets",
        "target_complaint_rate_10k",
        "complaint_rate_10k",
        "万人投诉率目标",
        ColumnKind::Number,
    ),
    DailyColumn::of_four(
        "targets",
        "target_satisfaction",
        "satisfaction",
        "满意度目标",
        ColumnKind::Number,
    ),
    DailyColumn::of_four(
        "gaps",
        "gap_churn_rate",
        "churn_rate",
        "离网率差距",
        ColumnKind::Percent,
    ),
    DailyColumn::of_four(
        "gaps",
        "gap_member_loss_rate",
        "member_loss_rate",
        "成员流失率差距",
        ColumnKind::Percent,
    ),
    DailyColumn::of_four(
        "gaps",
        "gap_complaint_rate_10k",
        "complaint_rate_10k",
        "万人投诉率差距",
        ColumnKind::Number,
    ),
    DailyColumn::of_four(
        "gaps",
        "gap_satisfaction",
        "satisfaction",
        "满意度差距",
        ColumnKind::Number,
    ),
    DailyColumn::of_four(
        "abnormal",
        "abnormal_churn_rate",
        "churn_rate",
        "离网率异常",
        ColumnKind::Bool,
    ),
    DailyColumn::of_four(
        "abnormal",
        "abnormal_member_loss_rate",
        "member_loss_rate",
        "成员流失率异常",
        ColumnKind::Bool,
    ),
    DailyColumn::of_four(
        "abnormal",
        "abnormal_complaint_rate_10k",
        "complaint_rate_10k",
        "万人投诉率异常",
        ColumnKind::Bool,
    ),
    DailyColumn::of_four(
        "abnormal",
        "abnormal_satisfaction",
        "satisfaction",
        "满意度异常",
        ColumnKind::Bool,
    ),
    DailyColumn::to_come(Column::new("groups", "所管集团", ColumnKind::Count)),
    DailyColumn::to_come(Column::new("tenures", "任期数", ColumnKind::Count)),
    DailyColumn::to_come(Column::new("maintainable", "应维系集团", ColumnKind::Count)),
    DailyColumn::to_come(Column::new("maintained", "已维系集团", ColumnKind::Count)),
    DailyColumn::to_come(Column::new(
        "maintenance_rate",
        "维系率",
        ColumnKind::Percent,
    )),
    DailyColumn::to_come(Column::new(
        "contacts_asked",
        "应走访次数",
        ColumnKind::Count,
    )),
    DailyColumn::to_come(Column::new(
        "contacts_made",
        "已走访次数",
        ColumnKind::Count,
    )),
    DailyColumn::to_come(Column::new("promises_due", "到期承诺", ColumnKind::Count)),
    DailyColumn::to_come(Column::new(
        "promises_in_time",
        "按时承诺",
        ColumnKind::Count,
    )),
    DailyColumn::to_come(Column::new("promises_kept", "兑现承诺", ColumnKind::Count)),
    DailyColumn::to_come(Column::new(
        "method_coverage",
        "四三覆盖率",
        ColumnKind::Percent,
    )),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_names_are_unique_and_every_judge_is_a_column() {
        let names: Vec<&str> = DAILY.iter().map(|d| d.column.name.as_ref()).collect();
        let mut unique = names.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
        for judge in DAILY.iter().filter_map(|d| d.column.judged_by) {
            assert!(names.contains(&judge), "{judge}");
        }
    }
}
