//! The last change of a task that its assignee must read first: it was sent back, answered,
//! cancelled, or given to him.
//!
//! Invariant: it names who did it and why.

use serde::Serialize;

use super::super::clean;
use super::super::pending::ComposeContext;
use super::super::words::{self, names, phrases};
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
/// taken before `noticed_from` and so part of an earlier mail.
#[must_use]
pub(crate) fn update_of(
    task: &Task,
    noticed_from: Timestamp,
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> Option<TaskUpdate> {
    let step = task.steps.last().filter(|step| step.at >= noticed_from)?;
    let mark = phrases::change_of_task(locale, step.what)?;
    let w = words::by_locale(locale);
    let refused = if step.what == StepKind::Refuse {
        refused(task, locale)
    } else {
        None
    };
    let before = step
        .moved
        .as_ref()
        .map(|moved| phrases::assignee_before(locale, &assignee_name(&moved.from, ctx)));
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
    match (&step.by.manager_id, &step.by.user) {
        (Some(manager), _) => manager_name(manager, ctx.reference),
        (None, user) => phrases::nobody_named(locale, user.is_some()).to_owned(),
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
    Some(phrases::without(locale, &names))
}
