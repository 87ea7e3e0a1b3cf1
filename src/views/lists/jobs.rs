//! Jobs: each with its last run and the next.

use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::notify::words::job_outcome;
use crate::report::{Column, Instants, Listing};
use crate::schedule::JobSpec;
use crate::store::JobRunRow;
use crate::views::codes;
use crate::views::column::{ListColumn, at, column, listing, some, text};

#[derive(Debug)]
struct JobRow<'a> {
    job: &'a JobSpec,
    last: Option<&'a JobRunRow>,
    next: Option<Timestamp>,
    locale: Locale,
    instants: Instants,
}

impl<'a> JobRow<'a> {
    const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("name", "作业"), |r| {
            text(r.job.name.as_str())
        }),
        column(
            Column::code("action", "动作", codes::action).if_room(),
            |r| text(r.job.action.name()),
        ),
        column(at("last_due_at", "上次应运行"), |r| {
            r.last.map(|run| run.due_at).into()
        }),
        column(Column::text("outcome", "结果"), |r| {
            some(r.last, |run| r.outcome(run).into())
        }),
        column(at("next_due_at", "下次"), |r| r.next.into()),
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
pub(crate) fn jobs(
    jobs: &[(JobSpec, Option<JobRunRow>, Option<Timestamp>)],
    instants: Instants,
) -> Listing<'static> {
    let rows = jobs.iter().map(|(job, last, next)| JobRow {
        job,
        last: last.as_ref(),
        next: *next,
        locale: instants.reader().unwrap_or(Locale::En),
        instants,
    });
    listing(JobRow::COLUMNS, rows, instants)
}
