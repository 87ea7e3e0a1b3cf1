//! What can be expected: the lists of what there is, and the fields of each.
//!
//! It may not know a scenario. Invariant: the fields here are those that `seen` shows, in name and
//! kind.

use crate::domain::counters::Figures;
use crate::domain::indicator::{AlertKind, Severity, Verdict};
use crate::domain::mail::{MailKind, MailState};
use crate::domain::reject::RejectClass;
use crate::domain::sum::narrow;
use crate::domain::task::{
    Approval, ItemKind, Means, ReportUp, Resource, TaskClass, TaskKind, TaskResult, TaskState,
};
use crate::domain::trust::Trust;

/// Names of which a field has one.
pub(super) type Names = fn() -> Vec<&'static str>;

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Is {
    Text,
    Texts,
    /// One of these names.
    OneOf(Names),
    /// Some of these names.
    SomeOf(Names),
    Int,
    Number,
    Bool,
    Instant,
    Date,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub name: &'static str,
    pub is: Is,
}

/// A list of what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// Alerts, resolved ones too.
    Alerts,
    /// Tasks, ended ones too.
    Tasks,
    /// Mails, whatever became of them.
    Mails,
    /// Reminders of key dates.
    Reminders,
    /// Rows of the daily report as it stands.
    Figures,
    /// The verdicts of those rows.
    Verdicts,
    /// Deliveries that were no events, and conflicts.
    Rejects,
}

macro_rules! field {
    ($name:expr, $($is:tt)+) => {
        Field { name: $name, is: Is::$($is)+ }
    };
}

impl List {
    pub const ALL: [Self; 7] = [
        Self::Alerts,
        Self::Tasks,
        Self::Mails,
        Self::Reminders,
        Self::Figures,
        Self::Verdicts,
        Self::Rejects,
    ];

    /// Its name in a scenario.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alerts => "alerts",
            Self::Tasks => "tasks",
            Self::Mails => "mails",
            Self::Reminders => "reminders",
            Self::Figures => "figures",
            Self::Verdicts => "verdicts",
            Self::Rejects => "rejects",
        }
    }

    /// What may be said of what it lists.
    pub(super) fn fields(self) -> Vec<Field> {
        match self {
            Self::Alerts => [SCOPE.as_slice(), ALERT.as_slice()].concat(),
            Self::Tasks => [SCOPE.as_slice(), TASK.as_slice()].concat(),
            Self::Mails => MAIL.to_vec(),
            Self::Reminders => REMINDER.to_vec(),
            Self::Figures => {
                let counts = FIGURES.iter().map(|(name, _)| field!(*name, Int));
                SCOPE
                    .into_iter()
                    .chain(ROW)
                    .chain(counts)
                    .chain(INDICATORS.map(|name| field!(name, Number)))
                    .collect()
            }
            Self::Verdicts => {
                let verdicts = INDICATORS.map(|name| field!(name, OneOf(verdicts)));
                SCOPE
                    .into_iter()
                    .chain([field!("date", Date)])
                    .chain(verdicts)
                    .collect()
            }
            Self::Rejects => vec![field!("class", OneOf(classes)), field!("reason", Text)],
        }
    }
}

const SCOPE: [Field; 4] = [
    field!("scope", OneOf(scopes)),
    field!("id", Text),
    field!("group", Text),
    field!("unit", Text),
];

const ALERT: [Field; 18] = [
    field!("kind", OneOf(alert_kinds)),
    field!("subject", Text),
    field!("period", Text),
    field!("occurrence", Int),
    field!("state", OneOf(alert_states)),
    field!("severity", OneOf(severities)),
    field!("value", Number),
    field!("k", Int),
    field!("n", Int),
    field!("p", Number),
    field!("expected", Number),
    field!("needed", Int),
    field!("limit", Number),
    field!("lines", Texts),
    field!("opened_at", Instant),
    field!("resolved_at", Instant),
    field!("resolved_because", OneOf(resolved_because)),
    field!("has_task", Bool),
];

const TASK: [Field; 24] = [
    field!("kind", OneOf(|| names(TaskKind::ALL, TaskKind::name))),
    field!("item", OneOf(|| names(ItemKind::ALL, ItemKind::name))),
    field!("means", SomeOf(|| names(Means::ALL, Means::name))),
    field!("resources", SomeOf(|| names(Resource::ALL, Resource::name))),
    field!("class", OneOf(|| names(TaskClass::ALL, TaskClass::name))),
    field!("severity", OneOf(severities)),
    field!("approval", OneOf(|| names(Approval::ALL, Approval::name))),
    field!("state", OneOf(|| names(TaskState::ALL, TaskState::name))),
    field!("result", OneOf(|| names(TaskResult::ALL, TaskResult::name))),
    field!("report_up", OneOf(|| names(ReportUp::ALL, ReportUp::name))),
    field!("alerts", SomeOf(alert_kinds)),
    field!("origin", Text),
    field!("title", Text),
    field!("assignee", Text),
    field!("checks", Texts),
    field!("remark", Text),
    field!("mark", Text),
    field!("verified", Bool),
    field!("overdue", Bool),
    field!("stalled", Bool),
    field!("escalated", Texts),
    field!("opened_at", Instant),
    field!("accept_by", Instant),
    field!("due_at", Instant),
];

const MAIL: [Field; 8] = [
    field!("kind", OneOf(mail_kinds)),
    field!("to", Text),
    field!("subject", Text),
    field!("text", Text),
    field!("state", OneOf(mail_states)),
    field!("queued_at", Instant),
    field!("sent_at", Instant),
    field!("has_calendar", Bool),
];

const REMINDER: [Field; 10] = [
    field!("key_date", Text),
    field!("group", Text),
    field!(
        "kind",
        OneOf(|| vec![
            "birthday",
            "anniversary",
            "contract_end",
            "ceremony",
            "custom",
            "festival"
        ])
    ),
    field!("title", Text),
    field!("provisional", Bool),
    field!("on", Date),
    field!("lead_days", Int),
    field!("send_on", Date),
    field!("late", Bool),
    field!("assignee", Text),
];

const ROW: [Field; 4] = [
    field!("date", Date),
    field!("name", Text),
    field!("trust", OneOf(trusts)),
    field!("trust_reasons", Texts),
];

/// How a count is read.
type FigureOf = fn(&Figures) -> i64;

/// The counts of a row.
pub(super) const FIGURES: [(&str, FigureOf); 17] = [
    ("opening", |f| f.opening),
    ("joined", |f| f.joined),
    ("lost", |f| f.lost),
    ("closing", |f| f.closing),
    ("churned", Figures::churned),
    ("churned_voluntary", |f| f.churned_voluntary),
    ("churned_involuntary", |f| f.churned_involuntary),
    ("ported_out", |f| f.ported_out),
    ("suspended", |f| f.suspended),
    ("newly_suspended", |f| f.newly_suspended),
    ("complaints", |f| f.complaints),
    ("open_complaints", |f| f.open_complaints),
    ("survey_answers", |f| f.survey_answers),
    ("survey_score_thousandths", |f| f.survey_score_thousandths),
    ("developed", |f| f.developed),
    ("billed", |f| f.billed),
    ("billed_fen", |f| narrow(f.billed_fen)),
];

const INDICATORS: [&str; 4] = [
    "churn_rate",
    "member_loss_rate",
    "complaint_rate_10k",
    "satisfaction",
];

fn names<T, const N: usize>(all: [T; N], name: fn(T) -> &'static str) -> Vec<&'static str> {
    all.map(name).to_vec()
}

fn scopes() -> Vec<&'static str> {
    vec!["group", "unit", "company"]
}

fn alert_kinds() -> Vec<&'static str> {
    AlertKind::all().map(AlertKind::name).collect()
}

fn alert_states() -> Vec<&'static str> {
    vec!["firing", "acknowledged", "resolved"]
}

fn severities() -> Vec<&'static str> {
    names(Severity::ALL, Severity::name)
}

fn resolved_because() -> Vec<&'static str> {
    vec![
        "recovered",
        "restored",
        "lost",
        "lapsed",
        "withdrawn",
        "retracted",
        "task_done",
        "month_ended",
    ]
}

fn verdicts() -> Vec<&'static str> {
    names(Verdict::ALL, Verdict::name)
}

fn mail_kinds() -> Vec<&'static str> {
    names(MailKind::ALL, MailKind::name)
}

fn mail_states() -> Vec<&'static str> {
    names(MailState::ALL, MailState::name)
}

fn trusts() -> Vec<&'static str> {
    names(Trust::ALL, Trust::name)
}

fn classes() -> Vec<&'static str> {
    names(RejectClass::ALL, RejectClass::name)
}
