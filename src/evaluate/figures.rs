//! Day counters → the figures of each day of a month; groups → units and the company.

use std::collections::BTreeMap;

use crate::domain::counters::{Counter, Counts, DayCount, DaySeries, Figures, Span};
use crate::domain::event::Group;
use crate::domain::history::History;
use crate::domain::ids::UnitId;
use crate::domain::local_day::{LocalDay, Month};
use crate::domain::sum::narrow;
use crate::domain::zone::Zone;

/// The figures of a group for every day of `month` from its first to `last` (a day of the month).
#[must_use]
pub fn month_figures(series: &DaySeries, month: Month, last: LocalDay) -> Vec<Figures> {
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
pub fn closing_on(series: &DaySeries, day: LocalDay) -> i64 {
    series
        .of(Counter::Members)
        .take_while(|(d, _)| *d <= day)
        .map(|(_, n)| n)
        .sum()
}

/// Figures of units and of the company for the days of a month; each unit with as many days as the
/// groups have.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RollUp {
    /// By unit; none is `unassigned`.
    pub units: BTreeMap<Option<UnitId>, Vec<Figures>>,
    pub company: Vec<Figures>,
}

impl RollUp {
    /// Adds a group's days (from the month's first), each to the unit to which the group belongs at
    /// that day's end.
    pub fn add(
        &mut self,
        zone: Zone,
        month: Month,
        history: Option<&History<Group>>,
        days: &[Figures],
    ) {
        self.company
            .resize(days.len().max(self.company.len()), Figures::default());
        let first = month.first_day();
        let end = |at: usize| zone.end_of(first.plus(at as i32));
        let unit_at = |at: usize| {
            history
                .and_then(|h| h.before(end(at)))
                .map(|group| group.unit_id.clone())
        };
        let moved = history.is_some_and(|h| {
            h.entries()
                .last()
                .is_some_and(|(order, _)| order.time >= end(0))
        });
        let mut unit = unit_at(0);
        for (at, figures) in days.iter().enumerate() {
            if moved && at > 0 {
                unit = unit_at(at);
            }
            self.company[at].add_all(figures);
            if !self.units.contains_key(&unit) {
                self.units.insert(unit.clone(), Vec::new());
            }
            if let Some(sums) = self.units.get_mut(&unit) {
                sums.resize(days.len().max(sums.len()), Figures::default());
                sums[at].add_all(figures);
            }
        }
    }
}
