//! `escalation`: tasks of one group customer that were not accepted, done or answered in time, to
//! whoever is above.
//!
//! What is late, by how much, who has it, and what the reader is expected to do.
//! Invariant: lateness is as of when the mail is written.

use chrono::TimeDelta;
use serde::Serialize;

use super::super::address::Recipient;
use super::super::compose::ComposeContext;
use super::super::room::rest;
use super::super::template::{self, MailFrame, RenderError, Rendered};
use super::super::words::{self, Words, names_of_tasks, spans};
use super::alert_task::more;
use super::task_view::{TASKS_MAX, TaskFacts, TaskView};
use super::who::Who;
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
    match locale {
        Locale::ZhCn => format!("{} {}，{}", late.task.assignee, reason.why, reason.late_by),
        Locale::En => format!("{}: {}, {}", late.task.assignee, reason.why, reason.late_by),
    }
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
            late_by: late_by(locale, ctx.now.since(should_by)),
        }
    };
    Late {
        task: TaskView::of_task(facts, locale, ctx),
        reasons: reasons.iter().map(reason).collect(),
        expected: reasons
            .first()
            .map(|why| expected(locale, *why).to_vec())
            .unwrap_or_default(),
    }
}

/// By how much it is late; under a minute, that it has just become due.
fn late_by(locale: Locale, late: TimeDelta) -> String {
    match locale {
        Locale::ZhCn if late < TimeDelta::minutes(1) => "时限已到".to_owned(),
        Locale::ZhCn => format!("已超 {}", spans::span(locale, late)),
        Locale::En if late < TimeDelta::minutes(1) => "just due".to_owned(),
        Locale::En => format!("late by {}", spans::span(locale, late)),
    }
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

/// What the reader is expected to do: one of these.
const fn expected(locale: Locale, why: EscalationReason) -> [&'static str; 3] {
    match (locale, why) {
        (Locale::ZhCn, EscalationReason::NotAccepted) => [
            "问清能否马上接单；不在岗的，您可代为接单。",
            "接不了的，改派给能按时做完的人。",
            "客户情况紧急的，安排人陪同处理。",
        ],
        (Locale::ZhCn, EscalationReason::Overdue) => [
            "问清卡在哪一步，今天能否做完。",
            "缺人、缺资源的，您来协调；需要时陪同上门。",
            "做不完的，改派他人，并向客户说明。",
        ],
        (Locale::ZhCn, EscalationReason::Unanswered) => [
            "请直接批准或不批准：审批人没有按时答复。",
            "拿不准的，先问清客户情况和费用。",
            "不批准的，写明理由，任务改用其余手段继续。",
        ],
        (Locale::En, EscalationReason::NotAccepted) => [
            "Ask whether the task can be accepted now; accept it in the manager's place if he is away.",
            "Else reassign it to somebody who can do it in time.",
            "If the customer cannot wait, send somebody along.",
        ],
        (Locale::En, EscalationReason::Overdue) => [
            "Ask what it is stuck on, and whether it can be done today.",
            "Get the people or resources that are missing; go along where that helps.",
            "Else reassign it, and tell the customer.",
        ],
        (Locale::En, EscalationReason::Unanswered) => [
            "Please approve or refuse yourself: nobody answered in time.",
            "If in doubt, ask for the customer's situation and the cost first.",
            "If you refuse, give the reason: the task goes on by its other means.",
        ],
    }
}
