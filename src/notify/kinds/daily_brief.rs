//! `daily_brief` (四三晨报): 三查 in three sections, and what waits for the reader from others.
//!
//! What is to be done first is at the top; times are written relative to this morning, in one zone
//! that is named once. Invariant: the counts at the top are of the whole work list, also of what is
//! not shown.

use serde::Serialize;

use super::super::address::Recipient;
use super::super::pending::ComposeContext;
use super::super::template::{self, MailFrame, RenderError, Rendered};
use super::super::words::brief_counts::WaitingForReader;
use super::super::words::phrases::rest;
use super::super::words::{self, Words, brief_counts, dates, figures, phrases};
use super::brief_customers::Customers;
use super::brief_work::{Work, Yesterday, limit, stopped};
use super::occasion::OccasionText;
use super::task_view::headline;
use super::who::Who;
use crate::domain::brief::Brief;
use crate::domain::indicator::Severity;
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::reminder::Reminder;
use crate::domain::task::Approval;

/// Most dates shown.
const DATES_MAX: usize = 20;

/// The mail with everything that it shows.
#[derive(Debug, Serialize)]
pub(crate) struct DailyBriefMail {
    w: &'static Words,
    /// The day, for the subject.
    on: String,
    day: String,
    reader: String,
    summary: String,
    first: Option<First>,
    counts: Vec<HeadlineCount>,
    customers: Customers,
    dates: Vec<DateLine>,
    more_dates: Option<String>,
    work: Work,
    #[serde(skip)]
    frame: MailFrame,
}

/// What is to be done first.
#[derive(Debug, Serialize)]
struct First {
    who: Who,
    headline: String,
    due: String,
}

/// A figure at the top.
#[derive(Debug, Serialize)]
struct HeadlineCount {
    label: &'static str,
    value: String,
    bad: bool,
}

#[derive(Debug, Serialize)]
struct DateLine {
    month_day: String,
    left: String,
    near: bool,
    kind: &'static str,
    title: String,
    customer: Option<String>,
    late: bool,
}

/// The counts of the work list.
struct WorkCounts {
    tasks: usize,
    critical: usize,
    overdue: usize,
    due_today: usize,
}

impl DailyBriefMail {
    /// The mail of one manager's morning.
    #[must_use]
    pub(crate) fn new(brief: &Brief, reader: &Recipient, ctx: &ComposeContext<'_>) -> Self {
        let (locale, w) = (reader.locale, words::by_locale(reader.locale));
        let standing = standing(brief, ctx);
        let first = brief
            .work
            .iter()
            .find_map(|item| Some((item, item.due()?)))
            .map(|(item, due)| First {
                who: Who::of_scope(&item.task.scope, item.task.tier, locale, ctx.reference),
                headline: headline(&item.task, &item.alerts, locale),
                due: if item.task.approval == Approval::Requested {
                    stopped(due, locale, ctx)
                } else {
                    limit(due, locale, ctx)
                },
            });
        let summary = summary(brief, &standing, locale);
        let (dates, hidden_dates) = ctx.room.first(&brief.dates, DATES_MAX);
        Self {
            w,
            on: phrases::on_day(locale, &dates::month_day(locale, brief.day.date())),
            day: dates::day(locale, brief.day.date()),
            reader: super::who::manager_name(&brief.manager_id, ctx.reference),
            counts: counts(brief, &standing, locale),
            customers: Customers::of_brief(brief, locale, ctx),
            dates: dates
                .iter()
                .map(|one| date_line(one, brief.day, locale, ctx))
                .collect(),
            more_dates: rest(hidden_dates, locale),
            work: Work::of_brief(brief, locale, ctx),
            frame: MailFrame::of_mail(
                locale,
                first.as_ref().map_or_else(
                    || summary.clone(),
                    |first| format!("{} {}", w.brief.due, first.due),
                ),
                reader.instead_of.clone(),
                ctx,
            ),
            summary,
            first,
        }
    }

    /// Subject, text and HTML.
    ///
    /// # Errors
    /// [`RenderError`] when a template does not fit this struct.
    pub(crate) fn render(&self) -> Result<Rendered, RenderError> {
        template::render("daily_brief", self, &self.frame)
    }
}

fn standing(brief: &Brief, ctx: &ComposeContext<'_>) -> WorkCounts {
    let tasks = || brief.work.iter().map(|item| &item.task);
    WorkCounts {
        tasks: brief.work.len(),
        critical: tasks()
            .filter(|task| task.severity == Severity::Critical)
            .count(),
        overdue: tasks().filter(|task| task.is_overdue(ctx.now)).count(),
        due_today: tasks()
            .filter(|task| {
                task.due()
                    .is_some_and(|due| due >= ctx.now && ctx.zone.day_of(due) == brief.day)
            })
            .count(),
    }
}

/// The morning in a few words: tasks first, else what there is to see.
fn summary(brief: &Brief, standing: &WorkCounts, locale: Locale) -> String {
    let work = brief_counts::work(locale, standing.tasks, standing.critical, standing.overdue);
    let waiting = WaitingForReader {
        to_approve: brief.to_approve.len(),
        to_verify: brief.to_verify.len(),
        reports: brief.reports.len(),
        unexplained: brief.unexplained.len(),
    };
    let others = brief_counts::waiting(locale, waiting);
    let to_watch = brief_counts::to_watch(
        locale,
        brief.groups.len(),
        brief.notices.len(),
        brief.dates.len(),
    );
    // Where something waits for the reader, that he has no task of his own is left out.
    let work = if standing.tasks == 0 && !others.is_empty() {
        String::new()
    } else {
        work
    };
    let more = [
        work,
        others,
        if standing.tasks == 0 {
            to_watch
        } else {
            String::new()
        },
    ];
    more.into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(words::by_locale(locale).semicolon)
}

fn counts(brief: &Brief, standing: &WorkCounts, locale: Locale) -> Vec<HeadlineCount> {
    let w = words::by_locale(locale);
    let count = |label, n: usize, bad: bool| HeadlineCount {
        label,
        value: n.to_string(),
        bad: bad && n > 0,
    };
    let mut counts = vec![
        count(w.brief.tasks, standing.tasks, false),
        count(w.brief.critical, standing.critical, true),
        count(w.brief.overdue, standing.overdue, true),
        count(w.brief.due_today, standing.due_today, false),
    ];
    let yesterday = Yesterday::of_counts(brief.yesterday, locale).map(|of| HeadlineCount {
        label: w.brief.yesterday,
        value: of.text,
        bad: false,
    });
    counts.extend(yesterday);
    counts
}

fn date_line(
    reminder: &Reminder,
    today: LocalDay,
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> DateLine {
    let on = reminder.occurs_on;
    let days = LocalDay::from_date(on).number() - today.number();
    let OccasionText {
        kind,
        title,
        customer,
        ..
    } = OccasionText::of_reminder(reminder, locale, ctx);
    DateLine {
        month_day: dates::month_day(locale, on),
        left: figures::days_left(locale, days),
        near: days <= 1,
        kind,
        title,
        customer: customer.map(|(name, _)| name),
        late: reminder.late,
    }
}
