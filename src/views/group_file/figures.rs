//! Who the group customer is, and its figures.

use super::gather::GroupFile;
use crate::domain::indicator::Indicator;
use crate::report::{Cell, Column, Kind, Listing, words};
use crate::views::codes;
use crate::views::column::{code, count, some, text};

impl GroupFile<'_> {
    pub(super) fn group(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("group_id", "编号"),
            Column::text("name", "名称").masking(),
            Column::text("unit_id", "单位"),
            Column::text("unit", "单位名称"),
            Column::text("manager_id", "客户经理"),
            Column::text("manager", "客户经理姓名"),
            Column::text("tier", "等级"),
            Column::text("industry", "行业"),
            Column::text("parent_group_id", "上级集团"),
            Column::code("visit_mode", "走访方式", codes::channel),
            Column::new("closed", "已撤销", Kind::Bool),
        ]);
        let known = self.reference.group(self.group_id);
        let unit = known.and_then(|group| self.reference.unit(&group.unit_id));
        let manager = known.and_then(|group| self.reference.manager(&group.manager_id));
        list.push(vec![
            text(self.group_id.as_str()),
            some(known, |group| text(&*group.name)),
            some(known, |group| text(group.unit_id.as_str())),
            some(unit, |unit| text(&*unit.name)),
            some(known, |group| text(group.manager_id.as_str())),
            some(manager, |manager| text(&*manager.name)),
            some(known, |group| text(format!("{:?}", group.tier))),
            some(
                known.and_then(|group| group.industry.as_ref()),
                |industry| text(&**industry),
            ),
            some(
                known.and_then(|group| group.parent_group_id.as_ref()),
                |parent| text(parent.as_str()),
            ),
            some(known, |group| code(group.visit_mode)),
            some(known, |group| Cell::Bool(group.closed)),
        ]);
        list
    }

    pub(super) fn figures(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::text("date", "日期"),
            count("members", "成员"),
            count("in_use", "在用"),
            count("suspended", "停机"),
            count("newly_suspended", "今日新停机"),
            count("opening", "月初成员"),
            count("joined", "本月加入"),
            count("lost", "本月流失"),
            count("churned", "本月离网"),
            count("churned_voluntary", "其中主动销户"),
            count("churned_involuntary", "其中被动销户"),
            count("ported_out", "其中携出"),
            count("complaints", "本月投诉"),
            count("open_complaints", "未结投诉"),
            count("survey_answers", "本月答卷"),
            count("developed", "本月发展"),
        ]);
        if let Some(row) = &self.row {
            let f = &row.figures;
            let counts = [
                f.closing,
                f.closing - f.suspended,
                f.suspended,
                f.newly_suspended,
                f.opening,
                f.joined,
                f.lost,
                f.churned(),
                f.churned_voluntary,
                f.churned_involuntary,
                f.ported_out,
                f.complaints,
                f.open_complaints,
                f.survey_answers,
                f.developed,
            ];
            list.push(
                [text(self.today.to_string())]
                    .into_iter()
                    .chain(counts.map(Cell::Int))
                    .collect(),
            );
        }
        list
    }

    pub(super) fn indicators(&self) -> Listing<'static> {
        let mut list = Listing::new(vec![
            Column::code("indicator", "指标", codes::alert_kind),
            Column::new("value", "值", Kind::Number),
            Column::new("verdict", "判定", Kind::Code(words::verdict)),
        ]);
        if let Some(row) = &self.row {
            for indicator in Indicator::ALL {
                let judged = row.judged(indicator);
                list.push(vec![
                    text(indicator.name()),
                    some(judged.value, Cell::Float),
                    text(judged.verdict.name()),
                ]);
            }
        }
        list
    }
}
