//! The last change of a task that its assignee must read first: it was sent back, answered,
//! cancelled, or given to him.
//!
//! Invariant: it names who did it and why.

use serde::Serialize;

use super::super::clean;
use super::super::compose::ComposeContext;
use super::super::words::{self, names};
use super::who::{assignee_name, manager_name};
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::task::StepKind;
use crate::domain::task::{Step, Task};

/// The last change and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TaskUpdate {
    /// In a word or two: the mark of a mail about it.
    pub mark: &'static str,
    /// Who did it, and why.
    pub text: String,
}

/// The last step by a person that a task's assignee must know; none if there is none, or if it was
/// taken before `told_from` and so told by an earlier mail.
#[must_use]
pub(crate) fn update_of(
    task: &Task,
    told_from: Timestamp,
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> Option<TaskUpdate> {
    let step = task.steps.last().filter(|step| step.at >= told_from)?;
    let mark = match (step.what, locale) {
        (StepKind::Reopen, Locale::ZhCn) => "退回重办",
        (StepKind::Reopen, Locale::En) => "sent back",
        (StepKind::Refuse, Locale::ZhCn) => "未批准",
        (StepKind::Refuse, Locale::En) => "refused",
        (StepKind::Approve, Locale::ZhCn) => "已批准",
        (StepKind::Approve, Locale::En) => "approved",
        (StepKind::Cancel, Locale::ZhCn) => "已取消",
        (StepKind::Cancel, Locale::En) => "cancelled",
        (StepKind::Reassign | StepKind::HandOver, Locale::ZhCn) => "转交给您",
        (StepKind::Reassign | StepKind::HandOver, Locale::En) => "given to you",
        _ => return None,
    };
    let w = words::by_locale(locale);
    let refused = if step.what == StepKind::Refuse {
        refused(task, locale)
    } else {
        None
    };
    let before = step.moved.as_ref().map(|moved| match locale {
        Locale::ZhCn => format!("原负责人 {}", assignee_name(&moved.from, ctx)),
        Locale::En => format!("before: {}", assignee_name(&moved.from, ctx)),
    });
    let note = step
        .note
        .as_deref()
        .map(clean::phrase)
        .filter(|note| !note.is_empty());
    let remarks: Vec<String> = [before, note, refused].into_iter().flatten().collect();
    let who = who(step, locale, ctx);
    let text = if remarks.is_empty() {
        who
    } else {
        format!("{who}{}{}", w.colon, remarks.join(w.semicolon))
    };
    Some(TaskUpdate { mark, text })
}

fn who(step: &Step, locale: Locale, ctx: &ComposeContext<'_>) -> String {
    match (&step.by.manager_id, &step.by.user, locale) {
        (Some(manager), ..) => manager_name(manager, ctx.reference),
        (None, Some(_), Locale::ZhCn) => "运维".to_owned(),
        (None, Some(_), Locale::En) => "the operators".to_owned(),
        (None, None, Locale::ZhCn) => "系统".to_owned(),
        (None, None, Locale::En) => "the system".to_owned(),
    }
}

/// What somebody did not agree to, and that it is not used.
#[must_use]
pub(crate) fn refused(task: &Task, locale: Locale) -> Option<String> {
    let means = task
        .refused_means
        .iter()
        .map(|one| names::means(locale, *one));
    let names: Vec<&str> = means
        .chain(
            task.refused_resources
                .iter()
                .map(|one| names::resource(locale, *one)),
        )
        .collect();
    let names = (!names.is_empty()).then(|| names.join(words::by_locale(locale).comma))?;
    Some(match locale {
        Locale::ZhCn => format!("不使用{names}，按其余手段办理"),
        Locale::En => format!("without {names}, by the other means"),
    })
}
