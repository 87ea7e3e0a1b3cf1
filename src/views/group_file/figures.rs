//! Who the group customer is, and its figures.

use super::gather::GroupFile;
use crate::domain::daily_row::{DailyRow, IndicatorCell};
use crate::domain::event::{Group, Manager, Unit};
use crate::domain::ids::GroupId;
use crate::domain::indicator::{AlertKind, Indicator};
use crate::report::{Cell, Column, Figure, FigureUnit, Listing};
use crate::views::codes;
use crate::views::column::{ListColumn, column, count, listing, number, some, text, yes_or_no};

impl GroupFile<'_> {
    pub(super) fn group(&self) -> Listing<'static> {
        let known = self.reference.group(self.group_id);
        let row = GroupRow {
            group_id: self.group_id,
            known,
            unit: known.and_then(|group| self.reference.unit(&group.unit_id)),
            manager: known.and_then(|group| self.reference.manager(&group.manager_id)),
        };
        listing(GroupRow::COLUMNS, [&row], self.instants)
    }

    pub(super) fn figures(&self) -> Listing<'static> {
        listing(FIGURES, &self.row, self.instants)
    }

    pub(super) fn indicators(&self) -> Listing<'static> {
        let rows = self.row.iter().flat_map(|row| {
            Indicator::ALL.map(|indicator| IndicatorRow {
                indicator,
                judged: row.judged(indicator),
            })
        });
        listing(INDICATORS, rows, self.instants)
    }
}

/// A group customer, as now known. Its subscribers may be read before the event that names it.
#[derive(Debug)]
struct GroupRow<'a> {
    group_id: &'a GroupId,
    known: Option<&'a Group>,
    unit: Option<&'a Unit>,
    manager: Option<&'a Manager>,
}

impl<'a> GroupRow<'a> {
    const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("group_id", "编号"), |r| {
            text(r.group_id.as_str())
        }),
        column(Column::text("name", "名称").masking(), |r| {
            some(r.known, |group| text(&*group.name))
        }),
        column(Column::text("unit_id", "单位"), |r| {
            some(r.known, |group| text(group.unit_id.as_str()))
        }),
        column(Column::text("unit", "单位名称"), |r| {
            some(r.unit, |unit| text(&*unit.name))
        }),
        column(Column::text("manager_id", "客户经理"), |r| {
            some(r.known, |group| text(group.manager_id.as_str()))
        }),
        column(Column::text("manager", "客户经理姓名"), |r| {
            some(r.manager, |manager| text(&*manager.name))
        }),
        column(Column::text("tier", "等级"), |r| {
            some(r.known, |group| text(group.tier.name()))
        }),
        column(Column::text("industry", "行业"), |r| {
            let industry = r.known.and_then(|group| group.industry.as_deref());
            some(industry, text)
        }),
        column(Column::text("parent_group_id", "上级集团"), |r| {
            let parent = r.known.and_then(|group| group.parent_group_id.as_ref());
            some(parent, |parent| text(parent.as_str()))
        }),
        column(
            Column::code("visit_mode", "走访方式", codes::channel),
            |r| some(r.known, |group| text(group.visit_mode.name())),
        ),
        column(yes_or_no("closed", "已撤销"), |r| {
            r.known.map(|group| group.closed).into()
        }),
    ];
}

/// Members as of today, and what happened to them in the month so far.
const FIGURES: &[ListColumn<DailyRow>] = &[
    column(Column::text("date", "日期"), |r| text(r.day.to_string())),
    column(count("members", "成员"), |r| r.figures.closing.into()),
    column(count("in_use", "在用"), |r| {
        (r.figures.closing - r.figures.suspended).into()
    }),
    column(count("suspended", "停机"), |r| r.figures.suspended.into()),
    column(count("newly_suspended", "今日新停机"), |r| {
        r.figures.newly_suspended.into()
    }),
    column(count("opening", "月初成员"), |r| {
        r.figures.opening.into()
    }),
    column(count("joined", "本月加入"), |r| r.figures.joined.into()),
    column(count("lost", "本月流失"), |r| r.figures.lost.into()),
    column(count("churned", "本月离网"), |r| {
        r.figures.churned().into()
    }),
    column(count("churned_voluntary", "其中主动销户"), |r| {
        r.figures.churned_voluntary.into()
    }),
    column(count("churned_involuntary", "其中被动销户"), |r| {
        r.figures.churned_involuntary.into()
    }),
    column(count("ported_out", "其中携出"), |r| {
        r.figures.ported_out.into()
    }),
    column(count("complaints", "本月投诉"), |r| {
        r.figures.complaints.into()
    }),
    column(count("open_complaints", "未结投诉"), |r| {
        r.figures.open_complaints.into()
    }),
    column(count("survey_answers", "本月答卷"), |r| {
        r.figures.survey_answers.into()
    }),
    column(count("developed", "本月发展"), |r| {
        r.figures.developed.into()
    }),
];

#[derive(Debug)]
struct IndicatorRow {
    indicator: Indicator,
    judged: IndicatorCell,
}

const INDICATORS: &[ListColumn<IndicatorRow>] = &[
    column(
        Column::code("indicator", "指标", codes::alert_kind),
        |r| r.indicator.name().into(),
    ),
    column(number("value", "值"), |r| {
        r.figure(r.judged.value, r.judged.limit)
    }),
    column(number("limit", "限值"), |r| {
        r.figure(r.judged.limit, r.judged.value)
    }),
    column(Column::code("verdict", "判定", codes::verdict), |r| {
        r.judged.verdict.name().into()
    }),
];

impl IndicatorRow {
    /// A value or a limit, with so many digits that it does not read like the other.
    fn figure(&self, value: Option<f64>, beside: Option<f64>) -> Cell<'static> {
        some(value, |value| {
            Cell::Figure(Figure {
                value,
                beside,
                unit: FigureUnit::of_alert(AlertKind::Indicator(self.indicator)),
            })
        })
    }
}
