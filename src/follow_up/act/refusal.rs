//! Why an action is refused, in words for whoever tried it: the reason, who did what already, and
//! what to do next.

use crate::domain::alert::TaskId;
use crate::domain::ids::{GroupId, ManagerId};
use crate::domain::task::{StepKind, TaskKind, TaskResult, TaskState};

/// What a task lacks to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// 工作成果
    #[error("a result of its kind: one of {}", names(TaskResult::of_kind(*.0)))]
    Result(TaskKind),
    /// 更新服务档案
    #[error("an archive note of at least 10 characters")]
    Note,
    /// 重要信息上报
    #[error(
        "an answer on what to report upwards: none, competition, escalated_complaint or special_need"
    )]
    Report,
    #[error("the text of what is reported upwards")]
    ReportText,
    /// A text or an urgent mark, but the report is about nothing.
    #[error("what the report upwards is about: competition, escalated_complaint or special_need")]
    ReportAbout,
    /// 小结
    #[error("a summary of the result")]
    Summary,
    /// A gift, an offer or an event has a price.
    #[error("what the gift, offer or event cost, in fen")]
    Cost,
    #[error("a cost that is not negative")]
    NegativeCost,
}

/// What somebody did to a task last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastStep {
    pub what: StepKind,
    pub by: String,
    /// When, local time with the zone's name.
    pub at: String,
}

/// Why an action is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody did it before.
    #[error(
        "task {task_id} was {} by {by} at {at}; hint: `sisan tasks show {task_id}` says how it stands",
        done.map_or(state.name(), past)
    )]
    Already {
        task_id: TaskId,
        state: TaskState,
        /// What was done to it; nothing by anybody, if the worker brought it to its state.
        done: Option<StepKind>,
        by: String,
        /// When, local time with the zone's name.
        at: String,
    },
    /// The task has changed since the actor read it.
    #[error(
        "task {task_id} is at version {version} by now, not {expected}: {}; hint: look at it again, then decide",
        last_words(last.as_ref())
    )]
    Changed {
        task_id: TaskId,
        version: i64,
        /// The version that the actor read.
        expected: i64,
        /// What somebody did to it last; none if nobody did anything.
        last: Option<LastStep>,
    },
    /// Another step must be done before this one.
    #[error("task {task_id} is {state}; hint: it is {} first", past(*first), state = state.name())]
    TooEarly {
        task_id: TaskId,
        state: TaskState,
        /// The step to do first.
        first: StepKind,
    },
    /// An answer must be awaited first.
    #[error(
        "task {task_id} waits for an answer from {whom}; hint: `sisan tasks approve {task_id}` or `refuse` gives it"
    )]
    Unanswered { task_id: TaskId, whom: String },
    /// There is nothing to answer.
    #[error(
        "task {task_id} asks for no approval; hint: only negotiation, an offer, a gift or an event need one"
    )]
    NotAsked { task_id: TaskId },
    /// 三处理 is not complete.
    #[error(
        "task {task_id} lacks {}; hint: give all of it, then close it",
        list(lacks)
    )]
    Unfinished {
        task_id: TaskId,
        /// All that it lacks.
        lacks: Vec<Lack>,
    },
    /// There is nothing left to keep.
    #[error(
        "the subscribers that task {task_id} names ({named}) have all gone; hint: close it with `--result {only}`, its note saying why they went",
        only = only.name()
    )]
    SubscribersGone {
        task_id: TaskId,
        named: usize,
        /// The only result that it may have.
        only: TaskResult,
    },
    /// Of the subscribers that it names none was kept, though its customer may have others.
    #[error(
        "the subscribers that task {task_id} names ({named}) have all gone; hint: close it with `--result partly_retained` if others of the customer were kept, else with `lost`"
    )]
    NoneKept { task_id: TaskId, named: usize },
    /// Of the subscribers that a win-back names none has come back.
    #[error(
        "none of the subscribers that task {task_id} names ({named}) is back; hint: close it with `--result lost`, or once BOSS has sent that one is back"
    )]
    NoneBack { task_id: TaskId, named: usize },
    /// Its customer has no member left, of whom part could have been kept.
    #[error(
        "the customer of task {task_id} has no member left; hint: close it with `--result lost`, or once BOSS has sent that members are back"
    )]
    NoMemberLeft { task_id: TaskId },
    /// A note with the reason is required.
    #[error("{action} task {task_id} needs a note; hint: say why, the assignee reads it")]
    NoNote {
        task_id: TaskId,
        action: &'static str,
    },
    /// The actor may not do it to this task.
    #[error("{who} may not {action} task {task_id} of {assignee}; hint: {hint}")]
    NotAllowed {
        who: String,
        action: &'static str,
        task_id: TaskId,
        assignee: String,
        hint: &'static str,
    },
    /// There is no active manager of that id.
    #[error(
        "there is no manager {manager_id} who works here and has an address; hint: BOSS and CRM name them by `crm.manager.v1`"
    )]
    NoManager { manager_id: ManagerId },
    /// The new assignee is the present one.
    #[error("task {task_id} is {assignee}'s already; hint: name somebody else")]
    SameAssignee { task_id: TaskId, assignee: String },
    /// The assignee of a late task may not hand it to whoever judges that.
    #[error(
        "task {task_id} is overdue, and {judge} judges it; hint: he may take it over himself, or give it to somebody below"
    )]
    HisJudge { task_id: TaskId, judge: String },
    /// There is no such group customer.
    #[error(
        "there is no group customer {group_id} that is not closed; hint: CRM names them by `crm.group.v1`"
    )]
    NoGroup { group_id: GroupId },
    /// A task by hand is made in somebody's name.
    #[error("a task by hand is made in a manager's name; hint: give it with --as")]
    Nameless,
    /// The assignee is neither the author nor below him.
    #[error(
        "a task for {assignee} cannot be made by {who}; hint: make it for oneself, or for somebody below"
    )]
    NotBelow { who: String, assignee: String },
    /// A required part is empty.
    #[error("a task by hand needs {what}; hint: {hint}")]
    Incomplete {
        what: &'static str,
        hint: &'static str,
    },
    /// Its words propose an offer to a subscriber that may be ported out.
    #[error(
        "the words of the task propose an offer ({word}), and subscriber {phone} may be ported out: nothing may be offered to it; hint: leave the word out, and ask for the reason and the need instead"
    )]
    Offers {
        /// The word that proposes it.
        word: &'static str,
        /// The subscriber, masked as mails show it.
        phone: String,
    },
    /// Its due time is past already.
    #[error(
        "a task that is due at {due_at} would be overdue at once, it is {now}; hint: give a later --due"
    )]
    DueInThePast {
        /// When, local.
        due_at: String,
        /// Now, local.
        now: String,
    },
}

/// The past participle of a step, for messages about what was done.
const fn past(step: StepKind) -> &'static str {
    match step {
        StepKind::Accept => "accepted",
        StepKind::Start => "started",
        StepKind::Approve => "approved",
        StepKind::Refuse => "refused",
        StepKind::Close => "closed",
        StepKind::Verify => "verified",
        StepKind::Reopen => "reopened",
        StepKind::Cancel => "cancelled",
        StepKind::Reassign => "reassigned",
        StepKind::Add => "added",
        other => other.name(),
    }
}

fn last_words(last: Option<&LastStep>) -> String {
    match last {
        Some(LastStep { what, by, at }) => format!("it was {} by {by} at {at}", past(*what)),
        None => "the worker changed it".to_owned(),
    }
}

fn names(results: &[TaskResult]) -> String {
    results
        .iter()
        .map(|result| result.name())
        .collect::<Vec<_>>()
        .join(", ")
}

fn list(lacks: &[Lack]) -> String {
    lacks
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_was_done_by_whom_and_when_or_how_the_worker_left_the_task() {
        let already = |done, by: &str| Refusal::Already {
            task_id: TaskId::new("T1"),
            state: TaskState::Cancelled,
            done,
            by: by.to_owned(),
            at: "noon".to_owned(),
        };
        let said = already(Some(StepKind::Approve), "孙丽 (M2)").to_string();
        assert!(
            said.starts_with("task T1 was approved by 孙丽 (M2) at noon; "),
            "{said}"
        );
        let said = already(None, "the worker").to_string();
        assert!(
            said.starts_with("task T1 was cancelled by the worker at noon; "),
            "{said}"
        );

        let changed = |last| Refusal::Changed {
            task_id: TaskId::new("T1"),
            version: 3,
            expected: 2,
            last,
        };
        let step = LastStep {
            what: StepKind::HandOver,
            by: "the worker".to_owned(),
            at: "noon".to_owned(),
        };
        let said = changed(Some(step)).to_string();
        assert!(
            said.contains("not 2: it was hand_over by the worker at noon; "),
            "{said}"
        );
        let said = changed(None).to_string();
        assert!(said.contains("not 2: the worker changed it; "), "{said}");
    }
}
