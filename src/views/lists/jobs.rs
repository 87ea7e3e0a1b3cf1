//! Jobs: each with its last run and the next.

use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::notify::words::job_outcome;
use crate::report::{Column, Instants, Listing};
use crate::store::JobRunRow;
use crate::views::codes;
use crate::views::column::{ListColumn, at, column, listing, some, text};

/// A job, its action by name, its last run, and when it runs next.
#[derive(Debug)]
pub(crate) struct ListedJob<'a> {
    pub(crate) name: &'a str,
    pub(crate) action: &'a str,
    pub(crate) last: Option<JobRunRow>,
    pub(crate) next: Option<Timestamp>,
}

#[derive(Debug)]
struct JobRow<'a> {
    job: &'a ListedJob<'a>,
    locale: Locale,
    instants: Instants,
}

impl<'a> JobRow<'a> {
    const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("name", "作业"), |r| text(r.job.name)),
        column(
            Column::code("action", "动作", codes::action).if_room(),
            |r| text(r.job.action),
        ),
        column(at("last_due_at", "上次应运行"), |r| {
            r.job.last.as_ref().map(|run| run.due_at).into()
        }),
        column(Column::text("outcome", "结果"), |r| {
            some(r.job.last.as_ref(), |run| r.outcome(run).into())
        }),
        column(at("next_due_at", "下次"), |r| r.job.next.into()),
    ];

    fn outcome(&self, run: &JobRunRow) -> String {
        match (&run.outcome, self.locale) {
            (Some(outcome), locale) => {
                let zone = match self.instants {
                    Instants::Local(zone, _) => Some(zone),
                    Instants::Utc => None,
                };
                job_outcome::text(locale, zone, outcome)
            }
            (None, Locale::ZhCn) => "未结束".to_owned(),
            (None, Locale::En) => "not ended".to_owned(),
        }
    }
}

/// `job list`; programs get what people read in English.
#[must_use]
pub(crate) fn jobs(jobs: &[ListedJob<'_>], instants: Instants) -> Listing<'static> {
    let rows = jobs.iter().map(|job| JobRow {
        job,
        locale: instants.reader().unwrap_or(Locale::En),
        instants,
    });
    listing(JobRow::COLUMNS, rows, instants)
}
