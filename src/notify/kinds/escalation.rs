//! `escalation`: tasks of one group customer that were not accepted, done or answered in time, to
//! whoever is above.
//!
//! What is late, by how much, who has it, and what the reader is expected to do.
//! Invariant: lateness is as of when the mail is written.

use serde::Serialize;

use super::super::address::Recipient;
use super::super::pending::ComposeContext;
use super::super::template::{self, MailFrame, RenderError, Rendered};
use super::super::words::phrases::{more, rest};
use super::super::words::{self, Words, names_of_tasks, phrases, upward};
use super::task_view::{TASKS_MAX, TaskFacts, TaskView};
use super::who::{Who, assignee_name};
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::task::EscalationReason;

/// The mail with everything that it shows.
#[derive(Debug, Serialize)]
pub(crate) struct EscalationMail {
    w: &'static Words,
    who: Who,
    headline: String,
    about: String,
    more: Option<String>,
    late: Vec<Late>,
    more_tasks: Option<String>,
    #[serde(skip)]
    frame: MailFrame,
}

#[derive(Debug, Serialize)]
struct Late {
    task: TaskView,
    /// Who keeps it waiting: its assignee, or whoever was asked to approve it.
    who: String,
    waits_for_answer: bool,
    reasons: Vec<Reason>,
    expected: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Reason {
    why: &'static str,
    should_by: String,
    late_by: String,
}

impl EscalationMail {
    /// The mail about `tasks` (at least one, all of one scope, the most urgent first), each with
    /// the reasons of its escalation.
    #[must_use]
    pub(crate) fn new(
        tasks: &[(TaskFacts<'_>, Vec<EscalationReason>)],
        reader: &Recipient,
        ctx: &ComposeContext<'_>,
    ) -> Self {
        let (locale, w) = (reader.locale, words::by_locale(reader.locale));
        let (shown, hidden) = ctx.room.first(tasks, TASKS_MAX);
        let late: Vec<Late> = shown
            .iter()
            .map(|(facts, reasons)| late(facts, reasons, locale, ctx))
            .collect();
        Self {
            w,
            who: tasks
                .first()
                .map(|(one, _)| {
                    Who::of_scope(&one.task.scope, one.task.tier, locale, ctx.reference)
                })
                .unwrap_or_default(),
            headline: late
                .first()
                .map(|one| headline(one, locale))
                .unwrap_or_default(),
            about: late
                .first()
                .map(|one| one.task.headline.clone())
                .unwrap_or_default(),
            more: more(tasks.len(), locale),
            more_tasks: rest(hidden, locale),
            frame: MailFrame::of_mail(
                locale,
                late.first()
                    .and_then(|one| one.expected.first())
                    .copied()
                    .unwrap_or_default()
                    .to_owned(),
                reader.instead_of.clone(),
                ctx,
            ),
            late,
        }
    }

    /// Subject, text and HTML.
    ///
    /// # Errors
    /// [`RenderError`] when a template does not fit this struct.
    pub(crate) fn render(&self) -> Result<Rendered, RenderError> {
        template::render("escalation", self, &self.frame)
    }
}

fn headline(late: &Late, locale: Locale) -> String {
    let Some(reason) = late.reasons.first() else {
        return late.task.headline.clone();
    };
    phrases::is_late(locale, &late.who, reason.why, &reason.late_by)
}

fn late(
    facts: &TaskFacts<'_>,
    reasons: &[EscalationReason],
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> Late {
    let reason = |why: &EscalationReason| {
        let should_by = should_by(facts, *why);
        Reason {
            why: names_of_tasks::escalation(locale, *why),
            should_by: ctx.instant(should_by, locale),
            late_by: phrases::late_by(locale, ctx.now.since(should_by)),
        }
    };
    let approver = facts
        .approver
        .filter(|_| reasons.first() == Some(&EscalationReason::Unanswered));
    Late {
        task: TaskView::of_task(facts, locale, ctx),
        who: assignee_name(approver.unwrap_or(&facts.task.assignee), ctx),
        waits_for_answer: approver.is_some(),
        reasons: reasons.iter().map(reason).collect(),
        expected: expected(facts, reasons, locale),
    }
}

fn expected(
    facts: &TaskFacts<'_>,
    reasons: &[EscalationReason],
    locale: Locale,
) -> Vec<&'static str> {
    if facts.is_lost {
        return upward::expected_where_lost(locale).to_vec();
    }
    let first = reasons.first();
    first.map_or_else(Vec::new, |why| {
        upward::expected_of_reader(locale, *why).to_vec()
    })
}

/// Until when it should have happened; where the time for an answer is not known, since when it is
/// awaited.
fn should_by(facts: &TaskFacts<'_>, why: EscalationReason) -> Timestamp {
    match why {
        EscalationReason::NotAccepted => facts.task.accept_by,
        EscalationReason::Overdue => facts.task.due_at,
        EscalationReason::Unanswered => facts
            .answer_by
            .or(facts.task.asked_at)
            .unwrap_or(facts.task.opened_at),
    }
}
