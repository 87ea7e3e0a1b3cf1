//! What the worker itself notes on a task, as managers read it.
//!
//! Invariant: a remark of one kind is told from the others by its beginning, so that a later change can take it back.

use crate::domain::alert::ResolvedBecause;

const OVER_CAP: &str = "超出当日新任务上限";
const CAUSE_GONE: &str = "起因已消除";
const CANCELLED: &str = "任务自动取消";

/// The task row exists, its mail does not go out.
#[must_use]
pub(super) fn over_cap(most: u32) -> String {
    format!("{OVER_CAP}（{most} 个），未单独发邮件，请在晨报清单中处理")
}

/// Whether a task was not told because of the cap.
#[must_use]
pub fn is_over_cap(remark: Option<&str>) -> bool {
    remark.is_some_and(|remark| remark.starts_with(OVER_CAP))
}

/// Nobody had accepted it when its cause went.
#[must_use]
pub(super) fn cancelled(because: ResolvedBecause) -> String {
    format!("{CANCELLED}：接单前{}", reason(because))
}

/// A plan was for a day, and that has passed.
#[must_use]
pub(super) fn day_passed() -> String {
    format!("{CANCELLED}：计划日期已过")
}

/// Somebody works on it; its cause has gone meanwhile.
#[must_use]
pub(super) fn cause_gone(because: ResolvedBecause) -> String {
    format!("{CAUSE_GONE}：{}，请按实际情况收尾", reason(because))
}

/// Whether a task says that its cause is gone.
#[must_use]
pub fn is_cause_gone(remark: Option<&str>) -> bool {
    remark.is_some_and(|remark| remark.starts_with(CAUSE_GONE))
}

const fn reason(because: ResolvedBecause) -> &'static str {
    match because {
        ResolvedBecause::Recovered => "指标已恢复正常",
        ResolvedBecause::Restored => "号码已恢复使用",
        ResolvedBecause::Lost => "号码已离网或退出集团",
        ResolvedBecause::Lapsed => "后续未发生",
        ResolvedBecause::Withdrawn => "客户已撤回携转",
        ResolvedBecause::Retracted => "相关业务记录已撤销",
        ResolvedBecause::TaskDone => "任务已完成",
        ResolvedBecause::MonthEnded => "当月已结束",
    }
}
