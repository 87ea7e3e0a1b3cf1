//! 三处理 as the people of the demo's city write it: note, report and result of a task.
//!
//! Invariant: it lacks nothing that a task needs to be closed.

use crate::domain::task::{Finish, Report, ReportUp, Task, TaskKind, TaskResult};
use crate::follow_up::act::needs_cost;
use crate::simulate::Rng;

/// Share of the tasks with something to report upwards, and of those, what cannot wait.
const REPORTED: f64 = 0.12;
const URGENT: f64 = 0.3;
/// Share of the tasks that are stories worth sharing.
const CASES: f64 = 0.05;
/// What an offer, a gift or an event costs, in yuan.
const COST_YUAN: (i32, i32) = (80, 1_200);

/// How somebody finishes a task, by what the dice say.
pub(super) fn finish(task: &Task, dice: &mut Rng) -> Finish {
    let result = result(task.kind, dice);
    let (note, summary) = words(result, dice);
    let cost = i64::from(dice.between(COST_YUAN.0, COST_YUAN.1)) * 100;
    let report = if dice.chance(REPORTED) { report(dice) } else { Report { about: ReportUp::None, text: String::new(), urgent: false } };
    Finish {
        note: note.to_owned(),
        report,
        result,
        summary: summary.to_owned(),
        cost_fen: needs_cost(task).then_some(cost),
        is_case: dice.chance(CASES),
    }
}

fn result(kind: TaskKind, dice: &mut Rng) -> TaskResult {
    let drawn = dice.unit();
    match kind {
        TaskKind::Retention if drawn < 0.50 => TaskResult::Retained,
        TaskKind::Retention if drawn < 0.70 => TaskResult::PartlyRetained,
        TaskKind::Retention if drawn < 0.88 => TaskResult::Lost,
        TaskKind::Retention => TaskResult::Unreachable,
        _ if drawn < 0.25 => TaskResult::Retained,
        _ if drawn < 0.95 => TaskResult::NotNeeded,
        _ => TaskResult::Unreachable,
    }
}

/// The archive note, and the summary.
fn words(result: TaskResult, dice: &mut Rng) -> (&'static str, &'static str) {
    match result {
        TaskResult::Retained => *dice.pick(&[
            ("登门与信息中心核对了近三个月的用量和账单，客户确认继续使用。", "已挽留，续用现套餐"),
            ("电话说明停机原因并协助办理缴费，号码当日恢复，客户无离网意向。", "已复机，客户留用"),
            ("与分管领导面谈，疑问逐条答复，客户撤回携出申请。", "撤回携出申请"),
        ]),
        TaskResult::PartlyRetained => *dice.pick(&[
            ("一半成员同意留下，其余因换岗已办理离网，已更新成员清单。", "部分留下，其余换岗离网"),
            ("两个部门续用，仓储部门改用自有对讲，约定下季度再谈。", "两个部门续用"),
        ]),
        TaskResult::Lost => *dice.pick(&[
            ("客户称总部统一更换供应商，去意已决，已按规定办理，保留联系方式。", "总部统一更换，未能挽留"),
            ("成员已离职，号码由本人带走，单位无意再补开。", "成员离职，号码带走"),
        ]),
        TaskResult::NotNeeded => *dice.pick(&[
            ("已联系联系人核实情况并更新客户档案，暂无其他需求。", "已核实，无需挽留"),
            ("按计划完成走访，资料已送达，客户对服务表示满意。", "已走访，客户满意"),
            ("与客户确认了保障要求并转相关部门落实，已记入档案。", "要求已确认并落实"),
        ]),
        TaskResult::Unreachable => ("三个工作日内电话、短信、上门均未联系到负责人，已请前台转告。", "负责人联系不上"),
    }
}

fn report(dice: &mut Rng) -> Report {
    let (about, text) = *dice.pick(&[
        (ReportUp::Competition, "对手上门推介宽带加手机号打包，承诺前三个月免月租"),
        (ReportUp::Competition, "园区物业与对手签了共建协议，正在逐户登记携号"),
        (ReportUp::EscalatedComplaint, "客户称若本周仍无答复将向管局申诉"),
        (ReportUp::SpecialNeed, "客户要求月底前开通异地分支的专线，需省公司资源"),
    ]);
    Report { about, text: text.to_owned(), urgent: dice.chance(URGENT) }
}
