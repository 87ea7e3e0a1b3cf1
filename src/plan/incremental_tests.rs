//! The incremental evaluation gives the results of judging every group, whatever was touched in
//! which order.

use proptest::prelude::*;

use super::*;
use crate::domain::complaints::ComplaintCounts;
use crate::domain::counters::{Counter, Counts, SeriesByGroup, add_to_group};
use crate::domain::event::{Order, Tier};
use crate::domain::feed::Feeds;
use crate::domain::reference::Reference;
use crate::evaluate::unit_series::unit_of;
use crate::plan::signal_evaluation::tests::rules;
use crate::plan::whole::{wanted_by_figures, wanted_by_indicators};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Happening {
    /// A group's counters of a day change.
    Count {
        group: usize,
        day: i32,
        counter: Counter,
        n: i64,
    },
    /// A group moves to a unit.
    Move { group: usize, day: i32, unit: usize },
    /// So many hours pass, and figures are judged.
    Judge { hours: i32 },
}

fn step() -> impl Strategy<Value = Happening> {
    let counters = prop::sample::select(vec![
        Counter::Members,
        Counter::Lost,
        Counter::ChurnedVoluntary,
        Counter::Complaints,
        Counter::NewlySuspended,
        Counter::Suspended,
        Counter::SurveyAnswers,
        Counter::UnpaidUnified,
        Counter::UnpaidUnifiedFen,
        Counter::BilledFen,
    ]);
    prop_oneof![
        6 => (0..4usize, -70..40i32, counters, -3..30i64).prop_map(|(group, day, counter, n)| Happening::Count { group, day, counter, n }),
        1 => (0..4usize, -40..35i32, 0..3usize).prop_map(|(group, day, unit)| Happening::Move { group, day, unit }),
        3 => (0..40i32).prop_map(|hours| Happening::Judge { hours }),
    ]
}

fn group(n: usize) -> GroupId {
    GroupId::parse(&format!("G{n}")).expect("an id")
}

proptest! {
    #[test]
    fn touched_groups_alone_give_what_all_groups_give(steps in prop::collection::vec(step(), 1..60)) {
        let rules = rules();
        let start = Month::from_year_month(2026, 9).first_day();
        let (mut series, mut reference, feeds) = (SeriesByGroup::default(), Reference::default(), Feeds::default());
        let (mut units, mut incremental, mut touched) = (UnitSeries::default(), Incremental::default(), TouchedGroups::default());
        let complaints = ComplaintCounts::default();
        let mut now = rules.zone.start_of(start);
        for (nth, step) in steps.into_iter().enumerate() {
            match step {
                Happening::Count { group: n, day, counter, n: count } => {
                    let mut counts = Counts::default();
                    counts.add(counter, count);
                    units.add(unit_of(&reference, &group(n)), start.plus(day), &counts);
                    add_to_group(&mut series, &group(n), start.plus(day), &counts);
                    touched.groups.insert(group(n));
                }
                Happening::Move { group: n, day, unit } => {
                    let id = group(n);
                    let order = Order { time: rules.zone.start_of(start.plus(day)), id: format!("e{nth}").into(), source: "/crm".into() };
                    let record = crate::domain::event::Group {
                        group_id: id.clone(),
                        name: "a customer".into(),
                        unit_id: UnitId::parse(&format!("U{unit}")).expect("an id"),
                        manager_id: crate::domain::ids::ManagerId::parse("M1").expect("an id"),
                        tier: Tier::B,
                        industry: None,
                        parent_group_id: None,
                        visit_mode: Default::default(),
                        closed: false,
                    };
                    let before = unit_of(&reference, &id);
                    reference.groups.entry(id.clone()).or_default().put_entry(order, record);
                    units.move_group(series.get(&id).unwrap_or(&DaySeries::default()), before, unit_of(&reference, &id));
                    touched.groups.insert(id);
                }
                Happening::Judge { hours } => {
                    now = now.plus(chrono::TimeDelta::hours(i64::from(hours)));
                    let inputs = FigureInputs { reference: &reference, feeds: &feeds, series: &series, complaints: &complaints, rules: &rules };
                    let today = rules.zone.day_of(now).month();
                    let months = [today.plus(-1), today];
                    incremental.refresh(inputs, &units, std::mem::take(&mut touched), &months, (now, now));
                    for month in months {
                        prop_assert_eq!(incremental.indicators(month), wanted_by_indicators(inputs, month, now));
                    }
                    let mut signals: Vec<Wanted> = incremental.signals().cloned().collect();
                    signals.sort_by(|a, b| (&a.scope, a.kind).cmp(&(&b.scope, b.kind)));
                    prop_assert_eq!(signals, wanted_by_figures(inputs, None, (now, now)));
                }
            }
        }
        let anew = UnitSeries::of_groups(&series, &reference);
        let counted = |of: &UnitSeries| of.units().filter(|(_, of)| !of.counts().is_empty()).map(|(u, s)| (u.clone(), s.clone())).collect::<Vec<_>>();
        prop_assert_eq!(counted(&units), counted(&anew));
        prop_assert_eq!(units.company(), anew.company());
    }
}
