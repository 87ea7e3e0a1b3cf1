//! 三处理 as the people of the demo's city write it: note, report and result of a task, depending on
//! what became of its subscribers.
//!
//! Invariant: no part is missing that closing a task requires, and nothing contradicts the state of
//! its subscribers, then or soon after.

use crate::domain::alert::{Alert, ResolvedBecause};
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::task::{ReportUp, Task, TaskKind, TaskResult, UpwardReport};
use crate::follow_up::act::{Closing, needs_cost};
use crate::follow_up::task_subscribers::TaskSubscribers;
use crate::simulate::Rng;

/// Share of the tasks with something to report upwards, and of those, the share that is urgent.
const REPORTED: f64 = 0.12;
const URGENT: f64 = 0.3;
/// Share of the tasks marked as a story worth sharing.
const CASES: f64 = 0.05;
/// Cost of an offer, a gift or an event, in yuan.
const COST_YUAN: (i32, i32) = (80, 1_200);

/// What whoever finishes a task learns of its subscribers.
#[derive(Clone, Copy)]
pub(super) struct Prospect {
    /// Their current state.
    pub(super) subscribers: TaskSubscribers,
    /// How many of them mean to leave soon.
    pub(super) leaving: usize,
}

impl Prospect {
    /// How many subscribers are named, and how many of them have gone or mean to.
    fn named_and_lost(self) -> (usize, usize) {
        let gone = self.subscribers.gone;
        let lost = gone.all() + self.leaving;
        (gone.named, lost.min(gone.named))
    }

    /// Whether nobody is left to keep: of a customer that lost a part of its members the others are.
    fn are_all_lost(self, alerts: &[Alert]) -> bool {
        let (named, lost) = self.named_and_lost();
        let of_customer = || alerts.iter().filter(|alert| !alert.key.is_about_one());
        let is_empty = of_customer().any(|alert| {
            let why = &alert.explanation;
            alert.key.kind == AlertKind::Signal(Signal::GroupGone) || why.k >= why.n
        });
        named > 0 && lost == named && (is_empty || of_customer().next().is_none())
    }
}

/// Closes a task given the current state of its alerts and the prospect of its subscribers; the
/// rest is random.
pub(super) fn closing(
    task: &Task,
    alerts: &[Alert],
    prospect: Prospect,
    dice: &mut Rng,
) -> Closing {
    let result = result(task.kind, alerts, prospect, dice);
    let (note, summary) = words(result, alerts, dice);
    let cost = i64::from(dice.between(COST_YUAN.0, COST_YUAN.1)) * 100;
    let report = if dice.chance(REPORTED) {
        report(dice)
    } else {
        UpwardReport::nothing()
    };
    Closing {
        note: note.to_owned(),
        report: Some(report),
        result,
        summary: Some(summary.to_owned()),
        cost_fen: needs_cost(task).then_some(cost),
        is_case: dice.chance(CASES),
    }
}

fn result(kind: TaskKind, alerts: &[Alert], prospect: Prospect, dice: &mut Rng) -> TaskResult {
    let has_gone = prospect.subscribers.have_all_gone();
    if let Some(only) = TaskResult::of_subscribers_gone(kind).filter(|_| has_gone) {
        return only;
    }
    let drawn = dice.unit();
    let is_kept = |alert: &Alert| {
        matches!(
            alert.resolved_because,
            Some(ResolvedBecause::Restored | ResolvedBecause::Withdrawn)
        )
    };
    let (_, lost) = prospect.named_and_lost();
    match kind {
        TaskKind::Retention if lost == 0 && !alerts.is_empty() && alerts.iter().all(is_kept) => {
            TaskResult::Retained
        }
        TaskKind::Retention if drawn < 0.12 => TaskResult::Unreachable,
        TaskKind::Retention if prospect.are_all_lost(alerts) => TaskResult::Lost,
        TaskKind::Retention if lost > 0 && drawn < 0.7 => TaskResult::PartlyRetained,
        TaskKind::Retention if lost > 0 => TaskResult::Lost,
        TaskKind::Retention if drawn < 0.22 => TaskResult::NotNeeded,
        TaskKind::Retention => TaskResult::Retained,
        TaskKind::Relationship if drawn < 0.85 => TaskResult::Done,
        TaskKind::Relationship if drawn < 0.9 => TaskResult::NotDone,
        TaskKind::Relationship if drawn < 0.95 => TaskResult::Declined,
        TaskKind::Expansion if drawn < 0.3 => TaskResult::Won,
        TaskKind::Expansion if drawn < 0.55 => TaskResult::Declined,
        TaskKind::Expansion if drawn < 0.95 => TaskResult::Later,
        TaskKind::Relationship | TaskKind::Expansion => TaskResult::Unreachable,
    }
}

/// An archive note and a summary.
type Texts = (&'static str, &'static str);

/// Where the subscribers that a task is about were all kept; one is drawn.
const SUBSCRIBERS_RETAINED: [Texts; 2] = [
    (
        "电话联系机主，逐条核对资费和用量疑问，机主表示继续使用。",
        "机主表示继续使用",
    ),
    (
        "与机主和集团联系人面谈，问题当面答复，机主暂不考虑离网。",
        "机主暂不离网",
    ),
];

/// The same of a customer.
const RETAINED: [Texts; 2] = [
    (
        "登门与信息中心核对了近三个月的用量和账单，客户表示继续使用。",
        "客户表示续用现套餐",
    ),
    (
        "与分管领导面谈，疑问逐条答复，客户暂不考虑离网。",
        "客户暂不离网",
    ),
];

/// Where some of its subscribers were kept.
const SUBSCRIBERS_PARTLY_RETAINED: Texts = (
    "有的机主去意已决或已离网，其余机主逐一联系，均愿意留下，已记入档案。",
    "其余号码留下",
);

/// The same of a customer.
const PARTLY_RETAINED: [Texts; 2] = [
    (
        "部分成员去意已决或已离网，其余成员逐一联系，均愿意留下，已更新成员清单。",
        "其余成员留下",
    ),
    (
        "两个部门续用，另一个部门暂未答复，约定下季度再谈。",
        "两个部门续用",
    ),
];

/// Where none of its subscribers was kept.
const SUBSCRIBERS_LOST: [Texts; 2] = [
    (
        "机主称家人都用别家，去意已决，已按规定办理，保留联系方式。",
        "随家人更换，未能挽留",
    ),
    (
        "成员已离职，号码由本人处理，单位无意再补开。",
        "成员离职，单位不再补开",
    ),
];

/// The same of a customer.
const LOST: Texts = (
    "客户称总部统一更换供应商，去意已决，已按规定办理，保留联系方式。",
    "总部统一更换，未能挽留",
);

/// The same for work on a relationship.
const DONE: [Texts; 2] = [
    (
        "按计划完成联系，资料已送达，并更新了服务档案。",
        "已按计划完成",
    ),
    (
        "与客户确认了要求并转相关部门落实，已记入档案。",
        "要求已确认并落实",
    ),
];

/// Draws the archive note and the summary.
fn words(result: TaskResult, alerts: &[Alert], dice: &mut Rng) -> Texts {
    let is_about_subscribers = alerts
        .iter()
        .all(|alert| alert.key.kind.is_about_a_subscriber());
    let because = |reason| {
        alerts
            .iter()
            .any(|alert| alert.resolved_because == Some(reason))
    };
    match result {
        TaskResult::Retained if because(ResolvedBecause::Withdrawn) => (
            "与机主和集团联系人逐条核对资费疑问，客户已自行撤回携出申请。",
            "客户撤回携出申请",
        ),
        TaskResult::Retained if because(ResolvedBecause::Restored) => (
            "说明原因并协助办理，号码已恢复，客户无离网意向。",
            "号码已恢复，客户留用",
        ),
        TaskResult::Retained if is_about_subscribers => *dice.pick(&SUBSCRIBERS_RETAINED),
        TaskResult::Retained => *dice.pick(&RETAINED),
        TaskResult::PartlyRetained if is_about_subscribers => SUBSCRIBERS_PARTLY_RETAINED,
        TaskResult::PartlyRetained => *dice.pick(&PARTLY_RETAINED),
        TaskResult::Lost if is_about_subscribers => *dice.pick(&SUBSCRIBERS_LOST),
        TaskResult::Lost => LOST,
        TaskResult::NotNeeded => (
            "已联系联系人核实情况并更新客户档案，客户没有离网打算。",
            "已核实，无需挽留",
        ),
        TaskResult::Done => *dice.pick(&DONE),
        TaskResult::NotDone => (
            "客户近期停业整顿，约定的事项没有办成，下月再约。",
            "未办成，下月再约",
        ),
        TaskResult::Declined => (
            "客户明确表示近期没有这方面的打算，已记入档案。",
            "客户近期无意",
        ),
        TaskResult::Won => ("客户同意开通，已提交受理单，月底前安装。", "客户同意开通"),
        TaskResult::Later => (
            "客户认可方案，待下年度预算批复后再议，已记入档案。",
            "待下年度预算",
        ),
        TaskResult::Unreachable => (
            "三个工作日内电话、短信、上门均未联系到负责人，已请前台转告。",
            "未联系上负责人",
        ),
    }
}

fn report(dice: &mut Rng) -> UpwardReport {
    let (about, text) = *dice.pick(&[
        (
            ReportUp::Competition,
            "对手上门推介宽带加手机号打包，承诺前三个月免月租",
        ),
        (
            ReportUp::Competition,
            "园区物业与对手签了共建协议，正在逐户登记携号",
        ),
        (
            ReportUp::EscalatedComplaint,
            "客户称若本周仍无答复将向管局申诉",
        ),
        (
            ReportUp::SpecialNeed,
            "客户要求月底前开通异地分支的专线，需省公司资源",
        ),
    ]);
    UpwardReport {
        about,
        text: text.to_owned(),
        urgent: dice.chance(URGENT),
    }
}
