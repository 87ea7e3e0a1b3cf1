//! Day counters → the figures of each day of a month; groups → units and the company.

use std::collections::BTreeMap;

use crate::domain::counters::{Counter, Counts, DayCount, DaySeries, Figures, Span};
use crate::domain::ids::UnitId;
use crate::domain::local_day::{LocalDay, Month};
use crate::domain::sum::narrow;

/// The figures of a group for every day of `month` from its first to `last` (a day of the month).
#[must_use]
pub(crate) fn month_figures(series: &DaySeries, month: Month, last: LocalDay) -> Vec<Figures> {
    let first = month.first_day();
    let (before, rest) = series
        .counts()
        .split_at(series.counts().partition_point(|count| count.day < first));
    let mut running = Counts::default();
    before
        .iter()
        .filter(|count| count.counter.span() == Span::Running)
        .for_each(|count| running.add(count.counter, count.n.get()));
    let opening = running.get(Counter::Members);
    let mut monthly = Counts::default();
    let mut rest = rest.iter().peekable();
    first
        .to(last)
        .map(|day| {
            let mut newly_suspended = 0;
            while let Some(DayCount { counter, n, .. }) = rest.next_if(|count| count.day == day) {
                match counter.span() {
                    Span::Running => running.add(*counter, n.get()),
                    Span::Month => monthly.add(*counter, n.get()),
                    Span::Day if *counter == Counter::NewlySuspended => {
                        newly_suspended = narrow(n.get())
                    }
                    Span::Day => {}
                }
            }
            Figures {
                opening: opening - monthly.get(Counter::OpeningInvalid),
                closing: running.get(Counter::Members),
                joined: monthly.get(Counter::Joined),
                lost: monthly.get(Counter::Lost),
                churned_voluntary: monthly.get(Counter::ChurnedVoluntary),
                churned_involuntary: monthly.get(Counter::ChurnedInvoluntary),
                ported_out: monthly.get(Counter::PortedOut),
                suspended: running.get(Counter::Suspended),
                newly_suspended,
                complaints: monthly.get(Counter::Complaints),
                open_complaints: running.get(Counter::OpenComplaints),
                survey_answers: monthly.get(Counter::SurveyAnswers),
                survey_score_thousandths: monthly.get(Counter::SurveyScoreThousandths),
                developed: monthly.get(Counter::Developed),
                billed: monthly.get(Counter::Billed),
                billed_fen: monthly.sum(Counter::BilledFen),
            }
        })
        .collect()
}

/// Members of a group at the end of a day.
#[must_use]
pub(crate) fn closing_on(series: &DaySeries, day: LocalDay) -> i64 {
    series
        .days_of(Counter::Members)
        .take_while(|(d, _)| *d <= day)
        .map(|(_, n)| n)
        .sum()
}

/// Figures of units and of the company for the days of a month; each unit has as many days as the
/// groups.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RollUp {
    /// By unit; `None` is `unassigned`.
    pub units: BTreeMap<Option<UnitId>, Vec<Figures>>,
    pub company: Vec<Figures>,
}
